// The code of README.md that downloads, run; see test/http/readme.cpp.
#include <cubicasa/cubicasa.hpp>

#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using test::report;

namespace {

struct readme_files_fixture : test::download_fixture {
    readme_files_fixture() : download_fixture(test::generated(20)) { test::reported.clear(); }
    std::string ready() {
        for (const std::string& id : server.order_ids()) {
            const auto order = get(id);
            if (order && order->info.status == cubicasa::order_status::ready) return id;
        }
        return {};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(readme_files, readme_files_fixture)

BOOST_AUTO_TEST_CASE(a_file_and_all_files_of_an_order) {
    auto forms = [](cubicasa::client api, std::string url, std::string id,
                    std::filesystem::path plans) -> asio::awaitable<void> {
        // One file. Under this name there is the whole file, or what was there before.
        const cubicasa::downloaded plan = co_await cubicasa::async_download(api, url, plans / "plan.pdf");
        std::cout << plan.bytes << " bytes, SHA-256 " << plan.sha256 << '\n';

        // All files of an order, into a folder of its own. The next time only what is new is fetched.
        const cubicasa::assets_report files = co_await cubicasa::async_download_assets(api, id, plans / id);
        for (const auto& missing : files.failed) report(missing.why);
    };
    const std::string id = ready();
    test::run(context, forms(api(), url("plan.pdf"), id, folder.path()));
    BOOST_TEST((folder.read("plan.pdf") == server.file_bytes("plan.pdf")));
    BOOST_TEST(std::filesystem::exists(folder / id / "listing_floorplan_0.jpg"));
    BOOST_TEST(test::reported.empty());
}

BOOST_AUTO_TEST_CASE(into_a_socket) {
    asio::local::stream_protocol::socket here(context);
    asio::local::stream_protocol::socket there(context);
    asio::local::connect_pair(here, there);
    auto forms = [](cubicasa::client api, std::string url,
                    asio::local::stream_protocol::socket socket) -> asio::awaitable<void> {
        // Into anything else: each piece is awaited before the next one is read.
        cubicasa::download_sink sink = [&](std::string_view bytes) -> asio::awaitable<void> {
            co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
        };
        cubicasa::download_options options;
        options.progress = [](const cubicasa::download_progress& p) { std::cout << p.bytes << '\n'; };
        co_await cubicasa::async_download(api, url, sink, options);
    };
    const std::string wanted = server.file_bytes("plan.pdf");
    test::run(context, forms(api(), url("plan.pdf"), std::move(here)));
    std::string came(wanted.size(), '\0');
    asio::read(there, asio::buffer(came));
    BOOST_TEST((came == wanted));
}

BOOST_AUTO_TEST_CASE(all_that_is_ready) {
    auto forms = [](cubicasa::client api, std::filesystem::path plans) -> asio::awaitable<void> {
        cubicasa::list_orders query;
        query.status = {cubicasa::order_status::ready};
        auto fetch = [&](cubicasa::order order) -> asio::awaitable<cubicasa::assets_report> {
            const auto to = plans / cubicasa::folder_name(order);
            co_return co_await cubicasa::async_download_assets(api, std::move(order), to);
        };
        auto outcomes = cubicasa::for_each_bounded(api.orders().list(query), cubicasa::in_flight(8), fetch);
        while (auto order = co_await outcomes.next()) {
            if (order->result.has_error()) report(order->result.error());
        }
    };
    const std::string id = ready();
    test::run(context, forms(api(), folder.path()));
    BOOST_TEST(std::filesystem::exists(folder / id / "listing_floorplan_0.jpg"));
    BOOST_TEST(test::reported.empty());
}

BOOST_AUTO_TEST_SUITE_END()
