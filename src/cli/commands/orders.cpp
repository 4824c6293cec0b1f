// orders: lists, single ones and many of them, and what can be bought for them.
#include "../ids.hpp"
#include "../moment.hpp"
#include "../tally.hpp"
#include "list.hpp"
#include "order_filter.hpp"
#include "order_form.hpp"

#include <cubicasa/batch.hpp>
#include <cubicasa/watch.hpp>

#include <limits>

namespace cubicasa::cli {

namespace {

asio::awaitable<exit_status> get_many(session& s, const arguments& given) {
    const client api = s.api();
    auto fetch = [api](std::string id) { return api.orders().get(std::move(id)); };
    batch_options how = in_flight(s.in_flight(16));
    how.order = batch_order::input;
    auto orders = for_each_bounded(chosen_ids(s, given), how, fetch);
    const on_interrupt stop(s, [&] { orders.request_stop(); });
    tally all(s);
    for (;;) {
        const auto next = co_await orders.try_next();
        if (!next) throw failure(next.error());
        if (!*next) break;
        const outcome<order>& o = **next;
        if (o.result) {
            s.out.record(to_json(*o.result), order_columns);
            all.succeeded();
            continue;
        }
        all.failed(o.result.error(), o.id);
        if (!tally::ends_all(o.result.error())) continue;
        all.ended_by(o.result.error());
        orders.request_stop();
    }
    s.out.finish();
    co_return all.status();
}

asio::awaitable<exit_status> get_orders(session& s, const arguments& given) {
    if (given.all("ID").size() == 1) return send(s, get_order(given.text("ID")));
    return get_many(s, given);
}

asio::awaitable<exit_status> find_an_order(session& s, const arguments& given) {
    const std::string id = given.text("EXTERNAL_ID");
    const std::optional<order> found = co_await s.api().orders().find_by_external_id(id, order_filter(given));
    if (!found) {
        error e(errc::not_found, "no order has this external id", delivery::answered);
        e.operation = "orders find";
        throw failure(std::move(e));
    }
    s.out.document(to_json(*found));
    co_return exit_status::done;
}

std::chrono::milliseconds time_of(const arguments& given, const char* name, double usual) {
    const double seconds = given.number(name).value_or(usual);
    if (!(seconds > 0) || seconds > 1e9) throw usage_error(std::string(name) + ": more than 0 seconds, at most 1e9");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

asio::awaitable<exit_status> wait_for_an_order(session& s, const arguments& given) {
    const auto limit = time_of(given, "--within", 86'400);
    wait_options how;
    how.poll = time_of(given, "--poll", 120);
    how.first_poll = std::min(how.first_poll, how.poll);
    const order_status status(given.text("--for"));
    std::optional<order> reached;
    try {
        reached = co_await wait_until(s.api(), given.text("ID"), status, limit, how);
    } catch (const failure& f) {
        error e = f.details();
        if (e == errc::deadline_exceeded) e.operation = "orders wait";
        throw failure(std::move(e));
    }
    s.out.document(to_json(*reached));
    co_return exit_status::done;
}

asio::awaitable<exit_status> upgrade_an_order(session& s, const arguments& given) {
    auto request = filled<upgrade_order>(s, given);
    request.id = given.text("ID");
    return send(s, std::move(request));
}

std::vector<parameter> redraw_parameters() {
    const parameter source{"--source", "URL", "Where the drawing is; required", kind::text, false, false, "source"};
    return with(with(with({source}, address_parameters()), purchase_parameters()), {json_parameter()});
}

}  // namespace

std::vector<command> order_commands() {
    const parameter ids{"ID", "ID", "Which; without, the lines of standard input", kind::text, false, true};
    return {
        {"orders", "list", "The company's orders, one page or all of them",
         "Orders of a list have no delivery_assets; 'orders get' has.",
         "cubicasa orders list --all --status Ready --created-after 2026-01-01",
         with(list_parameters(), order_filter_parameters(true)),
         [](session& s, const arguments& given) { return list(s, given, order_filter(given), order_columns); }},
        {"orders",
         "get",
         "Orders with their files, in the order of their ids",
         "",
         "cubicasa orders list --all --output ndjson | jq -r .id | cubicasa orders get --in-flight 32",
         {ids},
         get_orders},
        {"orders", "find", "The order with an external id of yours", "The API cannot look it up: the list is walked.",
         "cubicasa orders find 4711 --created-after 2026-01-01",
         with({id_parameter("EXTERNAL_ID", "Your own reference")}, order_filter_parameters(true)), find_an_order},
        {"orders",
         "wait",
         "Wait until an order has a status, and print it",
         "Reads the order again and again. Exit status 4 when the time is over.",
         "cubicasa orders wait 312babc6-e742-4d54-ac49-e0f7b16ec15a --for Ready --within 3600",
         {id_parameter("ID", "Which"),
          {"--for", "STATUS", "The status to wait for", kind::text, true, false, {}, order_statuses()},
          {"--within", "SECONDS", "No longer than this; a day without", kind::number},
          {"--poll", "SECONDS", "The longest pause between two looks; 120 without", kind::number}},
         wait_for_an_order},
        {"orders", "upgrade", "Buy a package or add-ons for an order",
         "This costs money and is never repeated on its own. What can be bought is in the order's info.product.",
         "cubicasa orders upgrade 312babc6-e742-4d54-ac49-e0f7b16ec15a --package-type plus --add-on gla",
         with(with({id_parameter("ID", "Which")}, purchase_parameters()), {json_parameter()}), upgrade_an_order},
        {"orders",
         "redeliver",
         "Deliver an order again with other styles",
         "Neither path nor body are public; --path redeliver_order=PATH sets another path.",
         "cubicasa orders redeliver ID --json styles.json",
         {id_parameter("ID", "Which"), json_parameter(true)},
         [](session& s, const arguments& given) {
             return send(s, redeliver_order(given.text("ID"), raw_json(json_argument(given))));
         }},
        {"orders", "redraw", "Order a floor plan from a drawing", "This costs money and is never repeated on its own.",
         "cubicasa orders redraw --source https://example.com/plan.pdf --street '1 Main St' --city Minneapolis "
         "--country 'United States'",
         redraw_parameters(),
         [](session& s, const arguments& given) { return send(s, filled<create_redraw>(s, given)); }},
    };
}

}  // namespace cubicasa::cli
