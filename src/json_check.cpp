// is_json(): whether raw JSON may be sent. Includes only Boost.JSON's parser (no DOM) and detail/json.hpp.
#include <cubicasa/detail/json.hpp>

#include <boost/json/basic_parser_impl.hpp>

#include <limits>

namespace cubicasa::detail {

namespace json = boost::json;

namespace {

// Accepts everything.
class validator {
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    using ec = json::error_code;
    bool on_document_begin(ec&) noexcept { return true; }
    bool on_document_end(ec&) noexcept { return true; }
    bool on_object_begin(ec&) noexcept { return true; }
    bool on_object_end(std::size_t, ec&) noexcept { return true; }
    bool on_array_begin(ec&) noexcept { return true; }
    bool on_array_end(std::size_t, ec&) noexcept { return true; }
    bool on_key_part(json::string_view, std::size_t, ec&) noexcept { return true; }
    bool on_key(json::string_view, std::size_t, ec&) noexcept { return true; }
    bool on_string_part(json::string_view, std::size_t, ec&) noexcept { return true; }
    bool on_string(json::string_view, std::size_t, ec&) noexcept { return true; }
    bool on_number_part(json::string_view, ec&) noexcept { return true; }
    bool on_int64(std::int64_t, json::string_view, ec&) noexcept { return true; }
    bool on_uint64(std::uint64_t, json::string_view, ec&) noexcept { return true; }
    bool on_double(double, json::string_view, ec&) noexcept { return true; }
    bool on_bool(bool, ec&) noexcept { return true; }
    bool on_null(ec&) noexcept { return true; }
    bool on_comment_part(json::string_view, ec&) noexcept { return true; }
    bool on_comment(json::string_view, ec&) noexcept { return true; }
};

}  // namespace

bool is_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = max_json_depth;
    json::basic_parser<validator> parser(options);
    json::error_code ec;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
    return !ec && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos;
}

}  // namespace cubicasa::detail
