// See the header.
#include "advice.hpp"

#include <cubicasa/operations.hpp>

namespace cubicasa::cli {

namespace {

void replace(std::string& text, const std::string& what, const std::string& by) {
    if (const std::size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
}

std::string cure_for(const error& e) {
    if (e == errc::dead_link) return "The order may have been delivered anew: run it again";
    if (e == condition::not_found) {
        const operation_info* operation = find_operation(e.operation);
        const bool names_something = operation == nullptr || operation->path.find('{') != std::string_view::npos;
        return names_something ? "Check the id" : "Check --base-url and --path";
    }
    if (e == errc::certificate_untrusted) return "Give the server's authority with --ca-file or CUBICASA_CA_FILE";
    if (e == errc::certificate_name_mismatch || e == errc::certificate_expired || e == errc::certificate_rejected) {
        return "Check --base-url; if it is right, do not trust this server";
    }
    if (e.operation == "orders wait") return "It may have it later: --within gives it more time";
    if (e == condition::timeout) return "Try again, or give it more time with --timeout";
    if (e == condition::network) return "Check the network and --base-url, and try again";
    if (e == condition::throttled) return "Try again later, with a smaller --in-flight";
    if (e == condition::server_error) return "Try again later";
    if (e == errc::invalid_cursor) return "Remove the file of --cursor to begin anew";
    if (e == errc::invalid_configuration) return "Check --base-url, --ca-file and the key";
    if (e.code == boost::system::errc::no_such_file_or_directory) return {};
    if (e == condition::local_file) return "Check the disk and the permissions, and run it again";
    if (e == condition::bad_answer) return "Check --base-url: it may not be the API that answers there";
    return {};
}

}  // namespace

std::string sentence_for(const error& e) {
    if (e == condition::local_file && e.delivery == delivery::never_sent) return e.message + ": " + e.code.message();
    std::string out = e.describe();
    // The library names its own ways.
    replace(out, "client_config::paths[\"" + e.operation + "\"]", "--path " + e.operation + "=PATH");
    replace(out, ", or set allow_plain_http", "");
    return out;
}

std::string advice_for(const error& e) {
    return may_have_been_done(e) ? "It may have been done: look before you repeat it" : cure_for(e);
}

bool may_have_been_done(const error& e) {
    if (e.delivery != delivery::maybe_processed || e.operation == "download") return false;
    return find_operation(e.operation) == nullptr || of_a_change(e);
}

bool of_a_change(const error& e) {
    const operation_info* operation = find_operation(e.operation);
    return operation != nullptr && operation->effect != effect::read;
}

std::string_view kind_of(const error& e) noexcept {
    if (e == condition::timeout) return "timeout";
    if (e == condition::network || e == errc::malformed_http) return "network";
    if (e == condition::unauthorized) return "unauthorized";
    if (e == condition::not_found) return "not_found";
    if (e == condition::invalid) return "invalid";
    if (e == condition::throttled) return "throttled";
    if (e == condition::server_error) return "server_error";
    if (e == condition::bad_answer) return "bad_answer";
    if (e == condition::cancelled) return "cancelled";
    if (e == condition::local_file) return "local_file";
    return "other";
}

}  // namespace cubicasa::cli
