// Requests as they go onto the wire, for tests.
#pragma once

#include <cubicasa/detail/operation.hpp>

#include <string>

namespace cubicasa::test {

template <endpoint E>
wire_request encoded(const E& e) {
    return detail::to_wire(e);
}

// "METHOD target", or what was refused.
inline std::string line(wire_request& w) {
    const std::string target = w.target(w.path);
    return w.problem ? w.problem.message : w.method + " " + target;
}

template <endpoint E>
std::string line(const E& e) {
    wire_request w = encoded(e);
    return line(w);
}

}  // namespace cubicasa::test
