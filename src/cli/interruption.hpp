// Ctrl-C and its kin: the first one asks, and what does not end within a second is ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace cubicasa::cli {

// From its constructor to its destructor signals come here, on a thread of their own, since the main one may be waiting
// for a reader of standard output. A second signal ends the program at once.
class interruption {
public:
    // `ask` is called on that thread, once; perhaps still while the destructor runs, but not behind the end of
    // `executor`.
    interruption(const boost::asio::any_io_executor& executor, std::function<void()> ask);
    ~interruption();
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace cubicasa::cli
