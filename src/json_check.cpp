// is_json(): whether raw JSON may be sent.
#include "json_parser.hpp"

namespace cubicasa::detail {

namespace {

// Accepts everything.
struct validator {
    bool begin_object() const noexcept { return true; }
    bool end_object() const noexcept { return true; }
    bool begin_array() const noexcept { return true; }
    bool end_array() const noexcept { return true; }
    const char* predicted_key(const char*, const char*) const noexcept { return nullptr; }
    void key(std::string_view) const noexcept {}
    bool text(std::string_view) const noexcept { return true; }
    bool number(const json_number&) const noexcept { return true; }
    bool boolean(bool) const noexcept { return true; }
    bool null() const noexcept { return true; }
};

}  // namespace

bool is_json(std::string_view text) {
    validator anything;
    return json_parser(text, anything).run().what == nullptr;
}

}  // namespace cubicasa::detail
