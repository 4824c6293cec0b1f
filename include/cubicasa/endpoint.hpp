// What an operation of the API is: a request as a value that knows how to write itself. See endpoints/ for all of them.
#pragma once

#include <cubicasa/error.hpp>
#include <cubicasa/raw.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cubicasa {

// What repeating a request would do.
enum class effect {
    read,     // nothing
    replace,  // the same as doing it once
    create,   // once more: a second order, a second purchase
};

// How well public material supports an operation (contract, section 1).
enum class evidence {
    documented,  // grades A and B
    observed,    // grade C: seen in an integration or captured
    inferred,    // grades D and E: the path is the likeliest one, not a confirmed one
};

std::string_view to_string(effect) noexcept;
std::string_view to_string(evidence) noexcept;

// A request on its way to the wire: what encode() fills. Everything given to it is percent-encoded here, so that no
// argument can change the path's structure. The first complaint is kept in `problem` and the request is not sent.
class wire_request {
public:
    wire_request(std::string_view name, std::string_view verb, std::string_view path_template, cubicasa::effect e,
                 cubicasa::evidence ev)
        : operation(name), method(verb), path(path_template), effect(e), evidence(ev) {}

    // Fills {name} of the path. Empty, "." and ".." are refused: they would address something else.
    void argument(std::string_view name, std::string_view value);

    void query(std::string_view name, std::string_view value);
    void query(std::string_view name, std::int64_t value);

    // `limit` and `offset` of a list (contract 2.5), checked.
    void page(const std::optional<std::int64_t>& limit, const std::optional<std::int64_t>& offset);

    // The body, as JSON text. Sets Content-Type.
    void json_body(std::string text);

    // Notes that `field` cannot be sent as it is. Only the first complaint is kept.
    void refuse(std::string_view field, std::string_view why);

    // Refuses a field that is empty although the contract requires it.
    void require(std::string_view field, std::string_view value);

    // Path with its arguments, and query. `template_text` is `path`, or what client_config::paths has instead. Every
    // placeholder must have been filled, otherwise `problem` is set.
    std::string target(std::string_view template_text);
    // The same behind what is in `out`. False if `problem` was set, and what was appended is of no use.
    bool append_target(std::string& out, std::string_view template_text);

    std::string_view operation;
    std::string method;
    std::string path;  // a template: "/orders/{id}"
    cubicasa::effect effect;
    cubicasa::evidence evidence;
    std::string arguments;   // of each its name and its encoded value, with a zero byte behind both
    std::string query_text;  // already encoded, without '?'
    std::string body;
    std::string content_type;
    error problem;
};

// A request struct: `name`, `method`, `path`, `effect` and `evidence` are constants, `response` is what a good answer
// is decoded into, and encode(e, wire_request&), found by argument-dependent look-up, fills in the rest. It may have
//   static result<response> decode(const raw_response&)   instead of JSON by the table of members of `response`
//   friend error verify(const E&, const response&)        what of a good answer contradicts the request
//   static result<response> conclude(result<raw_response>)   what any outcome means, errors included
template <class E>
concept endpoint = requires(const E& e, wire_request& w) {
    typename E::response;
    requires std::default_initializable<typename E::response>;
    { E::name } -> std::convertible_to<std::string_view>;
    { E::method } -> std::convertible_to<std::string_view>;
    { E::path } -> std::convertible_to<std::string_view>;
    { E::effect } -> std::convertible_to<cubicasa::effect>;
    { E::evidence } -> std::convertible_to<cubicasa::evidence>;
    encode(e, w);
};

}  // namespace cubicasa
