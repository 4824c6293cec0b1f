// The boundary between download.hpp and what is compiled once. Light Asio headers only.
#pragma once

#include <cubicasa/detail/completion.hpp>
#include <cubicasa/detail/engine.hpp>
#include <cubicasa/download_options.hpp>
#include <cubicasa/models/order.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

class transfer;

using download_handler = asio::any_completion_handler<void(result<downloaded>)>;

// A download in two steps, so that its cancellation can be arranged before it runs. The handler is called once, on the
// client's executor and never inside launch().
std::shared_ptr<transfer> prepare_download(const std::shared_ptr<engine>& e, std::string url, std::filesystem::path to,
                                           const download_options& options);
std::shared_ptr<transfer> prepare_download(const std::shared_ptr<engine>& e, std::string url, download_sink sink,
                                           const download_options& options);
// The same once more, for one that has not been launched.
std::shared_ptr<transfer> again(const transfer& t);
void launch(std::shared_ptr<transfer> t, download_handler handler);
void cancel(const std::weak_ptr<transfer>& t) noexcept;
const asio::any_io_executor& executor_of(const transfer& t) noexcept;

// The same for all files of an order.
class assets_transfer;
using assets_handler = asio::any_completion_handler<void(result<assets_report>)>;
std::shared_ptr<assets_transfer> prepare_assets(const std::shared_ptr<engine>& e, order of,
                                                std::filesystem::path folder, const assets_options& options);
std::shared_ptr<assets_transfer> again(const assets_transfer& t);
void launch(std::shared_ptr<assets_transfer> t, assets_handler handler);
void cancel(const std::weak_ptr<assets_transfer>& t) noexcept;
const asio::any_io_executor& executor_of(const assets_transfer& t) noexcept;

// Starts one of these when it is given a handler. A copy starts one of its own.
template <class Transfer, class Outcome>
class start_transfer {
public:
    explicit start_transfer(std::shared_ptr<Transfer> t) : transfer_(std::move(t)) {}
    start_transfer(start_transfer&&) noexcept = default;
    start_transfer(const start_transfer& other) : transfer_(again(*other.transfer_)) {}

    template <class Handler>
    void operator()(Handler&& handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(transfer_)](asio::cancellation_type) { detail::cancel(weak); });
        }
        const asio::any_io_executor& home = executor_of(*transfer_);
        launch(std::move(transfer_), completion<Outcome, std::decay_t<Handler>>(std::forward<Handler>(handler), home));
    }

private:
    std::shared_ptr<Transfer> transfer_;
};

using start_download = start_transfer<transfer, downloaded>;
using start_assets = start_transfer<assets_transfer, assets_report>;

}  // namespace cubicasa::detail
