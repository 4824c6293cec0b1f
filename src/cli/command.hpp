// What a command is, as data: the parser, the help, the manual and the completions are made from it. Includes only
// Asio's awaitable.
#pragma once

#include "arguments.hpp"
#include "exit_status.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace cubicasa::cli {

namespace asio = boost::asio;

class session;

// What the text of an argument has to be.
enum class kind {
    text,
    flag,         // has no value
    integer,      // 0 or more
    number,       // any
    truth,        // true or false
    moment,       // 2026-01-31, 2026-01-31T23:59:59Z, or seconds since 1970
    file,         // a name, "-" is standard input
    secret_file,  // the same; what counts is its first line
    folder,
};

struct parameter {
    std::string name;   // "--street"; without dashes: an argument without a name
    std::string value;  // what stands for its value in the help: "TEXT"
    std::string help;
    kind type = kind::text;
    bool required = false;
    bool repeated = false;
    std::string member = {};                // of the request's body: "order_preferences.style_2d.add_info"
    std::vector<std::string> choices = {};  // values that are known, for completion; there may be others

    bool is_option() const { return name.starts_with('-'); }
};

struct command {
    std::string group;  // "orders"; empty for those that are in none
    std::string name;
    std::string summary;  // one line
    std::string details;  // sentences; may be empty
    std::string example;  // a line or several
    std::vector<parameter> parameters;
    asio::awaitable<exit_status> (*run)(session&, const arguments&);
};

struct group_info {
    std::string name;
    std::string summary;
};

// All of them, in the order of the help.
const std::vector<group_info>& groups();
const std::vector<command>& commands();

// Options that every command takes, before it or behind it.
const std::vector<parameter>& global_parameters();

}  // namespace cubicasa::cli
