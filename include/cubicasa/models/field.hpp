// A member of a request that may be absent, null or a value. Includes only the standard library.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace cubicasa {

// Absent at first and then left out of the request; `f = nullptr` sends null; `f = value` sends the value.
template <class T>
class field {
public:
    field() {}
    field(std::nullptr_t) : null_(true) {}
    template <class U>
    requires(!std::same_as<std::remove_cvref_t<U>, field> && !std::same_as<std::remove_cvref_t<U>, std::nullptr_t> &&
             std::convertible_to<U, T>) field(U&& value)
        : value_(std::in_place, std::forward<U>(value)) {}

    bool is_absent() const noexcept { return !value_ && !null_; }
    bool is_null() const noexcept { return null_; }
    bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    // The value. There must be one.
    const T& operator*() const noexcept { return *value_; }
    T& operator*() noexcept { return *value_; }
    const T* operator->() const noexcept { return &*value_; }
    T* operator->() noexcept { return &*value_; }

    // Makes it a value, default-constructed.
    T& emplace() {
        null_ = false;
        return value_.emplace();
    }

    // Makes it absent again.
    void reset() noexcept {
        null_ = false;
        value_.reset();
    }

    friend bool operator==(const field&, const field&) = default;

private:
    std::optional<T> value_;
    bool null_ = false;
};

}  // namespace cubicasa
