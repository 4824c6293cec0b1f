// See the header.
#include "lines.hpp"

#include <cubicasa/error.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <cerrno>

namespace cubicasa::cli {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest = 64 * 1024;

[[noreturn]] void fail_to_read(int code) {
    throw failure(error(error_code(code, boost::system::generic_category()), "standard input"));
}

std::string trimmed(const std::string& line) {
    const char* blanks = " \t\r";
    const std::size_t begin = line.find_first_not_of(blanks);
    return begin == std::string::npos ? "" : line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

line_reader::line_reader(asio::io_context& context, int descriptor) : input_(context) {
    const int copy = ::dup(descriptor);
    if (copy < 0) fail_to_read(errno);
    input_.assign(copy);
}

asio::awaitable<std::optional<std::string>> line_reader::next() {
    for (;;) {
        std::optional<std::string> line = take();
        if (line) {
            if (!line->empty()) co_return line;
            continue;
        }
        if (ended_) co_return std::nullopt;
        boost::system::error_code ec;
        // Only waits: an asynchronous read would make a terminal non-blocking for all who use it.
        co_await input_.async_wait(asio::posix::stream_descriptor::wait_read,
                                   asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::operation_aborted) throw failure(error(errc::cancelled));
        read_some();  // of a file, for which nobody can wait, too
    }
}

std::optional<std::string> line_reader::take() {
    const std::size_t end = buffer_.find('\n', at_);
    if (end == std::string::npos && !(ended_ && at_ < buffer_.size())) return std::nullopt;
    std::string line = buffer_.substr(at_, end == std::string::npos ? end : end - at_);
    at_ = end == std::string::npos ? buffer_.size() : end + 1;
    return trimmed(line);
}

void line_reader::read_some() {
    buffer_.erase(0, at_);
    at_ = 0;
    if (buffer_.size() > longest) fail_to_read(EMSGSIZE);
    char piece[4096];
    const ssize_t n = ::read(input_.native_handle(), piece, sizeof piece);
    if (n < 0 && errno != EINTR && errno != EAGAIN) fail_to_read(errno);
    if (n == 0) ended_ = true;
    if (n > 0) buffer_.append(piece, static_cast<std::size_t>(n));
}

}  // namespace cubicasa::cli
