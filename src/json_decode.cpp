// JSON to structs: one handler of parser events that works on tables of members and knows no type. Includes only
// json_parser.hpp.
#include "json_parser.hpp"

#include <cmath>
#include <cstring>

namespace cubicasa::detail {

namespace {

template <class Word>
bool same_word(const char* a, const char* b) noexcept {
    Word x;
    Word y;
    std::memcpy(&x, a, sizeof x);
    std::memcpy(&y, b, sizeof y);
    return x == y;
}

// Names are short: a call of memcmp() costs more than their comparison, in words of which the last two may overlap.
bool same(const char* a, const char* b, std::size_t size) noexcept {
    if (size >= 8) {
        const std::size_t last = size - 8;
        for (std::size_t i = 0; i < last; i += 8) {
            if (!same_word<std::uint64_t>(a + i, b + i)) return false;
        }
        return same_word<std::uint64_t>(a + last, b + last);
    }
    if (size >= 4) return same_word<std::uint32_t>(a, b) && same_word<std::uint32_t>(a + size - 4, b + size - 4);
    for (std::size_t i = 0; i < size; ++i) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

// Of a value that nobody wants, or that is a part of raw JSON.
constexpr type_info not_wanted{kind::nothing, false};
constexpr member_info unknown_member{};

// One level of nesting that is being read into something. Values that are skipped, and raw JSON, have one for all.
struct frame {
    const type_info* type;      // of `object`: an object, or a list
    const type_info* expected;  // of the value that comes next
    void* object;
    void* (*place)(void* object);  // of the value that comes next
    const member_info* current;    // that comes next; null in lists
    std::uint64_t bit;             // of `current`
    std::uint64_t seen;            // members that came
    std::uint64_t good;            // members that came as they should
    std::size_t next;              // the member to look at first
    std::size_t values;            // that came
};

class handler {
public:
    handler(const type_info& type, void* object) noexcept : top_(frames_) {
        const auto itself = [](void* at) { return at; };
        *top_ = {&not_wanted, &type, object, itself, nullptr, 0, 0, 0, 0, 0};
    }

    // Set when reading was stopped from here.
    error problem;

    bool begin_object() {
        frame& f = *top_;
        ++f.values;
        if (f.expected->leaf != kind::object) return begin_other('{');
        void* const at = claim(f);
        *++top_ = {innermost(f), &not_wanted, at, nullptr, nullptr, 0, 0, 0, 0, 0};
        return true;
    }

    bool end_object() {
        if (aside_ != 0) return end_aside('}');
        const frame& f = *top_--;
        if (const auto missing = f.type->required & ~f.good; missing != 0) {
            std::size_t i = 0;
            while ((missing >> i & 1) == 0) ++i;
            return fail(errc::missing_member, pointer() + '/' + std::string(f.type->members[i].name));
        }
        if (f.type->not_without_any && f.seen == 0) {
            return fail(errc::unexpected_answer, "an object with none of the members that it should have" + where());
        }
        return true;
    }

    bool begin_array() {
        frame& f = *top_;
        ++f.values;
        if (f.expected->leaf != kind::list) return begin_other('[');
        void* const at = claim(f);
        const type_info* const type = innermost(f);
        *++top_ = {type, type->element_type(), at, type->emplace, nullptr, 0, 0, 0, 0, 0};
        return true;
    }

    bool end_array() {
        if (aside_ != 0) return end_aside(']');
        --top_;
        return true;
    }

    // The members of an answer come in the order of the table, or nearly so.
    const char* predicted_key(const char* at, const char* end) {
        frame& f = *top_;
        if (f.next == f.type->count) return nullptr;
        const member_info& m = f.type->members[f.next];
        const std::size_t size = m.name.size();
        if (!m.verbatim || static_cast<std::size_t>(end - at) <= size || at[size] != '"') return nullptr;
        if (!same(at, m.name.data(), size)) return nullptr;
        next_is(f, f.next);
        return at + size + 1;
    }

    void key(std::string_view name) {
        if (raw_ == nullptr) return find(name);
        comma();
        append_json_string(*raw_, name);
        raw_->push_back(':');
    }

    bool text(std::string_view s) {
        frame& f = *top_;
        ++f.values;
        if (f.expected->leaf == kind::text) {
            auto& out = *static_cast<std::string*>(claim(f));
            out.clear();
            out.append(s);
            if (s.empty()) f.good &= ~f.bit;  // a required text must say something
            return true;
        }
        if (!wants_raw()) return other("a string");
        append_json_string(*raw_, s);
        return end_raw_scalar();
    }

    bool number(const json_number& n) {
        frame& f = *top_;
        ++f.values;
        switch (f.expected->leaf) {
            case kind::number:
                if (const double d = n.value(); std::isfinite(d)) store(f, d);
                return true;
            case kind::time:
                time(f, n);
                return true;
            case kind::integer:
                integer(f, n);
                return true;
            default:
                if (!wants_raw()) return other("a number");
                raw_->append(n.text);
                return end_raw_scalar();
        }
    }

    bool boolean(bool b) {
        frame& f = *top_;
        ++f.values;
        if (f.expected->leaf == kind::boolean) return store(f, b);
        if (!wants_raw()) return other("a boolean");
        raw_->append(b ? "true" : "false");
        return end_raw_scalar();
    }

    bool null() {
        frame& f = *top_;
        ++f.values;
        if (f.expected->make_null != nullptr && f.current != nullptr) {
            f.expected->make_null(f.place(f.object));
            return true;
        }
        if (!wants_raw()) return other("null");
        raw_->append("null");
        return end_raw_scalar();
    }

private:
    bool is_whole_answer() const noexcept { return top_ == frames_; }

    // Where the value that comes goes to, inside any optional or field.
    static void* claim(frame& f) {
        f.good |= f.bit;
        void* at = f.place(f.object);
        for (const type_info* t = f.expected; t->holds; t = t->inner) at = t->emplace(at);
        return at;
    }

    // The type of what claim() gives.
    static const type_info* innermost(const frame& f) noexcept {
        const type_info* t = f.expected;
        while (t->holds) t = t->inner;
        return t;
    }

    template <class T>
    static bool store(frame& f, T value) {
        *static_cast<T*>(claim(f)) = value;
        return true;
    }

    static void time(frame& f, const json_number& n) {
        std::int64_t micros = 0;
        // From the year 2106 on, a double no longer has each microsecond.
        if (n.millionths(micros)) {
            store(f, timestamp(std::chrono::microseconds(micros)));
        } else if (const auto t = from_unix_seconds(n.value())) {
            store(f, *t);
        }
    }

    static void integer(frame& f, const json_number& n) {
        std::int64_t i = 0;
        if (n.integer(i)) {
            store(f, i);
        } else if (!n.whole) {
            // 20.0 is an integer for JSON's purposes.
            const double d = n.value();
            if (std::fabs(d) < 9007199254740992.0 && d == std::trunc(d)) store(f, static_cast<std::int64_t>(d));
        }
    }

    void find(std::string_view name) {
        frame& f = *top_;
        const std::size_t count = f.type->count;
        std::size_t i = f.next;
        for (std::size_t tries = count; tries != 0; --tries, ++i) {
            if (i >= count) i = 0;
            if (f.type->members[i].name != name) continue;
            next_is(f, i);
            // What was passed over may come now.
            if (f.next == count) f.next = static_cast<std::size_t>(std::countr_one(f.seen));
            return;
        }
        f.current = &unknown_member;
        f.expected = &not_wanted;
        f.bit = 0;
    }

    // The value that comes is that of member `i`.
    static void next_is(frame& f, std::size_t i) {
        f.current = &f.type->members[i];
        f.expected = f.current->type;
        f.place = f.current->at;
        f.bit = std::uint64_t{1} << i;
        f.next = i + 1;
        if ((f.seen & f.bit) != 0) start_again(f);
        f.seen |= f.bit;
    }

    // A second member of the same name: the last one counts, with nothing left of the first.
    static void start_again(frame& f) {
        f.expected->clear(f.current->at(f.object));
        f.good &= ~f.bit;
    }

    // A container that is not what is expected here: raw JSON, or to be skipped.
    bool begin_other(char bracket) {
        if (wants_raw()) {
            raw_->push_back(bracket);
        } else if (is_whole_answer()) {
            return other(bracket == '{' ? "an object" : "an array");
        }
        if (++aside_ == 1) *++top_ = {&not_wanted, &not_wanted, nullptr, nullptr, nullptr, 0, 0, 0, 0, 0};
        return true;
    }

    bool end_aside(char bracket) {
        if (raw_ != nullptr) raw_->push_back(bracket);
        if (--aside_ == 0) {
            --top_;
            raw_ = nullptr;
        }
        return true;
    }

    bool other(const char* what) {
        if (!is_whole_answer()) return true;
        const kind k = top_->expected->leaf;
        const char* wanted = k == kind::object ? "an object" : k == kind::list ? "an array" : "another kind of value";
        return fail(errc::unexpected_answer, std::string(what) + " where " + wanted + " is expected");
    }

    // Raw JSON is put together again from the events, without white space. True when the value that comes is a part of
    // it: what it needs before it is there then.
    bool wants_raw() {
        if (raw_ == nullptr) {
            if (top_->expected->leaf != kind::raw) return false;
            raw_ = &static_cast<raw_json*>(claim(*top_))->text;
            raw_->clear();
        }
        comma();
        return true;
    }

    void comma() {
        if (raw_->empty()) return;
        const char last = raw_->back();
        if (last != '[' && last != '{' && last != ':') raw_->push_back(',');
    }

    bool end_raw_scalar() noexcept {
        if (aside_ == 0) raw_ = nullptr;
        return true;
    }

    // The place that is being read, as a JSON pointer (RFC 6901).
    std::string pointer() const {
        std::string out;
        for (const frame* f = frames_ + 1; f <= top_; ++f) {
            out.push_back('/');
            if (f->current == nullptr) {
                out.append(std::to_string(f->values - 1));
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

    bool fail(errc code, std::string message) {
        problem = error(code, std::move(message), delivery::answered);
        return false;
    }

    frame* top_;
    std::size_t aside_ = 0;       // how deep inside a container that is skipped, or raw JSON
    std::string* raw_ = nullptr;  // that is being put together
    frame frames_[max_json_depth + 2];
};

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
    handler reader(type, object);
    const json_problem broken = json_parser(body.substr(start), reader).run();
    if (broken.what == nullptr) return std::move(reader.problem);
    return error(errc::malformed_json, std::string(broken.what) + " at byte " + std::to_string(start + broken.at),
                 delivery::answered);
}

std::optional<timestamp> from_unix_seconds(double seconds) noexcept {
    const double micros = seconds * 1e6;
    if (!(std::fabs(micros) < 9.2e18)) return std::nullopt;  // NaN as well
    return timestamp(std::chrono::microseconds(std::llround(micros)));
}

}  // namespace cubicasa::detail
