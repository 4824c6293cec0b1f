// Everything on standard output: records and documents, as the user wants them.
#pragma once

#include "options.hpp"
#include "table.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

class reporter;

// Nobody reads standard output any more, as behind `| head`.
class closed_pipe : public std::exception {
public:
    const char* what() const noexcept override { return "standard output was closed"; }
};

// Writes when there is much, and when the program would wait; so a walk is neither slow nor late. What cannot be
// written is a `failure` with the system's code, or closed_pipe; from any member, or from the context's run().
class printer {
public:
    printer(boost::asio::io_context& context, const options& o, reporter& beside);

    // The only answer of a command. JSON.
    void document(std::string_view json);
    // One of many. JSON, compact. A table shows the members in `columns`, which are those of the first record.
    void record(std::string_view json, const std::vector<std::string>& columns);
    // Text, or the content of a file, as it is.
    void bytes(std::string_view text);

    // Writes what there is.
    void flush();
    // Of many records there are no more. Ends the one document that they are in.
    void finish();

private:
    void add(std::string_view text);
    void write(std::string_view text);

    boost::asio::io_context& context_;
    reporter& beside_;
    const output_format format_;
    const bool colours_;
    const bool terminal_;
    std::string waiting_;
    bool will_flush_ = false;
    bool many_ = false;  // a record was printed
    bool raw_ = false;   // and text of unknown kind
    std::optional<table> table_;
};

}  // namespace cubicasa::cli
