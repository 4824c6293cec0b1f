// Encoding of requests: what is written, what is left out, what is refused; and the values that texts are made from.
#include "json_support.hpp"

#include <cubicasa/models/asset.hpp>
#include <cubicasa/models/order.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>

BOOST_AUTO_TEST_SUITE(json_encode)

namespace {

struct part {
    std::string text;
    std::vector<std::string> texts;
};
constexpr auto members_of(const part*) {
    return cubicasa::member_table(cubicasa::member<&part::text>("text"), cubicasa::member<&part::texts>("texts"));
}

// Every kind of member once.
struct sample {
    std::string text;
    bool flag = false;
    std::int64_t integer = 0;
    double number = 0;
    cubicasa::timestamp time;
    cubicasa::raw_json raw;
    cubicasa::order_status status;
    std::optional<std::int64_t> optional;
    cubicasa::field<double> field;
    cubicasa::field<std::vector<cubicasa::add_on>> fields;
    std::optional<part> inner;
    std::vector<part> parts;
};
constexpr auto members_of(const sample*) {
    using cubicasa::member;
    return cubicasa::member_table(member<&sample::text>("text"), member<&sample::flag>("flag"),
                                  member<&sample::integer>("integer"), member<&sample::number>("number"),
                                  member<&sample::time>("time"), member<&sample::raw>("raw"),
                                  member<&sample::status>("status"), member<&sample::optional>("optional"),
                                  member<&sample::field>("field"), member<&sample::fields>("fields"),
                                  cubicasa::omitted_if_unset<&sample::inner>("inner"), member<&sample::parts>("parts"));
}

}  // namespace

using namespace cubicasa;
using namespace cubicasa::test;
using detail::encode_json;

namespace {

// Why a value cannot be written: "place: reason".
std::string problem(const sample& s) {
    std::string out;
    detail::encode_problem p;
    BOOST_TEST(!detail::encode_into(*detail::type_of<sample>(), &s, out, p));
    return p.where + ": " + p.why;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_default_object_writes_null_for_optionals_and_leaves_fields_out) {
    BOOST_TEST(encode_json(sample()) ==
               R"({"text":"","flag":false,"integer":0,"number":0,"time":0,"status":"","optional":null,"parts":[]})");
}

BOOST_AUTO_TEST_CASE(every_kind_of_member_is_written) {
    sample s;
    s.text = "a";
    s.flag = true;
    s.integer = std::numeric_limits<std::int64_t>::min();
    s.number = -93.275918;
    s.time = timestamp(std::chrono::microseconds(1716238626904049));
    s.raw.text = R"({"x":[1]})";
    s.status = order_status("Odd");
    s.optional = 7;
    s.field = nullptr;
    s.fields = std::vector{add_on::gla, add_on("pool")};
    s.inner.emplace().texts = {"p", "q"};
    s.parts.resize(2);
    BOOST_TEST(encode_json(s) ==
               R"({"text":"a","flag":true,"integer":-9223372036854775808,"number":-93.275918,"time":1716238626.904049,)"
               R"("raw":{"x":[1]},"status":"Odd","optional":7,"field":null,"fields":["gla","pool"],)"
               R"("inner":{"text":"","texts":["p","q"]},"parts":[{"text":"","texts":[]},{"text":"","texts":[]}]})");
    s.field = 1.5;
    BOOST_TEST(encode_json(s).find(R"("field":1.5)") != std::string::npos);
    s.field.reset();
    BOOST_TEST(encode_json(s).find(R"("field")") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(texts_are_escaped) {
    std::string all;
    for (int c = 0; c < 0x80; ++c) all.push_back(static_cast<char>(c));
    all += "\u00e9\u20ac\U0001F600";
    std::string out;
    detail::append_json_string(out, all);
    BOOST_TEST(detail::is_json(out));
    BOOST_TEST((json::value_to<std::string>(parsed(out)) == all));
    BOOST_TEST(raw_json::from_string("a\"\\\n\x1f/").text == R"("a\"\\\n\u001f/")");
}

BOOST_AUTO_TEST_CASE(numbers_read_back_as_they_were) {
    std::mt19937_64 random(3);
    sample s;
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t bits = random();
        std::memcpy(&s.number, &bits, sizeof bits);
        if (!std::isfinite(s.number)) continue;
        BOOST_REQUIRE(decoded<sample>(encode_json(s)).number == s.number);
    }
    s.number = 0.1;
    BOOST_TEST(encode_json(s).find(R"("number":0.1,)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_is_refused_by_name) {
    sample s;
    for (const double bad : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()}) {
        s.number = 0;
        s.field = bad;
        BOOST_TEST(problem(s) == "field: is not a finite number");
        s.number = bad;
        BOOST_TEST(problem(s) == "number: is not a finite number");
    }
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused_with_its_place) {
    sample s;
    s.parts.resize(2);
    s.parts[1].texts = {"good", "b\xff"};
    BOOST_TEST(problem(s) == "parts.1.texts.1: is not valid UTF-8");
    s.status = order_status("\xc3");
    BOOST_TEST(problem(s) == "status: is not valid UTF-8");
    BOOST_CHECK_EXCEPTION(encode_json(s), failure,
                          [](const failure& f) { return f.details() == errc::invalid_argument; });
}

BOOST_AUTO_TEST_CASE(raw_json_that_is_not_json_is_refused) {
    sample s;
    for (const char* bad : {"{", "{}{}", "nope", " ", "\"\xff\"", "{\"a\":1},\"b\":2"}) {
        s.raw.text = bad;
        BOOST_TEST(problem(s) == "raw: is not valid JSON");
    }
}

BOOST_AUTO_TEST_CASE(an_order_reads_back_as_it_was) {
    for (const char* name : {"orders.get.response.json", "orders.upgrade.response.json", "drafts.update.response.json",
                             "observed.orders.get.ready.response.json"}) {
        const auto o = decoded<order>(data_file(name));
        BOOST_TEST((decoded<order>(encode_json(o)) == o));
    }
}

BOOST_AUTO_TEST_CASE(a_time_is_written_without_needless_digits) {
    const auto text = [](std::int64_t micros) {
        return detail::unix_seconds(timestamp(std::chrono::microseconds(micros)));
    };
    BOOST_TEST(text(0) == "0");
    BOOST_TEST(text(1760700135000000) == "1760700135");
    BOOST_TEST(text(1748455764159082) == "1748455764.159082");
    BOOST_TEST(text(1000001) == "1.000001");
    BOOST_TEST(text(1500000) == "1.5");
    BOOST_TEST(text(-1) == "-0.000001");
    BOOST_TEST(text(-1500000) == "-1.5");
    BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854.775808");
}

BOOST_AUTO_TEST_CASE(a_field_tells_absent_null_and_value_apart) {
    field<std::string> f;
    BOOST_TEST(f.is_absent());
    f = nullptr;
    BOOST_TEST((f.is_null() && !f.has_value() && !f.is_absent()));
    f = "text";
    BOOST_TEST((*f == "text" && f->size() == 4U && f.has_value() && !f.is_null()));
    f = {};
    BOOST_TEST(f.is_absent());
    f.emplace() = "again";
    BOOST_TEST((f == field<std::string>(std::string("again"))));
    f.reset();
    BOOST_TEST(!f);
    BOOST_TEST((field<std::string>() != field<std::string>(nullptr)));
}

BOOST_AUTO_TEST_CASE(an_open_enumeration_compares_and_prints_as_its_text) {
    const order_status odd("Odd");
    BOOST_TEST((odd == "Odd" && odd != order_status::ready && "Ready" == order_status::ready));
    BOOST_TEST((order_status::draft < order_status::ready));
    BOOST_TEST(order_status().empty());
    std::ostringstream out;
    out << odd << ' ' << add_on::cad_files;
    BOOST_TEST(out.str() == "Odd 3d_cad_files");
}

BOOST_AUTO_TEST_CASE(known_values_are_those_of_the_contract) {
    BOOST_TEST(order_status::new_order.str() == "New");
    BOOST_TEST(order_status::draft.str() == "Draft");
    BOOST_TEST(order_status::pending.str() == "Pending");
    BOOST_TEST(order_status::ready.str() == "Ready");
    BOOST_TEST(order_status::fixing.str() == "Fixing");
    BOOST_TEST(order_type::vbim.str() == "vbim");
    BOOST_TEST(order_type::tier3_lidar.str() == "Tier3-LiDAR");
    BOOST_TEST(package_type::base.str() == "base");
    BOOST_TEST(package_type::plus.str() == "plus");
    BOOST_TEST(package_type::plus_3d.str() == "plus_3d");
    BOOST_TEST(add_on::gla.str() == "gla");
    BOOST_TEST(add_on::express_sla.str() == "express_sla");
    BOOST_TEST(tour_type::floorplan_tour.str() == "floorplan_tour");
}

BOOST_AUTO_TEST_CASE(assets_lists_every_file_of_the_documented_order_in_order) {
    const auto o = decoded<order>(data_file("orders.get.response.json"));
    std::ostringstream out;
    for (const auto& a : assets(o)) out << to_string(a.kind) << '.' << a.format << ' ';
    BOOST_TEST(
        out.str() ==
        "listing_floorplan.jpg listing_floorplan.png listing_floorplan.svg listing_floorplan_dimensions.jpg "
        "listing_floorplan_dimensions.png listing_floorplan_dimensions.svg floorplan_3d.jpg video_3d.mp4 cad.zip "
        "gla_image.png gla_report.pdf home_report.pdf snapshot_report.pdf ");
    BOOST_TEST(assets(o)[8].url == "https://download.cubi.casa/sample_bundle/cad_files.zip");
}

BOOST_AUTO_TEST_CASE(assets_knows_every_array_and_counts_the_files_of_a_kind) {
    order o;
    BOOST_TEST(assets(o).empty());
    auto& d = o.delivery_assets.emplace();
    BOOST_TEST(assets(o).empty());
    auto& p = d.listing_floorplans;
    int n = 0;
    for (auto* list :
         {&p.jpg_urls, &p.png_urls, &p.svg_urls, &p.pdf_urls, &p.zip_urls, &p.jpg_urls_dim, &p.png_urls_dim,
          &p.svg_urls_dim, &p.pdf_urls_dim, &p.zip_urls_dim, &d.floorplans_3d.jpg_urls, &d.video_3d.video_urls,
          &d.cad_files.zip_urls, &d.gla_package.image_urls, &d.gla_package.report_urls, &d.home_report.pdf_urls,
          &d.snapshot.pdf_urls, &d.snapshot.image_urls, &d.property_data.json_urls}) {
        *list = {"https://h/" + std::to_string(n++), "", "https://h/x.JPEG?a.b/c.d"};
    }
    d.tour.link = "https://tour.example";
    const auto all = assets(o);
    BOOST_REQUIRE(all.size() == 38U);
    for (std::size_t i = 0; i < all.size(); i += 2) {
        BOOST_TEST(all[i].url == "https://h/" + std::to_string(i / 2));
        BOOST_TEST(all[i].position == 0U);
        BOOST_TEST(all[i + 1].position == 2U);
        BOOST_TEST((i == 0 || all[i].kind >= all[i - 1].kind));
    }
    BOOST_TEST(all[34].format == "");
    BOOST_TEST(all[35].format == "jpeg");
    BOOST_TEST(all[37].format == "json");
}

BOOST_AUTO_TEST_SUITE_END()
