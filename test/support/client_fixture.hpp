// A sandbox, a context and a client that fits them: what most tests over real TLS need.
#pragma once

#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include "run.hpp"
#include "stock.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace test {

namespace cc = cubicasa;
using cc::testing::fault;
using cc::testing::sandbox;
using cc::testing::sandbox_options;

// The documented order of the examples, which the sandbox has.
inline const std::string known_id = "312babc6-e742-4d54-ac49-e0f7b16ec15a";

// One call to its end, as a result. Without a completion token it compiles in half the time; call_forms.cpp is about
// those.
template <cc::endpoint E>
cc::result<typename E::response> call(asio::io_context& context, const cc::client& api, const E& request,
                                      const cc::call_options& options = cc::call_options()) {
    std::optional<cc::result<typename E::response>> out;
    api.start(request, options, [&](cc::result<typename E::response> r) { out.emplace(std::move(r)); });
    context.restart();
    run_out(context);
    BOOST_TEST_REQUIRE(out.has_value());
    return std::move(*out);
}

struct client_fixture {
    explicit client_fixture(sandbox_options options = sandbox_options())
        : server(std::move(options)), config(server.config()) {
        config.retry.max_attempts = 1;  // so that a test sees what it does; retries.cpp is about repeating
    }

    // Made when it is first wanted, so that a test can change `config` before.
    cc::client& api() {
        if (!made) made.emplace(context.get_executor(), config);
        return *made;
    }

    template <cc::endpoint E>
    cc::result<typename E::response> call(const E& request, const cc::call_options& options = cc::call_options()) {
        return test::call(context, api(), request, options);
    }

    cc::result<cc::order> get(std::string id = known_id) { return call(cc::get_order(std::move(id))); }

    // The error of a call that must not succeed.
    template <cc::endpoint E>
    cc::error error_of(const E& request, const cc::call_options& options = cc::call_options()) {
        auto r = call(request, options);
        BOOST_TEST_REQUIRE(r.has_error());
        return r.error();
    }
    cc::error get_error() { return error_of(cc::get_order(known_id)); }

    sandbox server;
    asio::io_context context;
    cc::client_config config;
    std::optional<cc::client> made;
};

}  // namespace test
