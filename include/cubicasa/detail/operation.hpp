// From an endpoint and a completion token to a running call, and from its answer to the handler.
#pragma once

#include <cubicasa/detail/completion.hpp>
#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/json.hpp>
#include <cubicasa/detail/spare_memory.hpp>
#include <cubicasa/detail/work.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

template <endpoint E>
wire_request to_wire(const E& e) {
    wire_request out(E::name, e.method, e.path, e.effect, e.evidence);
    encode(e, out);
    return out;
}

template <class E>
concept verifying = requires(const E& e, const typename E::response& r) {
    { verify(e, r) } -> std::same_as<error>;
};

template <class E>
concept decoding = requires(const raw_response& answer) {
    E::decode(answer);
};

template <class E>
inline constexpr bool decoded_by_table = !decoding<E> && !std::same_as<typename E::response, raw_json>;

// What the outcome of the transport means for this request.
template <endpoint E>
class outcome_of {
public:
    using response = typename E::response;

    explicit outcome_of(const E& request) : request_(request) {}

    result<response> operator()(result<raw_response>&& answer) const {
        if constexpr (concluding) {
            return E::conclude(std::move(answer));
        } else {
            // One way out, so that a large response is decoded where the caller wants it, and not moved there.
            result<response> out(boost::system::in_place_value);
            error e = fill(*out, answer);
            if (e) out = std::move(e);
            return out;
        }
    }

    static constexpr bool concluding = requires(result<raw_response> && answer) { E::conclude(std::move(answer)); };

    // The same for a response that is there already. After an error its contents have no meaning.
    error fill(response& out, result<raw_response>& answer) const requires(!concluding) {
        if (!answer) return answer.error();
        if (answer->gone_already) {
            answer->status = 204;
            answer->body.clear();
        }
        if (answer->status < 200 || answer->status > 299) {
            return status_error(*answer, E::name, E::effect, E::evidence);
        }
        return read(out, *answer);
    }

private:
    error read(response& out, const raw_response& answer) const {
        error e = decode(out, answer);
        if constexpr (verifying<E>) {
            if (!e) e = verify(request_, out);
        }
        if (e) describe_answer(e, answer, E::name);
        return e;
    }

    static error decode(response& out, const raw_response& answer) {
        if constexpr (decoded_by_table<E>) {
            return decode_into(*type_of<response>(), storage(out), answer.body);
        } else {
            result<response> decoded = decode_answer<E>(answer);
            if (!decoded) return decoded.error();
            out = std::move(*decoded);
            return error();
        }
    }

    // Most requests are not needed any more.
    struct nothing {
        explicit nothing(const E&) noexcept {}
    };

    [[no_unique_address]] std::conditional_t<verifying<E>, E, nothing> request_;
};

// Waits for the answer beside the caller's handler: decodes on the client's executor, and then goes where the handler
// wants to be called.
template <endpoint E, class Handler>
class finisher {
public:
    using response = typename E::response;

    // The call outlives its handler's being called.
    finisher(Handler h, outcome_of<E> decode, call& c)
        : completion_(std::move(h), executor_of(c)), decode_(std::move(decode)), call_(&c) {}

    void operator()(result<raw_response>&& answer) {
        const int status = answer ? answer->status : 0;
        result<response> decoded = decode_(std::move(answer));
        if (answer) give_body_memory(answer->body);
        if (is_observed(*call_)) finished(*call_, status, decoded ? error() : decoded.error());
        completion_(std::move(decoded));
    }

    using allocator_type = allocator_of<Handler>;
    allocator_type get_allocator() const noexcept { return completion_.get_allocator(); }

private:
    completion<response, Handler> completion_;
    [[no_unique_address]] outcome_of<E> decode_;
    call* call_;
};

// Where the answer arrives for a coroutine. It becomes a response by conversion, so that a large one is made where the
// coroutine's own result is, and not moved there.
template <endpoint E>
class arrival {
public:
    using response = typename E::response;

    // The call outlives the moment in which the coroutine is woken.
    arrival(outcome_of<E> decode, call& c) : decode_(std::move(decode)), call_(&c) {}
    arrival(const arrival&) = delete;
    arrival& operator=(const arrival&) = delete;

    // `leaves`: the coroutine runs elsewhere, but this is where answers are decoded. Else it goes on at once, and is
    // done with the answer when this function's caller is.
    void take(result<raw_response>& answer, bool leaves) {
        answer_ = &answer;
        if (!leaves) return;
        decoded_ = std::make_unique<result<response>>(boost::system::in_place_value);
        error e = decode(**decoded_);
        if (e) *decoded_ = std::move(e);
    }

    // Throws `failure`.
    operator response() {
        if (decoded_) {
            if (!*decoded_) throw failure(decoded_->error());
            return std::move(**decoded_);
        }
        return made();
    }

private:
    response made() {
        response out{};
        error e = decode(out);
        if (e) throw failure(std::move(e));
        return out;
    }

    error decode(response& out) {
        const int status = *answer_ ? (*answer_)->status : 0;
        error e = decode_.fill(out, *answer_);
        if (is_observed(*call_)) finished(*call_, status, e);
        return e;
    }

    result<raw_response>* answer_ = nullptr;
    std::unique_ptr<result<response>> decoded_;
    [[no_unique_address]] outcome_of<E> decode_;
    call* call_;
};

// Puts the answer there, and wakes the coroutine.
template <endpoint E, class Handler>
class waker {
public:
    waker(Handler h, arrival<E>& to, call& c) : completion_(std::move(h), executor_of(c)), to_(&to) {}

    void operator()(result<raw_response>&& answer) {
        to_->take(answer, completion_.leaves());
        completion_(result<arrived>(arrived()));
        if (answer) give_body_memory(answer->body);
    }

    using allocator_type = allocator_of<Handler>;
    allocator_type get_allocator() const noexcept { return completion_.get_allocator(); }

private:
    completion<arrived, Handler> completion_;
    arrival<E>* to_;
};

// Makes a call, and starts it when it is given a handler. A copy starts a call of its own.
template <endpoint E>
class start_operation {
public:
    start_operation(std::shared_ptr<engine> e, const E& request, const call_options& options)
        : call_(prepare(e, to_wire(request), options)), decode_(request) {}
    start_operation(start_operation&&) noexcept = default;
    start_operation(const start_operation& other) : call_(again(*other.call_)), decode_(other.decode_) {}

    template <class Handler>
    void operator()(Handler&& handler) {
        begin<finisher<E, std::decay_t<Handler>>>(std::forward<Handler>(handler), std::move(decode_));
    }
    // For a coroutine: a place for the answer, and what has to be awaited until it is there.
    arrival<E> place() { return arrival<E>(std::move(decode_), *call_); }
    auto arrives(arrival<E>& to) {
        auto initiation = [this, &to](auto handler) {
            this->template begin<waker<E, decltype(handler)>>(std::move(handler), to);
        };
        return asio::async_initiate<const asio::deferred_t, void()>(initiation, asio::deferred);
    }

private:
    template <class Finisher, class Handler, class More>
    void begin(Handler&& handler, More&& more) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            // The slot may outlive the call, and may fire on another thread: hold weakly.
            slot.assign([handle = call_handle(call_)](asio::cancellation_type type) { handle.cancel(type); });
        }
        call& c = *call_;
        launch(std::move(call_), Finisher(std::forward<Handler>(handler), std::forward<More>(more), c));
    }

    std::shared_ptr<call> call_;
    [[no_unique_address]] outcome_of<E> decode_;
};

// What use_awaitable would do, but for a move of the response.
template <endpoint E, class Token>
inline constexpr bool is_awaited =
    decoded_by_table<E> && !outcome_of<E>::concluding && std::is_same_v<std::decay_t<Token>, asio::use_awaitable_t<>>;

}  // namespace cubicasa::detail

template <cubicasa::endpoint E>
requires cubicasa::detail::has_large_frame<typename E::response>
struct std::coroutine_traits<boost::asio::awaitable<typename E::response>, cubicasa::detail::start_operation<E>> {
    using promise_type = cubicasa::detail::large_frame<typename E::response>;
};

namespace cubicasa::detail {

template <endpoint E>
asio::awaitable<typename E::response> await_response(start_operation<E> start) {
    arrival<E> to = start.place();
    co_await start.arrives(to);
    co_return to;
}

class start_drain {
public:
    start_drain(std::shared_ptr<engine> e, std::chrono::milliseconds limit) : engine_(std::move(e)), limit_(limit) {}

    template <class Handler>
    void operator()(Handler&& handler) {
        auto d = prepare_drain(engine_);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(d)](asio::cancellation_type) { detail::cancel(weak); });
        }
        launch(std::move(d), limit_, finish<std::decay_t<Handler>>(std::forward<Handler>(handler), *engine_));
    }

private:
    // Takes the outcome to where the handler wants to be called.
    template <class Handler>
    class finish {
    public:
        finish(Handler h, const engine& e)
            : work_(asio::get_associated_executor(h, executor_of(e))), handler_(std::move(h)) {}

        void operator()(bool quiet) {
            hand_over(std::move(work_), std::move(handler_), [quiet](Handler&& handler) {
                auto slot = asio::get_associated_cancellation_slot(handler);
                if (slot.is_connected()) slot.clear();
                std::move(handler)(quiet);
            });
        }

        using allocator_type = allocator_of<Handler>;
        allocator_type get_allocator() const noexcept { return get_allocator_of(handler_); }

    private:
        work_of<asio::associated_executor_t<Handler, asio::any_io_executor>> work_;
        Handler handler_;
    };

    std::shared_ptr<engine> engine_;
    std::chrono::milliseconds limit_;
};

}  // namespace cubicasa::detail
