// async_generator<T>: values that come one by one, each awaited.
#pragma once

#include <cubicasa/cursor.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace cubicasa {

namespace detail {

// Where the values of a generator come from. One consumer; close() may be called while it waits.
template <class T>
class generator_source {
public:
    virtual ~generator_source() = default;
    // The next value, nothing at the end, or an error after which it can be called again.
    virtual asio::awaitable<result<std::optional<T>>> next(std::shared_ptr<generator_source> self) = 0;
    virtual cursor position() const = 0;
    // Ends what runs on behalf of the generator.
    virtual void close() noexcept = 0;
};

}  // namespace detail

// Movable, not copyable, for one consumer. Destroying it ends what it has running, and a next() that still waits ends
// with errc::cancelled.
//
//     while (auto order = co_await walk.next()) use(*order);
template <class T>
class async_generator {
public:
    using value_type = T;

    explicit async_generator(std::shared_ptr<detail::generator_source<T>> source) : source_(std::move(source)) {}
    async_generator(async_generator&&) noexcept = default;
    async_generator& operator=(async_generator&& other) noexcept {
        if (this != &other) {
            close();
            source_ = std::move(other.source_);
        }
        return *this;
    }
    ~async_generator() { close(); }

    // The next value, or nothing at the end, and then always nothing. Throws `failure`.
    // Cancelling it, or an error, loses nothing: the next call gives the value that this one would have given. Only
    // one call at a time: a second one fails with errc::invalid_argument.
    asio::awaitable<std::optional<T>> next() { return next_or_throw(source_); }

    // The same as a result, without exceptions.
    asio::awaitable<result<std::optional<T>>> try_next() { return source_->next(source_); }

    // Behind the value that next() gave last. Not while a next() waits.
    cursor position() const { return source_->position(); }

private:
    using source_ptr = std::shared_ptr<detail::generator_source<T>>;

    static asio::awaitable<std::optional<T>> next_or_throw(source_ptr source) {
        result<std::optional<T>> out = co_await source->next(source);
        co_return std::move(out).value();
    }

    void close() noexcept {
        if (source_) source_->close();
    }

    source_ptr source_;
};

}  // namespace cubicasa
