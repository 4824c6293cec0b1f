// A command of the user's, run by the shell. Includes Asio's signal_set.
#pragma once

#include <cubicasa/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cubicasa::cli {

// One at a time.
class child_runner {
public:
    explicit child_runner(boost::asio::io_context& context);

    // Runs `command` with sh -c, `input` on its standard input and these variables besides the environment, and waits
    // for its end. The value is its exit status, or 128 and the number of the signal that ended it; an error when it
    // cannot be started. Cancelling ends the wait only.
    boost::asio::awaitable<result<int>> run(std::string command, std::string input,
                                            std::vector<std::pair<std::string, std::string>> variables);

private:
    boost::asio::signal_set ended_;
};

}  // namespace cubicasa::cli
