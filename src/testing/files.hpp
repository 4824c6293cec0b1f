// The files that orders refer to: bytes made from a name, at any offset, when they are asked for. Standard library
// only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cubicasa::testing::detail {

// A part of the bytes of a file, which need no memory.
class file_slice {
public:
    file_slice() = default;
    file_slice(std::uint64_t seed, std::string_view first_bytes, std::uint64_t size) noexcept
        : seed_(seed), first_bytes_(first_bytes), size_(size) {}

    std::uint64_t size() const noexcept { return size_; }
    // What lies between; less if the slice ends before.
    file_slice part(std::uint64_t offset, std::uint64_t size) const noexcept;
    // The first of its bytes, which must be there.
    void copy(char* to, std::size_t size) const noexcept;

private:
    std::uint64_t seed_ = 0;
    std::string_view first_bytes_;  // of the file; static
    std::uint64_t offset_ = 0;
    std::uint64_t size_ = 0;
};

// What a name leads to at this time.
struct stored_file {
    int status = 200;
    std::string_view content_type;
    unsigned version = 0;
    std::string etag;
    file_slice bytes;
};

inline constexpr std::string_view files_path = "/files/";
inline constexpr std::string_view redirect_path = "redirect/";  // a number and a name follow

// What follows /files/ in an address, without redirects and the query: the name of the file.
std::string_view file_name(std::string_view address) noexcept;

// Every name is a file, until it is removed.
class file_store {
public:
    stored_file find(std::string_view name) const;

    void change(std::string_view name);
    // `status` is what the file is answered with; 200 restores it.
    void set_status(std::string_view name, int status);
    // From now on files in this folder are there for addresses with this query only, question mark and all.
    void expire(std::string_view folder, std::string query);
    bool is_expired(std::string_view name, std::string_view query) const;

private:
    struct history {
        unsigned version = 0;
        int status = 200;
    };

    history& history_of(std::string_view name);

    std::map<std::string, history, std::less<>> changed_;
    std::map<std::string, std::string, std::less<>> links_;  // the queries of folders
};

}  // namespace cubicasa::testing::detail
