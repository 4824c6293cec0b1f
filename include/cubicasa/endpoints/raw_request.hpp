// Any request at all, for what this library does not know. Includes endpoint.hpp.
#pragma once

#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cubicasa {

// Goes to the API's origin, over the same pool, with the same key, deadline and retries as every other call.
//
// Every complete answer is a success, whatever its status: look at `raw_response::status`. Errors are those of the
// transport, and errc::invalid_argument for a method or path that cannot be sent.
class raw_request {
public:
    using response = raw_response;
    static constexpr std::string_view name = "raw_request";

    raw_request() {}
    // The effect is taken from the method: GET and HEAD read, PUT, PATCH and DELETE replace, all others create.
    raw_request(std::string verb, std::string where)
        : method(std::move(verb)), path(std::move(where)), effect(usual_effect(method)) {}
    raw_request(std::string verb, std::string where, std::vector<std::pair<std::string, std::string>> parameters,
                std::string content = {})
        : raw_request(std::move(verb), std::move(where)) {
        query = std::move(parameters);
        body = std::move(content);
    }

    std::string method = "GET";
    // Below the base URL, from its first /, percent-encoded where it has to be; may have a query. Refused otherwise.
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;  // encoded here, appended to that of the path
    std::string body;                                        // sent as it is
    std::string content_type = "application/json";           // of a body
    cubicasa::effect effect = cubicasa::effect::read;        // decides what is repeated after a failure
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;  // the path is the caller's

    friend void encode(const raw_request& r, wire_request& w) { r.write(w); }

    static result<raw_response> conclude(result<raw_response>&& answer) { return std::move(answer); }

private:
    static cubicasa::effect usual_effect(std::string_view method) noexcept;
    void write(wire_request& w) const;
};

}  // namespace cubicasa
