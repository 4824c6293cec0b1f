// Lists of any length: the parameters that all lists have, and the walk.
#pragma once

#include "../files.hpp"
#include "parts.hpp"

#include <cubicasa/paginate.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cubicasa::cli {

inline std::vector<parameter> list_parameters() {
    return {
        {"--all", "", "Walk all pages", kind::flag},
        {"--max", "N", "Walk until N were printed", kind::integer},
        {"--cursor", "FILE", "Walk all pages; keep the place there until the end, and go on from it", kind::file},
        {"--limit", "N", "How many in a page", kind::integer},
        {"--offset", "N", "Begin there", kind::integer},
    };
}

// The place of a walk, in a file.
class cursor_file {
public:
    explicit cursor_file(std::string path) : path_(std::move(path)) {}

    bool wanted() const noexcept { return !path_.empty(); }

    std::optional<cursor> load() const {
        if (!wanted()) return std::nullopt;
        const auto text = read_file_if_any(path_);
        if (!text) return std::nullopt;
        result<cursor> out = cursor::parse(std::string_view(*text).substr(0, text->find_first_of("\r\n")));
        if (!out) throw usage_error(path_ + ": this is no cursor");
        return std::move(*out);
    }
    void save(const cursor& place) const {
        if (wanted()) replace_file(path_, place.text() + "\n");
    }
    void remove() const {
        std::error_code none;
        if (wanted()) std::filesystem::remove(path_, none);
    }

private:
    std::string path_;
};

// Prints one page, or with --all, --max or --cursor what all pages have.
template <class Query>
class list_walk {
public:
    list_walk(session& s, const arguments& given, Query query, std::vector<std::string> columns)
        : session_(s),
          query_(std::move(query)),
          columns_(std::move(columns)),
          file_(given.text("--cursor")),
          max_(given.integer("--max")),
          all_(given.has("--all") || max_ || file_.wanted()) {
        query_.limit = given.integer("--limit");
        query_.offset = given.integer("--offset");
    }

    asio::awaitable<exit_status> run() { return all_ ? walk() : page(); }

private:
    using item = typename Query::item;

    asio::awaitable<exit_status> page() {
        const typename Query::response answer = co_await session_.api().async_call(query_);
        for (const item& i : answer.items) session_.out.record(to_json(i), columns_);
        session_.out.finish();
        if (answer.pagination.has_more.value_or(false)) session_.err.note("there are more; --all walks them all");
        co_return exit_status::done;
    }

    async_generator<item> begin(const paging& how, const std::optional<cursor>& from) {
        if (from) return paginate(session_.api(), query_, how, *from);
        return paginate(session_.api(), query_, how);
    }

    asio::awaitable<exit_status> walk() {
        // Larger pages mean fewer requests; what the server allows at most is not public.
        if (!query_.limit) query_.limit = file_.wanted() || !max_ ? 100 : std::clamp<std::int64_t>(*max_, 1, 100);
        paging how;
        how.overlap = 1;  // a server that skips a record between pages must not hide it
        how.read_ahead = !max_ || *max_ > *query_.limit;
        tell();
        const std::optional<cursor> from = file_.load();
        if (from && query_.offset) throw usage_error("--offset: the place is in the file of --cursor");
        file_.save(from.value_or(cursor()));  // if no place can be kept, better to know now
        async_generator<item> records = begin(how, from);
        cursor place = from.value_or(cursor());
        error trouble;
        bool ended = false;
        co_await asio::this_coro::throw_if_cancelled(false);  // an interrupted walk keeps its place
        while (!ended && !trouble && !session_.interrupted && (!max_ || count_ < *max_)) {
            result<std::optional<item>> next = co_await records.try_next();
            if (!next) {
                trouble = next.error();
            } else if (!*next) {
                ended = true;
            } else {
                print(**next, records, place);
            }
        }
        session_.out.finish();
        if (ended) {
            file_.remove();
        } else if (count_ > 0) {
            file_.save(place);
        } else if (!from) {
            file_.remove();
        }
        if (trouble && file_.wanted() && count_ > 0) session_.err.note(session_.so_far);
        if (trouble) throw failure(std::move(trouble));
        co_return exit_status::done;
    }

    void print(const item& i, const async_generator<item>& records, cursor& place) {
        if (file_.wanted()) {
            cursor now = records.position();
            if (now.offset != place.offset && count_ > 0) {
                session_.out.flush();
                file_.save(place);
            }
            place = std::move(now);
        }
        session_.out.record(to_json(i), columns_);
        ++count_;
        tell();
    }

    void tell() {
        session_.so_far = std::to_string(count_) + " were printed";
        if (file_.wanted()) session_.so_far += "; the same command goes on behind them, by its --cursor";
    }

    session& session_;
    Query query_;
    std::vector<std::string> columns_;
    cursor_file file_;
    std::optional<std::int64_t> max_;
    bool all_;
    std::int64_t count_ = 0;
};

template <class Query>
asio::awaitable<exit_status> list(session& s, const arguments& given, Query query, std::vector<std::string> columns) {
    list_walk<Query> walk(s, given, std::move(query), std::move(columns));
    const exit_status out = co_await walk.run();
    co_return out;
}

}  // namespace cubicasa::cli
