// webhooks: taking the events that the service sends.
#include "../child.hpp"
#include "../files.hpp"
#include "../tally.hpp"
#include "parts.hpp"

#include <cubicasa/ensure_webhooks.hpp>
#include <cubicasa/order_change.hpp>
#include <cubicasa/webhook.hpp>
#include <cubicasa/webhook_listener.hpp>

#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>

namespace cubicasa::cli {

namespace {

const std::vector<std::string> event_columns{"id", "current_status", "previous_status", "product_type"};

// Empty if the user has none.
secret chosen_token(const arguments& given) {
    if (given.has("--token-file")) return read_secret(given.text("--token-file"));
    const char* token = std::getenv("CUBICASA_WEBHOOK_TOKEN");
    return token != nullptr ? secret(token) : secret();
}

listener_options where(const arguments& given) {
    listener_options out;
    const std::int64_t port = given.integer("--port").value_or(0);
    if (port > std::numeric_limits<unsigned short>::max()) throw usage_error("--port: 0 to 65535");
    out.port = static_cast<unsigned short>(port);
    if (given.has("--address")) out.address = given.text("--address");
    out.certificate_file = given.text("--cert");
    out.private_key_file = given.text("--key");
    if (out.certificate_file.empty() != out.private_key_file.empty())
        throw usage_error("--cert and --key: both or none");
    return out;
}

// What cannot be used of the options is told here.
std::pair<webhook_receiver, std::unique_ptr<webhook_listener>> start(session& s, const webhook_options& how,
                                                                     const listener_options& options) {
    try {
        webhook_receiver hooks(how);
        auto listener = std::make_unique<webhook_listener>(s.context.get_executor(), hooks, options);
        return {std::move(hooks), std::move(listener)};
    } catch (const failure& f) {
        const error& e = f.details();
        throw usage_error(e.code.message() + (e.message.empty() ? "" : ": " + e.message) +
                          ". See --port, --address, --cert, --key, --url-path and the token");
    }
}

// Has the service call us, as far as the user wants it.
asio::awaitable<void> register_here(session& s, const arguments& given, std::string url) {
    std::vector<std::string> urls{std::move(url)};
    std::vector<webhook_trigger> triggers;
    for (const std::string& t : given.all("--webhook-trigger")) triggers.emplace_back(t);
    if (triggers.empty()) triggers.push_back(webhook_trigger::moved_to_ready);
    co_await ensure_webhooks(s.api(), std::move(urls), std::move(triggers));
    s.err.note("registered");
}

// Hands an event over: to standard output, or to the user's command.
asio::awaitable<void> handle(session& s, const arguments& given, child_runner& children, order_event event,
                             tally& all) {
    std::string text = to_json(event);
    if (given.has("--confirm")) {
        const result<order_change> change = co_await try_confirm(s.api(), event);
        if (!change) {
            all.failed(change.error(), event.id);
            co_return;
        }
        if (change->kind == change_kind::outdated) s.err.note(event.id + ": the order has another status by now");
        text = to_json(change->order);
    }
    if (!given.has("--exec")) {
        s.out.record(text, given.has("--confirm") ? order_columns : event_columns);
        all.succeeded();
        co_return;
    }
    std::vector<std::pair<std::string, std::string>> variables{
        {"CUBICASA_ORDER_ID", event.id}, {"CUBICASA_ORDER_STATUS", std::string(event.current_status.str())}};
    const result<int> ended = co_await children.run(given.text("--exec"), text + "\n", std::move(variables));
    if (!ended) {
        all.failed(ended.error(), event.id);
    } else if (*ended == 0) {
        all.succeeded();
    } else {
        s.err.fail("command", event.id + ": the command ended with status " + std::to_string(*ended),
                   exit_status::partly);
        all.failed(exit_status::partly);
    }
}

asio::awaitable<exit_status> listen_for_events(session& s, const arguments& given) {
    webhook_options how(chosen_token(given));
    const bool new_token = how.token.empty();
    if (new_token) how.token = make_webhook_token();
    if (given.has("--url-path")) how.path = given.text("--url-path");
    const auto [hooks, running] = start(s, how, where(given));
    webhook_listener& listener = *running;
    const std::string url = hooks.url(given.has("--public-url") ? given.text("--public-url") : listener.base_url());
    // The one place where the token is shown: whoever registers the URL by hand needs it.
    s.err.line("listening at " + listener.base_url() + ", as " + url);
    if (new_token) s.err.note("this token is a new one; keep it in CUBICASA_WEBHOOK_TOKEN, and the URL stays the same");
    if (given.has("--register")) co_await register_here(s, given, url);

    child_runner children(s.context);
    tally all(s);
    s.ends_by_signal = true;
    // Takes no event any more, and ends behind those that were taken.
    const on_interrupt stop(s, [hooks = hooks] { hooks.close(); });
    const auto most = given.integer("--max");
    auto events = hooks.events();
    for (std::int64_t n = 0; !most || n < *most; ++n) {
        const std::optional<order_event> event = co_await events.next();
        if (!event) break;
        co_await handle(s, given, children, *event, all);
    }
    hooks.close();
    s.out.finish();
    co_await listener.stop(std::chrono::milliseconds(500));
    co_return all.status();
}

}  // namespace

std::vector<command> webhook_commands() {
    return {
        {"webhooks",
         "listen",
         "Take the events that the service sends, and print them or run a command for each",
         "Serves HTTP, for a reverse proxy on this machine, or HTTPS with --cert and --key. The URL has a token, from "
         "CUBICASA_WEBHOOK_TOKEN or --token-file, which tells the service from anybody else. Events are not signed: "
         "--confirm reads the order. The command gets the event (with --confirm the order) as JSON on its standard "
         "input, and CUBICASA_ORDER_ID and CUBICASA_ORDER_STATUS; one runs at a time. Ctrl-C ends it behind the events "
         "that "
         "were taken; one that is not handled when the program is killed is lost.",
         "cubicasa webhooks listen --port 8080 --exec 'cubicasa orders download \"$CUBICASA_ORDER_ID\" --to plans'",
         {{"--port", "P", "Listen there; any free one without", kind::integer},
          {"--address", "ADDRESS", "Listen there; 127.0.0.1 without, 0.0.0.0 and :: are all", kind::text},
          {"--cert", "FILE", "Serve HTTPS, with this certificate chain (PEM)", kind::file},
          {"--key", "FILE", "Its private key (PEM)", kind::file},
          {"--exec", "COMMAND", "Run this by the shell for each event, in place of printing it", kind::text},
          {"--confirm", "", "Read the order of each event, and hand on the order in place of the event", kind::flag},
          {"--max", "N", "End after N events", kind::integer},
          {"--token-file", "FILE", "The token, the first line of a file that only you may read", kind::file},
          {"--url-path", "PATH", "What comes before the token; /webhooks/cubicasa/ without", kind::text},
          {"--public-url", "URL", "How the service reaches this machine: https://hooks.example.com", kind::text},
          {"--register", "", "Have the service call this URL, and no other one", kind::flag},
          {"--webhook-trigger",
           "TRIGGER",
           "With --register: when; moved_to_ready without",
           kind::text,
           false,
           true,
           {},
           {"moved_to_draft", "moved_to_pending", "moved_to_ready", "moved_to_fixing", "moved_to_failed"}}},
         listen_for_events},
    };
}

}  // namespace cubicasa::cli
