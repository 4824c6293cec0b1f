// Walks, downloads and drains on every executor, with tokens of each sort.
#include "cell.hpp"

#include "support/temporary_folder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/spawn.hpp>

#include <cubicasa/download.hpp>

#include <filesystem>

using namespace test;

namespace {

struct files_of {
    const cc::client& api;
    std::string url;
    const temporary_folder& folder;
    asio::strand<asio::any_io_executor> strand;

    std::filesystem::path to(const char* name) const { return folder / name; }
};

asio::awaitable<std::uint64_t> awaited_downloads(files_of f) {
    const cc::downloaded a = co_await cc::async_download(f.api, f.url, f.to("a"));
    const auto b = co_await cc::async_download(f.api, f.url, f.to("b"), cc::as_result(asio::use_awaitable));
    auto [e, c] = co_await cc::async_download(f.api, f.url, f.to("c"), asio::as_tuple(asio::use_awaitable));
    if (e) std::rethrow_exception(e);
    co_return a.bytes + b->bytes + c.bytes;
}

std::uint64_t bytes_of_a_callback(const files_of& f) {
    std::promise<std::uint64_t> bytes;
    auto later = bytes.get_future();
    auto take = [&, strand = f.strand](std::exception_ptr e, const cc::downloaded& d) {
        bytes.set_value(!e && strand.running_in_this_thread() ? d.bytes : 0);
    };
    cc::async_download(f.api, f.url, f.to("d"), asio::bind_executor(f.strand, take));
    return later.get();
}

std::uint64_t bytes_of_a_yield(const files_of& f) {
    auto work = [f](asio::yield_context yield) -> std::uint64_t {
        const auto failed = cc::async_download(f.api, "no address", f.to("e"), cc::as_result(yield));
        if (failed) return 0;
        return cc::async_download(f.api, f.url, f.to("f"), yield).bytes;
    };
    return asio::spawn(asio::any_io_executor(f.strand), work, asio::use_future).get();
}

asio::awaitable<int> walked(cc::client api) {
    int n = 0;
    auto walk = api.orders().list();
    while (auto order = co_await walk.next()) ++n;
    co_return n;
}

// Each next() with a token of its own.
int walked_by_futures_and_callbacks(const cc::client& api, const asio::any_io_executor& where) {
    int n = 0;
    auto walk = api.orders().list();
    for (;;) {
        if (!asio::co_spawn(where, walk.next(), asio::use_future).get()) break;
        ++n;
        std::promise<bool> more;
        auto later = more.get_future();
        asio::co_spawn(where, walk.next(), [&](std::exception_ptr e, const std::optional<cc::order>& o) {
            more.set_value(!e && o.has_value());
        });
        if (!later.get()) break;
        ++n;
    }
    return n;
}

int walked_by_a_yield(const cc::client& api, const asio::any_io_executor& where) {
    auto work = [api, where](asio::yield_context yield) {
        int n = 0;
        auto walk = api.orders().list();
        while (asio::co_spawn(where, walk.next(), cc::as_result(yield)).value()) ++n;
        return n;
    };
    return asio::spawn(where, work, asio::use_future).get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(other_operations)

BOOST_AUTO_TEST_CASE(downloads_work_on_every_executor) {
    const sandbox server;
    const std::string base = server.base_url();
    const std::string url = base.substr(0, base.find("/api/")) + "/files/plan.pdf";
    const std::uint64_t size = server.file_size("plan.pdf");
    for (const place_kind& kind : every_place) {
        BOOST_TEST_CONTEXT(kind.name) {
            const temporary_folder folder;
            const auto where = kind.make();
            const cc::client api(where->executor(), server.config());
            const files_of f{api, url, folder, asio::make_strand(where->executor())};
            BOOST_TEST(asio::co_spawn(f.strand, awaited_downloads(f), asio::use_future).get() == 3 * size);
            BOOST_TEST(bytes_of_a_callback(f) == size);
            if (stacks_may_be_switched) BOOST_TEST(bytes_of_a_yield(f) == size);
            BOOST_TEST(cc::async_download(api, url, f.to("g"), asio::use_future).get().bytes == size);
        }
    }
}

BOOST_AUTO_TEST_CASE(walks_work_on_every_executor) {
    const sandbox server(with_orders(45));
    const int orders = static_cast<int>(server.order_ids().size());
    for (const place_kind& kind : every_place) {
        BOOST_TEST_CONTEXT(kind.name) {
            const auto where = kind.make();
            const auto executor = where->executor();
            const cc::client api(executor, server.config());
            BOOST_TEST(asio::co_spawn(executor, walked(api), asio::use_future).get() == orders);
            BOOST_TEST(walked_by_futures_and_callbacks(api, executor) == orders);
            if (stacks_may_be_switched) BOOST_TEST(walked_by_a_yield(api, asio::make_strand(executor)) == orders);
        }
    }
}

BOOST_AUTO_TEST_CASE(drains_work_on_every_executor) {
    const sandbox server;
    for (const place_kind& kind : every_place) {
        BOOST_TEST_CONTEXT(kind.name) {
            const auto where = kind.make();
            const asio::any_io_executor strand = asio::make_strand(where->executor());
            const cc::client api(where->executor(), server.config());
            auto order = api.orders().get(known_id, asio::use_future);
            std::promise<bool> called;
            auto later = called.get_future();
            api.async_drain(patience, asio::bind_executor(strand, [&](bool quiet) { called.set_value(quiet); }));
            BOOST_TEST(api.async_drain(patience, asio::use_future).get());
            BOOST_TEST(asio::co_spawn(strand, api.async_drain(patience), asio::use_future).get());
            auto work = [&](asio::yield_context yield) { return api.async_drain(patience, yield); };
            if (stacks_may_be_switched) BOOST_TEST(asio::spawn(strand, work, asio::use_future).get());
            BOOST_TEST(later.get());
            BOOST_TEST(order.get().id == known_id);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_yield_context_tells_errors_by_exceptions_or_as_a_result,
                     *boost::unit_test::enable_if<stacks_may_be_switched>()) {
    client_fixture f;
    std::string told;
    auto work = [&](asio::yield_context yield) {
        boost::system::error_code untouched;
        try {
            f.api().orders().get("", yield[untouched]);
        } catch (const cc::failure& e) {
            if (e.details() == cc::errc::invalid_argument && !untouched) told += "thrown ";
        }
        const boost::system::error_code ec = f.api().orders().get("", cc::as_result(yield)).error().code;
        if (ec == cc::errc::invalid_argument) told += "returned";
    };
    asio::spawn(f.context, work, [](std::exception_ptr e) { BOOST_TEST(!e); });
    run_out(f.context);
    BOOST_TEST(told == "thrown returned");
}

BOOST_AUTO_TEST_SUITE_END()
