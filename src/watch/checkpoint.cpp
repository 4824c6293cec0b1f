// See the header.
#include "checkpoint.hpp"

#include <cubicasa/detail/json.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace cubicasa::detail {

namespace {

constexpr std::string_view checkpoint_head = "cubicasa watch 2\n";
// It did not tell whether all of the list had been seen.
constexpr std::string_view earlier_head = "cubicasa watch 1\n";
constexpr std::string_view all_listed = "all listed";

std::filesystem::path beside(std::filesystem::path path, const char* suffix) { return path += suffix; }

}  // namespace

error watch_checkpoint::open(const std::filesystem::path& path) {
    path_ = path;
    const auto lock_path = beside(path, ".lock");
    lock_ = descriptor(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!lock_) return file_error("opening", lock_path);
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? error(errc::file_busy, path.string()) : file_error("locking", lock_path);
    }
    error failure = read();
    // A fresh file has a line for each order, and no torn end.
    if (!failure) failure = rewrite();
    return failure;
}

error watch_checkpoint::read() {
    std::error_code ec;
    if (!std::filesystem::exists(path_, ec)) return ec ? error(errc::file_failed, path_.string()) : error();
    std::ifstream file(path_, std::ios::binary);
    if (!file) return file_error("opening", path_);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::string_view rest = text;
    const bool earlier = rest.starts_with(earlier_head);
    if (!earlier && !rest.starts_with(checkpoint_head)) {
        return error(errc::file_failed, "this is not the checkpoint of a watch: " + path_.string());
    }
    rest.remove_prefix(checkpoint_head.size());
    std::map<std::string, known_order> latest;
    while (true) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;  // what follows was torn
        if (rest.substr(0, end) == all_listed) {
            listed_ = true;
            rest.remove_prefix(end + 1);
            continue;
        }
        auto line = decode_json<known_order>(rest.substr(0, end));
        rest.remove_prefix(end + 1);
        if (!line) return error(errc::file_failed, "a line of this checkpoint is damaged: " + path_.string());
        if (line->status.empty()) {
            latest.erase(line->id);
        } else {
            std::string id = line->id;
            latest[std::move(id)] = std::move(*line);
        }
    }
    for (auto& [id, k] : latest) known_.push_back(std::move(k));
    if (earlier) listed_ = !known_.empty();
    return error();
}

error watch_checkpoint::write(const std::string& text, int fd, const std::filesystem::path& path) const {
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t n = ::write(fd, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error("writing", path);
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fdatasync(fd) == 0 ? error() : file_error("writing", path);
}

error watch_checkpoint::rewrite() {
    const auto fresh_path = beside(path_, ".new");
    descriptor fresh(
        ::open(fresh_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!fresh) return file_error("opening", fresh_path);
    std::string text(checkpoint_head);
    for (const known_order& k : known_) text.append(encode_json(k)).append("\n");
    if (listed_) text.append(all_listed).append("\n");
    error failure = write(text, fresh.get(), fresh_path);
    if (failure) return failure;
    if (::rename(fresh_path.c_str(), path_.c_str()) != 0) return file_error("writing", path_);
    file_ = std::move(fresh);
    return error();
}

error watch_checkpoint::append(const std::vector<known_order>& lines, bool listed) {
    struct stat before {};
    if (::fstat(file_.get(), &before) != 0) return file_error("writing", path_);
    std::string text;
    for (const known_order& k : lines) text.append(encode_json(k)).append("\n");
    if (listed) text.append(all_listed).append("\n");
    error failure = write(text, file_.get(), path_);
    // A line that is there in part would run into the next one.
    if (failure && ::ftruncate(file_.get(), before.st_size) != 0) return failure;
    return failure;
}

}  // namespace cubicasa::detail
