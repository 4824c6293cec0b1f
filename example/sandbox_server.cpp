// The sandbox as a program: prints the environment that makes clients talk to it, and serves until it is interrupted.
#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testing = cubicasa::testing;

namespace {

constexpr const char* usage = R"(usage: sandbox_server [OPTION VALUE]...

Serves the whole API on https://localhost with data of its own, until it is interrupted, and prints the environment
that makes clients talk to it.

  --port P              listen there instead of on any free port
  --orders N            make N orders besides the examples
  --examples yes|no     have the two orders of the contract (the default), whose files are at hosts of their own, or not
  --paging STYLE        how next_offset counts: exact (the default), from_one or skipping
  --production-time MS  what a request has made or moved goes on after so many milliseconds: a draft becomes Pending,
                        as if the scan had come, Pending and Fixing become Ready; without it orders stay as they are
  --fault KIND=P        GET /orders/ID meets this with the probability P: slow (500 ms), hang, reset, close, or a
                        status such as 503; may be given several times
  --ca-out FILE         write the certificate of the authority there

Webhooks registered by PATCH /companies/webhook are called if they lead to this machine (127.0.0.1, ::1, localhost).
)";

template <class Number>
bool parse(std::string_view text, Number& out) {
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    return wrong == std::errc() && end == text.data() + text.size();
}

bool parse(std::string_view text, bool& out) {
    out = text == "yes";
    return out || text == "no";
}

bool parse(std::string_view text, std::optional<std::chrono::milliseconds>& out) {
    std::uint32_t count = 0;
    if (!parse(text, count)) return false;
    out = std::chrono::milliseconds(count);
    return true;
}

bool parse(std::string_view text, testing::paging_style& out) {
    if (text == "exact")
        out = testing::paging_style::exact;
    else if (text == "from_one")
        out = testing::paging_style::from_one;
    else if (text == "skipping")
        out = testing::paging_style::skipping;
    else
        return false;
    return true;
}

bool parse(std::string_view text, std::vector<testing::fault>& out) {
    const std::string kind(text.substr(0, text.find('=')));
    double chance = 0;
    int status = 0;
    if (kind.size() == text.size() || !parse(text.substr(kind.size() + 1), chance)) return false;
    auto add = [&](const testing::fault& f) { out.push_back(f.on("GET", "/orders/").with_probability(chance)); };
    if (kind == "slow")
        add(testing::fault::delay(std::chrono::milliseconds(500)));
    else if (kind == "hang")
        add(testing::fault::never_answer());
    else if (kind == "reset")
        add(testing::fault::reset_after(0));
    else if (kind == "close")
        add(testing::fault::close_before_answer());
    else if (parse(kind, status) && status >= 200 && status <= 599)
        add(testing::fault::status(status, "{}"));
    else
        return false;
    return true;
}

}  // namespace

int main(int count, char** arguments) try {
    testing::sandbox_options options;
    std::vector<testing::fault> faults;
    std::string ca_out;
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = arguments[i];
        const std::string_view value = i + 1 < count ? arguments[i + 1] : "";
        bool good = !value.empty();
        if (name == "--port")
            good = good && parse(value, options.port);
        else if (name == "--orders")
            good = good && parse(value, options.orders);
        else if (name == "--examples")
            good = good && parse(value, options.examples);
        else if (name == "--paging")
            good = good && parse(value, options.paging);
        else if (name == "--production-time")
            good = good && parse(value, options.production_time);
        else if (name == "--fault")
            good = good && parse(value, faults);
        else if (name == "--ca-out")
            ca_out = value;
        else
            good = false;
        if (good) continue;
        std::cerr << usage;
        return 2;
    }

    boost::asio::io_context context;
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    testing::sandbox sandbox(options);
    for (const testing::fault& f : faults) sandbox.inject(f);
    if (!ca_out.empty() && !(std::ofstream(ca_out) << sandbox.ca_pem()).flush()) {
        std::cerr << "cannot write " << ca_out << '\n';
        return 5;
    }
    std::cout << "export CUBICASA_BASE_URL=" << sandbox.base_url() << '\n'
              << "export CUBICASA_API_KEY=" << options.api_key << '\n'
              << "export CUBICASA_CA_FILE=" << (ca_out.empty() ? sandbox.ca_file() : ca_out) << std::endl;
    signals.async_wait([](const boost::system::error_code&, int) {});
    context.run();
    return 0;
} catch (const std::exception& e) {
    std::cerr << "sandbox_server: " << e.what() << '\n';
    return 1;
}
