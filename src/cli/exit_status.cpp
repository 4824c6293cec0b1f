// Which error ends the program how.
#include "exit_status.hpp"

namespace cubicasa::cli {

exit_status status_of(const error& e) noexcept {
    if (e == condition::local_file) return exit_status::local_file;
    if (e == condition::timeout) return exit_status::out_of_time;
    // What is no HTTP is no answer.
    if (e == condition::network || e == errc::malformed_http) return exit_status::network;
    if (e == condition::cancelled) return exit_status::interrupted;
    // Found here, before anything was sent.
    if (e == condition::invalid && e.delivery == delivery::never_sent) return exit_status::usage;
    return exit_status::refused;
}

}  // namespace cubicasa::cli
