// README's table of operations: each call in it compiles, and each row has the constants of the request.
#include <cubicasa/cubicasa.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(operations_table)

using namespace cubicasa;

namespace {

// What the calls of the table speak of. Never used: they are only compiled.
const std::string id, email, user_id, order_id;
const raw_json body;

template <endpoint E>
std::string row(std::string_view call) {
    std::ostringstream out;
    out << "| `" << E::name << "` | `" << call << "` | " << E::method << " | `" << E::path << "` | "
        << to_string(E::effect) << " | " << to_string(E::evidence) << " |";
    return out.str();
}

// A function that compiles the call and is never called, and the row of the table.
#define CALL(REQUEST, ...)                                                          \
    ([] {                                                                           \
        [[maybe_unused]] const auto compiled = [](const client& api) {              \
            [[maybe_unused]] const REQUEST request, query; /* whichever it takes */ \
            return api.__VA_ARGS__;                                                 \
        };                                                                          \
        return row<REQUEST>(#__VA_ARGS__);                                          \
    }())

std::vector<std::string> rows() {
    return {
        CALL(get_company, company().get()),
        CALL(update_webhooks, company().update_webhooks(request)),
        CALL(delete_webhook, company().delete_webhook()),
        CALL(get_company_package, company().package()),
        CALL(send_merge_request, company().send_merge_request(body)),
        CALL(list_offices, offices().list(query)),
        CALL(create_office, offices().create(request)),
        CALL(list_users, users().list(query)),
        CALL(create_user, users().create(request)),
        CALL(get_user, users().get(email)),
        CALL(update_user, users().update(request)),
        CALL(change_password, users().change_password(request)),
        CALL(send_password_reset, users().send_password_reset(email)),
        CALL(delete_user, users().remove(user_id)),
        CALL(list_orders, orders().list(query)),
        CALL(get_order, orders().get(id)),
        CALL(upgrade_order, orders().upgrade(request)),
        CALL(redeliver_order, orders().redeliver(request)),
        CALL(get_combined_pdf, orders().combined_pdf(id)),
        CALL(create_redraw, orders().redraw(request)),
        CALL(create_change_request, change_requests().create(request)),
        CALL(list_change_requests, change_requests().list(order_id)),
        CALL(get_change_request, change_requests().get(order_id, id)),
        CALL(create_draft, drafts().create(request)),
        CALL(update_draft, drafts().update(request)),
        CALL(delete_draft, drafts().remove(order_id)),
        CALL(create_goto_scan_order, goto_scan().create(body)),
    };
}

// The rows of README's table whose first column is "request", with single blanks.
std::vector<std::string> table_of_readme() {
    std::ifstream in(CUBICASA_TEST_DATA "/../../README.md");
    std::vector<std::string> out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string text;
        for (std::string word; words >> word;) text.append(text.empty() ? "" : " ").append(word);
        if (text.starts_with("| request |")) {
            inside = true;
        } else if (inside && !text.starts_with('|')) {
            break;
        } else if (inside && !text.starts_with("|---")) {
            out.push_back(std::move(text));
        }
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(readme_has_a_row_for_each_operation_with_a_call_that_compiles) {
    BOOST_TEST(table_of_readme() == rows(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_has_the_27_operations_of_the_contract_in_its_order) {
    BOOST_TEST(operations().size() == 27u);
    const auto expected = rows();
    BOOST_TEST_REQUIRE(expected.size() == operations().size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        BOOST_TEST(expected[i].starts_with("| `" + std::string(operations()[i].name) + "` |"), expected[i]);
    }
}

BOOST_AUTO_TEST_CASE(an_operation_is_found_by_its_name) {
    const operation_info* const found = find_operation("update_draft");
    BOOST_TEST_REQUIRE(found != nullptr);
    BOOST_TEST(found->path == "/orders/draft/{order_id}");
    BOOST_TEST(found->group == "Draft Orders");
    BOOST_TEST(find_operation("update_drafts") == nullptr);
    BOOST_TEST(find_operation("") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
