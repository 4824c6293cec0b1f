// The requests of the group Company (contract 3.1 to 3.5). Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/company.hpp>
#include <cubicasa/models/webhook_settings.hpp>

namespace cubicasa {

// GET /companies/info: the company that the key belongs to (contract 3.1).
class get_company {
public:
    using response = company;
    static constexpr std::string_view name = "get_company";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/companies/info";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::observed;

    get_company() {}

    friend void encode(const get_company&, wire_request&) {}

    static result<company> decode(const raw_response& answer);
};

// PATCH /companies/webhook: replaces where and when the server calls (contract 3.2). What is absent is not sent;
// whether the server then keeps what it has is not public, so send both.
//
// The server ignores what it does not understand and still answers 200. Its echo is compared with the request, without
// regard to order: a difference is errc::not_applied.
class update_webhooks {
public:
    using response = webhook_settings;
    static constexpr std::string_view name = "update_webhooks";
    static constexpr std::string_view method = "PATCH";
    static constexpr std::string_view path = "/companies/webhook";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    update_webhooks() {}
    update_webhooks(std::vector<std::string> urls, std::vector<webhook_trigger> triggers)
        : webhook_urls(std::move(urls)), webhook_triggers(std::move(triggers)) {}

    field<std::vector<std::string>> webhook_urls;  // each https:// or http://
    field<std::vector<webhook_trigger>> webhook_triggers;

    friend constexpr auto members_of(const update_webhooks*) {
        using t = update_webhooks;
        return member_table(member<&t::webhook_urls>("webhook_urls"), member<&t::webhook_triggers>("webhook_triggers"));
    }

    friend void encode(const update_webhooks& r, wire_request& w) { r.write(w); }
    friend error verify(const update_webhooks& r, const webhook_settings& echo) { return r.compare(echo); }

private:
    void write(wire_request& w) const;
    error compare(const webhook_settings& echo) const;
};

// DELETE /companies/webhook: ends all calls of webhooks (contract 3.3). Method, path and answer are inferred.
class delete_webhook {
public:
    using response = raw_json;
    static constexpr std::string_view name = "delete_webhook";
    static constexpr std::string_view method = "DELETE";
    static constexpr std::string_view path = "/companies/webhook";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    delete_webhook() {}

    friend void encode(const delete_webhook&, wire_request&) {}
};

// GET: the packages and add-ons of the company (contract 3.4). Path and answer are not public.
class get_company_package {
public:
    using response = raw_json;
    static constexpr std::string_view name = "get_company_package";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/companies/package";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    get_company_package() {}

    friend void encode(const get_company_package&, wire_request&) {}
};

// POST: asks another company to merge with this one (contract 3.5). Path, body and answer are not public.
class send_merge_request {
public:
    using response = raw_json;
    static constexpr std::string_view name = "send_merge_request";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/companies/merge-request";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    send_merge_request() {}
    explicit send_merge_request(raw_json json) : body(std::move(json)) {}

    raw_json body;  // JSON text, required

    friend void encode(const send_merge_request& r, wire_request& w) { detail::set_raw_body(w, "body", r.body); }
};

}  // namespace cubicasa
