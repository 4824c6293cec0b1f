// What the programs that measure this library begin with: a client of the server that the arguments name, and calls.
#pragma once

#include "arguments.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace bench {

// `base` is the part of the path that belongs to the base URL.
inline cubicasa::client_config config_of(const arguments& a, std::string_view base = {}) {
    cubicasa::client_config out;
    out.base_url = "https://" + a.host + ":" + a.port;
    out.base_url.append(base);
    out.api_key = "key";
    out.tls.ca_file = a.ca_file;
    return out;
}

// Raw calls, one after the other, whose bodies nobody looks at.
inline boost::asio::awaitable<void> make_calls(cubicasa::client api, arguments& a) {
    const cubicasa::raw_request request("GET", a.path);
    while (a.take()) {
        const cubicasa::raw_response answer = co_await api.async_call(request);
        if (answer.status == 200) ++a.done;
    }
}

// For co_spawn: what a coroutine throws ends the program, and is told.
inline void must_not_fail(const std::exception_ptr& e) {
    if (!e) return;
    try {
        std::rethrow_exception(e);
    } catch (const std::exception& x) {
        std::fprintf(stderr, "%s\n", x.what());
    }
    std::_Exit(1);
}

}  // namespace bench
