// result<T>: a value or an error. as_result(token): asks a call for a result<T> instead of an exception.
#pragma once

#include <cubicasa/detail/callback_error.hpp>
#include <cubicasa/error.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/result.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace cubicasa {

namespace asio = boost::asio;

template <class T>
using result = boost::system::result<T, error>;

// A completion token that makes a call complete with one result<T> and never throw; see as_result().
template <class Token>
class as_result_t {
public:
    explicit as_result_t(Token t) : token(std::move(t)) {}
    Token token;
};

// co_await api.orders().get(id, as_result(asio::use_awaitable)) is a result<order>. Works around any token; a
// callback in it is called with one result<T>.
template <class Token>
as_result_t<std::decay_t<Token>> as_result(Token&& token) {
    return as_result_t<std::decay_t<Token>>(std::forward<Token>(token));
}

namespace detail {

// Stands for the handler of the token inside as_result().
template <class Handler>
class as_result_handler {
public:
    explicit as_result_handler(Handler h) : handler(std::move(h)) {}

    // What operations of this library call: no exception is made.
    template <class T>
    void complete(result<T> outcome) {
        std::move(handler)(std::move(outcome));
    }

    // What others call that stand between: bind_cancellation_slot, for instance.
    template <class T>
    void operator()(std::exception_ptr e, T value) {
        if (!e) return complete(result<T>(std::move(value)));
        complete(result<T>(detail::error_of(e)));
    }

    Handler handler;
};

template <class Initiation>
class as_result_initiation {
public:
    explicit as_result_initiation(Initiation i) : initiation_(std::move(i)) {}

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args) {
        std::move(initiation_)(as_result_handler<std::decay_t<Handler>>(std::forward<Handler>(handler)),
                               std::forward<Args>(args)...);
    }

private:
    Initiation initiation_;
};

// bind_cancellation_slot and others of Asio 1.26 ask a token for its return_type, where it has one.
template <class Inner, class = void>
struct same_return_type {};
template <class Inner>
struct same_return_type<Inner, std::void_t<typename Inner::return_type>> {
    using return_type = typename Inner::return_type;
};

}  // namespace detail
}  // namespace cubicasa

namespace boost::asio {

template <class Token, class T>
struct async_result<cubicasa::as_result_t<Token>, void(std::exception_ptr, T)>
    : cubicasa::detail::same_return_type<async_result<Token, void(cubicasa::result<T>)>> {
    template <class Initiation, class AsResult, class... Args>
    static auto initiate(Initiation&& initiation, AsResult&& outer, Args&&... args) {
        using wrapped = cubicasa::detail::as_result_initiation<std::decay_t<Initiation>>;
        using token = std::conditional_t<std::is_const_v<std::remove_reference_t<AsResult>>, const Token, Token>;
        return asio::async_initiate<token, void(cubicasa::result<T>)>(wrapped(std::forward<Initiation>(initiation)),
                                                                      outer.token, std::forward<Args>(args)...);
    }
};

template <template <class, class> class Associator, class Handler, class DefaultCandidate>
struct associator<Associator, cubicasa::detail::as_result_handler<Handler>, DefaultCandidate>
    : Associator<Handler, DefaultCandidate> {
    using outer = cubicasa::detail::as_result_handler<Handler>;
    static auto get(const outer& h) noexcept { return Associator<Handler, DefaultCandidate>::get(h.handler); }
    static auto get(const outer& h, const DefaultCandidate& c) noexcept {
        return Associator<Handler, DefaultCandidate>::get(h.handler, c);
    }
};

}  // namespace boost::asio
