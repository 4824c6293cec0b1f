// A server for tests and demonstrations that serves all operations of the contract over real TLS, with state, in this
// process. Includes no Beast, no asio/ssl and no JSON parser.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/testing/script.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::testing {

// How `next_offset` is made. The reference shows 0 followed by 21 with a limit of 20 (contract, section 8, item 1).
enum class paging_style {
    exact,     // offsets count from 0, next_offset = offset + limit
    from_one,  // offsets count from 1, and 0 means 1: 0, 21, 41 ... and nothing is lost
    skipping,  // offsets count from 0, next_offset = offset + limit + 1: who follows it loses records
};

enum class certificate_kind {
    good,         // for localhost, 127.0.0.1 and ::1, signed by the authority of ca_pem()
    expired,      // the same, out of date since yesterday
    wrong_name,   // the same, for another host
    untrusted,    // signed by another authority than that of ca_pem()
    self_signed,  // signed by itself
};

struct recorded_request {
    std::uint64_t connection = 0;  // counted from 1
    std::string method;
    std::string target;
    header_list headers;
    std::string body;  // the first 64 KiB
    int status = 0;    // what the operation answered; 0: a fault kept it from being carried out

    // The value of the first field of this name, compared without case; empty if there is none.
    std::string_view header(std::string_view name) const noexcept;
};

class sandbox_options {
public:
    sandbox_options() {}

    std::size_t orders = 0;   // generated ones, besides the examples
    bool examples = true;     // the contract's two complete orders
    unsigned short port = 0;  // 0: any free one
    std::string api_key = "sandbox-key";
    paging_style paging = paging_style::exact;
    std::size_t page_limit_max = 100;       // a greater `limit` is taken as this
    bool pdf_as_link = false;               // combined-pdf answers JSON with `url` instead of the document
    bool change_requests_as_array = false;  // their list is a bare array, without pagination
    // What a request has made or moved goes on by itself after this time: Draft to Pending, as if the scan had come,
    // Pending and Fixing to Ready. Unset: orders wait for set_status().
    std::optional<std::chrono::milliseconds> production_time;
    std::chrono::milliseconds webhook_retry_interval{100};  // from one try to the next
    // What can happen to an event on its way to a URL, by the same dice in each run. The probabilities are 0 to 1.
    double webhooks_lost = 0;      // it is never sent
    double webhooks_repeated = 0;  // it is sent once more, whatever the answer was
    // Up to three later ones of the same URL overtake it; it waits for them no longer than webhook_retry_interval.
    bool webhooks_shuffled = false;
    // The server ends a connection after so many answers, without announcing it; 0: never.
    std::size_t requests_per_connection = 0;
    bool tls = true;   // false: plain HTTP
    int tls_min = 12;  // 12 or 13
    int tls_max = 13;
    certificate_kind certificate = certificate_kind::good;
    // How many of the latest are kept for requests(), and for webhook_calls(); 0: none.
    std::size_t recorded_requests = 1000;
    // Is told of every request, on the server's thread, before the answer goes out. Must not call the sandbox.
    std::function<void(const recorded_request&)> on_request;
};

// An event on its way to a registered URL. Only this machine is called (127.0.0.0/8, ::1, localhost), by http or https,
// without a look at the certificate; any other URL is done without a try.
struct webhook_call {
    std::string url;
    std::string body;
    unsigned tries = 0;  // begun so far, 3 at most
    int status = 0;      // of the last answer; 0: there was none
    bool done = false;
    bool lost = false;    // by webhooks_lost: done without a try
    bool repeat = false;  // by webhooks_repeated: the call before it, in webhook_calls(), has the same event
};

struct sandbox_stats {
    std::uint64_t connections = 0;  // accepted
    std::uint64_t open_connections = 0;
    std::uint64_t peak_connections = 0;
    std::uint64_t handshakes_full = 0;
    std::uint64_t handshakes_resumed = 0;
    std::uint64_t handshakes_failed = 0;  // also those given up by the client
    std::string tls_version;              // of the last handshake: "TLSv1.3"
    std::uint64_t requests = 0;
    std::map<std::string, std::uint64_t> requests_per_path;  // "GET /orders/{id}"; what is unknown: "other"
    std::uint64_t faults = 0;                                // that happened
};

// Listens on 127.0.0.1 from the constructor to the destructor, on a thread of its own. Every member may be called from
// any thread. The constructor throws std::system_error or std::runtime_error when it cannot listen.
class sandbox {
public:
    explicit sandbox(sandbox_options options = sandbox_options());
    ~sandbox();
    sandbox(const sandbox&) = delete;
    sandbox& operator=(const sandbox&) = delete;

    // https://localhost:PORT/api/integrate/v3
    std::string base_url() const;
    unsigned short port() const noexcept;
    // The certificate of the authority, and a temporary file that holds it until the destructor.
    std::string ca_pem() const;
    std::string ca_file() const;
    // All that a client needs: base_url, api_key and tls.ca_pem.
    client_config config() const;

    void inject(fault f);
    void clear_faults();
    // Ends all idle connections, as a server does that restarts; when it returns they are closed on this side.
    void close_idle_connections();

    sandbox_stats stats() const;
    std::vector<recorded_request> requests() const;
    // Oldest first.
    std::vector<webhook_call> webhook_calls() const;

    // Newest first, like the list.
    std::vector<std::string> order_ids() const;
    // The order as GET /orders/{id} answers it. Throws std::out_of_range.
    std::string order_json(std::string_view id) const;
    // Adds an order, or replaces the one with this id. Throws std::invalid_argument if it is not an object with an
    // id and an `info` that has a status. Calls no webhook.
    void put_order(std::string_view json);
    // Throws std::out_of_range. An order that becomes Ready gets files, and webhooks are called as for every change.
    void set_status(std::string_view id, std::string_view status);

    // Every name is a file, at /files/NAME beside the API, and no key is asked for: HEAD, validators, and ranges one at
    // a time. It has 2 to 32 KB; a name that begins with size/N/ has N bytes, up to 64 GiB, which take no memory.
    // redirect/N/NAME leads to NAME by N redirects. A `name` may also be a whole address, as orders have them.
    std::uint64_t file_size(std::string_view name) const;
    // The bytes as they are now, from `offset` on; fewer if the file ends before.
    std::string file_bytes(std::string_view name, std::uint64_t offset = 0, std::uint64_t size = UINT64_MAX) const;
    // From now on the file has other bytes, another ETag and another Last-Modified. Its size stays.
    void change_file(std::string_view name);
    // From now on the file is answered with this status (403, 404, 410), until it is restored.
    void remove_file(std::string_view name, int status = 404);
    void restore_file(std::string_view name);
    // From now on the addresses that this order has for its files are answered with 403. It has new ones for the same
    // files, which who asks for the order again gets. Throws std::out_of_range.
    void expire_files(std::string_view order_id);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace cubicasa::testing
