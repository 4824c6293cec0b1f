// The tables of members: what JSON decoding and encoding know of a type. Includes only the standard library and the
// vocabulary types in models/ that JSON values are stored in.
//
// A type gets its table from a function beside it, found by argument-dependent look-up, in any namespace:
//
//     struct room { std::string id; std::optional<double> area; };
//     constexpr auto members_of(const room*) {
//         return cubicasa::member_table(cubicasa::required<&room::id>("id"), cubicasa::member<&room::area>("area"));
//     }
//
// Members may be std::string, secret, bool, std::int64_t, double, timestamp, raw_json, an open enumeration, a type with
// a table, and std::optional, field and std::vector of these. The rules of decoding, the same for every type:
// - A member that is absent, null or of an unexpected kind keeps its default, and the rest is read. So does an element
//   of an array: it is left out.
// - A member that the table does not have is dropped.
// - Of members with the same name the last one counts.
// - An object without a required member (absent, null, of an unexpected kind, or empty text) is an error.
// The rules of encoding: an unset std::optional is written as null; an absent field and empty raw JSON are
// left out.
#pragma once

#include <cubicasa/models/field.hpp>
#include <cubicasa/models/open_enum.hpp>
#include <cubicasa/models/raw_json.hpp>
#include <cubicasa/models/timestamp.hpp>
#include <cubicasa/secret.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cubicasa {

namespace detail {

enum class kind : unsigned char { nothing, text, boolean, integer, number, time, raw, object, list };
enum class presence : unsigned char { absent, null, value };

struct member_info;

// What is known of a type when the type itself is forgotten. `void*` is always the address of a value of that type
// (for an open enumeration or a secret: of its text). Functions that do not apply are null.
struct type_info {
    kind leaf;                         // of the value in the end, inside any optional or field
    bool holds;                        // it is an optional or a field
    const type_info* inner = nullptr;  // of what an optional or field holds
    void (*clear)(void*) = nullptr;    // makes it the default
    // An optional or field: makes it a value. A list: appends an element. Returns where that is.
    void* (*emplace)(void*) = nullptr;
    void (*make_null)(void*) = nullptr;                                // a field
    presence (*look)(const void*, const void*& value) = nullptr;       // an optional or field
    std::size_t (*size)(const void*) = nullptr;                        // a list
    const void* (*element)(const void*, std::size_t index) = nullptr;  // a list
    const type_info* (*element_type)() = nullptr;  // a list; a function, since elements may have such lists themselves
    const member_info* members = nullptr;          // an object
    unsigned count = 0;
    std::uint64_t required = 0;  // bit i: member i must be there
    bool not_without_any = false;
};

struct member_info {
    std::string_view name;  // on the wire
    void* (*at)(void* object);
    const type_info* type;
    bool required;
    bool omitted_if_unset;
    bool verbatim;  // a JSON text shows the name as it is: nothing in it is escaped
};

// Remembers whose member it is, so that a table cannot mix types.
template <class Class>
struct member_of_class : member_info {};

template <class Class, std::size_t N>
struct table {
    static_assert(N > 0 && N <= 64, "a table has 1 to 64 members");
    using type = Class;

    std::array<member_info, N> members;
    bool any = false;

    // Makes an object with no member of this table at all an error.
    constexpr table not_without_any() const {
        table copy = *this;
        copy.any = true;
        return copy;
    }

    constexpr std::uint64_t required() const {
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < N; ++i) mask |= std::uint64_t{members[i].required} << i;
        return mask;
    }
};

struct access {
    template <class Derived>
    static std::string* text(open_enum<Derived>& value) noexcept {
        return &value.text_;
    }
    static std::string* text(secret& value) noexcept { return &value.text_; }
};

template <class T>
concept enumeration = std::derived_from<T, open_enum<T>>;

// Holds a text that is what is on the wire.
template <class T>
concept textual = enumeration<T> || std::same_as<T, secret>;

// The address that type_info speaks of.
template <class T>
void* storage(T& value) noexcept {
    if constexpr (textual<T>) {
        return access::text(value);
    } else {
        return &value;
    }
}
template <class T>
const void* storage(const T& value) noexcept {
    return storage(const_cast<T&>(value));  // only the address is taken
}

template <class T>
struct described {
    static const type_info info;
};

template <class T>
constexpr const type_info* type_of() noexcept {
    if constexpr (textual<T>) {
        return &described<std::string>::info;
    } else {
        return &described<T>::info;
    }
}

template <class T>
struct members_table {
    static constexpr auto value = members_of(static_cast<const T*>(nullptr));
    static_assert(std::same_as<typename decltype(value)::type, T>, "the table of a type has members of that type only");
};

template <class T>
struct traits {
    static constexpr kind leaf = kind::object;
    static constexpr type_info make() {
        constexpr auto& t = members_table<T>::value;
        return {.leaf = leaf,
                .holds = false,
                .clear = [](void* at) { *static_cast<T*>(at) = T(); },
                .members = t.members.data(),
                .count = static_cast<unsigned>(t.members.size()),
                .required = t.required(),
                .not_without_any = t.any};
    }
};

template <class T, kind Kind>
struct scalar_traits {
    static constexpr kind leaf = Kind;
    static constexpr type_info make() {
        return {.leaf = leaf, .holds = false, .clear = [](void* at) { *static_cast<T*>(at) = T(); }};
    }
};

template <>
struct traits<std::string> : scalar_traits<std::string, kind::text> {};
template <>
struct traits<bool> : scalar_traits<bool, kind::boolean> {};
template <>
struct traits<std::int64_t> : scalar_traits<std::int64_t, kind::integer> {};
template <>
struct traits<double> : scalar_traits<double, kind::number> {};
template <>
struct traits<timestamp> : scalar_traits<timestamp, kind::time> {};
template <>
struct traits<raw_json> : scalar_traits<raw_json, kind::raw> {};
template <textual T>
struct traits<T> : scalar_traits<std::string, kind::text> {};

template <class T>
struct traits<std::optional<T>> {
    using self = std::optional<T>;
    static constexpr kind leaf = traits<T>::leaf;
    static constexpr type_info make() {
        return {.leaf = leaf,
                .holds = true,
                .inner = type_of<T>(),
                .clear = [](void* at) { static_cast<self*>(at)->reset(); },
                .emplace = [](void* at) { return storage(static_cast<self*>(at)->emplace()); },
                .look =
                    [](const void* at, const void*& value) {
                        const auto& o = *static_cast<const self*>(at);
                        if (!o) return presence::null;
                        value = storage(*o);
                        return presence::value;
                    }};
    }
};

template <class T>
struct traits<field<T>> {
    using self = field<T>;
    static constexpr kind leaf = traits<T>::leaf;
    static constexpr type_info make() {
        return {.leaf = leaf,
                .holds = true,
                .inner = type_of<T>(),
                .clear = [](void* at) { static_cast<self*>(at)->reset(); },
                .emplace = [](void* at) { return storage(static_cast<self*>(at)->emplace()); },
                .make_null = [](void* at) { *static_cast<self*>(at) = nullptr; },
                .look =
                    [](const void* at, const void*& value) {
                        const auto& f = *static_cast<const self*>(at);
                        if (!f.has_value()) return f.is_null() ? presence::null : presence::absent;
                        value = storage(*f);
                        return presence::value;
                    }};
    }
};

template <class T>
struct traits<std::vector<T>> {
    static_assert(!std::same_as<T, bool>, "std::vector<bool> has no elements to decode into");
    using self = std::vector<T>;
    static constexpr kind leaf = kind::list;
    static constexpr type_info make() {
        return {.leaf = leaf,
                .holds = false,
                .clear = [](void* at) { static_cast<self*>(at)->clear(); },
                .emplace = [](void* at) { return append(*static_cast<self*>(at)); },
                .size = [](const void* at) { return static_cast<const self*>(at)->size(); },
                .element = [](const void* at, std::size_t i) { return storage((*static_cast<const self*>(at))[i]); },
                .element_type = &element_type};
    }

private:
    static const type_info* element_type() { return type_of<T>(); }
    static void* append(self& list) {
        // Moving large records while the list grows costs more than their decoding.
        if constexpr (traits<T>::leaf == kind::object) {
            if (list.capacity() == 0) list.reserve(20);
        }
        return storage(list.emplace_back());
    }
};

template <class T>
constinit const type_info described<T>::info = traits<T>::make();

constexpr bool is_verbatim(std::string_view name) {
    for (const char c : name) {
        if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
    }
    return true;
}

template <auto Member>
struct member_traits;
template <class Class, class Value, Value Class::*Member>
struct member_traits<Member> {
    static constexpr member_of_class<Class> make(std::string_view name, bool required, bool omitted) {
        return {{name, [](void* object) { return storage(static_cast<Class*>(object)->*Member); }, type_of<Value>(),
                 required, omitted, is_verbatim(name)}};
    }
};

}  // namespace detail

// A member of a table and its name on the wire.
template <auto Member>
constexpr auto member(std::string_view name) {
    return detail::member_traits<Member>::make(name, false, false);
}

// A member without which an answer is an error.
template <auto Member>
constexpr auto required(std::string_view name) {
    return detail::member_traits<Member>::make(name, true, false);
}

// An optional member that is left out when unset, instead of being written as null.
template <auto Member>
constexpr auto omitted_if_unset(std::string_view name) {
    return detail::member_traits<Member>::make(name, false, true);
}

template <class Class, class... Others>
constexpr auto member_table(detail::member_of_class<Class> first, Others... others) {
    static_assert((std::same_as<Others, detail::member_of_class<Class>> && ...), "members of one type only");
    return detail::table<Class, 1 + sizeof...(others)>{{first, others...}};
}

}  // namespace cubicasa
