// See the header.
#include "printer.hpp"

#include "reporter.hpp"
#include "terminal.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cubicasa::cli {

namespace {

constexpr std::size_t much = 64 * 1024;
constexpr std::size_t many_rows = 500;

}  // namespace

printer::printer(boost::asio::io_context& context, const options& o, reporter& beside)
    : context_(context),
      beside_(beside),
      format_(o.format),
      colours_(o.colours),
      terminal_(::isatty(STDOUT_FILENO) == 1) {}

void printer::document(std::string_view json) {
    if (json.empty()) return;
    if (format_ == output_format::table) {
        add(as_list(json));
    } else {
        add(json);
        add("\n");
    }
}

void printer::record(std::string_view json, const std::vector<std::string>& columns) {
    switch (format_) {
        case output_format::table:
            if (!table_) table_.emplace(columns, terminal_width(STDOUT_FILENO), colours_);
            table_->add(json);
            if (table_->waiting() >= many_rows) flush();
            add({});
            break;
        case output_format::ndjson:
            add(json);
            add("\n");
            break;
        case output_format::json:
            add(many_ ? ",\n" : "[");
            add(json);
            break;
    }
    many_ = true;
}

void printer::bytes(std::string_view text) {
    raw_ = true;
    add(text);
}

void printer::finish() {
    if (format_ == output_format::json) add(many_ ? "]\n" : "[]\n");
    if (format_ == output_format::table && !many_ && terminal_) beside_.note("there are none");
    flush();
}

void printer::add(std::string_view text) {
    waiting_.append(text);
    if (waiting_.size() >= much) return flush();
    if (will_flush_) return;
    will_flush_ = true;
    boost::asio::post(context_, [this] {
        will_flush_ = false;
        flush();
    });
}

void printer::flush() {
    if (table_) waiting_ += table_->take();
    if (waiting_.empty()) return;
    const std::string out = beside_.redacted(std::exchange(waiting_, std::string()));
    if (terminal_) {
        // What a table has is harmless already, and its colours must not be lost.
        beside_.aside([&] { write(format_ == output_format::table && !raw_ ? out : escaped(out)); });
    } else {
        write(out);
    }
}

void printer::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EPIPE) throw closed_pipe();
        if (n < 0) {
            throw failure(
                error(error_code(errno, boost::system::generic_category()), "standard output", delivery::answered));
        }
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace cubicasa::cli
