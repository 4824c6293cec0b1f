// Writing a request, reading the answer, and deciding whether the connection can be used again.
#include "exchange.hpp"

#include "response_parser.hpp"

#include <boost/asio/error.hpp>

#include <optional>
#include <string>

namespace cubicasa::detail {

namespace {

constexpr std::size_t first_read = 16 * 1024;
constexpr int max_interim_answers = 32;

error protocol_error(const boost::system::error_code& ec, const limit_options& limits) {
    using e = http::error;
    if (ec == e::header_limit) {
        return error(errc::header_too_large, "the limit is " + std::to_string(limits.header) + " bytes");
    }
    if (ec == e::body_limit || ec == e::buffer_overflow) {
        return error(errc::body_too_large, "the limit is " + std::to_string(limits.body) + " bytes");
    }
    if (ec == e::partial_message || ec == e::end_of_stream) return error(errc::truncated);
    return error(errc::malformed_http, ec.message());
}

// Reads one message. What lies in the buffer behind it has no business there.
class reader {
public:
    reader(connection& from, stoppable& owner, deadline_queue::phase& phase, bool head_request,
           const exchange_limits& limits, attempt_facts& facts)
        : from_(from),
          owner_(owner),
          phase_(phase),
          head_(head_request),
          limits_(limits.sizes),
          read_idle_(limits.read_idle),
          facts_(facts) {}

    asio::awaitable<result<raw_response>> read() {
        parser_.emplace(limits_, head_);
        int interim = 0;
        for (;;) {
            error failure = parse();
            if (failure) co_return failure;
            if (parser_->is_done()) {
                if (!parser_->interim()) break;
                // 101 would change the protocol, which we never ask for.
                if (parser_->message().status == 101 || ++interim > max_interim_answers) {
                    co_return error(errc::malformed_http, "unexpected interim answers");
                }
                parser_.emplace(limits_, head_);
                continue;
            }
            if (buffer_.size() < end_ + first_read) buffer_.resize(end_ + first_read);
            std::size_t n = 0;
            const error_code ec = co_await from_.read_some(owner_, buffer_.data() + end_, buffer_.size() - end_, n);
            end_ += n;
            facts_.bytes_received += n;
            if (!ec) {
                phase_.restart(read_idle_, errc::read_timeout);
                continue;
            }
            if (owner_.stopped()) co_return error(ec);
            failure = at_end(ec);
            if (failure) co_return failure;
            ended_ = true;
            break;
        }
        co_return std::move(parser_->message());
    }

    bool reusable() const { return !ended_ && begin_ == end_ && parser_->keep_alive(); }

private:
    // Gives the parser what there is, and keeps what it leaves.
    error parse() {
        while (begin_ < end_ && !parser_->is_done()) {
            boost::beast::error_code ec;
            begin_ += parser_->put(boost::asio::buffer(buffer_.data() + begin_, end_ - begin_), ec);
            if (ec == http::error::need_more) break;
            if (ec) return protocol_error(ec, limits_);
        }
        if (begin_ == end_) {
            begin_ = end_ = 0;
        } else if (begin_ > 0 && !parser_->is_done()) {
            buffer_.erase(0, begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return error();
    }

    // The stream has ended, by `ec`. That is all right for a body without length, if TLS says that it is whole.
    error at_end(const error_code& ec) {
        if (facts_.bytes_received == 0) return error(ec, "the connection was closed before an answer came");
        if (ec != asio::error::eof) return error(ec);
        boost::beast::error_code finish;
        parser_->put_eof(finish);
        if (finish) return protocol_error(finish, limits_);
        return parser_->is_done() && !parser_->interim() ? error() : error(errc::truncated);
    }

    connection& from_;
    stoppable& owner_;
    deadline_queue::phase& phase_;
    bool head_;
    const limit_options& limits_;
    std::chrono::milliseconds read_idle_;
    attempt_facts& facts_;
    std::optional<response_parser> parser_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool ended_ = false;
};

}  // namespace

asio::awaitable<result<raw_response>> exchange(std::shared_ptr<pool> connections, stoppable& owner,
                                               std::string_view request, bool head_request,
                                               const exchange_limits& limits, attempt_facts& facts) {
    result<lease> leased = co_await pool::acquire(connections, owner, limits.pool_wait);
    if (!leased) co_return std::move(leased).error();
    connection& c = **leased;
    c.closed_for = "failed";
    facts.reused = c.answers > 0;
    deadline_queue::phase phase(connections->deadlines(), owner, limits.write, errc::write_timeout);
    const error_code ec = co_await c.write(owner, request, facts.bytes_written);
    if (ec) {
        error failure(ec, "sending the request to " + connections->to().host, delivery_after(facts));
        co_return failure;
    }
    phase.restart(limits.first_byte, errc::first_byte_timeout);
    reader answer(c, owner, phase, head_request, limits, facts);
    result<raw_response> out = co_await answer.read();
    if (!out) {
        error failure = out.error();
        failure.delivery = delivery_after(facts);
        co_return failure;
    }
    if (answer.reusable()) {
        ++c.answers;
        c.closed_for = {};
        leased->reusable();
    } else {
        c.closed_for = "not kept by the server";
    }
    co_return out;
}

}  // namespace cubicasa::detail
