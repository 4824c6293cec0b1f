// From download.hpp to a running download.
#include "../launch.hpp"
#include "assets_transfer.hpp"
#include "file_target.hpp"
#include "stream_target.hpp"
#include "transfer.hpp"

namespace cubicasa::detail {

std::shared_ptr<transfer> prepare_download(const std::shared_ptr<engine>& e, std::string url, std::filesystem::path to,
                                           const download_options& options) {
    auto make = [e, to, options]() -> std::unique_ptr<download_target> {
        return std::make_unique<file_target>(e->executor(), to, options.resume, options.sha256, after_rename());
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

std::shared_ptr<assets_transfer> prepare_assets(const std::shared_ptr<engine>& e, order of,
                                                std::filesystem::path folder, const assets_options& options) {
    return std::make_shared<assets_transfer>(e, std::move(of), std::move(folder), options);
}

std::shared_ptr<assets_transfer> again(const assets_transfer& t) {
    return std::make_shared<assets_transfer>(t.owner, t.of, t.folder, t.options);
}

const asio::any_io_executor& executor_of(const assets_transfer& t) noexcept { return t.owner->executor(); }

void launch(std::shared_ptr<transfer> t, download_handler handler) {
    t->welcome = t->owner->begin();
    auto work = transfer::run(t);
    carry_out(std::move(t), std::move(handler), std::move(work));
}

void launch_within(std::shared_ptr<transfer> t, download_handler handler) {
    t->owner->begin();
    auto work = transfer::run(t);
    carry_out(std::move(t), std::move(handler), std::move(work));
}

void launch(std::shared_ptr<assets_transfer> t, assets_handler handler) {
    t->welcome = t->owner->begin();
    auto work = assets_transfer::run(t);
    carry_out(std::move(t), std::move(handler), std::move(work));
}

void cancel(const std::weak_ptr<transfer>& t) noexcept {
    if (const auto alive = t.lock()) alive->request_stop(errc::cancelled);
}

void cancel(const std::weak_ptr<assets_transfer>& t) noexcept {
    if (const auto alive = t.lock()) alive->request_stop(errc::cancelled);
}

}  // namespace cubicasa::detail
