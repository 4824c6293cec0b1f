// async_download_assets(): all files of an order, into a folder of its own.
#pragma once

#include <cubicasa/download.hpp>
#include <cubicasa/models/order.hpp>

#include <concepts>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

namespace cubicasa {

// Downloads the files that assets(order) lists to `folder`, under the names that file_name() gives them. An order
// without `delivery_assets`, one from a list for instance, is read first. The folder is made if there is none; it is
// for the files of one order only.
//
// A file that an earlier call has completed is skipped as long as its URL is the same and its size has not changed
// here: what was delivered anew has other URLs (inferred, contract 4.6) and is fetched again. `.cubicasa-files` in the
// folder keeps the account. A link that is dead is asked for again from the order.
//
// What becomes of each file is in the report; one that fails does not keep the others from coming. Errors: those of
// reading the order; condition::local_file when the folder cannot be made or its account not be written;
// errc::file_busy when another call fills it; errc::invalid_argument when it is that of another order. Cancelling (all
// three types) ends with errc::cancelled when all running downloads have ended; the next call goes on.
// Thread-safe; the handler runs on its associated executor. Contract 4.6.
template <class Token = asio::use_awaitable_t<>>
auto async_download_assets(const client& api, order of, std::filesystem::path folder, const assets_options& options,
                           Token&& token = {}) {
    return detail::initiate<Token, assets_report>(
        detail::start_assets(
            detail::prepare_assets(detail::engine_access::of(api), std::move(of), std::move(folder), options)),
        token);
}

template <class Token = asio::use_awaitable_t<>>
requires(!std::same_as<std::remove_cvref_t<Token>, assets_options>) auto async_download_assets(
    const client& api, order of, std::filesystem::path folder, Token&& token = {}) {
    return async_download_assets(api, std::move(of), std::move(folder), assets_options(), std::forward<Token>(token));
}

// The same for an order of which only the id is known.
template <class... Rest>
auto async_download_assets(const client& api, std::string order_id, std::filesystem::path folder, Rest&&... rest) {
    order of;
    of.id = std::move(order_id);
    return async_download_assets(api, std::move(of), std::move(folder), std::forward<Rest>(rest)...);
}

}  // namespace cubicasa
