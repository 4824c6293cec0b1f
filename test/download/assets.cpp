// All files of an order, into a folder of its own.
#include <cubicasa/download_assets.hpp>

#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <set>
#include <string>

using cubicasa::asset_kind;
using cubicasa::condition;
using cubicasa::errc;
using test::fault;
namespace asio = boost::asio;

namespace {

struct assets_fixture : test::download_fixture {
    assets_fixture() : download_fixture(test::with_orders(30)) {
        config.retry.budget = 1000;
        std::size_t most = 0;
        for (const std::string& id : server.order_ids()) {
            auto order = get(id);
            BOOST_TEST_REQUIRE(order.has_value());
            const auto files = cubicasa::assets(*order);
            if (files.size() <= most || files[0].url.find("localhost") == std::string::npos) continue;
            most = files.size();
            delivered = std::move(*order);
        }
        BOOST_TEST_REQUIRE(most > 5u);
        listed = cubicasa::assets(delivered);
        asked = server.requests().size();
    }

    template <class Order>
    cubicasa::result<cubicasa::assets_report> fetch(Order of, const cubicasa::assets_options& how = {},
                                                    asio::cancellation_slot slot = {}) {
        std::optional<cubicasa::result<cubicasa::assets_report>> out;
        auto take = [&](cubicasa::result<cubicasa::assets_report> r) { out.emplace(std::move(r)); };
        auto token = cubicasa::as_result(take);
        cubicasa::async_download_assets(api(), of, folder / "order", how, asio::bind_cancellation_slot(slot, token));
        context.restart();
        test::run_out(context);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }
    cubicasa::assets_report good(const cubicasa::assets_options& how = {}) {
        auto r = fetch(delivered, how);
        BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
        return std::move(*r);
    }

    // All files are here, as the server has them, and nothing else but the account.
    void check_complete() {
        for (const auto& a : listed) {
            const bool same = folder.read("order/" + cubicasa::file_name(a)) == server.file_bytes(a.url);
            BOOST_TEST(same, cubicasa::file_name(a));
        }
        const auto all = std::distance(std::filesystem::directory_iterator(folder / "order"), {});
        BOOST_TEST(static_cast<std::size_t>(all) == listed.size() + 1);
    }
    // Requests for files since the fixture was made.
    std::size_t requests() const {
        std::size_t n = 0;
        for (const auto& r : server.requests()) n += r.target.starts_with("/files/");
        return n;
    }

    cubicasa::order delivered;
    std::vector<cubicasa::asset> listed;
    std::size_t asked = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(all_assets, assets_fixture)

BOOST_AUTO_TEST_CASE(all_files_of_an_order_come_into_its_folder) {
    const auto report = good();
    BOOST_TEST(report.complete());
    BOOST_TEST(report.order_id == delivered.id);
    BOOST_TEST(report.fetched.size() == listed.size());
    BOOST_TEST(report.skipped.empty());
    check_complete();
}

BOOST_AUTO_TEST_CASE(names_are_made_of_kind_position_and_format_and_are_all_different) {
    std::set<std::string> names;
    for (const auto& a : listed) names.insert(cubicasa::file_name(a));
    BOOST_TEST(names.size() == listed.size());
    cubicasa::asset odd;
    odd.format = "../../x";
    odd.position = 3;
    BOOST_TEST(cubicasa::file_name(odd) == "listing_floorplan_3");
    odd.format = "PDF";
    BOOST_TEST(cubicasa::file_name(odd) == "listing_floorplan_3.pdf");
}

BOOST_AUTO_TEST_CASE(a_second_call_fetches_nothing) {
    good();
    const std::size_t before = requests();
    const auto report = good();
    BOOST_TEST(report.fetched.empty());
    BOOST_TEST(report.skipped.size() == listed.size());
    BOOST_TEST(report.skipped[0].bytes == server.file_size(listed[0].url));
    BOOST_TEST(requests() == before);
    check_complete();
}

BOOST_AUTO_TEST_CASE(what_is_delivered_anew_is_fetched_again) {
    good();
    server.set_status(delivered.id, "Fixing");
    server.set_status(delivered.id, "Ready");
    delivered = get(delivered.id).value();
    listed = cubicasa::assets(delivered);
    const auto report = good();
    BOOST_TEST(report.fetched.size() == listed.size());
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_or_removed_here_is_fetched_again) {
    good();
    std::filesystem::resize_file(folder / "order" / cubicasa::file_name(listed[0]), 10);
    std::filesystem::remove(folder / "order" / cubicasa::file_name(listed[1]));
    const auto report = good();
    BOOST_TEST(report.fetched.size() == 2u);
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_file_that_did_not_get_its_name_is_not_taken_for_the_one_that_has_it) {
    good();
    server.set_status(delivered.id, "Fixing");
    server.set_status(delivered.id, "Ready");
    delivered = get(delivered.id).value();
    listed = cubicasa::assets(delivered);
    const auto file = folder / "order" / cubicasa::file_name(listed[0]);
    cubicasa::assets_options how;
    how.each.progress_interval = std::chrono::milliseconds(0);
    how.each.progress = [&](const cubicasa::download_progress& p) {
        if (p.file != file || std::filesystem::is_directory(file)) return;
        std::filesystem::remove(file);
        std::filesystem::create_directories(file / "in the way");
    };
    BOOST_TEST(good(how).failed.size() == 1u);
    // The old one, by chance of the same size, and nothing of the new one.
    std::filesystem::remove_all(file);
    folder.write("order/" + cubicasa::file_name(listed[0]), std::string(server.file_bytes(listed[0].url).size(), 'x'));
    std::filesystem::remove(file.string() + ".part");
    const auto report = good();
    BOOST_TEST(report.fetched.size() == 1u);
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_note_that_a_killed_download_left_beside_its_complete_file_is_removed) {
    good();
    const std::string name = cubicasa::file_name(listed[0]);
    folder.write("order/" + name + ".part.info", "{}");
    BOOST_TEST(good().skipped.size() == listed.size());
    check_complete();
}

BOOST_AUTO_TEST_CASE(an_order_of_a_list_is_read_first) {
    cubicasa::order of;
    of.id = delivered.id;
    const auto r = fetch(of);
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    check_complete();
}

BOOST_AUTO_TEST_CASE(an_order_can_be_named_by_its_id) {
    const auto r = fetch(delivered.id);
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    check_complete();
}

BOOST_AUTO_TEST_CASE(an_order_that_does_not_exist_is_an_error_and_makes_no_folder) {
    const auto r = fetch(std::string("b8f31fd8-0000-0000-0000-000000000000"));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::not_found), r.error());
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(only_the_kinds_that_are_wanted_come) {
    cubicasa::assets_options how;
    how.kinds = {asset_kind::home_report, asset_kind::snapshot_report};
    const auto report = good(how);
    const auto wanted = std::count_if(listed.begin(), listed.end(), [](const cubicasa::asset& a) {
        return a.kind == asset_kind::home_report || a.kind == asset_kind::snapshot_report;
    });
    BOOST_TEST(report.fetched.size() == static_cast<std::size_t>(wanted));
}

BOOST_AUTO_TEST_CASE(no_more_files_come_at_once_than_wanted) {
    cubicasa::assets_options how;
    how.in_flight = 2;
    good(how);
    BOOST_TEST(server.stats().peak_connections <= 3u);  // one of them for the API
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_file_that_fails_does_not_keep_the_others_from_coming) {
    server.inject(fault::status(400).on("", listed[2].url.substr(listed[2].url.find("/files/"))));
    const auto report = good();
    BOOST_TEST(!report.complete());
    BOOST_TEST_REQUIRE(report.failed.size() == 1u);
    BOOST_TEST((report.failed[0].what == listed[2]));
    BOOST_TEST((report.failed[0].why == errc::unexpected_status), report.failed[0].why);
    BOOST_TEST(report.fetched.size() == listed.size() - 1);
    server.clear_faults();
    BOOST_TEST(good().fetched.size() == 1u);
    check_complete();
}

BOOST_AUTO_TEST_CASE(links_that_have_expired_are_asked_for_again) {
    server.expire_files(delivered.id);
    const auto report = good();
    BOOST_TEST(report.complete());
    BOOST_TEST(report.fetched.size() == listed.size());
    // The account knows the files by their new links.
    delivered = get(delivered.id).value();
    listed = cubicasa::assets(delivered);
    BOOST_TEST(good().skipped.size() == listed.size());
    check_complete();
}

BOOST_AUTO_TEST_CASE(lost_connections_cost_nothing_but_the_rest) {
    server.inject(fault::reset_after(3000).on("", "/files/").with_probability(0.5));
    BOOST_TEST(good().complete());
    server.clear_faults();
    check_complete();
}

BOOST_AUTO_TEST_CASE(cancelling_ends_all_and_the_next_call_goes_on) {
    asio::cancellation_signal stop;
    cubicasa::assets_options how;
    int told = 0;
    how.each.progress_interval = std::chrono::milliseconds(0);
    how.each.progress = [&](const cubicasa::download_progress&) {
        if (++told == 6) asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
    };
    const auto r = fetch(delivered, how, stop.slot());
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::cancelled), r.error());
    BOOST_TEST(good().complete());
    check_complete();
}

BOOST_AUTO_TEST_CASE(closing_the_client_ends_all) {
    cubicasa::assets_options how;
    how.each.progress_interval = std::chrono::milliseconds(0);
    how.each.progress = [&](const cubicasa::download_progress&) { api().close(); };
    const auto r = fetch(delivered, how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::client_closed), r.error());
}

BOOST_AUTO_TEST_CASE(draining_waits_for_all_files) {
    bool quiet = false;
    bool begun = false;
    cubicasa::assets_options how;
    how.each.progress_interval = std::chrono::milliseconds(0);
    how.each.progress = [&](const cubicasa::download_progress&) {
        if (!std::exchange(begun, true))
            api().async_drain(std::chrono::seconds(40), [&](bool value) { quiet = value; });
    };
    BOOST_TEST(good(how).complete());
    BOOST_TEST(quiet);
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_order_is_refused) {
    good();
    const auto r = fetch(test::known_id);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::invalid_argument), r.error());
    BOOST_TEST(r.error().describe().find(delivered.id) != std::string::npos);
    check_complete();
}

BOOST_AUTO_TEST_CASE(two_calls_for_one_folder_do_not_work_at_once) {
    int good_ones = 0;
    int busy = 0;
    auto count = [&](const cubicasa::result<cubicasa::assets_report>& r) {
        good_ones += r.has_value() && r->complete();
        busy += r.has_error() && r.error() == errc::file_busy;
    };
    for (int i = 0; i < 2; ++i) {
        cubicasa::async_download_assets(api(), delivered, folder / "order", cubicasa::as_result(count));
    }
    context.restart();
    test::run_out(context);
    BOOST_TEST(good_ones == 1);
    BOOST_TEST(busy == 1);
    check_complete();
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_a_clear_error) {
    folder.write("order", "a file");
    const auto r = fetch(delivered);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == condition::local_file), r.error());
    BOOST_TEST(r.error().describe().find((folder / "order").string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_account_with_a_torn_line_is_believed_up_to_there) {
    good();
    const std::string account = folder.read("order/.cubicasa-files");
    for (const std::size_t left : {std::size_t{0}, std::size_t{5}, account.size() / 2, account.size() - 3}) {
        folder.write("order/.cubicasa-files", account.substr(0, left));
        BOOST_TEST(good().complete());
        BOOST_TEST(good().skipped.size() == listed.size());
    }
    check_complete();
}

BOOST_AUTO_TEST_CASE(an_order_without_files_is_complete_at_once) {
    delivered.delivery_assets = cubicasa::delivery_assets();
    const auto report = good();
    BOOST_TEST(report.complete());
    BOOST_TEST(report.fetched.empty());
}

BOOST_AUTO_TEST_SUITE_END()
