// cpp-httplib, which blocks: a thread and a kept-alive connection of its own for each call in flight.
#include "arguments.hpp"

#include <httplib.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

// The number of calls that were answered.
long make_calls(const bench::arguments& a, long calls) {
    httplib::SSLClient client(a.host, std::atoi(a.port.c_str()));
    client.set_ca_cert_path(a.ca_file.c_str());
    client.enable_server_certificate_verification(true);
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    const httplib::Headers fields{{"User-Agent", "httplib"}, {"Accept", "application/json"}, {"api-key", "key"}};
    long done = 0;
    for (long i = 0; i < calls; ++i) {
        const httplib::Result answer = client.Get(a.path, fields);
        if (answer && answer->status == 200) ++done;
    }
    return done;
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    std::atomic<long> done = 0;
    std::vector<std::thread> threads;
    for (long i = 0; i < a.in_flight; ++i) {
        const long share = a.calls / a.in_flight + (i < a.calls % a.in_flight ? 1 : 0);
        threads.emplace_back([&, share] { done += make_calls(a, share); });
    }
    for (auto& thread : threads) thread.join();
    a.done = done;
    bench::report(a);
}
