// The requests of the group Office (contract 3.6, 3.7), all of them inferred. Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/likely.hpp>
#include <cubicasa/models/office.hpp>
#include <cubicasa/models/page.hpp>

namespace cubicasa {

// GET /offices: the company's offices (contract 3.6). A bare array is taken as the only page.
class list_offices {
public:
    using item = office;
    using response = page<office>;
    static constexpr std::string_view name = "list_offices";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/offices";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    list_offices() {}

    std::optional<std::int64_t> limit;   // records in a page
    std::optional<std::int64_t> offset;  // 0, or the `next_offset` of the page before

    friend void encode(const list_offices& r, wire_request& w) { w.page(r.limit, r.offset); }

    static result<page<office>> decode(const raw_response& answer) { return detail::decode_list<office>(answer); }
};

// POST /offices: one more office (contract 3.7). Neither body nor answer is public.
class create_office {
public:
    using response = likely<office>;
    static constexpr std::string_view name = "create_office";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/offices";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    create_office() {}
    explicit create_office(std::string name_of_it) : office_name(std::move(name_of_it)) {}

    std::string office_name;  // required; sent as `name`, as is inferred
    raw_json more;            // an object whose members are sent besides, or nothing

    friend constexpr auto members_of(const create_office*) {
        return member_table(member<&create_office::office_name>("name"));
    }

    friend void encode(const create_office& r, wire_request& w) {
        w.require("name", r.office_name);
        detail::set_body(w, r, r.more);
    }

    static result<likely<office>> decode(const raw_response& answer) { return detail::decode_likely<office>(answer); }
};

}  // namespace cubicasa
