// JSON out of models and requests, and back, as users have it: to_json() and from_json().
#include <cubicasa/json.hpp>

#include "json_support.hpp"

#include <cubicasa/endpoints/drafts.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/endpoints/users.hpp>
#include <cubicasa/models/draft_details.hpp>
#include <cubicasa/models/order.hpp>
#include <cubicasa/models/order_event.hpp>
#include <cubicasa/models/page.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yours {

// What somebody keeps in a queue: a type with a table, and models in it.
struct job {
    std::string name;
    std::optional<cubicasa::timestamp> due;
    std::vector<cubicasa::order> orders;

    friend bool operator==(const job&, const job&) = default;
};
constexpr auto members_of(const job*) {
    return cubicasa::member_table(cubicasa::required<&job::name>("name"), cubicasa::member<&job::due>("due"),
                                  cubicasa::member<&job::orders>("orders"));
}

// The table of its base does not know `priority`.
struct urgent_job : job {
    std::int64_t priority = 0;
};

struct without_a_table {
    std::string name;
};

}  // namespace yours

BOOST_AUTO_TEST_SUITE(json_public)

using namespace cubicasa;
using namespace cubicasa::test;
using yours::job;

namespace {

template <class... T>
constexpr bool readable = (json_readable<T> && ...);
template <class... T>
constexpr bool unreadable = (!json_readable<T> && ...);

static_assert(readable<order, order_info, page<order>, order_event, draft_details, upgrade_order, create_user>);
static_assert(readable<job, std::vector<job>, std::vector<order>, std::vector<std::vector<order>>>);
static_assert(unreadable<int, std::int64_t, double, bool, std::string, const char*, void*, timestamp, order_status>);
static_assert(unreadable<std::vector<int>, std::vector<bool>, std::optional<order>, order*, std::unique_ptr<order>>);
static_assert(unreadable<yours::without_a_table, std::vector<yours::without_a_table>>);
static_assert(unreadable<yours::urgent_job, create_draft, update_draft>, "half of a type is not the type");

template <class T>
T read(std::string_view text) {
    auto r = from_json<T>(text);
    BOOST_REQUIRE_MESSAGE(r.has_value(), r.error().describe());
    return std::move(*r);
}

template <class T>
error unread(std::string_view text) {
    const auto r = from_json<T>(text);
    BOOST_REQUIRE_MESSAGE(r.has_error(), "read without an error");
    return r.error();
}

// What to_json() throws; fails the test when it writes.
template <class T>
error unwritten(const T& value) {
    try {
        const std::string text = to_json(value);
        BOOST_FAIL("written as " << text);
    } catch (const failure& f) {
        return f.details();
    }
    return error();
}

draft_details some_draft() {
    draft_details d("615 Bourbon St", "New Orleans", "United States", "manager@example.com");
    d.external_id = "R4ER93";
    d.state = nullptr;
    d.latitude = 29.958;
    d.add_ons = std::vector{add_on::gla};
    return d;
}

}  // namespace

BOOST_DATA_TEST_CASE(an_order_that_was_written_is_read_as_it_was,
                     boost::unit_test::data::make({"orders.get.response.json", "orders.upgrade.response.json",
                                                   "drafts.update.response.json",
                                                   "observed.orders.get.ready.response.json"}),
                     name) {
    const auto o = read<order>(data_file(name));
    BOOST_TEST(!o.id.empty());
    BOOST_TEST((read<order>(to_json(o)) == o));
}

BOOST_AUTO_TEST_CASE(an_order_is_written_with_the_names_and_the_times_of_the_api) {
    const std::string text = to_json(read<order>(data_file("orders.get.response.json")));
    BOOST_TEST(text.find(R"("id":"312babc6-e742-4d54-ac49-e0f7b16ec15a")") != std::string::npos);
    BOOST_TEST(text.find(R"("created_at":1716238626.904049)") != std::string::npos);
    BOOST_TEST(text.find(R"("status":"Ready")") != std::string::npos);
    BOOST_TEST(text.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_and_a_vector_are_written_and_read) {
    const auto list = read<page<order>>(data_file("orders.list.response.json"));
    BOOST_TEST((read<page<order>>(to_json(list)) == list));
    BOOST_TEST_REQUIRE(list.items.size() == 4u);
    const std::string text = to_json(list.items);
    BOOST_TEST(text.starts_with("[{"));
    BOOST_TEST((read<std::vector<order>>(text) == list.items));
    BOOST_TEST(to_json(std::vector<order>()) == "[]");
}

BOOST_AUTO_TEST_CASE(the_body_of_a_draft_is_written_without_what_is_not_set) {
    const draft_details d = some_draft();
    BOOST_TEST(to_json(d) ==
               R"({"street":"615 Bourbon St","city":"New Orleans","state":null,"country":"United States",)"
               R"("latitude":29.958,"external_id":"R4ER93","owner_email":"manager@example.com","add_ons":["gla"]})");
    BOOST_TEST((read<draft_details>(to_json(d)) == d));
}

BOOST_AUTO_TEST_CASE(a_draft_that_was_kept_is_the_body_of_the_request_that_it_is_made_into) {
    const create_draft request(read<draft_details>(to_json(some_draft())));
    wire_request w(create_draft::name, create_draft::method, create_draft::path, create_draft::effect,
                   create_draft::evidence);
    encode(request, w);
    BOOST_TEST(!w.problem);
    BOOST_TEST(w.body == to_json<draft_details>(request));
}

BOOST_AUTO_TEST_CASE(a_request_is_written_as_its_body_without_what_is_in_its_path) {
    upgrade_order purchase("an-order");
    purchase.add_ons = {add_on::gla};
    BOOST_TEST(same_json(to_json(purchase), data_file("orders.upgrade.request.json")));
    const auto again = read<upgrade_order>(to_json(purchase));
    BOOST_TEST(again.id.empty());
    BOOST_TEST((again.add_ons == purchase.add_ons));
}

BOOST_AUTO_TEST_CASE(what_is_in_a_secret_is_written_and_read) {
    create_user user("user@example.com", user_role("Collaborator"));
    user.password = secret("pass\"word");
    const std::string text = to_json(user);
    BOOST_TEST(text == R"({"email":"user@example.com","role":"Collaborator","password":"pass\"word"})");
    BOOST_TEST(read<create_user>(text).password->reveal() == "pass\"word");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_utf8_is_refused_with_the_name_of_its_member) {
    order o;
    o.id = "1";
    o.address.city = "K\xf6ln";
    const auto e = unwritten(o);
    BOOST_TEST(e == errc::invalid_argument);
    BOOST_TEST(e.message == "address.city: is not valid UTF-8");
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(unwritten(std::vector{order(), o}).message == "1.address.city: is not valid UTF-8");
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_is_refused_with_the_name_of_its_member) {
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        draft_details d = some_draft();
        d.longitude = bad;
        const auto e = unwritten(d);
        BOOST_TEST(e == errc::invalid_argument);
        BOOST_TEST(e.message == "longitude: is not a finite number");
    }
}

BOOST_AUTO_TEST_CASE(raw_json_that_is_none_is_refused_with_the_name_of_its_member) {
    order o;
    o.id = "1";
    o.info.go2scan.text = "{\"a\":";
    const auto e = unwritten(o);
    BOOST_TEST(e == errc::invalid_argument);
    BOOST_TEST(e.message == "info.go2scan: is not valid JSON");
}

BOOST_AUTO_TEST_CASE(members_that_are_unknown_absent_or_of_another_type_are_passed_over) {
    const auto o =
        read<order>(R"({"new":{"id":[1]},"id":"a","info":{"status":"Ready","created_at":"today"},"address":7})");
    BOOST_TEST(o.id == "a");
    BOOST_TEST((o.info.status == order_status::ready));
    BOOST_TEST(!o.info.created_at);
    BOOST_TEST((o.address == order().address));
}

BOOST_AUTO_TEST_CASE(each_way_in_which_a_text_is_no_order_has_its_error) {
    BOOST_TEST(unread<order>("") == errc::empty_body);
    BOOST_TEST(unread<order>(" \n") == errc::empty_body);
    BOOST_TEST(unread<order>("<html>Log in</html>") == errc::html_instead_of_json);
    BOOST_TEST(unread<order>(R"({"id":"a")") == errc::malformed_json);
    BOOST_TEST(unread<order>(R"({"id":"a"}{"id":"b"})") == errc::malformed_json);
    BOOST_TEST(unread<order>("7") == errc::unexpected_answer);
    BOOST_TEST(unread<order>(R"({"info":{}})") == errc::missing_member);
    BOOST_TEST(unread<std::vector<order>>(R"([{"id":"a"},{}])").message == "/1/id");
    BOOST_TEST(unread<std::vector<order>>("{}") == errc::unexpected_answer);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_nested_too_deeply_is_an_error) {
    const std::string deep(1'000'000, '[');
    BOOST_TEST(unread<std::vector<order>>(deep) == errc::malformed_json);
    BOOST_TEST(unread<order>(R"({"id":"a","new":)" + deep) == errc::malformed_json);
}

BOOST_AUTO_TEST_CASE(a_type_of_the_users_is_written_and_read_with_the_models_in_it) {
    job j;
    j.name = "plans of \"May\"";
    j.due = timestamp(std::chrono::microseconds(1716238626904049));
    j.orders.push_back(read<order>(data_file("orders.get.response.json")));
    const std::vector<job> queue{j, job{"empty", std::nullopt, {}}};
    const std::string text = to_json(queue);
    BOOST_TEST(text.ends_with(R"({"name":"empty","due":null,"orders":[]}])"));
    BOOST_TEST((read<std::vector<job>>(text) == queue));
    BOOST_TEST(unread<job>(R"({"orders":[]})").message == "/name");
}

BOOST_AUTO_TEST_SUITE_END()
