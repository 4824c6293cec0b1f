// What a batch is to its consumer, and what functions it takes.
#pragma once

#include <cubicasa/generator.hpp>
#include <cubicasa/outcome.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace cubicasa::detail {

template <class V>
class batch_source : public generator_source<outcome<V>> {
public:
    virtual void request_stop() noexcept = 0;
    virtual asio::awaitable<void> stop(std::shared_ptr<batch_source> self) = 0;
};

// The value of a call of F for a T, and what of it is in the outcome: a result<V> is taken apart.
template <class V>
struct outcome_value {
    using type = V;
};
template <class V>
struct outcome_value<result<V>> {
    using type = V;
};
template <class F, class T>
using awaited_t = typename std::invoke_result_t<const F&, T>::value_type;
template <class F, class T>
using outcome_value_t = typename outcome_value<awaited_t<F, T>>::type;

template <class F, class T>
concept batch_function = std::invocable<const F&, T> && requires {
    typename awaited_t<F, T>;
} && std::same_as<std::invoke_result_t<const F&, T>, asio::awaitable<awaited_t<F, T>>>;

template <class T>
std::string id_of(const T& item) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
        return std::string(std::string_view(item));
    } else if constexpr (requires {
                             { item.id } -> std::convertible_to<std::string_view>;
                         }) {
        return std::string(std::string_view(item.id));
    } else {
        return {};
    }
}

}  // namespace cubicasa::detail
