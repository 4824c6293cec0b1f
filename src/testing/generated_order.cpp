// The text of generated orders, written directly: a hundred thousand of them cost nothing until they are asked for.
#include "generated_order.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace cubicasa::testing::detail {

namespace {

struct place {
    std::string_view city;
    std::string_view state;
    std::string_view country;
    std::string_view postal_code;
    int latitude;  // in millionths of a degree
    int longitude;
};

constexpr std::array<place, 6> places{{
    {"Minneapolis", "Minnesota", "United States", "55411", 44986947, -93275918},
    {"New Orleans", "Louisiana", "United States", "70130", 29958365, -90066198},
    {"Austin", "Texas", "United States", "78701", 30267153, -97743061},
    {"Helsinki", "Uusimaa", "Finland", "00100", 60169857, 24938379},
    {"Oulu", "North Ostrobothnia", "Finland", "90100", 65012089, 25465077},
    {"Orl\u00e9ans", "Centre-Val de Loire", "France", "45000", 47902964, 1909251},
}};
constexpr std::array<std::string_view, 5> streets{"North Washington Avenue", "Bourbon Street", "Harbour Road",
                                                  "Elm Street", "Mill Lane"};
constexpr std::array<std::string_view, 10> statuses{"Ready", "Pending", "Ready",  "New",     "Ready",
                                                    "Draft", "Ready",   "Fixing", "Pending", "Ready"};
constexpr std::array<std::string_view, 3> packages{"base", "plus", "plus_3d"};
constexpr std::array<std::string_view, 3> all_add_ons{"gla", "3d_cad_files", "express_sla"};

void append_integer(std::string& out, std::int64_t number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_millionths(std::string& out, std::int64_t number) {
    if (number < 0) {
        out += '-';
        number = -number;
    }
    append_integer(out, number / 1'000'000);
    char digits[8];
    const auto end = std::to_chars(digits, digits + sizeof digits, 1'000'000 + number % 1'000'000).ptr;
    digits[0] = '.';
    out.append(digits, end);
}

void append_quoted(std::string& out, std::string_view text) { out.append(1, '"').append(text).append(1, '"'); }

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out.append(",\"").append(name).append("\":");
    append_quoted(out, value);
}

// Each element of `words` for which `wanted(index)` holds.
template <class Words, class Wanted>
void append_words(std::string& out, const Words& words, Wanted wanted) {
    out += '[';
    const char* separator = "";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!wanted(i)) continue;
        out += separator;
        append_quoted(out, words[i]);
        separator = ",";
    }
    out += ']';
}

std::size_t package_of(std::uint64_t random) { return (random >> 8) % packages.size(); }

void append_product(std::string& out, std::uint64_t random, bool listed) {
    const std::size_t package = package_of(random);
    const bool cad_possible = package > 0;
    const auto bought = [&](std::size_t i) { return ((random >> (16 + i)) & 1) != 0 && (i != 1 || cad_possible); };
    out += ",\"product\":{\"add_ons\":";
    append_words(out, all_add_ons, bought);
    out += ",\"over_limits\":[]";
    append_member(out, "package_type", packages[package]);
    if (listed) {
        out += ",\"purchasable_add_ons\":null,\"purchasable_package_types\":null}";
        return;
    }
    out += ",\"purchasable_add_ons\":";
    append_words(out, all_add_ons, [&](std::size_t i) { return !bought(i) && (i != 1 || cad_possible); });
    out += ",\"purchasable_package_types\":";
    append_words(out, packages, [&](std::size_t i) { return i > package; });
    out += '}';
}

void append_common(std::string& out, const generated_order& o, bool listed) {
    const std::uint64_t random = mix(o.number);
    const place& where = places[random % places.size()];
    std::string street;
    append_integer(street, static_cast<std::int64_t>((random >> 32) % 900 + 1));
    street.append(" ").append(streets[(random >> 44) % streets.size()]);
    const std::string_view suite = (random >> 50) % 4 == 0 ? "A1" : "";

    out += "{\"id\":";
    append_quoted(out, o.id);
    out += ",\"info\":{\"status\":";
    append_quoted(out, o.status);
    if (o.created_by.empty()) {
        out += ",\"created_by\":null";
    } else {
        append_member(out, "created_by", o.created_by);
    }
    out.append(",\"location\":\"").append(street).append(suite.empty() ? "" : " ").append(suite);
    out.append(" ").append(where.city).append("\"");
    append_member(out, "order_type", "vbim");
    out += ",\"first_delivered_at\":";
    if (is_delivered(o.status)) {
        append_seconds(out, o.created_at + 6LL * 3600 * 1'000'000);
    } else {
        out += "null";
    }
    out += ",\"created_at\":";
    append_seconds(out, o.created_at);
    out += ",\"is_scan_order\":true,\"total_scanned_area\":";
    append_integer(out, static_cast<std::int64_t>((random >> 20) % 400));
    if ((random & 1) != 0) out += ".5";
    out += ",\"go2scan\":null,\"external_id\":";
    if (o.number % 7 == 6) {
        out += "null";
    } else {
        out += "\"SBX";
        append_integer(out, static_cast<std::int64_t>(100'000 + o.number));
        out += '"';
    }
    out += ",\"add_info\":\"\",\"style_template\":";
    out += o.number % 5 == 0
               ? "{\"id\":\"a51c5a27-b4b4-4e35-8084-a06b894e5248\",\"name\":\"Earth tones\",\"preview_colors\":"
                 "[\"#f4ede7\",\"#eccaaf\",\"#777777\",\"#000000\"]}"
               : "null";
    if (listed || !is_delivered(o.status)) {
        out += ",\"model_id\":null";
    } else {
        append_member(out, "model_id", make_uuid(mix(random)));
    }
    append_product(out, random, listed);

    out += "},\"address\":{\"city\":";
    append_quoted(out, where.city);
    append_member(out, "country", where.country);
    out.append(",\"full_address\":\"").append(street).append(", ").append(where.city).append(", ").append(where.state);
    out.append(" ").append(where.postal_code).append(", ").append(where.country).append("\",\"latitude\":");
    append_millionths(out, where.latitude + static_cast<std::int64_t>((random >> 12) % 10'000));
    out += ",\"longitude\":";
    append_millionths(out, where.longitude + static_cast<std::int64_t>((random >> 26) % 10'000));
    append_member(out, "number", "");
    append_member(out, "postalCode", where.postal_code);
    append_member(out, "state", where.state);
    append_member(out, "street", street);
    append_member(out, "suite", suite);
    out += '}';
}

}  // namespace

account make_account(std::size_t number) {
    static constexpr std::array<std::string_view, account_count> emails{"manager@cubicasa.com", "anna@agency.example",
                                                                        "ben@agency.example", "carla@agency.example"};
    static constexpr std::array<std::string_view, 2> offices{"Main office", "North office"};
    account a;
    a.email = number < emails.size() ? std::string(emails[number]) : std::string();
    a.id = make_uuid(mix("user" + std::to_string(number)));
    const std::size_t office = number / 2 % offices.size();
    a.office = offices[office];
    a.office_id = make_uuid(mix(offices[office]));
    return a;
}

std::uint64_t mix(std::uint64_t z) noexcept {
    z += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::uint64_t mix(std::string_view text) noexcept {
    std::uint64_t z = 0xcbf29ce484222325;
    for (const char c : text) z = (z ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return mix(z);
}

std::string make_uuid(std::uint64_t number) {
    static constexpr char digits[] = "0123456789abcdef";
    const std::uint64_t halves[] = {mix(number), mix(~number)};
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
        out += digits[(halves[i / 16] >> (4 * (15 - i % 16))) & 0xf];
    }
    out[14] = '4';  // version and variant of a random UUID
    out[19] = digits[8 + (halves[1] >> 60) % 4];
    return out;
}

std::string_view generated_status(std::uint64_t number) noexcept { return statuses[number % statuses.size()]; }

void append_seconds(std::string& out, std::int64_t microseconds) { append_millionths(out, microseconds); }

bool is_delivered(std::string_view status) noexcept { return status == "Ready" || status == "Fixing"; }

void append_list_item(std::string& out, const generated_order& o) {
    append_common(out, o, true);
    out += '}';
}

void append_order(std::string& out, const generated_order& o, std::string_view files_url,
                  const delivery_state& delivery) {
    append_common(out, o, false);
    out += ",\"delivery_assets\":";
    if (is_delivered(o.status)) {
        append_assets(out, o.id, packages[package_of(mix(o.number))], files_url, delivery);
    } else {
        out += "null";
    }
    out += '}';
}

std::string files_folder(std::string_view order_id, const delivery_state& delivery) {
    return make_uuid(mix(order_id) + delivery.number);
}

std::string link_query(const delivery_state& delivery) {
    return delivery.links == 0 ? std::string() : "?link=" + std::to_string(delivery.links);
}

void append_assets(std::string& out, std::string_view id, std::string_view package_type, std::string_view files_url,
                   const delivery_state& delivery) {
    const std::string folder = files_folder(id, delivery);
    const std::string query = link_query(delivery);
    const auto files = [&](std::string_view member, std::string_view file, std::string_view extension, int count) {
        append_quoted(out, member);
        out += ":[";
        for (int i = 0; i < count; ++i) {
            out.append(i == 0 ? "\"" : ",\"").append(files_url).append(folder).append("/").append(file).append("_");
            append_integer(out, i);
            out.append(".").append(extension).append(query).append("\"");
        }
        out += ']';
    };
    out += "{\"listing_floorplans\":{";
    bool first = true;
    for (const std::string_view dimensions : {std::string_view(), std::string_view("_dim")}) {
        for (const std::string_view type : {"jpg", "png", "svg", "pdf", "zip"}) {
            if (!std::exchange(first, false)) out += ',';
            const int count = type == "zip" ? 0 : type == "pdf" ? 1 : 2;
            files(std::string(type) + "_urls" + std::string(dimensions), "floorplan" + std::string(dimensions), type,
                  count);
        }
    }
    out += '}';
    const bool reports = package_type != "base";
    const bool models = package_type == "plus_3d";
    out += ",\"floorplans_3d\":{";
    files("jpg_urls", "floorplan_3d", "jpg", models ? 1 : 0);
    out += "},\"video_3d\":{";
    files("video_urls", "video", "mp4", models ? 1 : 0);
    out += "},\"cad_files\":null,\"gla_package\":null,\"home_report\":{";
    files("pdf_urls", "home_report", "pdf", reports ? 1 : 0);
    out += "},\"snapshot\":{";
    files("pdf_urls", "snapshot_report", "pdf", reports ? 1 : 0);
    out += ",\"image_urls\":null},\"property_data\":{\"json_urls\":[]},\"tour\":null}";
}

}  // namespace cubicasa::testing::detail
