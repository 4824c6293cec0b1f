// See the header.
#include "asset_index.hpp"

#include <cubicasa/detail/json.hpp>

#include "part_file.hpp"

#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

namespace cubicasa::detail {

// Not in an unnamed namespace, where their tables would not be found.
struct index_head {
    std::string order;
};

constexpr auto members_of(const index_head*) { return member_table(required<&index_head::order>("order")); }

constexpr auto members_of(const indexed_file*) {
    using t = indexed_file;
    return member_table(required<&t::name>("name"), required<&t::url>("url"), member<&t::bytes>("bytes"),
                        member<&t::sha256>("sha256"));
}

error asset_index::open(const std::filesystem::path& folder, const std::string& order_id) {
    folder_ = folder;
    path_ = folder / ".cubicasa-files";
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) return error(error_code(ec.value(), boost::system::generic_category()), "making " + folder.string());
    file_ = descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0666));
    if (!file_) return file_error("opening", path_);
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? error(errc::file_busy, folder.string()) : file_error("locking", path_);
    }
    return read(order_id);
}

error asset_index::read(const std::string& order_id) {
    std::ifstream file(path_, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::string_view rest = text;
    std::size_t good = 0;
    while (true) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;  // what follows was torn
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (good == 0) {
            const auto head = decode_json<index_head>(line);
            if (!head) break;
            if (head->order != order_id) {
                return error(errc::invalid_argument,
                             folder_.string() + " is the folder of another order: " + printable(head->order, 100));
            }
        } else if (auto entry = decode_json<indexed_file>(line)) {
            files_[entry->name] = std::move(*entry);
        }
        good = text.size() - rest.size();
    }
    if (::ftruncate(file_.get(), static_cast<off_t>(good)) != 0) return file_error("writing", path_);
    if (good > 0) return error();
    index_head head;
    head.order = order_id;
    return append(encode_json(head));
}

error asset_index::append(std::string line) {
    line += '\n';
    const ssize_t n = ::write(file_.get(), line.data(), line.size());
    if (n != static_cast<ssize_t>(line.size())) {
        if (n >= 0) errno = ENOSPC;
        return file_error("writing", path_);
    }
    return ::fdatasync(file_.get()) == 0 ? error() : file_error("writing", path_);
}

bool asset_index::has(const std::string& name, const std::string& url, std::uint64_t& bytes) const {
    const std::lock_guard lock(mutex_);
    const auto entry = files_.find(name);
    if (entry == files_.end() || entry->second.url != url) return false;
    std::error_code ec;
    bytes = std::filesystem::file_size(folder_ / name, ec);
    // A part beside it means that somebody has begun to replace it.
    return !ec && bytes == static_cast<std::uint64_t>(entry->second.bytes) && !part_file::left(folder_ / name);
}

error asset_index::add(const indexed_file& file) {
    const std::lock_guard lock(mutex_);
    error failure = append(encode_json(file));
    if (!failure) files_[file.name] = file;
    return failure;
}

}  // namespace cubicasa::detail
