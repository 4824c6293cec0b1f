// A range as the source of an async_generator.
#pragma once

#include <cubicasa/detail/callback_error.hpp>
#include <cubicasa/generator.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

namespace cubicasa::detail {

template <std::ranges::input_range Range>
class range_source final : public generator_source<std::ranges::range_value_t<Range>> {
public:
    using item = std::ranges::range_value_t<Range>;
    using source = generator_source<item>;
    using next_result = result<std::optional<item>>;

    explicit range_source(Range range) : range_(std::move(range)) {}

    asio::awaitable<next_result> next(std::shared_ptr<source> self) override {
        return step(std::static_pointer_cast<range_source>(self));
    }
    cursor position() const override { return cursor(); }
    void close() noexcept override { closed_ = true; }

private:
    static asio::awaitable<next_result> step(std::shared_ptr<range_source> self) {
        next_result out = self->take();
        co_return out;
    }

    next_result take() {
        if (closed_) return error(errc::cancelled);
        try {
            if (!at_) at_.emplace(std::ranges::begin(range_));
            std::optional<item> out;
            if (*at_ != std::ranges::end(range_)) {
                out.emplace(element());
                ++*at_;
            }
            return out;
        } catch (...) {
            return error_of(std::current_exception());
        }
    }

    // A container is ours; what a view shows belongs to others.
    decltype(auto) element() {
        if constexpr (std::ranges::view<Range>) {
            return **at_;
        } else {
            return std::ranges::iter_move(*at_);
        }
    }

    Range range_;
    std::optional<std::ranges::iterator_t<Range>> at_;
    std::atomic<bool> closed_{false};
};

}  // namespace cubicasa::detail
