// Parts of files: locked, checked, appended to, and made final.
#include "part_file.hpp"

#include <cubicasa/detail/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace cubicasa::detail {

namespace {

// What PATH.part.info holds, as JSON.
struct part_note {
    std::string url;     // asked for, without query
    std::string source;  // that answered in the end
    std::string etag;
    std::string last_modified;
    std::optional<std::int64_t> length;
    std::string boot;  // of the machine
};

constexpr auto members_of(const part_note*) {
    using t = part_note;
    return member_table(required<&t::url>("url"), required<&t::source>("source"), member<&t::etag>("etag"),
                        member<&t::last_modified>("last_modified"), member<&t::length>("length"),
                        member<&t::boot>("boot"));
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// The same until the machine starts again; empty where nobody knows.
const std::string& current_boot() {
    static const std::string id = [] {
        std::string text = content_of("/proc/sys/kernel/random/boot_id");
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }();
    return id;
}

bool same_inode(int fd, const std::filesystem::path& path) {
    struct stat a {};
    struct stat b {};
    return ::fstat(fd, &a) == 0 && ::stat(path.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::filesystem::path with_suffix(std::filesystem::path path, const char* suffix) { return path += suffix; }

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

part_file::part_file(std::filesystem::path target, bool with_digest)
    : target_(std::move(target)),
      part_(with_suffix(target_, ".part")),
      info_(with_suffix(target_, ".part.info")),
      digest_(with_digest) {}

part_file::~part_file() { close(); }

void part_file::close() noexcept {
    if (file_ && !facts_.resumable()) {
        std::error_code ignored;
        std::filesystem::remove(info_, ignored);
        std::filesystem::remove(part_, ignored);
    }
    file_ = descriptor();
}

bool part_file::left(const std::filesystem::path& target) {
    std::error_code ec;
    if (std::filesystem::exists(std::filesystem::symlink_status(with_suffix(target, ".part"), ec))) return true;
    std::filesystem::remove(with_suffix(target, ".part.info"), ec);
    return false;
}

error part_file::lock() {
    for (;;) {
        // A link of that name was not made by us.
        file_ = descriptor(::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
        if (!file_) return file_error("opening", part_);
        if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
            const error failure =
                errno == EWOULDBLOCK ? error(errc::file_busy, part_.string()) : file_error("locking", part_);
            file_ = descriptor();
            return failure;
        }
        // Between the two calls the one who had it may have made it final.
        if (same_inode(file_.get(), part_)) return error();
    }
}

error part_file::open(const std::string& url, bool resume, const std::atomic<bool>& stop) {
    std::error_code ignored;
    if (std::filesystem::is_directory(target_, ignored)) {
        errno = EISDIR;
        return file_error("writing", target_);
    }
    error failure = lock();
    if (failure) return failure;
    const auto note = decode_json<part_note>(content_of(info_));
    if (resume && note && note->url == url && note->boot == current_boot()) {
        facts_.url = note->url;
        facts_.source = note->source;
        facts_.etag = note->etag;
        facts_.last_modified = note->last_modified;
        if (note->length) facts_.length = static_cast<std::uint64_t>(*note->length);
        struct stat now {};
        if (::fstat(file_.get(), &now) != 0) return file_error("reading", part_);
        facts_.size = static_cast<std::uint64_t>(now.st_size);
        if (facts_.resumable()) return read_back(stop);
    }
    return begin(part_facts());
}

// Makes the digest that of the part.
error part_file::read_back(const std::atomic<bool>& stop) {
    std::uint64_t at = 0;
    std::vector<char> piece(digest_ ? 256 * 1024 : 0);
    while (digest_ && at < facts_.size) {
        if (stop) return error(errc::cancelled);
        const ssize_t n = ::pread(file_.get(), piece.data(), piece.size(), static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error("reading", part_);
        if (n == 0) return begin(part_facts());  // somebody has cut it
        digest_.update({piece.data(), static_cast<std::size_t>(n)});
        at += static_cast<std::uint64_t>(n);
    }
    if (::lseek(file_.get(), static_cast<off_t>(facts_.size), SEEK_SET) < 0) return file_error("reading", part_);
    return error();
}

error part_file::begin(const part_facts& identity) {
    facts_ = part_facts();
    digest_.reset();
    written_.restart();
    // In this order: a note about another file must never stand beside bytes of this one.
    if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) < 0) return file_error("writing", part_);
    if (!identity.source.empty() && !remember(identity)) return file_error("writing", info_);
    facts_ = identity;
    facts_.size = 0;
    return error();
}

bool part_file::remember(const part_facts& identity) const {
    part_note note;
    note.url = identity.url;
    note.source = identity.source;
    note.etag = identity.etag;
    note.last_modified = identity.last_modified;
    if (identity.length) note.length = static_cast<std::int64_t>(*identity.length);
    note.boot = current_boot();
    std::string text;
    encode_problem odd;
    // Without a note the part cannot be resumed, which is no reason not to download.
    if (!encode_into(*type_of<part_note>(), &note, text, odd)) text.clear();
    const descriptor file(::open(info_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!file) return false;
    const ssize_t n = ::write(file.get(), text.data(), text.size());
    if (n >= 0 && static_cast<std::size_t>(n) < text.size()) errno = ENOSPC;
    return n == static_cast<ssize_t>(text.size());
}

error part_file::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error("writing", part_);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return error();
}

error part_file::append(std::string_view bytes) {
    error failure = write(bytes);
    if (failure) {
        // So that the part and its digest go on to be of the same bytes.
        const auto size = static_cast<off_t>(facts_.size);
        if (::ftruncate(file_.get(), size) != 0 || ::lseek(file_.get(), size, SEEK_SET) < 0) facts_ = part_facts();
        return failure;
    }
    digest_.update(bytes);
    facts_.size += bytes.size();
    written_.grown(file_.get(), facts_.size);
    return failure;
}

error part_file::sync() {
    if (::fsync(file_.get()) != 0) return file_error("writing", part_);
    sha256_ = digest_.hex();
    return error();
}

error part_file::finish() {
    // Somebody may have taken the part away, or put another file in its place.
    if (!same_inode(file_.get(), part_)) {
        errno = ENOENT;
        return file_error("renaming", part_);
    }
    if (::rename(part_.c_str(), target_.c_str()) != 0) return file_error("writing", target_);
    file_ = descriptor();
    std::error_code ignored;
    std::filesystem::remove(info_, ignored);
    const auto folder = folder_of(target_);
    const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot, and say so.
    if (!opened || (::fsync(opened.get()) != 0 && errno != EINVAL && errno != ENOTSUP)) {
        return file_error("writing", folder);
    }
    return error();
}

}  // namespace cubicasa::detail
