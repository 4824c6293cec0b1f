// A running call, to be cancelled from anywhere. Light Asio headers only.
#pragma once

#include <boost/asio/cancellation_type.hpp>

#include <memory>

namespace cubicasa::detail {

class call;

// Thread-safe; copyable; keeps nothing alive. Cancelling a call that has ended does nothing.
class call_handle {
public:
    call_handle() = default;
    explicit call_handle(std::weak_ptr<call> c) noexcept : call_(std::move(c)) {}

    // `total` ends the call only while nothing of it has been sent; the other types end it in any case.
    void cancel(boost::asio::cancellation_type type = boost::asio::cancellation_type::terminal) const noexcept;

private:
    std::weak_ptr<call> call_;
};

}  // namespace cubicasa::detail
