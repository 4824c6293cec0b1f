// Two observers: one line for each call, and the attributes of OpenTelemetry's semantic conventions for HTTP clients.
// Usage: 3_observer ORDER_ID
#include <boost/asio.hpp>

#include <cubicasa/cubicasa.hpp>

#include <iostream>
#include <map>
#include <string>

namespace asio = boost::asio;

namespace {

// What a log wants.
void print_line(const cubicasa::event& e) {
    if (e.kind == cubicasa::event_kind::call_finished) std::clog << cubicasa::describe(e) << '\n';
}

// What a span wants. Give this to the tracer of your choice.
std::map<std::string, std::string> attributes(const cubicasa::event& e) {
    std::map<std::string, std::string> out;
    out["http.request.method"] = e.method;
    out["server.address"] = e.host;
    out["server.port"] = e.port;
    if (!e.path.empty()) out["url.template"] = e.path;
    if (e.status != 0) out["http.response.status_code"] = std::to_string(e.status);
    if (e.attempt > 1) out["http.request.resend_count"] = std::to_string(e.attempt - 1);
    if (e.code) out["error.type"] = e.code.category().name() + (":" + std::to_string(e.code.value()));
    return out;
}

void print_span(const cubicasa::event& e) {
    if (e.kind != cubicasa::event_kind::call_finished) return;
    std::clog << "span " << e.operation << ':';
    for (const auto& [name, value] : attributes(e)) std::clog << ' ' << name << '=' << value;
    std::clog << '\n';
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::cerr << "usage: 3_observer ORDER_ID\n";
        return 2;
    }
    asio::thread_pool threads(1);
    auto config = cubicasa::client_config::from_env();
    config.observer = [](const cubicasa::event& e) {
        print_line(e);
        print_span(e);
    };
    const cubicasa::client api(threads.get_executor(), config);
    std::cout << api.orders().get(arguments[1], asio::use_future).get().info.status << '\n';
    return 0;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
