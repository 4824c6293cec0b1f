// From an initiation and a completion token to what the token returns.
#pragma once

#include <cubicasa/result.hpp>

#include <boost/asio/async_result.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace boost::asio {
template <typename Executor>
class basic_yield_context;  // spawn.hpp is for those who use it
}

namespace cubicasa::detail {

template <class Token>
inline constexpr bool is_yield_context = false;
template <class Executor>
inline constexpr bool is_yield_context<asio::basic_yield_context<Executor>> = true;

// That of Boost 1.80 and 1.81 does not compile with an exception_ptr and a value, so a yield_context is given a result.
template <class Token, class T, class Initiation>
auto initiate(Initiation&& initiation, std::remove_reference_t<Token>& token) {
    if constexpr (is_yield_context<std::decay_t<Token>>) {
        auto wrapped = as_result(token);
        return asio::async_initiate<as_result_t<std::decay_t<Token>>, void(std::exception_ptr, T)>(
                   std::forward<Initiation>(initiation), wrapped)
            .value();
    } else {
        return asio::async_initiate<Token, void(std::exception_ptr, T)>(std::forward<Initiation>(initiation), token);
    }
}

}  // namespace cubicasa::detail
