// Decoding of answers: the documented examples to the last member, and everything that an answer can be instead.
#include "json_support.hpp"

#include <cubicasa/models/order.hpp>
#include <cubicasa/models/page.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <random>

namespace mine {

// A type of a user, in the user's namespace.
struct room {
    std::string id;
    std::optional<double> area;
    std::int64_t floor = 7;
    bool heated = false;
    std::vector<std::int64_t> doors;
    std::vector<room> rooms;
    cubicasa::field<std::string> note;
    cubicasa::raw_json any;

    friend bool operator==(const room&, const room&) = default;
};

constexpr auto members_of(const room*) {
    using cubicasa::member;
    return cubicasa::member_table(cubicasa::required<&room::id>("id"), member<&room::area>("area"),
                                  member<&room::floor>("floor"), member<&room::heated>("heated"),
                                  member<&room::doors>("doors"), member<&room::rooms>("rooms"),
                                  member<&room::note>("a/b~c"), member<&room::any>("any"));
}

// No member is required.
struct anything {
    std::string a;
    friend bool operator==(const anything&, const anything&) = default;
};
constexpr auto members_of(const anything*) { return cubicasa::member_table(cubicasa::member<&anything::a>("a")); }

// Names of which each has something that another one lacks.
struct names {
    std::int64_t quote = 0;
    std::int64_t backslash = 0;
    std::int64_t umlaut = 0;
    std::int64_t a = 0;
    std::int64_t ab = 0;
    std::int64_t nine = 0;
    std::int64_t long_one = 0;
    friend bool operator==(const names&, const names&) = default;
};
constexpr auto members_of(const names*) {
    using cubicasa::member;
    return cubicasa::member_table(member<&names::quote>("a\"b"), member<&names::backslash>("a\\b"),
                                  member<&names::umlaut>("\u00fc"), member<&names::a>("a"), member<&names::ab>("ab"),
                                  member<&names::nine>("123456789"), member<&names::long_one>("seventeen letters"));
}

}  // namespace mine

BOOST_AUTO_TEST_SUITE(json_decode)

using namespace cubicasa;
using namespace cubicasa::test;
using mine::room;

BOOST_AUTO_TEST_CASE(the_documented_order_is_read_member_by_member) {
    const auto o = decoded<order>(data_file("orders.get.response.json"));
    BOOST_TEST(o.id == "312babc6-e742-4d54-ac49-e0f7b16ec15a");
    BOOST_TEST(o.info.status == order_status::ready);
    BOOST_TEST(o.info.created_by == "manager@cubicasa.com");
    BOOST_TEST(o.info.order_type == order_type::vbim);
    BOOST_TEST(!o.info.first_delivered_at);
    BOOST_TEST(o.info.created_at->time_since_epoch().count() == 1716238626904049);
    BOOST_TEST(o.info.is_scan_order.value());
    BOOST_TEST(o.info.total_scanned_area.value() == 0.0);
    BOOST_TEST(o.info.go2scan.text == "null");
    BOOST_TEST(o.info.go2scan.is_null());
    BOOST_TEST(o.info.external_id.value() == "EXT10005");
    BOOST_TEST(!o.info.style_template);
    BOOST_TEST(o.info.model_id.value() == "1487d389-f3f9-44f3-9a36-a0c581df0c06");
    BOOST_TEST(o.info.product.package_type == package_type::plus);
    BOOST_TEST(o.info.product.over_limits.text == "[]");
    BOOST_TEST((o.info.product.purchasable_add_ons == std::vector{add_on::cad_files}));
    BOOST_TEST((o.info.product.purchasable_package_types == std::vector{package_type::plus_3d, package_type::plus}));
    BOOST_TEST(o.address.postal_code == "55411");
    BOOST_TEST(o.address.latitude.value() == 44.986947);
    BOOST_TEST(o.address.longitude.value() == -93.275918);
    const auto& d = o.delivery_assets.value();
    BOOST_TEST(d.listing_floorplans.svg_urls_dim.size() == 1U);
    BOOST_TEST(
        d.gla_package.gla_formula_text.starts_with("GLA total: 10 m\u00b2, excluded areas: 0 m\u00b2\n\nFLOOR 1"));
    BOOST_TEST(d.tour.mls_compliance_link == "https://unbranded.visithome.ai/example-tour");
    BOOST_TEST(d.tour.type.empty());
}

BOOST_DATA_TEST_CASE(no_member_of_a_documented_order_is_lost,
                     boost::unit_test::data::make({"orders.get.response.json", "orders.upgrade.response.json",
                                                   "drafts.update.response.json"}),
                     name) {
    auto expected = parsed(data_file(name)).as_object();
    const auto o = decoded<order>(json::serialize(expected));
    BOOST_TEST(o.delivery_assets.has_value() == expected["delivery_assets"].is_object());
    if (!o.delivery_assets) expected.erase("delivery_assets");  // written as absent
    BOOST_TEST(contains(parsed(detail::encode_json(o)), expected));
}

BOOST_AUTO_TEST_CASE(no_member_of_the_documented_list_is_lost) {
    const std::string text = data_file("orders.list.response.json");
    const auto list = decoded<page<order>>(text);
    BOOST_TEST(contains(parsed(detail::encode_json(list)), parsed(text)));
    BOOST_TEST(list.items.size() == 4U);
    BOOST_TEST(list.pagination.has_more.value() == false);
    BOOST_TEST(list.pagination.next_offset.value() == 21);
    BOOST_TEST(!list.items[0].delivery_assets);
    BOOST_TEST(!list.items[0].info.product.purchasable_add_ons);
    BOOST_TEST(list.items[2].info.style_template->preview_colors.at(3) == "#000000");
}

BOOST_AUTO_TEST_CASE(the_answer_of_the_live_server_is_read_in_spite_of_its_nulls) {
    const std::string text = data_file("observed.orders.get.ready.response.json");
    const auto o = decoded<order>(text);
    BOOST_TEST(contains(parsed(detail::encode_json(o)), parsed(text), true));
    BOOST_TEST(o.info.order_type == order_type::tier3_lidar);
    BOOST_TEST(o.info.first_delivered_at->time_since_epoch().count() == 1778406163891521);
    BOOST_TEST(!o.info.external_id);
    BOOST_TEST(o.info.go2scan.text.empty());
    BOOST_TEST(o.delivery_assets->snapshot.image_urls.empty());
    BOOST_TEST(o.delivery_assets->tour.type == tour_type::floorplan_tour);
}

BOOST_AUTO_TEST_CASE(the_documented_envelope_is_a_page_of_anything) {
    const auto p = decoded<page<mine::anything>>(data_file("pagination.envelope.json"));
    BOOST_TEST(p.pagination.has_more.value());
    BOOST_TEST(p.pagination.limit.value() == 20);
    BOOST_TEST(p.pagination.previous_offset.value() == 0);
    BOOST_TEST(p.items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_object_without_its_id_is_an_error_with_its_place) {
    const auto e = refused<page<order>>(data_file("pagination.envelope.json"));
    BOOST_TEST(e == errc::missing_member);
    BOOST_TEST(e.message == "/items/0/id");
    BOOST_TEST((e.delivery == delivery::answered));
    BOOST_TEST(refused<page<order>>(R"({"items":[{"id":"a"},7,{"id":"b"},{"info":{}}]})").message == "/items/3/id");
    BOOST_TEST(refused<order>("{}").message == "/id");
    BOOST_TEST(refused<room>(R"({"id":"1","rooms":[{"id":"2"},{"id":"3","rooms":[{}]}]})").message ==
               "/rooms/1/rooms/0/id");
}

BOOST_DATA_TEST_CASE(an_id_that_is_not_a_text_with_content_is_missing,
                     boost::unit_test::data::make({"null", "\"\"", "7", "7.5", "true", "[]", "[\"a\"]", "{}",
                                                   "18446744073709551615"}),
                     id) {
    BOOST_TEST(refused<order>(R"({"info":{"status":"Ready"},"id":)" + std::string(id) + "}") == errc::missing_member);
}

BOOST_AUTO_TEST_CASE(a_value_of_an_unexpected_kind_leaves_the_default) {
    const auto r = decoded<room>(R"({"id":"x","area":"12","floor":2.5,"heated":1,"doors":{"0":1},"rooms":"none"})");
    room expected;
    expected.id = "x";
    BOOST_TEST((r == expected));
}

BOOST_AUTO_TEST_CASE(elements_of_an_unexpected_kind_are_left_out) {
    const auto r =
        decoded<room>(R"({"id":"x","doors":[1,"2",null,[3],{"a":4},5,6.0,7.5,true],"rooms":[null,{"id":"y"},[]]})");
    BOOST_TEST((r.doors == std::vector<std::int64_t>{1, 5, 6}));
    BOOST_TEST(r.rooms.size() == 1U);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_dropped_however_deep) {
    const auto r =
        decoded<room>(R"({"new":{"id":[[[{"id":{}}]],"\n\u0041"]},"\u0061x":"\t","id":"x","n\n":[{}],"floor":3})");
    BOOST_TEST(r.id == "x");
    BOOST_TEST(r.floor == 3);
}

BOOST_AUTO_TEST_CASE(members_are_found_in_any_order_and_with_escapes_in_their_names) {
    const auto r = decoded<room>(
        "\xEF\xBB\xBF "
        "\r\n{\"any\":1,\"doors\":[2],\"heated\":true,\"\\u0066loor\":4,\"ar\\u0065a\":1.5,\"i\\u0064\":\"x\"} \n");
    BOOST_TEST(r.id == "x");
    BOOST_TEST(r.area.value() == 1.5);
    BOOST_TEST(r.floor == 4);
    BOOST_TEST(r.heated);
    BOOST_TEST(r.any.text == "1");
}

BOOST_AUTO_TEST_CASE(names_that_json_escapes_are_found_as_they_are_escaped) {
    mine::names expected{1, 2, 3, 4, 5, 6, 7};
    const std::string written = detail::encode_json(expected);
    BOOST_TEST(written == R"({"a\"b":1,"a\\b":2,"ü":3,"a":4,"ab":5,"123456789":6,"seventeen letters":7})");
    BOOST_TEST((decoded<mine::names>(written) == expected));
    BOOST_TEST((decoded<mine::names>(R"({"a":4,"ab":5,"a\"b":1,"seventeen letters":7,"123456789":6,)"
                                     R"("\u00fc":3,"a\u005cb":2})") == expected));
    BOOST_TEST(refused<mine::names>(R"({"a"b":1})") == errc::malformed_json);
    BOOST_TEST(refused<mine::names>(R"({"a\"b:1})") == errc::malformed_json);
}

BOOST_AUTO_TEST_CASE(a_name_that_differs_in_one_byte_is_another_name) {
    const std::string good = detail::encode_json(mine::names{1, 2, 3, 4, 5, 6, 7});
    for (const std::string_view name : {"\"a\":", "\"ab\":", "\"123456789\":", "\"seventeen letters\":"}) {
        const std::size_t begin = good.find(name);
        for (std::size_t i = 1; i + 2 < name.size(); ++i) {
            std::string text = good;
            text[begin + i] = '_';
            BOOST_TEST(detail::encode_json(decoded<mine::names>(text)) ==
                       std::string(good).replace(begin + name.size(), 1, "0"));
        }
    }
}

BOOST_AUTO_TEST_CASE(of_members_with_the_same_name_the_last_one_counts) {
    const auto r = decoded<room>(
        R"({"id":"a","id":"b","doors":[1,2],"doors":[3],"area":1.5,"area":"?","a/b~c":"n","a/b~c":null,"any":[1],"any":{},)"
        R"("rooms":[{"id":"r","id":"s","doors":[1]}],"rooms":[{"id":"t"}]})");
    room expected;
    expected.id = "b";
    expected.doors = {3};
    expected.note = nullptr;
    expected.any.text = "{}";
    expected.rooms.resize(1);
    expected.rooms[0].id = "t";
    BOOST_TEST((r == expected));
    BOOST_TEST(refused<room>(R"({"id":"a","id":null})") == errc::missing_member);
    const auto o = decoded<order>(R"({"id":"a","info":{"status":"Ready","product":{"add_ons":["gla"]}},"info":{}})");
    BOOST_TEST((o.info == order_info()));
}

BOOST_AUTO_TEST_CASE(texts_in_many_pieces_are_put_together) {
    std::string plain;
    std::string escaped;
    for (int i = 0; i < 3000; ++i) {
        plain += "ab\"\n\u00b2\U0001F600";
        escaped += R"(ab\"\n\u00b2\ud83d\ude00)";
    }
    BOOST_TEST((decoded<room>(R"({"id":")" + escaped + R"("})").id == plain));
    BOOST_TEST((decoded<room>(R"({"id":"x","a/b~c":"\ty","any":")" + escaped + R"("})").any.text ==
                raw_json::from_string(plain).text));
}

BOOST_AUTO_TEST_CASE(raw_json_is_kept_as_compact_text_with_its_digits) {
    const auto raw = [](const std::string& json) {
        return decoded<room>(R"({"id":"x","any":)" + json + R"(,"floor":1})").any.text;
    };
    BOOST_TEST(
        raw(R"( { "a" : [ 1 , -0 , 1.50, 1e2, 18446744073709551616, [ ], { }, null , true, false ] , "b" : { "c" : "d" } } )") ==
        R"({"a":[1,-0,1.50,1e2,18446744073709551616,[],{},null,true,false],"b":{"c":"d"}})");
    BOOST_TEST(raw(R"("a\"\\\u000a\u0001\/")") == R"("a\"\\\n\u0001/")");
    BOOST_TEST(raw(R"({"\u0022k":","})") == R"({"\"k":","})");
    BOOST_TEST(raw(R"(["[","{",":"])") == R"(["[","{",":"])");
    BOOST_TEST(raw("0.1000000000000000055511151231257827") == "0.1000000000000000055511151231257827");
    BOOST_TEST(raw("null") == "null");
}

BOOST_AUTO_TEST_CASE(raw_json_can_be_the_whole_answer) {
    for (const char* text : {"{\"a\":[1]}", "[]", "null", "7", "1.5", "\"t\"", "false"}) {
        BOOST_TEST(decoded<raw_json>(text).text == text);
    }
    BOOST_TEST(refused<raw_json>("") == errc::empty_body);
    BOOST_TEST(refused<raw_json>("<p>") == errc::html_instead_of_json);
}

BOOST_AUTO_TEST_CASE(a_field_is_read_as_absent_null_or_a_value) {
    BOOST_TEST(decoded<room>(R"({"id":"x"})").note.is_absent());
    BOOST_TEST(decoded<room>(R"({"id":"x","a/b~c":null})").note.is_null());
    BOOST_TEST(*decoded<room>(R"({"id":"x","a/b~c":"v"})").note == "v");
    BOOST_TEST(decoded<room>(R"({"id":"x","a/b~c":7})").note.is_absent());
}

BOOST_AUTO_TEST_CASE(numbers_are_read_exactly) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 20000; ++i) {
        const int digits = 1 + static_cast<int>(random() % 18);
        std::string text;
        for (int k = 0; k < digits; ++k) text.push_back(static_cast<char>('0' + random() % 10));
        if (text[0] == '0') text[0] = static_cast<char>('1' + random() % 9);
        if (digits > 1) text.insert(1 + random() % static_cast<std::size_t>(digits - 1), ".");
        if (random() % 4 == 0) text += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
        if (random() % 2 == 0) text.insert(0, "-");
        const auto r = decoded<room>(R"({"id":"x","area":)" + text + "}");
        BOOST_REQUIRE_MESSAGE(r.area.value() == std::strtod(text.c_str(), nullptr), text);
    }
    BOOST_TEST(decoded<room>(R"({"id":"x","area":18446744073709551615})").area.value() == 18446744073709551615.0);
    BOOST_TEST(decoded<room>(R"({"id":"x","area":-7})").area.value() == -7.0);
    BOOST_TEST(!decoded<room>(R"({"id":"x","area":1e400})").area);
}

BOOST_AUTO_TEST_CASE(an_integer_may_be_written_with_a_fraction_of_zero) {
    BOOST_TEST(decoded<room>(R"({"id":"x","floor":20.0})").floor == 20);
    BOOST_TEST(decoded<room>(R"({"id":"x","floor":-2e1})").floor == -20);
    BOOST_TEST(decoded<room>(R"({"id":"x","floor":9223372036854775807})").floor == 9223372036854775807);
    BOOST_TEST(decoded<room>(R"({"id":"x","floor":9223372036854775808})").floor == 7);
    BOOST_TEST(decoded<room>(R"({"id":"x","floor":1e30})").floor == 7);
}

BOOST_AUTO_TEST_CASE(times_are_exact_to_the_microsecond) {
    std::mt19937_64 random(2);
    for (int i = 0; i < 20000; ++i) {
        const auto micros = static_cast<std::int64_t>(random() % 4'000'000'000'000'000);
        const timestamp t{std::chrono::microseconds(micros)};
        const auto o = decoded<order>(R"({"id":"x","info":{"created_at":)" + detail::unix_seconds(t) + "}}");
        BOOST_REQUIRE(o.info.created_at == t);
    }
}

BOOST_AUTO_TEST_CASE(times_of_any_year_are_exact_to_the_microsecond) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 20000; ++i) {
        // From 0 to 63 bits, before 1970 and after.
        const auto micros = static_cast<std::int64_t>(random()) >> (1 + random() % 63);
        const timestamp t{std::chrono::microseconds(micros)};
        const auto o = decoded<order>(R"({"id":"x","info":{"created_at":)" + detail::unix_seconds(t) + "}}");
        BOOST_REQUIRE(o.info.created_at == t);
    }
    const auto micros = [](const std::string& value) {
        const auto o = decoded<order>(R"({"id":"x","info":{"created_at":)" + value + "}}");
        return o.info.created_at.value().time_since_epoch().count();
    };
    BOOST_TEST(micros("4356683672.70847") == 4356683672708470);
    BOOST_TEST(micros("9223372036854.775807") == 9223372036854775807);
    BOOST_TEST(micros("1.5e3") == 1500000000);
    BOOST_TEST(micros("15e-1") == 1500000);
    BOOST_TEST(micros("0e9") == 0);
    BOOST_TEST(micros("0.0000014") == 1);
    BOOST_TEST(micros("0.0000016") == 2);
    BOOST_TEST(micros("1760700135.12345678") == 1760700135123457);
}

BOOST_AUTO_TEST_CASE(a_time_that_is_out_of_range_or_not_a_number_is_unset) {
    const auto at = [](const std::string& value) {
        return decoded<order>(R"({"id":"x","info":{"created_at":)" + value + "}}").info.created_at;
    };
    BOOST_TEST(at("1760700135.0")->time_since_epoch().count() == 1760700135000000);
    BOOST_TEST(at("1760700135")->time_since_epoch().count() == 1760700135000000);
    BOOST_TEST(at("-1.5")->time_since_epoch().count() == -1500000);
    for (const char* bad : {"1e13", "-1e300", "1e400", "9223372036854775807", "\"2024-05-20T00:00:00Z\"", "null", "[]"})
        BOOST_TEST(!at(bad));
    BOOST_TEST(!detail::from_unix_seconds(std::numeric_limits<double>::quiet_NaN()));
    BOOST_TEST(!detail::from_unix_seconds(-std::numeric_limits<double>::infinity()));
}

BOOST_AUTO_TEST_CASE(a_value_that_an_enumeration_does_not_know_is_kept) {
    const auto o =
        decoded<order>(R"({"id":"x","info":{"status":"Archived by \"us\"","product":{"add_ons":["pool","gla"]}}})");
    BOOST_TEST(o.info.status.str() == "Archived by \"us\"");
    BOOST_TEST((o.info.status != order_status::ready));
    BOOST_TEST((o.info.product.add_ons == std::vector{add_on("pool"), add_on::gla}));
    BOOST_TEST((decoded<order>(detail::encode_json(o)) == o));
}

BOOST_AUTO_TEST_CASE(an_empty_answer_is_its_own_error) {
    for (const char* body : {"", " \r\n\t", "\xEF\xBB\xBF"}) {
        const auto e = refused<order>(body);
        BOOST_TEST(e == errc::empty_body);
        BOOST_TEST((e.delivery == delivery::answered));
    }
}

BOOST_AUTO_TEST_CASE(html_is_its_own_error_and_shown_without_control_characters) {
    const auto e =
        refused<order>("\xEF\xBB\xBF\n <!doctype html>\x1b[31m<title>Log in</title>" + std::string(5000, 'x'));
    BOOST_TEST(e == errc::html_instead_of_json);
    BOOST_TEST(e.server_message.starts_with("<!doctype html>[31m<title>Log in</title>"));
    BOOST_TEST(e.server_message.size() == 200U);
}

BOOST_AUTO_TEST_CASE(broken_json_is_an_error_with_the_byte_where_it_breaks) {
    const auto e = refused<order>(R"({"id":"x",})");
    BOOST_TEST(e == errc::malformed_json);
    BOOST_TEST(e.message.ends_with("at byte 10"));
    for (const char* body :
         {"{", "{\"id\":\"x\"", "{\"id\":\"x\"}}", "{\"id\":\"x\"} x", "{\"id\":\"\xff\"}", "{\"id\":\"\xed\xa0\x80\"}",
          "{id:1}", "{\"id\":\"x\",\"a\":01}", "nul", "{\"id\":\"a\nb\"}", "// c\n{\"id\":\"x\"}", "\"", "NaN"}) {
        BOOST_TEST_CONTEXT(body) BOOST_TEST(refused<order>(body) == errc::malformed_json);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_any_byte_is_an_error) {
    const std::string text = json::serialize(parsed(data_file("orders.get.response.json")));
    for (std::size_t n = 1; n < text.size(); ++n) {
        BOOST_REQUIRE(refused<order>(std::string_view(text).substr(0, n)) == errc::malformed_json);
    }
}

BOOST_AUTO_TEST_CASE(another_kind_of_value_than_an_object_is_unexpected) {
    for (const char* body :
         {"null", "[]", "[{\"id\":\"x\"}]", "7", "7.5", "18446744073709551615", "\"id\"", "\"\\n\"", "true"}) {
        BOOST_TEST(refused<order>(body) == errc::unexpected_answer);
    }
    BOOST_TEST(refused<order>("[]").message == "an array where an object is expected");
}

BOOST_AUTO_TEST_CASE(an_object_that_is_no_page_does_not_pass_for_an_empty_list) {
    BOOST_TEST(refused<page<order>>("{}") == errc::unexpected_answer);
    BOOST_TEST(refused<page<order>>(R"({"message":"later"})") == errc::unexpected_answer);
    BOOST_TEST(decoded<page<order>>(R"({"items":null})").items.empty());
    BOOST_TEST(!decoded<page<order>>(R"({"items":[]})").pagination.has_more);
    BOOST_TEST(decoded<page<order>>(R"({"pagination":{"has_more":true}})").pagination.has_more.value());
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
    const auto nested = [](std::size_t levels) {
        return R"({"id":"x","more":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    BOOST_TEST(decoded<room>(nested(detail::max_json_depth)).id == "x");
    BOOST_TEST(refused<room>(nested(detail::max_json_depth + 1)) == errc::malformed_json);
    BOOST_TEST(refused<room>(nested(1'000'000)) == errc::malformed_json);
    std::string tree;
    for (int i = 0; i < 32; ++i) tree += R"({"id":"x","rooms":[)";
    std::string ends;
    for (int i = 0; i < 32; ++i) ends += "]}";
    BOOST_TEST(decoded<room>(tree + ends).rooms.size() == 1U);
    BOOST_TEST(refused<room>(R"({"id":"x","rooms":[)" + tree + ends + "]}") == errc::malformed_json);
}

BOOST_AUTO_TEST_CASE(a_list_can_be_the_whole_answer) {
    BOOST_TEST(decoded<std::vector<room>>(R"([{"id":"a"},null,{"id":"b"}])").size() == 2U);
    BOOST_TEST(refused<std::vector<room>>(R"([{"id":"a"},{}])").message == "/1/id");
    BOOST_TEST(refused<std::vector<room>>("{}").message == "an object where an array is expected");
}

BOOST_AUTO_TEST_CASE(json_is_told_from_what_is_not) {
    for (const char* good : {"{}", " [1, 2.5e3, \"\\u00e9\", null] \n", "\"\"", "0"}) BOOST_TEST(detail::is_json(good));
    for (const char* bad :
         {"", " ", "{", "{}{}", "01", "'a'", "[1,]", "\"\xff\"", "// c\n1", "nan", "\xEF\xBB\xBF{}"}) {
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!detail::is_json(bad));
    }
    BOOST_TEST(!detail::is_json(std::string_view("{}\0", 3)));
}

BOOST_AUTO_TEST_SUITE_END()
