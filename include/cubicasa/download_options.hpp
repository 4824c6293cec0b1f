// What a download may do, what it tells meanwhile, and what it says in the end. Light Asio headers only.
#pragma once

#include <cubicasa/error.hpp>
#include <cubicasa/models/asset.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa {

// Which file of which order a link leads to, so that a new link can be asked for when the old one is dead.
class asset_source {
public:
    asset_source() {}
    asset_source(std::string order, const asset& a)
        : order_id(std::move(order)), kind(a.kind), format(a.format), position(a.position) {}

    std::string order_id;
    asset_kind kind = asset_kind::listing_floorplan;
    std::string format;
    std::size_t position = 0;
};

// A moment of a download.
struct download_progress {
    std::filesystem::path file;          // where it goes; empty for a sink
    std::uint64_t bytes = 0;             // that are here, those of earlier calls included
    std::optional<std::uint64_t> total;  // if the server has told
    double rate = 0;                     // bytes in a second, of late
};

class download_options {
public:
    download_options() {}

    bool resume = true;                   // go on with what an earlier download of the same URL has left
    bool sha256 = true;                   // compute it; a fast disk and network may be slowed down by it
    bool refuse_html = true;              // by Content-Type, and by the first bytes: a login page is no floor plan
    int max_attempts = 5;                 // in a row that bring nothing new
    int max_redirects = 5;                // more are errc::redirected
    std::uint64_t max_size = UINT64_MAX;  // bytes; errc::body_too_large
    std::chrono::milliseconds stall{std::chrono::seconds(30)};  // the longest time without a byte
    std::optional<std::chrono::milliseconds> total;             // for the whole download; unset: no limit

    // Where to ask for a new link, once, when this one is answered with 403, 404 or 410.
    std::optional<asset_source> source;

    // Told at most once in `progress_interval`, and once at the end of a good download, on the client's threads. What
    // it throws is ignored.
    std::function<void(const download_progress&)> progress;
    std::chrono::milliseconds progress_interval{250};
};

struct downloaded {
    std::filesystem::path path;  // empty for a sink
    std::uint64_t bytes = 0;     // of the whole file
    std::uint64_t fetched = 0;   // of these, read from the network by this call
    std::string sha256;          // in hexadecimal; empty if it was not wanted
    std::string url;             // that the file came from in the end, without its query
    std::string etag;            // as the server sent it
    std::string content_type;
    int attempts = 0;  // requests, redirects included
};

class assets_options {
public:
    assets_options() {}

    std::vector<asset_kind> kinds;  // only these; empty: all
    std::size_t in_flight = 4;      // files at once
    download_options each;          // for each file; its `source` is not looked at
};

// One file of an order that is here.
struct fetched_asset {
    asset what;
    downloaded file;
};

// One that was here already.
struct skipped_asset {
    asset what;
    std::filesystem::path path;
    std::uint64_t bytes = 0;
};

struct failed_asset {
    asset what;
    std::filesystem::path path;
    error why;
};

// Each in the order of assets().
struct assets_report {
    std::string order_id;
    std::vector<fetched_asset> fetched;
    std::vector<skipped_asset> skipped;
    std::vector<failed_asset> failed;

    // Everything that was wanted is here.
    bool complete() const noexcept { return failed.empty(); }
};

// Takes the next bytes. They are valid until the awaitable ends.
using download_sink = std::function<boost::asio::awaitable<void>(std::string_view)>;

}  // namespace cubicasa
