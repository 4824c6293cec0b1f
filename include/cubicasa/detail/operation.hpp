// From an endpoint and a completion token to a running call, and from its answer to the handler.
#pragma once

#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

template <endpoint E>
wire_request to_wire(const E& e) {
    wire_request out(E::name, E::method, E::path, E::effect, E::evidence);
    encode(e, out);
    return out;
}

// What the answer means for this endpoint.
template <endpoint E>
result<typename E::response> outcome_of(result<raw_response> answer) {
    if (!answer) return answer.error();
    error e = status_error(*answer, E::name, E::evidence);
    if (e) return e;
    result<typename E::response> out = decode_answer<E>(*answer);
    if (out) return out;
    e = out.error();
    describe_answer(e, *answer, E::name);
    return e;
}

// Waits for the answer beside the caller's handler: decodes on the call's strand, and then goes where the handler
// wants to be called.
template <class R, class Handler>
class finisher {
public:
    using decoder = result<R> (*)(result<raw_response>);

    finisher(Handler h, decoder d, const asio::any_io_executor& executor)
        : work_(asio::make_work_guard(h, executor)), handler_(std::move(h)), decode_(d) {}

    void operator()(result<raw_response> answer) {
        const auto executor = work_.get_executor();
        asio::dispatch(executor, [work = std::move(work_), handler = std::move(handler_),
                                  outcome = decode_(std::move(answer))]() mutable {
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.clear();
            work.reset();
            complete(std::move(handler), std::move(outcome));
        });
    }

private:
    static void complete(Handler handler, result<R> outcome) {
        if constexpr (requires { handler.complete(std::move(outcome)); }) {
            handler.complete(std::move(outcome));
        } else if (outcome) {
            std::move(handler)(std::exception_ptr(), std::move(*outcome));
        } else {
            std::move(handler)(std::make_exception_ptr(failure(outcome.error())), R());
        }
    }

    asio::executor_work_guard<asio::associated_executor_t<Handler, asio::any_io_executor>> work_;
    Handler handler_;
    decoder decode_;
};

template <class R>
class start_operation {
public:
    start_operation(std::shared_ptr<engine> e, wire_request request, call_options options,
                    result<R> (*decode)(result<raw_response>))
        : engine_(std::move(e)), request_(std::move(request)), options_(std::move(options)), decode_(decode) {}

    template <class Handler>
    void operator()(Handler&& handler) {
        auto running = prepare(engine_, std::move(request_), options_);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            // The slot may outlive the call, and may fire on another thread: hold weakly, go through the strand.
            slot.assign([handle = call_handle(running)](asio::cancellation_type type) { handle.cancel(type); });
        }
        launch(std::move(running),
               finisher<R, std::decay_t<Handler>>(std::forward<Handler>(handler), decode_, executor_of(*engine_)));
    }

private:
    std::shared_ptr<engine> engine_;
    wire_request request_;
    call_options options_;
    result<R> (*decode_)(result<raw_response>);
};

}  // namespace cubicasa::detail
