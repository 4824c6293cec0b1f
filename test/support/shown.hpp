// What the README calls the reader's own functions, and what they were given.
#pragma once

#include "client_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace test {

inline std::vector<std::string> shown;
inline std::vector<cc::error> reported;
inline void show(const cubicasa::order& order) { shown.push_back(order.id); }
inline void report(const cubicasa::error& e) { reported.push_back(e); }

struct showing_fixture : client_fixture {
    explicit showing_fixture(sandbox_options options = sandbox_options()) : client_fixture(std::move(options)) {
        shown.clear();
        reported.clear();
    }
};

inline const std::string unknown_id = "00000000-0000-0000-0000-000000000000";

}  // namespace test
