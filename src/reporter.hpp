// Tells the observer of a client what happens; costs a look at a pointer when there is none. Includes observer.hpp.
#pragma once

#include <cubicasa/observer.hpp>

#include <string>
#include <utility>

namespace cubicasa::detail {

class reporter {
public:
    reporter(observer o, std::string host, std::string port)
        : observer_(std::move(o)), host_(std::move(host)), port_(std::move(port)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(observer_); }

    void operator()(event e) const noexcept {
        if (!observer_) return;
        if (e.host.empty()) {
            e.host = host_;
            e.port = port_;
        }
        try {
            observer_(e);
        } catch (...) {
            // A log that fails must not make calls fail.
        }
    }

private:
    observer observer_;
    std::string host_;
    std::string port_;
};

}  // namespace cubicasa::detail
