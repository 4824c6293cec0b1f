// The files of an order, part by part as on the wire. Includes only detail/members.hpp and the enumerations.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/models/enumerations.hpp>

namespace cubicasa {

// Every array holds URLs, and every text may be empty: null, absent and [] mean the same here (contract 4.6). The
// URLs are fetched without the API key. assets() in asset.hpp gives them all in one list.
using url_list = std::vector<std::string>;

struct listing_floorplans {
    url_list jpg_urls;  // one image per floor
    url_list png_urls;
    url_list svg_urls;
    url_list pdf_urls;  // one merged document
    url_list zip_urls;
    url_list jpg_urls_dim;  // the same with dimensions drawn
    url_list png_urls_dim;
    url_list svg_urls_dim;
    url_list pdf_urls_dim;
    url_list zip_urls_dim;

    friend bool operator==(const listing_floorplans&, const listing_floorplans&) = default;
};

struct floorplans_3d {
    url_list jpg_urls;

    friend bool operator==(const floorplans_3d&, const floorplans_3d&) = default;
};

struct video_3d {
    url_list video_urls;  // mp4

    friend bool operator==(const video_3d&, const video_3d&) = default;
};

struct cad_files {
    url_list zip_urls;

    friend bool operator==(const cad_files&, const cad_files&) = default;
};

struct gla_package {
    url_list image_urls;
    url_list report_urls;  // pdf
    std::string gla_formula_text;

    friend bool operator==(const gla_package&, const gla_package&) = default;
};

struct home_report {
    url_list pdf_urls;

    friend bool operator==(const home_report&, const home_report&) = default;
};

struct snapshot {
    url_list pdf_urls;
    url_list image_urls;

    friend bool operator==(const snapshot&, const snapshot&) = default;
};

struct property_data {
    url_list json_urls;

    friend bool operator==(const property_data&, const property_data&) = default;
};

// Web pages, not files.
struct tour {
    std::string link;                 // branded
    std::string mls_compliance_link;  // unbranded
    tour_type type;

    friend bool operator==(const tour&, const tour&) = default;
};

struct delivery_assets {
    cubicasa::listing_floorplans listing_floorplans;
    cubicasa::floorplans_3d floorplans_3d;
    cubicasa::video_3d video_3d;
    cubicasa::cad_files cad_files;
    cubicasa::gla_package gla_package;
    cubicasa::home_report home_report;
    cubicasa::snapshot snapshot;
    cubicasa::property_data property_data;
    cubicasa::tour tour;

    friend bool operator==(const delivery_assets&, const delivery_assets&) = default;
};

constexpr auto members_of(const listing_floorplans*) {
    using t = listing_floorplans;
    return member_table(member<&t::jpg_urls>("jpg_urls"), member<&t::png_urls>("png_urls"),
                        member<&t::svg_urls>("svg_urls"), member<&t::jpg_urls_dim>("jpg_urls_dim"),
                        member<&t::png_urls_dim>("png_urls_dim"), member<&t::svg_urls_dim>("svg_urls_dim"),
                        member<&t::zip_urls>("zip_urls"), member<&t::zip_urls_dim>("zip_urls_dim"),
                        member<&t::pdf_urls>("pdf_urls"), member<&t::pdf_urls_dim>("pdf_urls_dim"));
}

constexpr auto members_of(const floorplans_3d*) { return member_table(member<&floorplans_3d::jpg_urls>("jpg_urls")); }

constexpr auto members_of(const video_3d*) { return member_table(member<&video_3d::video_urls>("video_urls")); }

constexpr auto members_of(const cad_files*) { return member_table(member<&cad_files::zip_urls>("zip_urls")); }

constexpr auto members_of(const gla_package*) {
    return member_table(member<&gla_package::image_urls>("image_urls"),
                        member<&gla_package::report_urls>("report_urls"),
                        member<&gla_package::gla_formula_text>("gla_formula_text"));
}

constexpr auto members_of(const home_report*) { return member_table(member<&home_report::pdf_urls>("pdf_urls")); }

constexpr auto members_of(const snapshot*) {
    return member_table(member<&snapshot::pdf_urls>("pdf_urls"), member<&snapshot::image_urls>("image_urls"));
}

constexpr auto members_of(const property_data*) { return member_table(member<&property_data::json_urls>("json_urls")); }

constexpr auto members_of(const tour*) {
    return member_table(member<&tour::link>("link"), member<&tour::mls_compliance_link>("mls_compliance_link"),
                        member<&tour::type>("type"));
}

constexpr auto members_of(const delivery_assets*) {
    using t = delivery_assets;
    return member_table(member<&t::listing_floorplans>("listing_floorplans"),
                        member<&t::floorplans_3d>("floorplans_3d"), member<&t::video_3d>("video_3d"),
                        member<&t::cad_files>("cad_files"), member<&t::gla_package>("gla_package"),
                        member<&t::home_report>("home_report"), member<&t::snapshot>("snapshot"),
                        member<&t::property_data>("property_data"), member<&t::tour>("tour"));
}

}  // namespace cubicasa
