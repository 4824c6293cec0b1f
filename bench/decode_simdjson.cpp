// simdjson on demand, members in any order. Its parser is kept and its text is padded beforehand, at no cost here.
// It does not check text that is skipped or comes behind the end. What it has for this processor it picks at run time;
// compiling it with -march changes nothing.
#include "decode_loop.hpp"
#include "map_order.hpp"

#include <simdjson.h>

namespace {

namespace ondemand = simdjson::ondemand;

// True for a value of the kind asked for. What is wrong with the text itself is thrown.
bool is_one(simdjson::error_code code) {
    if (code == simdjson::SUCCESS) return true;
    if (code == simdjson::INCORRECT_TYPE || code == simdjson::NO_SUCH_FIELD) return false;
    throw simdjson::simdjson_error(code);
}

class node {
public:
    explicit node(simdjson::simdjson_result<ondemand::value> v) noexcept : value_(v) {}

    bool text(std::string& out) {
        std::string_view s;
        if (!is_one(value_.get_string().get(s))) return false;
        out = s;
        return true;
    }
    bool number(double& out) { return is_one(value_.get_double().get(out)); }
    bool integer(std::int64_t& out) { return is_one(value_.get_int64().get(out)); }
    bool boolean(bool& out) { return is_one(value_.get_bool().get(out)); }
    bool raw(std::string& out) {
        ondemand::value v;
        if (!is_one(value_.get(v))) return false;
        std::string_view s;
        is_one(simdjson::to_json_string(v).get(s));
        out = s;
        return true;
    }

    class members {
    public:
        explicit members(simdjson::simdjson_result<ondemand::object> o) : is_one_(is_one(std::move(o).get(object_))) {}
        explicit operator bool() const noexcept { return is_one_; }
        node operator[](std::string_view name) { return node(object_.find_field_unordered(name)); }

    private:
        ondemand::object object_;
        bool is_one_;
    };
    members object() { return members(value_.get_object()); }

    std::size_t size_hint() const noexcept { return 0; }  // counting is a pass of its own
    template <class F>
    bool elements(F f) {
        ondemand::array array;
        if (!is_one(value_.get_array().get(array))) return false;
        for (auto element : array) f(node(element));
        return true;
    }

private:
    simdjson::simdjson_result<ondemand::value> value_;
};

class decoder {
public:
    explicit decoder(const std::string& text) : text_(text) {}

    bench::plain_page operator()() {
        ondemand::document document = parser_.iterate(text_);
        bench::plain_page page;
        if (!bench::read(node(document.get_value()), page)) throw std::runtime_error("not a page");
        return page;
    }

private:
    ondemand::parser parser_;
    simdjson::padded_string text_;
};

}  // namespace

int main(int count, char** values) {
    return bench::decode_loop(count, values, [](const std::string& text) { return decoder(text); });
}
