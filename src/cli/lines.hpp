// Lines of standard input, without keeping the rest of the program from its work.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <optional>
#include <string>

namespace cubicasa::cli {

class line_reader {
public:
    // Reads a copy of the descriptor. Throws `failure`.
    line_reader(boost::asio::io_context& context, int descriptor);

    // The next line that has something, without the blanks around it; nothing at the end. Throws `failure` when it
    // cannot be read or is longer than 64 KiB. May be cancelled.
    boost::asio::awaitable<std::optional<std::string>> next();

private:
    std::optional<std::string> take();
    void read_some();

    boost::asio::posix::stream_descriptor input_;
    std::string buffer_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

}  // namespace cubicasa::cli
