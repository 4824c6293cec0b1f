// This library: PATH into the file TARGET, CALLS times; with SHA-256 if its name ends in ".sha".
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> loop(cubicasa::client api, bench::arguments& a) {
    cubicasa::download_options how;
    how.sha256 = a.last.ends_with(".sha");
    const std::string url = "https://" + a.host + ":" + a.port + a.path;
    while (a.take()) {
        co_await cubicasa::async_download(api, url, a.last, how);
        ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values, "TARGET");
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a));
    asio::co_spawn(context, loop(api, a), bench::must_not_fail);
    context.run();
    bench::report(a);
}
