// async_download(): what was delivered, into a file or into anything else.
#pragma once

#include <cubicasa/client.hpp>
#include <cubicasa/detail/download.hpp>
#include <cubicasa/detail/initiate.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

namespace cubicasa {

// Downloads the file behind `url` to `to`. What is under that name afterwards is the whole file, or what was there
// before: the bytes grow in `to`.part, are synced, and are renamed then. The folder must exist. File work is done on a
// thread of its own; memory is bounded whatever the size.
//
// The file's host never sees the API key. Redirects are followed, but never to http://. An http:// URL is refused
// unless its host is a loopback address or client_config::allow_plain_http is set.
//
// What was cut off goes on where it ended, in this call as in a later one, even of another process, if the server
// says that it is the same file; otherwise from the beginning. Attempts that bring nothing new are repeated up to
// download_options::max_attempts times in a row.
//
// Errors: those of the network and of TLS; errc::dead_link (403, 404, 410), html_instead_of_file, empty_body (unless
// the length is said to be 0), truncated, redirected (too often, or to http://), unexpected_answer, body_too_large,
// read_timeout (a stall); errc::file_busy when another download has the part, and condition::local_file with the path
// in the message: disk full, no such folder, no permission. errc::invalid_argument for what is not a URL. Cancelling
// (all three types) ends the download with errc::cancelled and keeps the part; so do the deadline, close() and a
// failure. Thread-safe; the handler runs on its associated executor. Contract 4.6.
template <class Token = asio::use_awaitable_t<>>
auto async_download(const client& api, std::string url, std::filesystem::path to, const download_options& options,
                    Token&& token = {}) {
    return detail::initiate<Token, downloaded>(
        detail::start_download(
            detail::prepare_download(detail::engine_access::of(api), std::move(url), std::move(to), options)),
        token);
}

template <class Token = asio::use_awaitable_t<>>
requires(!std::same_as<std::remove_cvref_t<Token>, download_options>) auto async_download(const client& api,
                                                                                          std::string url,
                                                                                          std::filesystem::path to,
                                                                                          Token&& token = {}) {
    return async_download(api, std::move(url), std::move(to), download_options(), std::forward<Token>(token));
}

// The same into a sink, which is given the bytes piece by piece, in order, each once, and is awaited before it is given
// more. It runs on the client's executor. What it throws ends the download; a `failure` or system_error as it is.
// Since a sink cannot take back what it has, a file that changes in the middle is an error: errc::file_changed.
// A download that fails later may have given it a part: it is whole only when this says so.
template <class Token = asio::use_awaitable_t<>>
auto async_download(const client& api, std::string url, download_sink sink, const download_options& options,
                    Token&& token = {}) {
    return detail::initiate<Token, downloaded>(
        detail::start_download(
            detail::prepare_download(detail::engine_access::of(api), std::move(url), std::move(sink), options)),
        token);
}

template <class Token = asio::use_awaitable_t<>>
requires(!std::same_as<std::remove_cvref_t<Token>, download_options>) auto async_download(const client& api,
                                                                                          std::string url,
                                                                                          download_sink sink,
                                                                                          Token&& token = {}) {
    return async_download(api, std::move(url), std::move(sink), download_options(), std::forward<Token>(token));
}

}  // namespace cubicasa
