// The download of all files of an order.
#pragma once

#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/detail/download.hpp>

#include "asset_index.hpp"
#include "file_work.hpp"
#include "transfer.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cubicasa::detail {

class assets_transfer : public stoppable {
public:
    assets_transfer(std::shared_ptr<engine> e, order o, std::filesystem::path f, const assets_options& how);

    static task<void> run(std::shared_ptr<assets_transfer> self);

    std::shared_ptr<engine> owner;
    order of;
    std::filesystem::path folder;
    assets_options options;
    result<assets_report> outcome;
    assets_handler handler;
    bool welcome = true;  // false: it came when the client had begun to drain

private:
    struct job {
        asset what;
        std::string name;
        std::string url;         // without its query
        std::uint64_t here = 0;  // bytes
        bool skipped = false;
        std::shared_ptr<transfer> running;  // guarded by the mutex, while children run
        std::optional<result<downloaded>> outcome;
    };
    class arrival;

    task<error> prepare();
    task<error> fetch(std::shared_ptr<assets_transfer> self);
    void start(const std::shared_ptr<assets_transfer>& self, std::size_t index);
    static void cancel_children(void* self);
    assets_report report() const;

    std::shared_ptr<asset_index> index_ = std::make_shared<asset_index>();
    file_work work_;
    std::vector<job> jobs_;
    waiting_consumer consumer_;
    std::mutex mutex_;
    std::size_t active_ = 0;  // guarded by the mutex
};

}  // namespace cubicasa::detail
