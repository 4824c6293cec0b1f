// The boundary between the templates of client.hpp and what is compiled once. Light Asio headers only.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/detail/call_handle.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>
#include <cubicasa/stats.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace cubicasa::detail {

class engine;
class draining;

using answer_handler = asio::any_completion_handler<void(result<raw_response>)>;

// Throws `failure` with errc::invalid_configuration.
std::shared_ptr<engine> make_engine(const asio::any_io_executor& executor, client_config config);

// A call in two steps, so that its cancellation can be arranged before it runs. The handler is called once, on the
// client's executor and never inside launch().
std::shared_ptr<call> prepare(const std::shared_ptr<engine>& e, wire_request&& request, const call_options& options);
void launch(std::shared_ptr<call> c, answer_handler handler);
// The same once more, for a call that has not been launched.
std::shared_ptr<call> again(const call& c);
const asio::any_io_executor& executor_of(const call& c) noexcept;

// For the observer: the outcome of a call, from within its handler.
bool is_observed(const call& c) noexcept;
void finished(const call& c, int status, const error& outcome) noexcept;
void report(const engine& e, const event& what) noexcept;
bool is_observed(const engine& e) noexcept;

using drain_handler = asio::any_completion_handler<void(bool)>;

// See client::async_drain. In two steps for the same reason; the handler is called on the client's executor.
std::shared_ptr<draining> prepare_drain(const std::shared_ptr<engine>& e);
void launch(std::shared_ptr<draining> d, std::chrono::milliseconds limit, drain_handler handler);
void cancel(const std::weak_ptr<draining>& d) noexcept;

const asio::any_io_executor& executor_of(const engine& e) noexcept;
pool_stats stats_of(const engine& e);
void close(engine& e) noexcept;

// The error that an answer's status stands for; none for 2xx.
error status_error(const raw_response& answer, std::string_view operation, effect what, cubicasa::evidence ev);

// What the answer asks for by Retry-After, if it does.
std::optional<std::chrono::seconds> retry_after(const raw_response& answer);

// Adds to an error what is known of the answer that it came from.
void describe_answer(error& e, const raw_response& answer, std::string_view operation);

}  // namespace cubicasa::detail
