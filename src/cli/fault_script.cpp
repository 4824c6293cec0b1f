// See the header.
#include "fault_script.hpp"

#include "arguments.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <sstream>

namespace cubicasa::cli {

namespace {

using testing::fault;

fault delay_of(long ms) { return fault::delay(std::chrono::milliseconds(ms)); }
fault status_of(long code) { return fault::status(static_cast<int>(code), "{}"); }
template <fault (*Make)(std::size_t)>
fault sized(long n) {
    return Make(static_cast<std::size_t>(n));
}
template <fault (*Make)()>
fault plain(long) {
    return Make();
}
fault drip_of(long bytes) { return fault::drip(static_cast<std::size_t>(bytes), std::chrono::milliseconds(20)); }

struct fault_kind {
    std::string_view name;
    std::string_view value;  // what it is; empty: there is none
    fault (*make)(long);
};

constexpr fault_kind kinds[] = {
    {"status", "CODE", status_of},
    {"delay", "MILLISECONDS", delay_of},
    {"reset-after", "BYTES", sized<fault::reset_after>},
    {"truncate-after", "BYTES", sized<fault::truncate_after>},
    {"drip", "BYTES", drip_of},
    {"lying-length", "DIFFERENCE", fault::lying_length},
    {"huge-header", "BYTES", sized<fault::huge_header>},
    {"huge-body", "BYTES", sized<fault::huge_body>},
    {"continue-100", "COUNT", sized<fault::continue_100>},
    {"short-range", "BYTES", sized<fault::short_range>},
    {"wrong-content-range", "DIFFERENCE", fault::wrong_content_range},
    {"close-before-answer", "", plain<fault::close_before_answer>},
    {"never-answer", "", plain<fault::never_answer>},
    {"html", "", plain<fault::html>},
    {"empty-body", "", plain<fault::empty_body>},
    {"broken-json", "", plain<fault::broken_json>},
    {"garbage", "", plain<fault::garbage>},
    {"chunked", "", plain<fault::chunked>},
    {"until-eof", "", plain<fault::until_eof>},
    {"connection-close", "", plain<fault::connection_close>},
    {"no-close-notify", "", plain<fault::no_close_notify>},
    {"ignore-range", "", plain<fault::ignore_range>},
    {"ignore-if-range", "", plain<fault::ignore_if_range>},
    {"no-content-range", "", plain<fault::no_content_range>},
    {"range-not-satisfiable", "", plain<fault::range_not_satisfiable>},
    {"no-validators", "", plain<fault::no_validators>},
    {"weak-etag", "", plain<fault::weak_etag>},
    {"refuse-handshake", "", plain<fault::refuse_handshake>},
    {"hang-handshake", "", plain<fault::hang_handshake>},
};

class line_parser {
public:
    line_parser(const std::string& line, std::size_t number) : words_(line), number_(number) {}

    fault parse() {
        const std::string name = word("the name of a fault");
        for (const fault_kind& k : kinds) {
            if (k.name != name) continue;
            const long number = k.value.empty() ? 0 : value<long>(std::string(k.value));
            if (number < 0 && k.value != "DIFFERENCE") refuse("there is no " + std::string(k.value) + " below 0");
            if (k.value == "CODE" && (number < 200 || number > 599)) refuse("a status is 200 to 599");
            fault out = k.make(number);
            for (std::string what; words_ >> what;) out = narrowed(out, what);
            return out;
        }
        refuse("there is no fault '" + name + "'; there are " + fault_names());
    }

private:
    fault narrowed(const fault& f, const std::string& what) {
        if (what == "on") {
            const std::string method = word("a method, or *");
            return f.on(method == "*" ? "" : method, word("the begin of a path"));
        }
        if (what == "times") return f.times(value<std::size_t>("how often"));
        if (what == "after") return f.after(value<std::size_t>("after how many"));
        if (what == "probability") {
            const auto p = value<double>("0 to 1");
            if (!(p >= 0 && p <= 1)) refuse("a probability is 0 to 1");
            return f.with_probability(p);
        }
        refuse("'" + what + "' is none of on, times, after, probability");
    }

    std::string word(const std::string& expected) {
        std::string out;
        if (!(words_ >> out)) refuse(expected + " is missing");
        return out;
    }

    template <class Number>
    Number value(const std::string& expected) {
        const std::string text = word(expected);
        Number out{};
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (wrong != std::errc() || end != text.data() + text.size()) refuse("'" + text + "' is no " + expected);
        return out;
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw usage_error("--fault: line " + std::to_string(number_) + ": " + why);
    }

    std::istringstream words_;
    std::size_t number_;
};

}  // namespace

std::vector<fault> parse_fault_script(std::string_view script) {
    std::vector<fault> out;
    std::istringstream lines{std::string(script)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        line.resize(std::min(line.size(), line.find('#')));
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        out.push_back(line_parser(line, number).parse());
    }
    return out;
}

std::string fault_names() {
    std::string out;
    for (const fault_kind& k : kinds) {
        out += (out.empty() ? "" : ", ") + std::string(k.name);
        if (!k.value.empty()) out += " " + std::string(k.value);
    }
    return out;
}

}  // namespace cubicasa::cli
