// What users pass into calls is safe in a co_await expression of g++ 12, and README.md says what the code says.
#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(public_types)

using namespace cubicasa;

namespace {

// g++ 12 destroys temporaries of aggregate type in a co_await expression twice.
template <class... T>
constexpr bool never_aggregates = (!std::is_aggregate_v<T> && ...);
template <class... T>
constexpr bool values = ((never_aggregates<T> && std::is_default_constructible_v<T> &&
                          std::is_copy_constructible_v<T> && std::is_copy_assignable_v<T> &&
                          std::is_nothrow_move_constructible_v<T>)&&...);

static_assert(values<get_company, update_webhooks, delete_webhook, get_company_package, send_merge_request,
                     list_offices, create_office, list_users, create_user, get_user, update_user, change_password,
                     send_password_reset, delete_user, list_orders, get_order, upgrade_order, redeliver_order,
                     get_combined_pdf, create_redraw, create_change_request, list_change_requests, get_change_request,
                     create_draft, update_draft, delete_draft, create_goto_scan_order, raw_request, ping>,
              "requests");
static_assert(values<draft_details, order_preferences, style_2d, style_3d, video_style>, "bodies of requests");
static_assert(values<order, order_event, webhook_settings>, "records that a call takes");
static_assert(values<call_options, paging, cursor, batch_options>, "what else a call takes");
static_assert(values<client_config, timeout_options, pool_options, retry_options, rate_options, tls_options,
                     limit_options, secret>,
              "configuration");
static_assert(values<raw_json, field<std::string>, field<double>, field<std::vector<add_on>>, field<raw_json>>,
              "members of requests");
static_assert(values<order_status, order_type, package_type, add_on, tour_type, user_role, webhook_trigger,
                     product_type, delivery_type>,
              "open enumerations");
static_assert(values<testing::sandbox_options>, "options of the sandbox");
static_assert(never_aggregates<client, orders_family<client>, async_generator<order>, testing::sandbox, testing::fault,
                               error, failure, webhook_failure, result<order>, batch<order>, batch_log>);
static_assert(never_aggregates<as_result_t<asio::use_awaitable_t<>>>, "completion tokens");
static_assert(std::is_copy_constructible_v<client> && std::is_copy_assignable_v<client>, "client is a handle");
static_assert(std::is_copy_constructible_v<testing::fault>);
static_assert(!std::is_copy_constructible_v<async_generator<order>> &&
              std::is_move_assignable_v<async_generator<order>>);
static_assert(!std::is_copy_constructible_v<batch<order>> && std::is_move_assignable_v<batch<order>>);
static_assert(values<webhook_options, listener_options, watch_options, wait_options>, "what waiting for changes takes");
static_assert(never_aggregates<webhook_receiver, webhook_listener, webhook_reply, order_change>);
static_assert(values<download_options, assets_options, asset_source>, "what downloads and batches take");

const std::string project = std::string(CUBICASA_TEST_DATA) + "/../..";

std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream in(project + "/" + file);
    if (!in) throw std::runtime_error("cannot read " + file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

// Without indentation, and with one blank wherever there are some.
std::string normalised(const std::string& line) {
    std::istringstream words(line);
    std::string out;
    for (std::string word; words >> word;) out.append(out.empty() ? "" : " ").append(word);
    return out;
}

// The lines of code that say something.
std::vector<std::string> code_of(const std::vector<std::string>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines) {
        if (std::string text = normalised(line); !text.empty()) out.push_back(std::move(text));
    }
    return out;
}

// The rows of the table whose first column has this title, without the title's.
std::vector<std::string> table_of(std::string_view title) {
    std::vector<std::string> out;
    bool inside = false;
    for (const auto& line : lines_of("README.md")) {
        const std::string row = normalised(line);
        if (row.starts_with("| " + std::string(title) + " |")) {
            inside = true;
        } else if (inside && !row.starts_with('|')) {
            break;
        } else if (inside && !row.starts_with("|---")) {
            out.push_back(row);
        }
    }
    return out;
}

std::vector<std::vector<std::string>> code_blocks() {
    std::vector<std::vector<std::string>> out;
    bool inside = false;
    for (const auto& line : lines_of("README.md")) {
        if (line == "```cpp") {
            inside = true;
            out.emplace_back();
        } else if (line.starts_with("```")) {
            inside = false;
        } else if (inside) {
            out.back().push_back(line);
        }
    }
    return out;
}

std::string text(std::chrono::milliseconds time) { return std::to_string(time.count() / 1000) + " s"; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_default_request_lacks_what_is_required_and_is_refused) {
    const auto problem_of = [](const auto& e) {
        using type = std::remove_cvref_t<decltype(e)>;
        wire_request w(type::name, type::method, type::path, type::effect, type::evidence);
        encode(e, w);
        w.target(w.path);
        return w.problem;
    };
    const auto check = [&](auto... requests) {
        const auto one = [&](const auto& r) { BOOST_TEST((problem_of(r) == errc::invalid_argument), r.name); };
        (one(requests), ...);
    };
    check(update_webhooks(), send_merge_request(), create_office(), create_user(), get_user(), update_user(),
          change_password(), send_password_reset(), delete_user(), get_order(), upgrade_order(), redeliver_order(),
          get_combined_pdf(), create_redraw(), create_change_request(), list_change_requests(), get_change_request(),
          create_draft(), update_draft(), delete_draft(), create_goto_scan_order());
    BOOST_TEST(!problem_of(list_orders()));
    BOOST_TEST(!problem_of(list_users()));
    BOOST_TEST(!problem_of(list_offices()));
}

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(its_table_of_limits_has_the_defaults_of_the_configuration) {
    const client_config c;
    const std::vector<std::pair<std::string, std::string>> expected{
        {"timeouts.total", text(c.timeouts.total)},
        {"timeouts.pool_wait", text(c.timeouts.pool_wait)},
        {"timeouts.resolve", text(c.timeouts.resolve)},
        {"timeouts.connect", text(c.timeouts.connect)},
        {"timeouts.handshake", text(c.timeouts.handshake)},
        {"timeouts.write", text(c.timeouts.write)},
        {"timeouts.first_byte", text(c.timeouts.first_byte)},
        {"timeouts.read_idle", text(c.timeouts.read_idle)},
        {"pool.max_connections", std::to_string(c.pool.max_connections)},
        {"pool.max_connecting", std::to_string(c.pool.max_connecting)},
        {"pool.max_waiting", std::to_string(c.pool.max_waiting)},
        {"pool.max_idle", text(c.pool.max_idle)},
        {"pool.max_age", text(c.pool.max_age)},
        {"retry.max_attempts", std::to_string(c.retry.max_attempts)},
        {"retry.base", std::to_string(c.retry.base.count()) + " ms"},
        {"retry.max_pause", text(c.retry.max_pause)},
        {"retry.max_retry_after", text(c.retry.max_retry_after)},
        {"retry.budget", std::to_string(static_cast<int>(c.retry.budget))},
        {"rate.per_second", std::to_string(static_cast<int>(c.rate.per_second))},
        {"rate.burst", std::to_string(static_cast<int>(c.rate.burst))},
        {"limits.header", std::to_string(c.limits.header) + " bytes"},
        {"limits.body", std::to_string(c.limits.body) + " bytes"},
    };
    const auto rows = table_of("member");
    BOOST_TEST_REQUIRE(rows.size() == expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string begin = "| `" + expected[i].first + "` | " + expected[i].second + " | ";
        BOOST_TEST(rows[i].starts_with(begin), rows[i] << " does not begin with " << begin);
    }
}

BOOST_AUTO_TEST_CASE(each_of_its_code_blocks_is_compiled_somewhere) {
    std::vector<std::vector<std::string>> compiled;
    for (const char* file :
         {"test/http/readme.cpp", "test/download/readme_files.cpp", "test/webhooks/readme_webhooks.cpp",
          "example/1_first_call.cpp", "test/consume/main.cpp"}) {
        compiled.push_back(code_of(lines_of(file)));
    }
    const auto blocks = code_blocks();
    BOOST_TEST(blocks.size() >= 10u);
    for (const auto& block : blocks) {
        const auto code = code_of(block);
        BOOST_TEST_REQUIRE(!code.empty());
        const bool found = std::any_of(compiled.begin(), compiled.end(), [&](const auto& file) {
            return std::search(file.begin(), file.end(), code.begin(), code.end()) != file.end();
        });
        BOOST_TEST(found, "the block that begins with: " << code.front());
    }
}

BOOST_AUTO_TEST_CASE(the_program_that_is_built_outside_of_the_project_is_its_first_program) {
    BOOST_TEST_REQUIRE(!code_blocks().empty());
    const auto code = code_of(code_blocks().front());
    const auto outside = code_of(lines_of("test/consume/main.cpp"));
    BOOST_TEST((std::search(outside.begin(), outside.end(), code.begin(), code.end()) != outside.end()));
    BOOST_TEST(code.size() == 12u);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
