// The files of an order as one list. Includes only order.hpp.
#pragma once

#include <cubicasa/models/order.hpp>

#include <cstddef>

namespace cubicasa {

// What a file shows. The values are in the order in which assets() lists them.
enum class asset_kind {
    listing_floorplan,
    listing_floorplan_dimensions,
    floorplan_3d,
    video_3d,
    cad,
    gla_image,
    gla_report,
    home_report,
    snapshot_report,
    snapshot_image,
    property_data,
};

// A name for people and for file names: "listing_floorplan".
std::string_view to_string(asset_kind) noexcept;

struct asset {
    asset_kind kind = asset_kind::listing_floorplan;
    std::string format;        // "jpg", in lower case; empty when neither the API nor the URL tells
    std::string url;           // fetched without the API key
    std::size_t position = 0;  // in the array of its kind and format, from 0; images of floors are counted so

    friend bool operator==(const asset&, const asset&) = default;
};

// A name for the file: "listing_floorplan_0.jpg". Made of kind, position and format alone, so it is the same in each
// run and safe on every file system; a format that is not of 1 to 5 letters and digits is left out.
std::string file_name(const asset&);

// A name for a folder of its own: the id of the order, with %XX for every byte that is no letter, digit, '-' or '_'.
std::string folder_name(const order&);

// Every file of the order: by kind as in asset_kind, then jpg, png, svg, pdf, zip, then position. Links to tours are
// web pages and not among them; an entry that is empty text is left out. None for an order from a list.
std::vector<asset> assets(const order&);

}  // namespace cubicasa
