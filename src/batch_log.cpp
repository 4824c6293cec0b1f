// The file of a batch_log: locked while it is open, appended to line by line, cut back after a write that failed.
// POSIX.
#include <cubicasa/batch_log.hpp>

#include "line_set.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cubicasa {

using detail::line_set;

namespace {

constexpr std::string_view format = "cubicasa-batch-log 1 ";
constexpr std::size_t longest = 4096;

bool is_plain(char c) noexcept { return c > 0x20 && c < 0x7f; }

// As a word of printable ASCII: other bytes, blanks and '%' become %XX.
std::string escaped(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_plain(c) && c != '%') {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return out;
}

// The first line.
std::string head_of(std::string_view title) {
    if (title.size() > longest) throw failure(error(errc::invalid_argument, "the title of a log is too long"));
    return std::string(format).append(escaped(title)).append("\n");
}

class open_file {
public:
    explicit open_file(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
    ~open_file() {
        if (fd_ >= 0) ::close(fd_);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    int fd() const noexcept { return fd_; }

    // What errno says.
    error failed(std::string what) const {
        const int why = errno;
        return error(error_code(why, boost::system::generic_category()), what.append(" ").append(path_.string()));
    }
    error refused(errc code, std::string_view why) const { return error(code, path_.string().append(" ").append(why)); }

    // So many bytes from an offset, or what there is.
    std::string read(std::size_t offset, std::size_t most) const {
        std::string out(most, '\0');
        std::size_t size = 0;
        while (size < most) {
            const auto n = ::pread(fd_, out.data() + size, most - size, static_cast<off_t>(offset + size));
            if (n == 0) break;
            if (n > 0) {
                size += static_cast<std::size_t>(n);
            } else if (errno != EINTR) {
                throw failure(failed("reading"));
            }
        }
        out.resize(size);
        return out;
    }

    bool write(std::string_view bytes) const noexcept {
        while (!bytes.empty()) {
            const auto n = ::write(fd_, bytes.data(), bytes.size());
            if (n >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(n));
            } else if (errno != EINTR) {
                return false;
            }
        }
        return true;
    }
    bool cut(std::size_t size) const noexcept {
        int status;
        do {
            status = ::ftruncate(fd_, static_cast<off_t>(size));
        } while (status != 0 && errno == EINTR);
        return status == 0;
    }

    // Whoever loses power after this finds the file in its folder.
    void sync_folder() const {
        std::filesystem::path folder = path_.parent_path();
        if (folder.empty()) folder = ".";
        const open_file opened(folder, ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        // Some file systems cannot, and need not.
        if (opened.fd() < 0 || (::fsync(opened.fd()) != 0 && errno != EINVAL)) throw failure(opened.failed("syncing"));
    }

private:
    std::filesystem::path path_;
    int fd_;
};

}  // namespace

class batch_log::impl {
public:
    impl(const std::filesystem::path& path, const std::string& head)
        : file_(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666)) {
        if (file_.fd() < 0) throw failure(file_.failed("opening"));
        struct stat about {};
        if (::fstat(file_.fd(), &about) != 0) throw failure(file_.failed("opening"));
        if (!S_ISREG(about.st_mode)) throw failure(file_.refused(errc::file_failed, "is not a file"));
        lock();
        if (is_begun(head)) {
            read_lines(head.size());
        } else {
            begin(head);
        }
    }

    bool contains(std::string_view id) const {
        if (!fits(id)) return false;
        const std::string line = escaped(id);
        const std::lock_guard lock(mutex_);
        return lines_.contains(line);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return lines_.size();
    }

    result<void> add(std::string_view id) {
        if (!fits(id)) return error(errc::invalid_argument, "the id of what was done has no byte, or more than 4096");
        std::string line = escaped(id);
        const std::lock_guard adding(adding_);
        {
            const std::lock_guard lock(mutex_);
            if (lines_.contains(line)) return {};
            lines_.prepare(line);
        }
        line.push_back('\n');
        error e = append(line);
        if (e) return e;
        line.pop_back();
        const std::lock_guard lock(mutex_);
        lines_.insert(line);
        return {};
    }

private:
    static bool fits(std::string_view id) noexcept { return !id.empty() && id.size() <= longest; }

    void lock() const {
        int status;
        do {
            status = ::flock(file_.fd(), LOCK_EX | LOCK_NB);
        } while (status != 0 && errno == EINTR);
        if (status == 0) return;
        if (errno == EWOULDBLOCK) throw failure(file_.refused(errc::file_busy, "is open elsewhere"));
        throw failure(file_.failed("locking"));
    }

    // Whether the file is a log of this job, or nothing yet. Throws when it is something else.
    bool is_begun(std::string_view head) const {
        constexpr std::size_t longest_head = format.size() + 3 * longest + 1;
        const std::string first = file_.read(0, longest_head);
        if (first.starts_with(head)) return true;
        const auto end = first.find('\n');
        const bool whole = end != std::string::npos;
        const bool alike = first.starts_with(format) || format.starts_with(first);
        if (!alike || (!whole && first.size() == longest_head)) {
            throw failure(file_.refused(errc::file_failed, "is not the log of a batch"));
        }
        // A first line without end was torn, and nothing was added before it was whole.
        if (!whole) return false;
        const std::string theirs = first.substr(format.size(), end - format.size());
        const std::string ours(head.substr(format.size(), head.size() - format.size() - 1));
        throw failure(
            file_.refused(errc::file_failed, "is the log of another job: '" + theirs + "' and not '" + ours + "'"));
    }

    void begin(std::string_view head) {
        if (!file_.cut(0)) throw failure(file_.failed("writing"));
        error e = append(head);
        if (e) throw failure(std::move(e));
        file_.sync_folder();
    }

    // Lines up to the last end of one; what is behind that was torn.
    void read_lines(std::size_t head) {
        constexpr std::size_t block = 1 << 20;
        good_ = head;
        for (;;) {
            const std::string text = file_.read(good_, block);
            const std::size_t taken = take_lines(text);
            good_ += taken;
            if (text.size() < block) {
                if (text.size() > taken && !file_.cut(good_)) throw failure(file_.failed("writing"));
                return;
            }
            if (taken == 0) damaged(lines_read_ + 1);
        }
    }

    [[noreturn]] void damaged(std::size_t line) const {
        throw failure(file_.refused(errc::file_failed, "is damaged in line " + std::to_string(line) + "; remove that"));
    }

    // How many bytes of the text are whole lines.
    std::size_t take_lines(std::string_view text) {
        std::size_t begin = 0;
        for (std::size_t end; (end = text.find('\n', begin)) != std::string_view::npos; begin = end + 1) {
            const auto line = text.substr(begin, end - begin);
            ++lines_read_;
            if (line.empty() || !std::all_of(line.begin(), line.end(), is_plain)) damaged(lines_read_);
            lines_.insert(line);
        }
        return begin;
    }

    // Leaves the file as it was if that fails, or else at the next call.
    error append(std::string_view bytes) {
        if (torn_ && !file_.cut(good_)) return file_.failed("writing");
        torn_ = true;
        if (!file_.write(bytes) || ::fdatasync(file_.fd()) != 0) {
            error e = file_.failed("writing");
            torn_ = !file_.cut(good_);
            return e;
        }
        torn_ = false;
        good_ += bytes.size();
        return error();
    }

    open_file file_;
    std::mutex adding_;
    // Guarded by it.
    std::size_t good_ = 0;        // bytes of whole lines
    std::size_t lines_read_ = 1;  // when it was opened, with the first
    bool torn_ = false;           // there may be something behind what is good

    mutable std::mutex mutex_;
    line_set lines_;  // guarded by it
};

batch_log::batch_log(const std::filesystem::path& file, std::string_view title)
    : impl_(std::make_unique<impl>(file, head_of(title))) {}
batch_log::batch_log(batch_log&&) noexcept = default;
batch_log& batch_log::operator=(batch_log&&) noexcept = default;
batch_log::~batch_log() = default;

bool batch_log::contains(std::string_view id) const { return impl_->contains(id); }
std::size_t batch_log::size() const { return impl_->size(); }
result<void> batch_log::try_add(std::string_view id) { return impl_->add(id); }
void batch_log::add(std::string_view id) { try_add(id).value(); }

}  // namespace cubicasa
