// Texts of the error codes, the groups they belong to, and the one sentence that describes an error.
#include <cubicasa/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <ostream>

namespace cubicasa {

namespace asio = boost::asio;

namespace {

const char* text(errc e) noexcept {
    switch (e) {
        case errc::invalid_argument:
            return "the request is not valid";
        case errc::invalid_configuration:
            return "the client's configuration is not valid";
        case errc::invalid_cursor:
            return "the cursor does not belong to this query";
        case errc::client_closed:
            return "the client is closed";
        case errc::pool_exhausted:
            return "too many calls wait for a connection";
        case errc::out_of_resources:
            return "the system has no memory or descriptor left";
        case errc::cancelled:
            return "the call was cancelled";
        case errc::deadline_exceeded:
            return "the time for the call is over";
        case errc::pool_timeout:
            return "no connection was free in time";
        case errc::resolve_timeout:
            return "the host's name was not looked up in time";
        case errc::connect_timeout:
            return "no connection was made in time";
        case errc::handshake_timeout:
            return "the TLS handshake did not end in time";
        case errc::write_timeout:
            return "the request was not taken in time";
        case errc::first_byte_timeout:
            return "no answer came in time";
        case errc::read_timeout:
            return "the answer did not go on in time";
        case errc::certificate_expired:
            return "the server's certificate is expired or not yet valid";
        case errc::certificate_untrusted:
            return "the server's certificate is signed by no trusted authority";
        case errc::certificate_name_mismatch:
            return "the server's certificate is for another host name";
        case errc::certificate_rejected:
            return "the server's certificate was rejected";
        case errc::tls_failure:
            return "the TLS handshake failed";
        case errc::malformed_http:
            return "the answer is not valid HTTP/1.1";
        case errc::truncated:
            return "the connection ended inside the answer";
        case errc::header_too_large:
            return "the answer's header is larger than the limit";
        case errc::body_too_large:
            return "the answer's body is larger than the limit";
        case errc::html_instead_of_json:
            return "the server answered with HTML where JSON is expected";
        case errc::empty_body:
            return "the answer has no body";
        case errc::malformed_json:
            return "the answer is not valid JSON";
        case errc::missing_member:
            return "the answer lacks a member that must be there";
        case errc::unexpected_answer:
            return "the answer is not what the operation returns";
        case errc::not_applied:
            return "the server has ignored a part of the request";
        case errc::bad_request:
            return "the server found the request wrong";
        case errc::unauthorized:
            return "the server refused the API key";
        case errc::not_found:
            return "the server knows no such thing";
        case errc::throttled:
            return "the server asks for fewer requests";
        case errc::server_error:
            return "the server failed";
        case errc::redirected:
            return "the server answered with a redirect, which is not followed";
        case errc::unexpected_status:
            return "the server answered with an unexpected status";
        case errc::paging_stalled:
            return "the list does not advance";
        case errc::paging_broken:
            return "the list says that there is more, but not where";
        case errc::dead_link:
            return "the link to the file is dead";
        case errc::html_instead_of_file:
            return "the server answered with HTML where a file is expected";
        case errc::file_changed:
            return "the file has changed while it was read";
        case errc::callback_failed:
            return "a function of the caller threw an exception";
        case errc::file_failed:
            return "the file cannot be used";
        case errc::file_busy:
            return "the file is in use";
    }
    return "unknown cubicasa error";
}

const char* text(condition c) noexcept {
    switch (c) {
        case condition::timeout:
            return "out of time";
        case condition::network:
            return "no complete answer from the server";
        case condition::unauthorized:
            return "key refused";
        case condition::not_found:
            return "not found";
        case condition::invalid:
            return "invalid request";
        case condition::throttled:
            return "throttled";
        case condition::server_error:
            return "server error";
        case condition::bad_answer:
            return "answer outside the contract";
        case condition::cancelled:
            return "cancelled";
        case condition::callback:
            return "function of the caller failed";
        case condition::local_file:
            return "local file";
    }
    return "unknown cubicasa condition";
}

// The group of each of our own codes.
bool belongs(errc e, condition c) noexcept {
    switch (e) {
        case errc::invalid_argument:
        case errc::invalid_configuration:
        case errc::invalid_cursor:
        case errc::bad_request:
            return c == condition::invalid;
        case errc::cancelled:
        case errc::client_closed:
            return c == condition::cancelled;
        case errc::deadline_exceeded:
        case errc::pool_timeout:
        case errc::write_timeout:
        case errc::first_byte_timeout:
        case errc::read_timeout:
            return c == condition::timeout;
        case errc::resolve_timeout:
        case errc::connect_timeout:
        case errc::handshake_timeout:
            return c == condition::timeout || c == condition::network;
        case errc::certificate_expired:
        case errc::certificate_untrusted:
        case errc::certificate_name_mismatch:
        case errc::certificate_rejected:
        case errc::tls_failure:
        case errc::out_of_resources:
        case errc::truncated:
            return c == condition::network;
        case errc::malformed_http:
        case errc::header_too_large:
        case errc::body_too_large:
        case errc::html_instead_of_json:
        case errc::empty_body:
        case errc::malformed_json:
        case errc::missing_member:
        case errc::unexpected_answer:
        case errc::not_applied:
        case errc::redirected:
        case errc::unexpected_status:
        case errc::paging_stalled:
        case errc::paging_broken:
        case errc::html_instead_of_file:
        case errc::file_changed:
            return c == condition::bad_answer;
        case errc::unauthorized:
            return c == condition::unauthorized;
        case errc::not_found:
        case errc::dead_link:
            return c == condition::not_found;
        case errc::throttled:
        case errc::pool_exhausted:
            return c == condition::throttled;
        case errc::server_error:
            return c == condition::server_error;
        case errc::callback_failed:
            return c == condition::callback;
        case errc::file_failed:
        case errc::file_busy:
            return c == condition::local_file;
    }
    return false;
}

class code_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "cubicasa"; }
    std::string message(int value) const override { return text(static_cast<errc>(value)); }
    boost::system::error_condition default_error_condition(int value) const noexcept override {
        using boost::system::errc::make_error_condition;
        switch (static_cast<errc>(value)) {
            case errc::cancelled:
                return make_error_condition(boost::system::errc::operation_canceled);
            case errc::deadline_exceeded:
            case errc::pool_timeout:
            case errc::resolve_timeout:
            case errc::connect_timeout:
            case errc::handshake_timeout:
            case errc::write_timeout:
            case errc::first_byte_timeout:
            case errc::read_timeout:
                return make_error_condition(boost::system::errc::timed_out);
            default:
                return boost::system::error_condition(value, *this);
        }
    }
};

class group_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "cubicasa.condition"; }
    std::string message(int value) const override { return text(static_cast<condition>(value)); }
    bool equivalent(const error_code& code, int value) const noexcept override {
        const auto c = static_cast<condition>(value);
        if (!code.failed()) return false;
        if (code.category() == cubicasa::error_category()) return belongs(static_cast<errc>(code.value()), c);
        if (code == asio::error::operation_aborted) return c == condition::cancelled;
        if (code == boost::system::errc::timed_out && c == condition::timeout) return true;
        if (code.category() == boost::system::generic_category()) return c == condition::local_file;
        return c == condition::network && from_network(code);
    }

private:
    static bool from_network(const error_code& code) noexcept {
        const auto& category = code.category();
        return category == boost::system::system_category() || category == asio::error::get_netdb_category() ||
               category == asio::error::get_addrinfo_category() || category == asio::error::get_misc_category() ||
               category == asio::error::get_ssl_category() || category == asio::ssl::error::get_stream_category();
    }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
    static const code_category instance;
    return instance;
}

const boost::system::error_category& condition_category() noexcept {
    static const group_category instance;
    return instance;
}

std::string_view to_string(delivery d) noexcept {
    switch (d) {
        case delivery::never_sent:
            return "the request was never sent";
        case delivery::maybe_processed:
            return "the server may have processed the request";
        case delivery::answered:
            return "the server answered";
    }
    return "";
}

std::string error::describe() const {
    if (!code.failed()) return "no error";
    std::string out;
    if (!operation.empty()) out.append(operation).append(": ");
    out.append(code.message());
    if (http_status != 0) out.append(" (HTTP ").append(std::to_string(http_status)).append(")");
    if (!message.empty()) out.append(": ").append(message);
    // Before anything is sent they are ours, and in the message.
    const bool told = delivery == delivery::never_sent;
    for (const auto& f : fields) {
        if (!told) out.append("; ").append(f.path).append(": ").append(f.text);
    }
    if (!server_message.empty()) out.append("; the server says: ").append(server_message);
    if (retry_after) out.append("; try again in ").append(std::to_string(retry_after->count())).append(" s");
    out.append(" [").append(to_string(delivery));
    if (attempts > 1) out.append(", ").append(std::to_string(attempts)).append(" attempts");
    if (!request_id.empty()) out.append(", request ").append(request_id);
    out.append("]");
    return out;
}

bool operator==(const error& e, condition c) noexcept { return e.code == make_error_condition(c); }
bool operator==(const error& e, errc c) noexcept { return e.code == make_error_code(c); }
std::ostream& operator<<(std::ostream& out, const error& e) { return out << e.describe(); }

failure::failure(error e) : system_error(e.code), error_(std::move(e)), text_(error_.describe()) {}

void throw_exception_from_error(const error& e, const boost::source_location&) { throw failure(e); }

}  // namespace cubicasa
