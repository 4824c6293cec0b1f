// nlohmann's JSON for Modern C++: its DOM, whose texts are moved and not copied.
#include "decode_loop.hpp"
#include "map_order.hpp"

#include <nlohmann/json.hpp>

namespace {

using json = nlohmann::json;

class node {
public:
    explicit node(json* v) noexcept : value_(v) {}

    bool text(std::string& out) const {
        auto* const s = value_ == nullptr ? nullptr : value_->get_ptr<json::string_t*>();
        if (s != nullptr) out = std::move(*s);
        return s != nullptr;
    }
    bool number(double& out) const {
        if (value_ == nullptr || !value_->is_number()) return false;
        out = value_->get<double>();
        return true;
    }
    bool integer(std::int64_t& out) const {
        if (value_ == nullptr || !value_->is_number_integer()) return false;
        out = value_->get<std::int64_t>();
        return true;
    }
    bool boolean(bool& out) const {
        if (value_ == nullptr || !value_->is_boolean()) return false;
        out = value_->get<bool>();
        return true;
    }
    bool raw(std::string& out) const {
        if (value_ != nullptr) out = value_->dump();
        return value_ != nullptr;
    }

    class members {
    public:
        explicit members(json* o) noexcept : object_(o) {}
        explicit operator bool() const noexcept { return object_ != nullptr; }
        node operator[](const char* name) const {
            const auto found = object_->find(name);
            return node(found == object_->end() ? nullptr : &*found);
        }

    private:
        json* object_;
    };
    members object() const noexcept { return members(value_ != nullptr && value_->is_object() ? value_ : nullptr); }

    std::size_t size_hint() const noexcept { return value_ != nullptr && value_->is_array() ? value_->size() : 0; }
    template <class F>
    bool elements(F f) const {
        if (value_ == nullptr || !value_->is_array()) return false;
        for (auto& element : *value_) f(node(&element));
        return true;
    }

private:
    json* value_;
};

bench::plain_page decode(const std::string& text) {
    json document = json::parse(text);
    bench::plain_page page;
    if (!bench::read(node(&document), page)) throw std::runtime_error("not a page");
    return page;
}

}  // namespace

int main(int count, char** values) {
    return bench::decode_loop(count, values, [](const std::string& text) { return [&text] { return decode(text); }; });
}
