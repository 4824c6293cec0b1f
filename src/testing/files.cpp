// A file is a counter behind a mixing function, so that its bytes can be made from anywhere.
#include "files.hpp"

#include "generated_order.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

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
constexpr std::uint64_t greatest_size = std::uint64_t(64) * 1024 * 1024 * 1024;
constexpr std::uint64_t step = 0x9e3779b97f4a7c15;

// splitmix64. Not mix(), since a call for each eight bytes would be half of the time.
inline std::uint64_t word_at(std::uint64_t seed, std::uint64_t number) noexcept {
    std::uint64_t z = seed + number * step;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::uint64_t size_of(std::string_view name, std::uint64_t random) noexcept {
    std::uint64_t size = 2048 + random % 30'000;
    if (name.starts_with(sized_path)) std::from_chars(name.data() + sized_path.size(), name.data() + name.size(), size);
    return std::min(size, greatest_size);
}

}  // namespace

file_slice file_slice::part(std::uint64_t offset, std::uint64_t size) const noexcept {
    file_slice out = *this;
    offset = std::min(offset, size_);
    out.offset_ = offset_ + offset;
    out.size_ = std::min(size, size_ - offset);
    return out;
}

void file_slice::copy(char* to, std::size_t size) const noexcept {
    char* const begin = to;
    std::size_t left = size;
    std::uint64_t number = offset_ / 8;
    const auto copy_from_word = [&](std::size_t skip) {
        const std::uint64_t word = word_at(seed_, number++);
        char bytes[8];
        std::memcpy(bytes, &word, 8);
        const std::size_t count = std::min(8 - skip, left);
        std::memcpy(to, bytes + skip, count);
        to += count;
        left -= count;
    };
    if (offset_ % 8 != 0) copy_from_word(offset_ % 8);
    for (; left >= 8; left -= 8, to += 8) {
        const std::uint64_t word = word_at(seed_, number++);
        std::memcpy(to, &word, 8);
    }
    if (left > 0) copy_from_word(0);
    if (offset_ >= first_bytes_.size()) return;
    const std::string_view type = first_bytes_.substr(static_cast<std::size_t>(offset_), size);
    std::copy(type.begin(), type.end(), begin);
}

std::string_view file_name(std::string_view address) noexcept {
    if (const std::size_t at = address.find(files_path); at != std::string_view::npos) {
        address.remove_prefix(at + files_path.size());
    }
    if (address.starts_with(redirect_path)) {
        const std::size_t slash = std::min(address.find('/', redirect_path.size()), address.size() - 1);
        address.remove_prefix(slash + 1);
    }
    return address.substr(0, address.find('?'));
}

stored_file file_store::find(std::string_view name) const {
    stored_file out;
    if (const auto found = changed_.find(name); found != changed_.end()) {
        out.version = found->second.version;
        out.status = found->second.status;
    }
    const std::uint64_t random = mix(name);
    const std::uint64_t seed = mix(random + out.version);
    out.etag = "\"" + make_uuid(seed) + "\"";
    out.content_type = "application/octet-stream";
    std::string_view first_bytes;
    for (const file_type& type : file_types) {
        if (!name.ends_with(type.extension)) continue;
        out.content_type = type.content_type;
        first_bytes = type.first_bytes;
    }
    out.bytes = file_slice(seed, first_bytes, size_of(name, random));
    return out;
}

file_store::history& file_store::history_of(std::string_view name) {
    return changed_.try_emplace(std::string(name)).first->second;
}

void file_store::change(std::string_view name) { ++history_of(name).version; }

void file_store::set_status(std::string_view name, int status) { history_of(name).status = status; }

void file_store::expire(std::string_view folder, std::string query) {
    links_.insert_or_assign(std::string(folder), std::move(query));
}

bool file_store::is_expired(std::string_view name, std::string_view query) const {
    const auto found = links_.find(name.substr(0, name.find('/')));
    return found != links_.end() && found->second.substr(1) != query;
}

}  // namespace cubicasa::testing::detail
