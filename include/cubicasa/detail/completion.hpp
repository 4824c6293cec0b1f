// From an outcome to the caller's handler, on the executor where it wants to be called. Light Asio headers only.
#pragma once

#include <cubicasa/detail/work.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

// An outcome that the handler looks for in a place of its own.
struct arrived {};

// Keeps the handler's executor at work until the handler has been called, if that is not `home`, where the outcome
// comes about.
template <class T, class Handler>
class completion {
public:
    completion(Handler h, const asio::any_io_executor& home) : handler_(std::move(h)) {
        if (elsewhere(home)) work_.emplace(asio::get_associated_executor(handler_, home));
    }

    // Whether the handler wants to be called elsewhere.
    bool leaves() const noexcept { return work_.has_value(); }

    void operator()(result<T>&& outcome) {
        if (!work_) return complete(std::move(handler_), std::move(outcome));
        hand_over(std::move(*work_), std::move(handler_), [out = std::move(outcome)](Handler&& handler) mutable {
            complete(std::move(handler), std::move(out));
        });
    }

    using allocator_type = allocator_of<Handler>;
    allocator_type get_allocator() const noexcept { return get_allocator_of(handler_); }

private:
    using executor_type = asio::associated_executor_t<Handler, asio::any_io_executor>;

    // Most handlers want to be called where the call runs anyhow.
    bool elsewhere(const asio::any_io_executor& home) const {
        if constexpr (std::is_same_v<executor_type, asio::any_io_executor>) {
            return asio::get_associated_executor(handler_, home) != home;
        } else {
            return true;
        }
    }

    static void complete(Handler&& handler, result<T>&& outcome) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.clear();
        if constexpr (std::is_same_v<T, arrived>) {
            std::move(handler)();
        } else if constexpr (requires { handler.complete(std::move(outcome)); }) {
            handler.complete(std::move(outcome));
        } else if (outcome) {
            std::move(handler)(std::exception_ptr(), std::move(*outcome));
        } else {
            std::move(handler)(std::make_exception_ptr(failure(outcome.error())), T());
        }
    }

    std::optional<work_of<executor_type>> work_;
    Handler handler_;
};

}  // namespace cubicasa::detail
