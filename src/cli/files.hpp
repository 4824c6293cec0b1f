// Small files that are read and written whole. Includes secret.hpp.
#pragma once

#include <cubicasa/secret.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cubicasa::cli {

// "-" is standard input. Throws `failure` with the path, also for more than 16 MiB.
std::string read_file(const std::string& path);

// Nothing if there is no such file.
std::optional<std::string> read_file_if_any(const std::string& path);

// The first line of a file that nobody but its owner may read. Throws usage_error if others may, or if it is empty;
// `failure` when it cannot be read.
secret read_secret(const std::string& path);

// Puts a new file in the place of the old one, whole or not at all. Throws `failure`.
void replace_file(const std::string& path, std::string_view content);

}  // namespace cubicasa::cli
