// assets(): every file of an order in one list.
#include <cubicasa/models/asset.hpp>

#include <algorithm>

namespace cubicasa {

std::string_view to_string(asset_kind k) noexcept {
    switch (k) {
        case asset_kind::listing_floorplan:
            return "listing_floorplan";
        case asset_kind::listing_floorplan_dimensions:
            return "listing_floorplan_dimensions";
        case asset_kind::floorplan_3d:
            return "floorplan_3d";
        case asset_kind::video_3d:
            return "video_3d";
        case asset_kind::cad:
            return "cad";
        case asset_kind::gla_image:
            return "gla_image";
        case asset_kind::gla_report:
            return "gla_report";
        case asset_kind::home_report:
            return "home_report";
        case asset_kind::snapshot_report:
            return "snapshot_report";
        case asset_kind::snapshot_image:
            return "snapshot_image";
        case asset_kind::property_data:
            return "property_data";
    }
    return "";
}

namespace {

// In lower case, or nothing if it is not one.
std::string as_extension(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return {};
    }
    return out.size() <= 5 ? out : std::string();
}

// The extension of the file that a URL names: letters and digits, in lower case; otherwise nothing.
std::string extension(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t host = url.find("://");
    if (host != std::string_view::npos) url.remove_prefix(host + 3);
    const std::size_t slash = url.rfind('/');
    if (slash == std::string_view::npos) return {};
    url.remove_prefix(slash + 1);
    const std::size_t dot = url.rfind('.');
    if (dot == std::string_view::npos) return {};
    return as_extension(url.substr(dot + 1));
}

class collector {
public:
    // `format` empty: as the URL says, since the API does not.
    void add(asset_kind kind, std::string_view format, const url_list& urls) {
        for (std::size_t i = 0; i < urls.size(); ++i) {
            if (urls[i].empty()) continue;
            out.push_back({kind, format.empty() ? extension(urls[i]) : std::string(format), urls[i], i});
        }
    }

    std::vector<asset> out;
};

}  // namespace

std::string file_name(const asset& a) {
    std::string out(to_string(a.kind));
    out.append("_").append(std::to_string(a.position));
    const std::string extension = as_extension(a.format);
    if (!extension.empty()) out.append(".").append(extension);
    return out;
}

std::string folder_name(const order& o) {
    constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : o.id) {
        if (safe.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return out.empty() ? "%" : out;
}

std::vector<asset> assets(const order& o) {
    collector files;
    if (!o.delivery_assets) return {};
    const auto& d = *o.delivery_assets;
    using enum asset_kind;
    const auto& plans = d.listing_floorplans;
    files.add(listing_floorplan, "jpg", plans.jpg_urls);
    files.add(listing_floorplan, "png", plans.png_urls);
    files.add(listing_floorplan, "svg", plans.svg_urls);
    files.add(listing_floorplan, "pdf", plans.pdf_urls);
    files.add(listing_floorplan, "zip", plans.zip_urls);
    files.add(listing_floorplan_dimensions, "jpg", plans.jpg_urls_dim);
    files.add(listing_floorplan_dimensions, "png", plans.png_urls_dim);
    files.add(listing_floorplan_dimensions, "svg", plans.svg_urls_dim);
    files.add(listing_floorplan_dimensions, "pdf", plans.pdf_urls_dim);
    files.add(listing_floorplan_dimensions, "zip", plans.zip_urls_dim);
    files.add(floorplan_3d, "jpg", d.floorplans_3d.jpg_urls);
    files.add(asset_kind::video_3d, "mp4", d.video_3d.video_urls);
    files.add(cad, "zip", d.cad_files.zip_urls);
    files.add(gla_image, {}, d.gla_package.image_urls);
    files.add(gla_report, "pdf", d.gla_package.report_urls);
    files.add(asset_kind::home_report, "pdf", d.home_report.pdf_urls);
    files.add(snapshot_report, "pdf", d.snapshot.pdf_urls);
    files.add(snapshot_image, {}, d.snapshot.image_urls);
    files.add(asset_kind::property_data, "json", d.property_data.json_urls);
    return std::move(files.out);
}

}  // namespace cubicasa
