// Reading bodies: what has a length goes from TLS into the caller's memory, everything else through the parser.
#include "body_reader.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace cubicasa::detail {

namespace {

// To take from the system at once: four TLS records.
constexpr std::size_t bulk = 4 * connection::read_size;

}  // namespace

body_reader::body_reader(connection& c, stoppable& owner, deadline_queue& deadlines, std::chrono::milliseconds stall,
                         const limit_options& limits, attempt_facts& facts)
    : from_(c),
      owner_(owner),
      phase_(deadlines, owner, stall, errc::write_timeout),
      stall_(stall),
      limits_(limits),
      facts_(facts) {
    parser_.emplace(limits_);
}

task<error> body_reader::send(std::string_view request) {
    error_code ec = from_.write(request, facts_.bytes_written);
    while (ec == asio::error::would_block) {
        ec = co_await from_.wait_for_either(owner_);
        if (!ec) ec = from_.write_more(facts_.bytes_written);
    }
    if (ec) co_return error(ec, "sending the request", delivery_after(facts_));
    phase_.restart(stall_, errc::first_byte_timeout);
    for (;;) {
        error failure = parse_head();
        if (failure) co_return failure;
        if (parser_->is_header_done()) break;
        auto space = from_.unparsed.prepare(connection::read_size);
        std::size_t n = 0;
        ec = from_.read_some(space, n);
        from_.unparsed.commit(n);
        facts_.bytes_received += n;
        if (ec == asio::error::would_block) {
            failure = co_await wait();
            if (failure) co_return failure;
        } else if (ec) {
            co_return facts_.bytes_received == 0 ? error(ec, "the connection was closed before an answer came")
                                                 : at_end(ec);
        }
    }
    if (!parser_->chunked() && parser_->content_length()) {
        length_ = *parser_->content_length();
        left_ = *length_;
    }
    done_ = parser_->is_done();
    if (!done_ && !length_ && !parser_->chunked() && !from_.encrypted()) {
        co_return error(errc::unexpected_answer,
                        "a body without length on a connection without TLS cannot be verified");
    }
    co_return error();
}

error body_reader::parse_head() {
    while (from_.unparsed.size() > 0 && !parser_->is_header_done()) {
        boost::beast::error_code ec;
        from_.unparsed.consume(parser_->put(from_.unparsed.data(), ec));
        if (ec == http::error::need_more) break;
        if (ec) return protocol_error(ec, limits_);
        if (!parser_->is_header_done() || !parser_->interim()) continue;
        if (parser_->message().status == 101 || ++interim_ > max_interim_answers) {
            return error(errc::malformed_http, "unexpected interim answers");
        }
        parser_.emplace(limits_);
    }
    return error();
}

task<error> body_reader::wait() {
    const error_code ec = co_await from_.wait_for_input(owner_, bulk);
    if (ec) co_return at_end(ec);
    // What came may be TLS's own business.
    if (facts_.bytes_received > 0) go_on();
    co_return error();
}

task<error> body_reader::read_some(asio::mutable_buffer space, std::size_t& n) {
    n = 0;
    // What has come is taken from the system without a wait, but never more than fits into `space`: others want to run.
    for (bool waited = false; !done_; waited = true) {
        error_code ec = length_ ? fill_known(space, n) : fill_parsed(space, n);
        while (waited && ec == asio::error::would_block && n < space.size()) {
            const error_code taken = from_.take_input(bulk);
            if (taken == asio::error::would_block) break;
            ec = taken;
            if (!ec) ec = length_ ? fill_known(space, n) : fill_parsed(space, n);
        }
        if (n > 0 || done_) {
            // An error comes again when nothing is left before it.
            if (waited) go_on();
            co_return error();
        }
        if (ec == asio::error::would_block) {
            error failure = co_await wait();
            if (failure) co_return failure;
        } else if (ec) {
            co_return ec.category() == http::make_error_code(http::error::bad_chunk).category()
                ? protocol_error(ec, limits_)
                : at_end(ec);
        }
    }
    co_return error();
}

error_code body_reader::fill_known(asio::mutable_buffer space, std::size_t& n) {
    error_code ec;
    while (!ec && n < space.size() && left_ > 0) {
        const auto rest = asio::buffer(space + n, static_cast<std::size_t>(std::min<std::uint64_t>(left_, SIZE_MAX)));
        std::size_t got = asio::buffer_copy(rest, from_.unparsed.data());
        from_.unparsed.consume(got);
        if (got == 0) ec = from_.read_some(rest, got);
        n += got;
        left_ -= got;
    }
    done_ = left_ == 0;
    return ec;
}

error_code body_reader::fill_parsed(asio::mutable_buffer space, std::size_t& n) {
    error_code ec;
    while (!ec && !done_ && n < space.size()) {
        if (from_.unparsed.size() == 0) {
            std::size_t got = 0;
            ec = from_.read_some(from_.unparsed.prepare(connection::read_size), got);
            from_.unparsed.commit(got);
            if (ec) break;
        }
        parser_->space = space + n;
        parser_->filled = 0;
        from_.unparsed.consume(parser_->put(from_.unparsed.data(), ec));
        n += parser_->filled;
        done_ = parser_->is_done();
        if (ec == http::error::need_buffer) return {};
        // The parser does not limit trailers and the extensions of chunks.
        if (ec == http::error::need_more && from_.unparsed.size() > limits_.header) ec = http::error::header_limit;
        if (ec == http::error::need_more) {
            // The begin of a chunk's head; the rest of it is wanted behind it.
            std::size_t got = 0;
            ec = from_.read_some(from_.unparsed.prepare(connection::read_size), got);
            from_.unparsed.commit(got);
        }
    }
    return ec;
}

// The stream has ended, by `ec`. That is all right for a body without length, if TLS says that it is whole.
error body_reader::at_end(const error_code& ec) {
    if (owner_.stopped()) return error(owner_.reason());
    if (ec != asio::error::eof) return error(ec);
    if (parser_->is_header_done() && !length_ && !parser_->chunked()) {
        done_ = true;
        ended_ = true;
        return error();
    }
    return error(errc::truncated);
}

}  // namespace cubicasa::detail
