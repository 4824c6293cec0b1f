// How many orders a sandbox has, as tests say it.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include <cstddef>

namespace test {

// The contract's examples, and n more.
inline cubicasa::testing::sandbox_options with_orders(std::size_t n) {
    cubicasa::testing::sandbox_options out;
    out.orders = n;
    return out;
}

// n orders, and no example.
inline cubicasa::testing::sandbox_options generated(std::size_t n) {
    auto out = with_orders(n);
    out.examples = false;
    return out;
}

}  // namespace test
