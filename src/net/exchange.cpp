// Writing a request, reading the answer, and deciding whether the connection can be used again.
#include "exchange.hpp"

#include "plain_head.hpp"
#include "response_parser.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <optional>
#include <string>

namespace cubicasa::detail {

namespace {

constexpr std::size_t first_read = 16 * 1024;

// Reads one message. What lies in the buffer behind it has no business there.
class reader {
public:
    reader(connection& from, stoppable& owner, deadline_queue::phase& phase, bool head_request,
           const exchange_limits& limits, attempt_facts& facts, result<raw_response>& out)
        : from_(from),
          owner_(owner),
          phase_(phase),
          head_(head_request),
          limits_(limits.sizes),
          first_byte_(limits.first_byte),
          read_idle_(limits.read_idle),
          facts_(facts),
          out_(out),
          buffer_(from.unparsed) {}

    enum class state { done, failed, needs_input };

    // Reads what has come. The answer, or why it cannot be had, is in the outcome unless it needs more.
    state advance() {
        const std::size_t before = facts_.bytes_received;
        for (;;) {
            error_code ec;
            if (!parse()) return state::failed;
            if (plain_ && left_ == 0) return finish();
            if (parser_ && parser_->is_done()) {
                if (!parser_->interim()) return finish();
                // 101 would change the protocol, which we never ask for.
                if (parser_->message().status == 101 || ++interim_ > max_interim_answers) {
                    out_ = error(errc::malformed_http, "unexpected interim answers");
                    return state::failed;
                }
                parser_.emplace(limits_, head_);
                continue;
            }
            std::size_t n = 0;
            ec = from_.read_some(buffer_.prepare(first_read), n);
            buffer_.commit(n);
            facts_.bytes_received += n;
            if (ec == asio::error::would_block) {
                if (facts_.bytes_received != before && !sending_) await_more();
                return state::needs_input;
            }
            if (ec) return ended(ec);
        }
    }

    // The request has been sent, and the limits are those of the answer.
    void begin() {
        sending_ = false;
        await_more();
    }

    // Reads what has come in the meantime, if anything has.
    state take() {
        state now = state::needs_input;
        while (now == state::needs_input && !from_.take_input()) now = advance();
        return now;
    }

    // The stream has ended, by `ec`. That is all right for a body without length, if TLS says that it is whole.
    state ended(const error_code& ec) {
        error failure = owner_.stopped() ? error(ec) : at_end(ec);
        if (failure) {
            out_ = std::move(failure);
            return state::failed;
        }
        ended_ = true;
        return finish();
    }

    bool reusable() const { return !ended_ && buffer_.size() == 0 && (plain_ || parser_->keep_alive()); }

private:
    // An interim answer says that the answer may take its time.
    void await_more() {
        if (plain_ || (parser_ && parser_->got_some())) {
            phase_.restart(read_idle_, errc::read_timeout);
        } else {
            phase_.restart(first_byte_, errc::first_byte_timeout);
        }
    }

    state finish() {
        if (!plain_) out_ = std::move(parser_->message());
        return state::done;
    }

    // Decides by what has come first who reads this answer.
    void begin_parsing() {
        if (!out_ || out_->status != 0) out_ = raw_response();  // of an earlier attempt
        const plain_head head = head_ ? plain_head() : read_plain_head(unparsed(), limits_, *out_);
        plain_ = head.size > 0;
        if (!plain_) {
            parser_.emplace(limits_, head_);
            return;
        }
        buffer_.consume(head.size);
        left_ = head.length;
        reserve_body(*out_, left_);
    }

    // Takes what there is, and leaves what does not belong to the answer or cannot be read yet.
    bool parse() {
        if (!plain_ && !parser_ && buffer_.size() > 0) begin_parsing();
        if (plain_) {
            const std::string_view body = unparsed().substr(0, left_);
            out_->body.append(body);
            left_ -= body.size();
            buffer_.consume(body.size());
            return true;
        }
        while (buffer_.size() > 0 && !parser_->is_done()) {
            boost::beast::error_code ec;
            buffer_.consume(parser_->put(buffer_.data(), ec));
            // It does not limit trailers and the extensions of chunks.
            if (ec == http::error::need_more && buffer_.size() > limits_.header) ec = http::error::header_limit;
            if (ec == http::error::need_more) break;
            if (!ec) continue;
            out_ = protocol_error(ec, limits_);
            return false;
        }
        return true;
    }

    error at_end(const error_code& ec) {
        if (facts_.bytes_received == 0) return error(ec, "the connection was closed before an answer came");
        if (ec != asio::error::eof) return error(ec);
        if (plain_) return error(errc::truncated);
        boost::beast::error_code finish;
        parser_->put_eof(finish);
        if (finish) return protocol_error(finish, limits_);
        return parser_->is_done() && !parser_->interim() ? error() : error(errc::truncated);
    }

    std::string_view unparsed() const {
        const auto data = buffer_.cdata();
        return {static_cast<const char*>(data.data()), data.size()};
    }

    connection& from_;
    stoppable& owner_;
    deadline_queue::phase& phase_;
    bool head_;
    const limit_options& limits_;
    std::chrono::milliseconds first_byte_;
    std::chrono::milliseconds read_idle_;
    attempt_facts& facts_;
    result<raw_response>& out_;
    bool plain_ = false;
    std::size_t left_ = 0;  // of a plain answer's body
    std::optional<response_parser> parser_;
    boost::beast::flat_buffer& buffer_;
    int interim_ = 0;
    bool sending_ = true;
    bool ended_ = false;
};

// Sends what did not leave at once. A server may answer a request that it does not want to read: then `state` is not
// needs_input any more, and sending has ended.
task<error_code> send_rest(connection& c, stoppable& owner, reader& answer, attempt_facts& facts,
                           reader::state& state) {
    error_code ec = asio::error::would_block;
    while (ec == asio::error::would_block) {
        ec = co_await c.wait_for_either(owner);
        if (ec) break;
        state = answer.take();
        if (state != reader::state::needs_input) break;
        ec = c.write_more(facts.bytes_written);
    }
    co_return ec;
}

}  // namespace

task<void> exchange(pool& connections, lease& leased, stoppable& owner, std::string_view request, bool head_request,
                    const exchange_limits& limits, attempt_facts& facts, result<raw_response>& out) {
    if (!owner.commit()) {
        leased.reusable();  // untouched
        out = error(owner.reason());
        co_return;
    }
    connection& c = *leased;
    c.closed_for = "failed";
    facts.was_idle = c.was_idle();
    deadline_queue::phase phase(connections.deadlines(), owner);
    reader answer(c, owner, phase, head_request, limits, facts, out);
    auto state = reader::state::needs_input;
    error_code ec = c.write(request, facts.bytes_written);
    if (ec == asio::error::would_block) {
        phase.restart(limits.write, errc::write_timeout);
        ec = co_await send_rest(c, owner, answer, facts, state);
    }
    // Who closes may have said why.
    if (ec && !owner.stopped()) state = answer.take();
    if (ec && state != reader::state::done) {
        out = error(ec, "sending the request to " + connections.to().host, delivery_after(facts));
        co_return;
    }
    const bool sent = state == reader::state::needs_input;
    if (sent) {
        answer.begin();
        state = answer.advance();
    }
    while (state == reader::state::needs_input) {
        ec = co_await c.wait_for_input(owner);
        state = ec ? answer.ended(ec) : answer.advance();
    }
    if (state == reader::state::failed) {
        error failure = out.error();
        failure.delivery = delivery_after(facts);
        out = std::move(failure);
        co_return;
    }
    if (sent && answer.reusable()) {
        ++c.answers;
        c.closed_for = {};
        leased.reusable();
    } else {
        c.closed_for = sent ? "not kept by the server" : "answered before the request was sent";
    }
}

}  // namespace cubicasa::detail
