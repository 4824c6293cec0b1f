// The sandbox's orders. A change turns the order's text into a document, once.
#include "order_store.hpp"

#include "examples.hpp"
#include "json_text.hpp"
#include "moment.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

constexpr std::int64_t newest_generated = 1'760'000'000'123'457;  // October 2025
constexpr std::int64_t between_generated = 61'000'037;            // so that the fraction varies

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* const v = object.if_contains(json::string_view(name.data(), name.size()));
    if (v == nullptr || !v->is_string()) return {};
    return std::string_view(v->get_string().data(), v->get_string().size());
}

json::object* object_of(json::object& object, std::string_view name) {
    json::value* const v = object.if_contains(json::string_view(name.data(), name.size()));
    return v == nullptr ? nullptr : v->if_object();
}

json::string_view view_of(std::string_view text) { return json::string_view(text.data(), text.size()); }

change_request parse_change_request(std::string_view text) {
    const json::value from = json::parse(view_of(text));
    change_request out;
    out.id = from.at("id").as_string();
    out.text = from.at("text").as_string();
    for (const json::value& url : from.at("img_urls").as_array()) out.img_urls.emplace_back(url.as_string());
    out.sent_at = std::llround(from.at("sent_at").as_double() * 1e6);
    return out;
}

}  // namespace

order_store::order_store(std::size_t generated, bool examples, std::string files_url)
    : files_url_(std::move(files_url)) {
    for (std::size_t i = 0; i < account_count; ++i) creators_.push_back(make_account(i).email);
    by_id_.reserve(generated);
    newest_first_.reserve(generated);
    for (std::uint64_t i = 0; i < generated; ++i) {
        stored_order order;
        order.id = new_id();
        order.status = generated_status(i);
        order.created_at = newest_generated - static_cast<std::int64_t>(i) * between_generated;
        order.number = i;
        order.creator = 1 + mix(i) % account_count;
        newest_first_.push_back(&insert(std::move(order)));
    }
    if (!examples) return;
    stored_order* first = nullptr;
    for (const std::string_view text : example_orders()) {
        stored_order& order = put(json::parse(view_of(text)).as_object());
        if (first == nullptr) first = &order;
    }
    first->change_requests.push_back(parse_change_request(example_change_request()));
}

std::string order_store::new_id() {
    for (;;) {
        std::string id = make_uuid(ids_made_++);
        if (!by_id_.contains(id)) return id;
    }
}

std::int64_t order_store::new_time() const {
    const std::int64_t now = now_in_microseconds();
    return newest_first_.empty() ? now : std::max(now, newest_first_.front()->created_at + 1);
}

stored_order& order_store::insert(stored_order order) {
    const auto kept = orders_.insert(orders_.end(), std::move(order));
    by_id_.emplace(kept->id, kept);
    return *kept;
}

void order_store::place(stored_order& order) {
    const auto at = std::find_if(newest_first_.begin(), newest_first_.end(),
                                 [&](const stored_order* o) { return o->created_at < order.created_at; });
    newest_first_.insert(at, &order);
}

generated_order order_store::view(const stored_order& order) const {
    generated_order out;
    out.number = order.number;
    out.id = order.id;
    out.status = order.status;
    out.created_at = order.created_at;
    out.created_by = creators_[order.creator];
    return out;
}

bool order_store::passes(const stored_order& order, const order_filter& f, const std::vector<bool>& creators) const {
    if (!f.status.empty() && std::find(f.status.begin(), f.status.end(), order.status) == f.status.end()) return false;
    if (f.created_before && order.created_at >= *f.created_before) return false;
    if (f.created_after && order.created_at <= *f.created_after) return false;
    return !f.created_by || creators[order.creator];
}

bool order_store::append_page(std::string& out, const order_filter& filter, std::uint64_t start,
                              std::uint64_t limit) const {
    const bool everything =
        filter.status.empty() && !filter.created_before && !filter.created_after && !filter.created_by;
    std::vector<bool> creators(creators_.size(), false);
    for (std::size_t i = 1; filter.created_by && i < creators.size(); ++i) {
        const auto& wanted = *filter.created_by;
        creators[i] = std::find(wanted.begin(), wanted.end(), creators_[i]) != wanted.end();
    }
    std::uint64_t to_skip = start;
    std::size_t i = 0;
    if (everything) {
        i = static_cast<std::size_t>(std::min<std::uint64_t>(start, newest_first_.size()));
        to_skip = 0;
    }
    for (const char* separator = ""; i < newest_first_.size(); ++i) {
        const stored_order& order = *newest_first_[i];
        if (!everything && !passes(order, filter, creators)) continue;
        if (to_skip > 0) {
            --to_skip;
            continue;
        }
        if (limit == 0) return true;
        --limit;
        out += separator;
        separator = ",";
        if (order.document) {
            out += order.listed;
        } else {
            append_list_item(out, view(order));
        }
    }
    return false;
}

stored_order* order_store::find(std::string_view id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &*found->second;
}

void order_store::append_text(std::string& out, const stored_order& order) const {
    if (order.document) {
        append_json(out, *order.document);
    } else {
        append_order(out, view(order), files_url_, order.delivery);
    }
}

std::vector<std::string> order_store::ids() const {
    std::vector<std::string> out;
    out.reserve(newest_first_.size());
    for (const stored_order* o : newest_first_) out.push_back(o->id);
    return out;
}

json::object& order_store::document(stored_order& order) const {
    if (!order.document) {
        std::string text;
        append_text(text, order);
        order.document = std::make_unique<json::object>(json::parse(view_of(text)).as_object());
    }
    return *order.document;
}

void order_store::changed(stored_order& order) {
    json::object listed = *order.document;
    listed.erase("delivery_assets");
    if (json::object* const info = object_of(listed, "info")) {
        order.status = text_of(*info, "status");
        order.creator = creator_of(text_of(*info, "created_by"));
        (*info)["model_id"] = nullptr;
        if (json::object* const product = object_of(*info, "product")) {
            (*product)["purchasable_add_ons"] = nullptr;
            (*product)["purchasable_package_types"] = nullptr;
        }
    }
    order.listed.clear();
    append_json(order.listed, listed);
}

std::size_t order_store::creator_of(std::string_view email) {
    const auto found = std::find(creators_.begin(), creators_.end(), email);
    if (found != creators_.end()) return static_cast<std::size_t>(found - creators_.begin());
    creators_.emplace_back(email);
    return creators_.size() - 1;
}

stored_order& order_store::put(json::object document) {
    const std::string id(text_of(document, "id"));
    json::object* const info = object_of(document, "info");
    if (id.empty() || info == nullptr || text_of(*info, "status").empty()) {
        throw std::invalid_argument("an order needs an id, and an info with a status");
    }
    const json::value* const created = info->if_contains("created_at");
    stored_order* order = find(id);
    if (order == nullptr) {
        stored_order fresh;
        fresh.id = id;
        order = &insert(std::move(fresh));
    } else {
        std::erase(newest_first_, order);
        ++order->moves;  // what production had in mind for it no longer holds
    }
    boost::system::error_code not_a_number;
    const double seconds = created == nullptr ? 0.0 : created->to_number<double>(not_a_number);
    order->created_at = not_a_number || created == nullptr ? new_time() : std::llround(seconds * 1e6);
    order->document = std::make_unique<json::object>(std::move(document));
    changed(*order);
    place(*order);
    return *order;
}

stored_order& order_store::add(json::object document) {
    stored_order& order = put(std::move(document));
    order.in_production = true;
    note_change(order, std::nullopt);
    return order;
}

void order_store::remove(const stored_order& order) {
    std::erase(newest_first_, &order);
    const auto found = by_id_.find(order.id);
    const auto kept = found->second;
    by_id_.erase(found);
    orders_.erase(kept);
}

void order_store::forget_creator(std::string_view email) {
    const std::size_t creator = creator_of(email);
    for (stored_order& order : orders_) {
        if (order.creator != creator) continue;
        if (order.document) {
            order.document->at("info").as_object()["created_by"] = nullptr;
            changed(order);
        } else {
            order.creator = 0;
        }
    }
}

json::value order_store::new_assets(stored_order& order) const {
    std::string_view package;
    if (json::object* const info = object_of(*order.document, "info")) {
        if (json::object* const product = object_of(*info, "product")) package = text_of(*product, "package_type");
    }
    std::string text;
    append_assets(text, order.id, package, files_url_, order.delivery);
    return json::parse(view_of(text));
}

void order_store::renew_files(stored_order& order) const {
    json::value* const assets = document(order).if_contains("delivery_assets");
    if (assets == nullptr) return;
    std::string before;
    append_json(before, *assets);
    if (before.find(files_url_) != std::string::npos) *assets = new_assets(order);
}

void order_store::note_change(stored_order& order, std::optional<std::string> previous) {
    status_change& c = changes_.emplace_back();
    c.id = order.id;
    c.current = order.status;
    c.previous = std::move(previous);
    const std::string_view model = text_of(document(order).at("info").as_object(), "model_id");
    if (!model.empty()) c.model_id = model;
    c.moves = ++order.moves;
    c.in_production = order.in_production;
}

void order_store::set_status(stored_order& order, std::string_view status) {
    const std::string previous = order.status;
    json::object& all = document(order);
    json::object& info = all.at("info").as_object();
    info["status"] = view_of(status);
    const json::value* const assets = all.if_contains("delivery_assets");
    if (is_delivered(status) && (assets == nullptr || assets->is_null())) {
        info["first_delivered_at"] = to_seconds(std::max(now_in_microseconds(), order.created_at));
        info["model_id"] = view_of(make_uuid(mix(order.id)));
        all["delivery_assets"] = new_assets(order);
    } else if (status == "Ready" && previous == "Fixing") {
        ++order.delivery.number;
        renew_files(order);
    }
    changed(order);
    if (order.status != previous) note_change(order, previous);
}

void order_store::redeliver(stored_order& order) {
    ++order.delivery.number;
    renew_files(order);
    changed(order);
    if (order.status == "Ready") note_change(order, order.status);
}

void order_store::renew_links(stored_order& order) {
    ++order.delivery.links;
    renew_files(order);
    changed(order);
}

std::vector<status_change> order_store::take_changes() { return std::exchange(changes_, {}); }

std::string_view next_status(std::string_view status) noexcept {
    if (status == "Draft") return "Pending";  // the scan has come
    if (status == "Pending" || status == "Fixing") return "Ready";
    return {};
}

}  // namespace cubicasa::testing::detail
