// RapidJSON: its DOM, told to be as exact as the others are (UTF-8 is checked, numbers are right to the last bit).
#include "decode_loop.hpp"
#include "map_order.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace {

class node {
public:
    explicit node(const rapidjson::Value* v) noexcept : value_(v) {}

    bool text(std::string& out) const {
        if (value_ == nullptr || !value_->IsString()) return false;
        out.assign(value_->GetString(), value_->GetStringLength());
        return true;
    }
    bool number(double& out) const {
        if (value_ == nullptr || !value_->IsNumber()) return false;
        out = value_->GetDouble();
        return true;
    }
    bool integer(std::int64_t& out) const {
        if (value_ == nullptr || !value_->IsInt64()) return false;
        out = value_->GetInt64();
        return true;
    }
    bool boolean(bool& out) const {
        if (value_ == nullptr || !value_->IsBool()) return false;
        out = value_->GetBool();
        return true;
    }
    bool raw(std::string& out) const {
        if (value_ == nullptr) return false;
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        value_->Accept(writer);
        out.assign(buffer.GetString(), buffer.GetSize());
        return true;
    }

    class members {
    public:
        explicit members(const rapidjson::Value* o) noexcept : object_(o) {}
        explicit operator bool() const noexcept { return object_ != nullptr; }
        node operator[](std::string_view name) const {
            const rapidjson::Value key(rapidjson::StringRef(name.data(), name.size()));
            const auto found = object_->FindMember(key);
            return node(found == object_->MemberEnd() ? nullptr : &found->value);
        }

    private:
        const rapidjson::Value* object_;
    };
    members object() const noexcept { return members(value_ != nullptr && value_->IsObject() ? value_ : nullptr); }

    std::size_t size_hint() const noexcept { return value_ != nullptr && value_->IsArray() ? value_->Size() : 0; }
    template <class F>
    bool elements(F f) const {
        if (value_ == nullptr || !value_->IsArray()) return false;
        for (const auto& element : value_->GetArray()) f(node(&element));
        return true;
    }

private:
    const rapidjson::Value* value_;
};

bench::plain_page decode(const std::string& text) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag>(text.data(),
                                                                                               text.size());
    bench::plain_page page;
    if (document.HasParseError() || !bench::read(node(&document), page)) throw std::runtime_error("not a page");
    return page;
}

}  // namespace

int main(int count, char** values) {
    return bench::decode_loop(count, values, [](const std::string& text) { return [&text] { return decode(text); }; });
}
