// From an endpoint and a completion token to a running call, and from its answer to the handler.
#pragma once

#include <cubicasa/detail/completion.hpp>
#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/json.hpp>
#include <cubicasa/detail/work.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>

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

// What the outcome of the transport means for this request.
template <endpoint E>
class outcome_of {
public:
    using response = typename E::response;

    explicit outcome_of(const E& request) : request_(request) {}

    result<response> operator()(result<raw_response>&& answer) const {
        if constexpr (requires { E::conclude(std::move(answer)); }) {
            return E::conclude(std::move(answer));
        } else {
            if (!answer) return answer.error();
            if (answer->gone_already) {
                answer->status = 204;
                answer->body.clear();
            }
            error e = status_error(*answer, E::name, E::effect, E::evidence);
            if (e) return e;
            return decoded(*answer);
        }
    }

private:
    // Has one way out, so that a large response is decoded where the caller wants it, and not moved there.
    result<response> decoded(const raw_response& answer) const {
        result<response> out = decode_answer<E>(answer);
        error e = out ? contradiction(*out) : out.error();
        if (e) {
            describe_answer(e, answer, E::name);
            out = std::move(e);
        }
        return out;
    }

    // Most requests are not needed any more.
    struct nothing {
        explicit nothing(const E&) noexcept {}
    };

    error contradiction(const response& r) const {
        if constexpr (verifying<E>) {
            return verify(request_, r);
        } else {
            return error();
        }
    }

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
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            // The slot may outlive the call, and may fire on another thread: hold weakly.
            slot.assign([handle = call_handle(call_)](asio::cancellation_type type) { handle.cancel(type); });
        }
        call& c = *call_;
        launch(std::move(call_),
               finisher<E, std::decay_t<Handler>>(std::forward<Handler>(handler), std::move(decode_), c));
    }

private:
    std::shared_ptr<call> call_;
    [[no_unique_address]] outcome_of<E> decode_;
};

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
