// See the header.
#include "arguments.hpp"

#include <charconv>

namespace cubicasa::cli {

namespace {

template <class Number>
std::optional<Number> read(const std::string& name, const std::string& text) {
    Number out{};
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong != std::errc() || end != text.data() + text.size()) throw usage_error(name + ": not a number: " + text);
    return out;
}

}  // namespace

const std::vector<std::string>& arguments::all(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second;
}

std::string arguments::text(std::string_view name) const {
    const auto& values = all(name);
    return values.empty() ? std::string() : values.back();
}

std::optional<std::int64_t> arguments::integer(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return read<std::int64_t>(std::string(name), text(name));
}

std::optional<double> arguments::number(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return read<double>(std::string(name), text(name));
}

}  // namespace cubicasa::cli
