// A text that must not be seen: the API key. Cannot be printed or compared; its memory is wiped.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace cubicasa {

namespace detail {
struct access;
}

class secret {
public:
    secret() noexcept = default;
    // Takes the text over; wipes the one given when it is an rvalue.
    secret(const char* text);
    secret(std::string_view text);
    secret(const std::string& text);
    secret(std::string&& text);
    secret(const secret& other);
    secret(secret&& other) noexcept;
    secret& operator=(secret other) noexcept;
    ~secret();

    bool empty() const noexcept { return text_.empty(); }

    // The text itself. For the place that writes it onto the wire; whoever calls this guards what it returns.
    std::string_view reveal() const noexcept { return text_; }

    template <class Char, class Traits>
    friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>&, const secret&) = delete;

private:
    friend struct detail::access;
    std::string text_;
};

// Overwrites the whole of `text`, its unused capacity included, in a way that the compiler cannot drop.
void wipe(std::string& text) noexcept;

}  // namespace cubicasa
