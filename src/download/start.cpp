// From download.hpp to a running download.
#include "file_target.hpp"
#include "stream_target.hpp"
#include "transfer.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace cubicasa::detail {

std::shared_ptr<transfer> prepare_download(const std::shared_ptr<engine>& e, std::string url, std::filesystem::path to,
                                           const download_options& options) {
    auto make = [e, to, options]() -> std::unique_ptr<download_target> {
        return std::make_unique<file_target>(e->executor(), to, options.resume, options.sha256);
    };
    return std::make_shared<transfer>(e, std::move(url), std::move(to), std::move(make), options);
}

std::shared_ptr<transfer> prepare_download(const std::shared_ptr<engine>& e, std::string url, download_sink sink,
                                           const download_options& options) {
    auto make = [e, sink = std::move(sink), options]() -> std::unique_ptr<download_target> {
        return std::make_unique<stream_target>(e->executor(), sink, options.sha256);
    };
    return std::make_shared<transfer>(e, std::move(url), std::filesystem::path(), std::move(make), options);
}

std::shared_ptr<transfer> again(const transfer& t) {
    return std::make_shared<transfer>(t.owner, t.given_url, t.path, t.make_target, t.options);
}

const asio::any_io_executor& executor_of(const transfer& t) noexcept { return t.owner->executor(); }

void launch(std::shared_ptr<transfer> t, download_handler handler) {
    t->handler.swap(handler);  // its move assignment recurses without end in Boost 1.81
    t->welcome = t->owner->begin();
    auto done = [t](std::exception_ptr e) {
        if (e) {
            try {
                std::rethrow_exception(e);
            } catch (const std::exception& x) {
                t->outcome = error(errc::out_of_resources, x.what(), delivery::maybe_processed);
            }
        }
        std::move(t->handler)(std::move(t->outcome));
        t->owner->end();
    };
    asio::co_spawn(t->executor(), transfer::run(t), std::move(done));
}

void cancel(const std::weak_ptr<transfer>& t) noexcept {
    if (const auto alive = t.lock()) alive->request_stop(errc::cancelled);
}

}  // namespace cubicasa::detail
