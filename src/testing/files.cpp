// The files that orders refer to: made from their address alone, with the first bytes that their type demands.
#include "files.hpp"

#include "generated_order.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace cubicasa::testing::detail {

namespace {

struct file_type {
    std::string_view extension;
    std::string_view content_type;
    std::string_view first_bytes;
};

constexpr file_type file_types[] = {
    {".jpg", "image/jpeg", "\xff\xd8\xff\xe0"},
    {".png", "image/png", "\x89PNG\r\n\x1a\n"},
    {".pdf", "application/pdf", "%PDF-1.4\n"},
    {".svg", "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"},
    {".zip", "application/zip", "PK\x03\x04"},
    {".mp4", "video/mp4", ""},
};
constexpr std::string_view sized_path = "size/";
constexpr std::size_t greatest_size = 256UL * 1024 * 1024;

}  // namespace

answer make_file(std::string_view path) {
    const std::uint64_t seed = mix(path);
    std::size_t size = 2048 + seed % 30'000;
    if (path.starts_with(sized_path)) {
        std::from_chars(path.data() + sized_path.size(), path.data() + path.size(), size);
        size = std::min(size, greatest_size);
    }
    answer out;
    out.content_type = "application/octet-stream";
    out.body.resize((size + 7) / 8 * 8);
    std::uint64_t state = seed;
    for (std::size_t i = 0; i < out.body.size(); i += 8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        std::memcpy(out.body.data() + i, &state, 8);
    }
    out.body.resize(size);
    for (const file_type& type : file_types) {
        if (!path.ends_with(type.extension)) continue;
        out.content_type = type.content_type;
        std::copy_n(type.first_bytes.data(), std::min(size, type.first_bytes.size()), out.body.begin());
    }
    return out;
}

}  // namespace cubicasa::testing::detail
