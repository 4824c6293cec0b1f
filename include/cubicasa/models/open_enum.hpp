// Enumerations that the server may extend. Includes only the standard library.
#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace cubicasa {

namespace detail {
struct access;
}

// Base of the open enumerations. Holds the value as it is on the wire, so that one which this library does not know
// is kept, compared and sent back like any other. Known values are short enough to need no allocation.
template <class Derived>
class open_enum {
public:
    open_enum() {}
    explicit open_enum(std::string_view wire) : text_(wire) {}

    // The value on the wire; empty when the server sent none.
    std::string_view str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

    friend bool operator==(const Derived& a, const Derived& b) noexcept { return a.str() == b.str(); }
    friend bool operator==(const Derived& a, std::string_view b) noexcept { return a.str() == b; }
    friend std::strong_ordering operator<=>(const Derived& a, const Derived& b) noexcept { return a.str() <=> b.str(); }

    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Derived& value) {
        return out << value.str();
    }

private:
    friend struct detail::access;
    std::string text_;
};

}  // namespace cubicasa
