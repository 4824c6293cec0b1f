// Which files are wanted, which are here, and the downloads of the others, some at a time.
#include "assets_transfer.hpp"

#include "file_link.hpp"
#include "file_target.hpp"
#include "read_order.hpp"

#include <algorithm>

namespace cubicasa::detail {

// Held by a download. If it is dropped without having been called, the execution context has ended: then nobody wakes
// us, and we must not keep ourselves alive.
class assets_transfer::arrival {
public:
    arrival(std::shared_ptr<assets_transfer> to, std::size_t index) : to_(std::move(to)), index_(index) {}
    arrival(arrival&&) noexcept = default;
    ~arrival() {
        if (to_) to_->consumer_.drop();
    }

    void operator()(result<downloaded> outcome) {
        const std::shared_ptr<assets_transfer> to = std::move(to_);
        {
            const std::lock_guard lock(to->mutex_);
            to->jobs_[index_].running.reset();
            to->jobs_[index_].outcome = std::move(outcome);
            --to->active_;
        }
        to->consumer_.wake();
    }

private:
    std::shared_ptr<assets_transfer> to_;
    std::size_t index_;
};

assets_transfer::assets_transfer(std::shared_ptr<engine> e, order o, std::filesystem::path f, const assets_options& how)
    : stoppable(e->executor()),
      owner(std::move(e)),
      of(std::move(o)),
      folder(std::move(f)),
      options(how),
      work_(owner->executor()) {}

task<void> assets_transfer::run(std::shared_ptr<assets_transfer> self) {
    assets_transfer& t = *self;
    const deadline_queue::guard guard(t.owner->deadlines(), t, unlimited, unlimited);
    if (t.owner->closed() || !t.welcome) t.request_stop(errc::client_closed);
    error failure;
    if (t.stopped()) failure = error(t.reason());
    if (!failure && !t.of.delivery_assets) failure = co_await read_order(t.owner, t, t.of.id, t.of);
    if (!failure) failure = co_await t.prepare();
    if (!failure) failure = co_await t.fetch(self);
    // A download that has ended may live on for a moment, on another thread, and has a share of it.
    t.index_->close();
    if (failure) {
        if (failure.operation.empty()) failure.operation = "download_assets";
        t.outcome = std::move(failure);
    } else {
        t.outcome = t.report();
    }
}

// What is wanted, and what of it is here.
task<error> assets_transfer::prepare() {
    for (asset& a : assets(of)) {
        const auto& wanted = options.kinds;
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), a.kind) == wanted.end()) continue;
        job j;
        j.name = file_name(a);
        // What is no URL is told by its download.
        if (const auto link = parse_file_link(a.url)) j.url = link->resource;
        j.what = std::move(a);
        jobs_.push_back(std::move(j));
    }
    const auto self = std::static_pointer_cast<assets_transfer>(shared_from_this());
    work_.start([self] {
        error failure = self->index_->open(self->folder, self->of.id);
        for (job& j : self->jobs_) {
            if (!failure) j.skipped = self->index_->has(j.name, j.url, j.here);
        }
        return failure;
    });
    co_return co_await work_.settle();
}

task<error> assets_transfer::fetch(std::shared_ptr<assets_transfer> self) {
    const std::size_t most = std::max<std::size_t>(options.in_flight, 1);
    for (std::size_t next = 0;;) {
        std::size_t active = 0;
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                active = active_;
            }
            if (next == jobs_.size() || active >= most || stopped()) break;
            if (!jobs_[next].skipped) start(self, next);
            ++next;
        }
        if (active == 0 && (next == jobs_.size() || stopped())) break;
        stoppable::waiting wait(*this, &cancel_children, this);
        wait.begin([] {});
        auto fewer = [this, active] {
            const std::lock_guard lock(mutex_);
            return active_ < active;
        };
        co_await await_operation<bool>(consumer_.begin_wait(fewer));
    }
    co_return stopped() ? error(reason()) : error();
}

void assets_transfer::start(const std::shared_ptr<assets_transfer>& self, std::size_t index) {
    job& j = jobs_[index];
    const std::filesystem::path path = folder / j.name;
    download_options how = options.each;
    how.source = asset_source(of.id, j.what);
    auto note = [account = index_, name = j.name](const part_facts& file, const std::string& sha256) {
        indexed_file entry;
        entry.name = name;
        entry.url = file.url;
        entry.bytes = static_cast<std::int64_t>(file.size);
        entry.sha256 = sha256;
        return account->add(entry);
    };
    auto make = [e = owner, path, how, note]() -> std::unique_ptr<download_target> {
        return std::make_unique<file_target>(e->executor(), path, how.resume, how.sha256, note);
    };
    auto child = std::make_shared<transfer>(owner, j.what.url, path, std::move(make), how);
    {
        const std::lock_guard lock(mutex_);
        j.running = child;
        ++active_;
    }
    launch_within(std::move(child), arrival(self, index));
}

// From any thread.
void assets_transfer::cancel_children(void* self) {
    auto& t = *static_cast<assets_transfer*>(self);
    std::vector<std::shared_ptr<transfer>> children;
    {
        const std::lock_guard lock(t.mutex_);
        for (const job& j : t.jobs_) {
            if (j.running) children.push_back(j.running);
        }
    }
    for (const auto& child : children) child->request_stop(errc::cancelled);
}

assets_report assets_transfer::report() const {
    assets_report out;
    out.order_id = of.id;
    for (const job& j : jobs_) {
        if (j.skipped) {
            out.skipped.push_back({j.what, folder / j.name, j.here});
        } else if (*j.outcome) {
            out.fetched.push_back({j.what, **j.outcome});
        } else {
            out.failed.push_back({j.what, folder / j.name, j.outcome->error()});
        }
    }
    return out;
}

}  // namespace cubicasa::detail
