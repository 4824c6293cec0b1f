// JSON to structs: one handler of parser events that works on tables of members and knows no type. Includes only
// Boost.JSON's parser (no DOM) and detail/json.hpp.
#include <cubicasa/detail/json.hpp>

#include <boost/json/basic_parser_impl.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace cubicasa::detail {

namespace json = boost::json;

namespace {

// The parser's own conversion is exact when the digits fit 53 bits and the power of ten is small, which is the usual
// case; otherwise it can be off by one unit in the last place, and the text is read again.
double exact(double fast, std::string_view text) noexcept {
    const double size = std::fabs(fast);
    const bool fits = text.size() < 17 || (text.size() == 17 && text[0] < '9');
    if (fits && size > 1e-5 && size < 1e15) return fast;
    double slow = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), slow);
    return problem == std::errc() ? slow : fast;
}

// One level of nesting that is being read into something. Skipped values and raw JSON have no frames.
struct frame {
    const type_info* type;      // of `object`: an object, or a list; null for the frame that holds the whole answer
    const type_info* expected;  // of the value that comes next; null: to be skipped
    void* object;
    const member_info* current;  // the member that comes next; null in lists
    std::uint64_t bit;           // of `current`
    std::uint64_t seen;          // members that came
    std::uint64_t good;          // members that came as they should
    std::size_t next;            // in an object: the member to look at first; in a list: how many elements came
};

class handler {
public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    handler(const type_info& type, void* object) noexcept : top_(frames_) {
        *top_ = {nullptr, &type, object, nullptr, 0, 0, 0, 0};
    }

    // Set when reading was stopped from here.
    error problem;

    bool on_document_begin(json::error_code&) noexcept { return true; }
    bool on_document_end(json::error_code&) noexcept { return true; }

    bool on_object_begin(json::error_code& ec) {
        if (skip_ != 0) return ++skip_, true;
        if (raw_ != nullptr) return open('{');
        begin_value();
        if (!expects(kind::object)) return begin_other('{', ec);
        const type_info* type = nullptr;
        void* at = claim(type);
        push({type, nullptr, at, nullptr, 0, 0, 0, 0});
        return true;
    }

    bool on_object_end(std::size_t, json::error_code& ec) {
        if (skip_ != 0) return --skip_, true;
        if (raw_ != nullptr) return close('}');
        const frame& f = *top_--;
        if (const auto missing = f.type->required & ~f.good; missing != 0) {
            std::size_t i = 0;
            while ((missing >> i & 1) == 0) ++i;
            return fail(ec, errc::missing_member, pointer() + '/' + std::string(f.type->members[i].name));
        }
        if (f.type->not_without_any && f.seen == 0) {
            return fail(ec, errc::unexpected_answer,
                        "an object with none of the members that it should have" + where());
        }
        return true;
    }

    bool on_array_begin(json::error_code& ec) {
        if (skip_ != 0) return ++skip_, true;
        if (raw_ != nullptr) return open('[');
        begin_value();
        if (!expects(kind::list)) return begin_other('[', ec);
        const type_info* type = nullptr;
        void* at = claim(type);
        push({type, type->element_type(), at, nullptr, 0, 0, 0, 0});
        return true;
    }

    bool on_array_end(std::size_t, json::error_code&) {
        if (skip_ != 0) return --skip_, true;
        if (raw_ != nullptr) return close(']');
        --top_;
        return true;
    }

    bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
        if (skip_ == 0) parts_.append(s.data(), s.size());
        return true;
    }

    bool on_key(json::string_view s, std::size_t, json::error_code&) {
        if (skip_ != 0) return true;
        const std::string_view key = whole(s);
        if (raw_ != nullptr) {
            comma();
            append_json_string(*raw_, key);
            raw_->push_back(':');
        } else {
            find(key);
        }
        parts_.clear();
        return true;
    }

    bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
        if (skip_ == 0) parts_.append(s.data(), s.size());
        return true;
    }

    bool on_string(json::string_view s, std::size_t, json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ == nullptr) {
            begin_value();
            if (expects(kind::text)) {
                const type_info* type = nullptr;
                auto& out = *static_cast<std::string*>(claim(type));
                if (parts_.empty()) {
                    out.assign(s.data(), s.size());
                } else {
                    parts_.append(s.data(), s.size());
                    out = std::move(parts_);
                    parts_.clear();
                }
                if (out.empty()) top_->good &= ~top_->bit;  // a required text must say something
                return true;
            }
            if (!expects(kind::raw)) {
                parts_.clear();
                return other(ec, "a string");
            }
            begin_raw();
        }
        comma();
        append_json_string(*raw_, whole(s));
        parts_.clear();
        return end_raw_scalar();
    }

    bool on_number_part(json::string_view s, json::error_code&) {
        if (skip_ == 0) parts_.append(s.data(), s.size());
        return true;
    }

    bool on_int64(std::int64_t i, json::string_view s, json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ != nullptr) return raw_number(s);
        begin_value();
        if (expects(kind::integer)) return store(i);
        if (expects(kind::number)) return store(static_cast<double>(i));
        if (expects(kind::time)) return store_time(static_cast<double>(i));
        return other_number(s, ec);
    }

    bool on_uint64(std::uint64_t u, json::string_view s, json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ != nullptr) return raw_number(s);
        begin_value();
        if (expects(kind::number)) return store(static_cast<double>(u));
        return other_number(s, ec);
    }

    bool on_double(double fast, json::string_view s, json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ != nullptr) return raw_number(s);
        begin_value();
        const bool number = expects(kind::number);
        const bool time = expects(kind::time);
        const bool integer = expects(kind::integer);
        if (!number && !time && !integer) return other_number(s, ec);
        const double d = exact(fast, whole(s));
        parts_.clear();
        if (time) return store_time(d);
        if (number) return std::isfinite(d) ? store(d) : true;
        // 20.0 is an integer for JSON's purposes.
        if (std::fabs(d) < 9007199254740992.0 && d == std::trunc(d)) return store(static_cast<std::int64_t>(d));
        return true;
    }

    bool on_bool(bool b, json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ == nullptr) {
            begin_value();
            if (expects(kind::boolean)) return store(b);
            if (!expects(kind::raw)) return other(ec, "a boolean");
            begin_raw();
        }
        comma();
        raw_->append(b ? "true" : "false");
        return end_raw_scalar();
    }

    bool on_null(json::error_code& ec) {
        if (skip_ != 0) return true;
        if (raw_ == nullptr) {
            begin_value();
            const type_info* type = top_->expected;
            if (type == nullptr) return true;
            if (type->make_null != nullptr && top_->current != nullptr) {
                type->make_null(top_->current->at(top_->object));
                return true;
            }
            if (type->leaf != kind::raw) return is_whole_answer() ? other(ec, "null") : true;
            begin_raw();
        }
        comma();
        raw_->append("null");
        return end_raw_scalar();
    }

    bool on_comment_part(json::string_view, json::error_code&) noexcept { return true; }
    bool on_comment(json::string_view, json::error_code&) noexcept { return true; }

private:
    bool is_whole_answer() const noexcept { return top_ == frames_; }
    bool expects(kind k) const noexcept { return top_->expected != nullptr && top_->expected->leaf == k; }

    void push(const frame& f) noexcept { *++top_ = f; }

    // Every value comes through here once, unless it is skipped or part of raw JSON.
    void begin_value() noexcept {
        if (top_->current == nullptr) ++top_->next;
    }

    // Where the value that comes goes to, and its type, without optional and field. Only for a value that is expected.
    void* claim(const type_info*& type) {
        frame& f = *top_;
        f.good |= f.bit;
        void* at = f.object;
        if (f.current != nullptr) {
            at = f.current->at(at);
        } else if (f.type != nullptr) {
            at = f.type->emplace(at);
        }
        const type_info* t = f.expected;
        for (; t->holds; t = t->inner) at = t->emplace(at);
        type = t;
        return at;
    }

    template <class T>
    bool store(T value) {
        const type_info* type = nullptr;
        *static_cast<T*>(claim(type)) = value;
        return true;
    }

    bool store_time(double seconds) {
        const auto t = from_unix_seconds(seconds);
        return t ? store(*t) : true;
    }

    // The members of an answer come in the order of the table, or nearly so.
    void find(std::string_view key) {
        frame& f = *top_;
        const std::size_t count = f.type->count;
        const member_info* members = f.type->members;
        std::size_t i = f.next;
        for (std::size_t tries = count; tries != 0; --tries, ++i) {
            if (i >= count) i = 0;
            if (members[i].name != key) continue;
            f.current = &members[i];
            f.expected = f.current->type;
            f.bit = std::uint64_t{1} << i;
            f.next = i + 1;
            if ((f.seen & f.bit) != 0) start_again(f);
            f.seen |= f.bit;
            return;
        }
        f.current = &unknown_;
        f.expected = nullptr;
        f.bit = 0;
    }

    // A second member of the same name: the last one counts, with nothing left of the first.
    static void start_again(frame& f) {
        f.expected->clear(f.current->at(f.object));
        f.good &= ~f.bit;
    }

    // A container that is not what is expected here: raw JSON, or to be skipped.
    bool begin_other(char bracket, json::error_code& ec) {
        if (expects(kind::raw)) {
            begin_raw();
            return open(bracket);
        }
        if (is_whole_answer()) return other(ec, bracket == '{' ? "an object" : "an array");
        skip_ = 1;
        return true;
    }

    bool other(json::error_code& ec, const char* what) {
        if (!is_whole_answer()) return true;
        const kind k = top_->expected->leaf;
        const char* wanted = k == kind::object ? "an object" : k == kind::list ? "an array" : "another kind of value";
        return fail(ec, errc::unexpected_answer, std::string(what) + " where " + wanted + " is expected");
    }

    bool other_number(json::string_view s, json::error_code& ec) {
        if (expects(kind::raw)) {
            begin_raw();
            return raw_number(s);
        }
        parts_.clear();
        return other(ec, "a number");
    }

    // Raw JSON is put together again from the events, without white space.
    void begin_raw() {
        const type_info* type = nullptr;
        raw_ = &static_cast<raw_json*>(claim(type))->text;
        raw_->clear();
    }

    void comma() {
        if (raw_depth_ == 0) return;
        const char last = raw_->back();
        if (last != '[' && last != '{' && last != ':') raw_->push_back(',');
    }

    bool open(char bracket) {
        comma();
        raw_->push_back(bracket);
        ++raw_depth_;
        return true;
    }

    bool close(char bracket) {
        raw_->push_back(bracket);
        --raw_depth_;
        return end_raw_scalar();
    }

    bool raw_number(json::string_view s) {
        comma();
        raw_->append(whole(s));
        parts_.clear();
        return end_raw_scalar();
    }

    bool end_raw_scalar() noexcept {
        if (raw_depth_ == 0) raw_ = nullptr;
        return true;
    }

    // The whole of a text whose last part is `s`.
    std::string_view whole(json::string_view s) {
        if (parts_.empty()) return s;
        parts_.append(s.data(), s.size());
        return parts_;
    }

    // The place that is being read, as a JSON pointer (RFC 6901).
    std::string pointer() const {
        std::string out;
        for (const frame* f = frames_ + 1; f <= top_; ++f) {
            out.push_back('/');
            if (f->current == nullptr) {
                out.append(std::to_string(f->next - 1));
                continue;
            }
            for (const char c : f->current->name) {
                if (c == '~' || c == '/') {
                    out.append(c == '~' ? "~0" : "~1");
                } else {
                    out.push_back(c);
                }
            }
        }
        return out;
    }

    std::string where() const {
        const std::string place = pointer();
        return place.empty() ? place : " at " + place;
    }

    bool fail(json::error_code& ec, errc code, std::string message) {
        problem = error(code, std::move(message), delivery::answered);
        ec = problem.code;
        return false;
    }

    static constexpr member_info unknown_{};

    frame* top_;
    std::size_t skip_ = 0;  // how deep inside a container that is not wanted
    std::string* raw_ = nullptr;
    std::size_t raw_depth_ = 0;
    std::string parts_;  // of a text that the parser hands over in pieces, which it does around escapes
    frame frames_[max_json_depth + 2];
};

json::parse_options options() noexcept {
    json::parse_options o;
    o.max_depth = max_json_depth;
    return o;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";

// Where the content begins, behind a byte order mark and white space; the size when there is none.
std::size_t content(std::string_view body) noexcept {
    std::size_t at = body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    at = body.find_first_not_of(blanks, at);
    return at == std::string_view::npos ? body.size() : at;
}

}  // namespace

bool looks_like_html(std::string_view body) noexcept {
    const std::size_t at = content(body);
    return at < body.size() && body[at] == '<';
}

bool looks_like_array(std::string_view body) noexcept {
    const std::size_t at = content(body);
    return at < body.size() && body[at] == '[';
}

result<raw_json> decode_open(const raw_response& answer) {
    if (content(answer.body) == answer.body.size()) return raw_json();
    return decode_json<raw_json>(answer.body);
}

result<confirmation> decode_confirmation(const raw_response& answer) {
    if (content(answer.body) == answer.body.size()) return confirmation();
    return decode_json<confirmation>(answer.body);
}

error decode_into(const type_info& type, void* object, std::string_view body) {
    const std::size_t start = content(body);
    if (start == body.size()) return error(errc::empty_body, {}, delivery::answered);
    if (body[start] == '<') {
        error e(errc::html_instead_of_json, "perhaps a login or maintenance page; check the base URL",
                delivery::answered);
        e.server_message = printable(body.substr(start), 200);
        return e;
    }
    json::basic_parser<handler> parser(options(), type, object);
    json::error_code ec;
    const std::size_t read = parser.write_some(false, body.data() + start, body.size() - start, ec);
    if (parser.handler().problem) return std::move(parser.handler().problem);
    std::string what;
    if (ec) {
        what = ec.message();
    } else if (body.find_first_not_of(blanks, start + read) != std::string_view::npos) {
        what = "more text after the end";
    } else {
        return error();
    }
    return error(errc::malformed_json, what + " at byte " + std::to_string(start + read), delivery::answered);
}

std::optional<timestamp> from_unix_seconds(double seconds) noexcept {
    const double micros = seconds * 1e6;
    if (!(std::fabs(micros) < 9.2e18)) return std::nullopt;  // NaN as well
    return timestamp(std::chrono::microseconds(std::llround(micros)));
}

}  // namespace cubicasa::detail
