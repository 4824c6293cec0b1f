// paginate(): a list of any length as an async_generator, page by page, reading one page ahead.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/cursor.hpp>
#include <cubicasa/detail/call_handle.hpp>
#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/detail/paging_core.hpp>
#include <cubicasa/detail/turn.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/generator.hpp>

#include <algorithm>
#include <concepts>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

// g++ 12 sees a coroutine's frame, which Asio frees, as memory of another function, and says so in the user's code.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace cubicasa {

// How a list is walked.
class paging {
public:
    paging() {}
    // Records before `next_offset` that are asked for again. The reference's own example skips one record between
    // pages if offsets count from 0 (contract, section 8, item 1): with an overlap nothing is lost on such a server.
    std::int64_t overlap = 0;
    bool read_ahead = true;
    // Records that come again are recognised by their id among so many of the latest. 0: hand out everything.
    std::size_t remember = 4096;
};

namespace detail {

// Tells queries apart, for cursors. FNV-1a.
std::uint64_t fingerprint(std::string_view path, std::string_view query) noexcept;

template <class Client, class Query>
class pager final : public generator_source<typename Query::item> {
public:
    using item = typename Query::item;
    using page_type = typename Query::response;
    using source = generator_source<item>;
    using next_result = result<std::optional<item>>;

    pager(Client api, Query query, const paging& how, const cursor* from)
        : api_(std::move(api)),
          query_(std::move(query)),
          how_(how),
          core_(from != nullptr ? from->offset : query_.offset.value_or(0), std::max<std::int64_t>(how.overlap, 0)),
          seen_(how.remember) {
        Query identity = query_;
        identity.offset.reset();
        wire_request w("", "", Query::path, effect::read, evidence::documented);
        encode(identity, w);
        position_.query = fingerprint(Query::path, w.query_text);
        position_.offset = core_.offset();
        if (from == nullptr) return;
        if (from->query != 0 && from->query != position_.query) {
            failure_ = error(errc::invalid_cursor, "the cursor was made by another query");
        }
        resume_behind_ = from->last_id;
        position_.consumed = from->consumed;
        position_.last_id = from->last_id;
    }

    asio::awaitable<next_result> next(std::shared_ptr<source> self) override {
        return step(std::static_pointer_cast<pager>(self));
    }

    cursor position() const override { return position_; }

    void close() noexcept override {
        call_handle fetch;
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
            fetch = fetch_;
        }
        fetch.cancel();
        consumer_.wake();
    }

private:
    // Held by the call that fetches a page. If it is dropped without having been called, the execution context has
    // ended: then nobody will wake the consumer, who must not keep himself alive through us.
    class arrival {
    public:
        explicit arrival(std::shared_ptr<pager> to) : to_(std::move(to)) {}
        arrival(arrival&&) noexcept = default;
        ~arrival() {
            if (to_) to_->consumer_.drop();
        }
        void operator()(result<page_type> page) {
            const std::shared_ptr<pager> to = std::move(to_);
            {
                const std::lock_guard lock(to->mutex_);
                to->fetching_ = false;
                to->arrived_ = std::move(page);
            }
            to->consumer_.wake();
        }

    private:
        std::shared_ptr<pager> to_;
    };

    static asio::awaitable<next_result> step(std::shared_ptr<pager> self) {
        if (self->taken_) co_return error(errc::invalid_argument, "another next() of this generator still waits");
        const turn mine(self->taken_);
        for (;;) {
            if (std::optional<item> out = self->take()) co_return std::move(out);
            if (self->failure_) co_return self->failure_;
            if (self->ended_) co_return std::optional<item>();
            std::optional<result<page_type>> page = self->arrived();
            if (!page) {
                self->fetch(self);
                const bool woken = co_await self->consumer_.wait([&] { return self->has_news(); });
                if (!woken || self->is_closed()) co_return error(errc::cancelled);
                continue;
            }
            if (page->has_error()) co_return page->error();  // the page is still wanted, and next() asks for it again
            self->turn_to(std::move(**page));
            if (self->how_.read_ahead && !self->ended_ && !self->failure_) self->fetch(self);
        }
    }

    // The next record of the current page that was not handed out before.
    std::optional<item> take() {
        while (index_ < page_.items.size()) {
            item& candidate = page_.items[index_++];
            position_.consumed = static_cast<std::int64_t>(index_);
            position_.last_id = candidate.id;
            if (seen_.insert(candidate.id)) return std::move(candidate);
        }
        return std::nullopt;
    }

    void turn_to(page_type page) {
        page_ = std::move(page);
        index_ = 0;
        position_.offset = core_.offset();
        if (!resume_behind_.empty()) {
            const auto last = std::find_if(page_.items.begin(), page_.items.end(),
                                           [&](const item& i) { return i.id == resume_behind_; });
            if (last != page_.items.end()) index_ = static_cast<std::size_t>(last - page_.items.begin()) + 1;
            // Handed out before the cursor was made; an overlap brings them again.
            for (std::size_t i = 0; i < index_; ++i) seen_.insert(page_.items[i].id);
            resume_behind_.clear();
        }
        position_.consumed = static_cast<std::int64_t>(index_);
        if (index_ == 0) position_.last_id.clear();
        page_facts facts;
        facts.has_more = page_.pagination.has_more;
        facts.next_offset = page_.pagination.next_offset;
        facts.items = page_.items.size();
        const paging_decision decision = core_.page(facts);
        report(event_kind::page_fetched, {});
        if (decision.what == paging_decision::step::fail) {
            report(event_kind::page_irregular, decision.why == errc::paging_stalled ? "stalled" : "no next offset");
        } else if (page_.items.empty() && decision.what != paging_decision::step::end) {
            report(event_kind::page_irregular, "empty in the middle");
        }
        if (decision.what == paging_decision::step::end) ended_ = true;
        if (decision.what == paging_decision::step::fail) {
            failure_ =
                error(decision.why, "after the page at offset " + std::to_string(position_.offset), delivery::answered);
        }
    }

    void report(event_kind what, std::string_view reason) const {
        if constexpr (requires { api_.is_observed(); }) {
            if (!api_.is_observed()) return;
            event e;
            e.kind = what;
            e.operation = Query::name;
            e.method = Query::method;
            e.path = Query::path;
            e.records = page_.items.size();
            e.reason = reason;
            api_.report(e);
        }
    }

    // Begins to fetch the page that is wanted, unless that is under way.
    void fetch(const std::shared_ptr<pager>& self) {
        {
            const std::lock_guard lock(mutex_);
            if (fetching_ || arrived_ || closed_) return;
            fetching_ = true;
        }
        query_.offset = core_.offset();
        call_handle running = api_.start(query_, call_options(), arrival(self));
        const std::lock_guard lock(mutex_);
        fetch_ = std::move(running);
        if (closed_) fetch_.cancel();
    }

    std::optional<result<page_type>> arrived() {
        const std::lock_guard lock(mutex_);
        return std::exchange(arrived_, std::nullopt);
    }
    bool has_news() {
        const std::lock_guard lock(mutex_);
        return arrived_ || closed_;
    }
    bool is_closed() {
        const std::lock_guard lock(mutex_);
        return closed_;
    }

    Client api_;
    Query query_;
    paging how_;

    // Touched by the consumer only.
    paging_core core_;
    recent_ids seen_;
    page_type page_;
    std::size_t index_ = 0;
    cursor position_;
    std::string resume_behind_;
    error failure_;
    bool ended_ = false;
    bool taken_ = false;

    waiting_consumer consumer_;
    std::mutex mutex_;
    // Guarded by the mutex.
    std::optional<result<page_type>> arrived_;
    call_handle fetch_;
    bool fetching_ = false;
    bool closed_ = false;
};

}  // namespace detail

// Walks the list that `query` asks for. Query is an endpoint whose answer has `pagination` and `items`, with an `id`
// in each item. `next_offset` goes back to the server as it came; a record that comes twice is handed out once.
//
// Errors of next(): those of the call; errc::paging_stalled when the offset does not grow, errc::paging_broken when
// there is more but not said where, both after all records of the page were handed out.
// After an error or a cancellation, next() asks for the same page again. Contract 2.5.
template <class Client, endpoint Query>
async_generator<typename Query::item> paginate(Client api, Query query, paging how = paging()) {
    return async_generator<typename Query::item>(
        std::make_shared<detail::pager<Client, Query>>(std::move(api), std::move(query), how, nullptr));
}

// Goes on where another walk was. errc::invalid_cursor comes from next() when that was over another query.
template <class Client, endpoint Query>
async_generator<typename Query::item> paginate(Client api, Query query, paging how, const cursor& from) {
    return async_generator<typename Query::item>(
        std::make_shared<detail::pager<Client, Query>>(std::move(api), std::move(query), how, &from));
}

}  // namespace cubicasa

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
