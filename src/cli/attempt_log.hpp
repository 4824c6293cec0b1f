// The lines of --verbose: one for each attempt. Includes observer.hpp.
#pragma once

#include <cubicasa/observer.hpp>

#include <string>

namespace cubicasa::cli {

class reporter;

// For client_config::observer. `GET /orders/{id} 200 in 12.3 ms, new connection`, and for a repetition why.
// `raw_path` stands for the path of a raw_request, of which events have none.
observer log_attempts(reporter& to, std::string raw_path);

}  // namespace cubicasa::cli
