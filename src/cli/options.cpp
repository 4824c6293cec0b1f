// See the header.
#include "options.hpp"

#include "command.hpp"
#include "files.hpp"

#include <unistd.h>

#include <cstdlib>

namespace cubicasa::cli {

namespace {

bool colours_wanted() {
    const char* no = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return (no == nullptr || *no == '\0') && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

std::chrono::milliseconds milliseconds(double seconds) {
    if (!(seconds > 0) || seconds > 1e9) throw usage_error("--timeout: more than 0 and at most 1000000000 seconds");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000 + 0.5));
}

}  // namespace

const std::vector<parameter>& global_parameters() {
    static const std::vector<parameter> all{
        {"--output",
         "FORMAT",
         "table (on a terminal), ndjson (otherwise) or json",
         kind::text,
         false,
         false,
         {},
         {"table", "ndjson", "json"}},
        {"--quiet", "", "Print no notes and no progress", kind::flag},
        {"--verbose", "", "Print a line for each attempt on standard error", kind::flag},
        {"--timeout", "SECONDS",
         "The longest time for one call, repetitions included, 60 without; and for one file, any without",
         kind::number},
        {"--retries", "N", "How often a failed call may be repeated; 3 without", kind::integer},
        {"--in-flight", "N", "How many items of a batch are worked on at once", kind::integer},
        {"--api-key-file", "FILE", "Read the API key there, not from CUBICASA_API_KEY", kind::file},
        {"--base-url", "URL", "Where the API is; else CUBICASA_BASE_URL, else the service", kind::text},
        {"--ca-file", "FILE", "Trust the authorities in this PEM file; else CUBICASA_CA_FILE, else the system's",
         kind::file},
        {"--path", "NAME=PATH", "Another path for an operation, see 'cubicasa operations'", kind::text, false, true},
    };
    return all;
}

options::options(const arguments& given) {
    const bool to_terminal = ::isatty(STDOUT_FILENO) == 1;
    const std::string wish = given.text("--output");
    if (wish.empty())
        format = to_terminal ? output_format::table : output_format::ndjson;
    else if (wish == "table")
        format = output_format::table;
    else if (wish == "ndjson")
        format = output_format::ndjson;
    else if (wish == "json")
        format = output_format::json;
    else
        throw usage_error("--output: one of table, ndjson, json");
    json_errors = !wish.empty() && format != output_format::table;
    quiet = given.has("--quiet");
    verbose = given.has("--verbose");
    if (const auto n = given.integer("--in-flight")) {
        if (*n < 1 || *n > 10'000) throw usage_error("--in-flight: 1 to 10000");
        in_flight = static_cast<std::size_t>(*n);
    }
    if (const auto seconds = given.number("--timeout")) timeout = milliseconds(*seconds);
    if (const auto retries = given.integer("--retries")) {
        if (*retries > 100) throw usage_error("--retries: 0 to 100");
        attempts = static_cast<int>(*retries) + 1;
    }
    colours = to_terminal && colours_wanted();
    terminal = ::isatty(STDERR_FILENO) == 1;
    error_colours = terminal && colours_wanted();
}

client_config make_config(const arguments& given) {
    client_config out = client_config::from_env();
    if (given.has("--api-key-file")) out.api_key = read_secret(given.text("--api-key-file"));
    if (out.api_key.empty()) throw usage_error("there is no API key: set CUBICASA_API_KEY, or give --api-key-file");
    if (given.has("--base-url")) out.base_url = given.text("--base-url");
    if (given.has("--ca-file")) out.tls.ca_file = given.text("--ca-file");
    const options common(given);
    if (common.timeout) {
        timeout_options& t = out.timeouts;
        t.total = *common.timeout;
        // A call that may take longer may wait longer for its answer, too.
        if (t.total > t.pool_wait) t.pool_wait = t.first_byte = t.total;
    }
    if (common.attempts) out.retry.max_attempts = *common.attempts;
    if (common.in_flight) out.pool.max_connections = std::min<std::size_t>(*common.in_flight, 256);
    for (const std::string& text : given.all("--path")) {
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) throw usage_error("--path: NAME=PATH is expected");
        out.paths[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return out;
}

}  // namespace cubicasa::cli
