// Where the bytes of a download go: a file, or whatever a user wants to do with them.
#pragma once

#include <cubicasa/detail/range_core.hpp>
#include <cubicasa/error.hpp>

#include "../net/task.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cubicasa::detail {

namespace asio = boost::asio;

// For one coroutine; nothing is called while something is awaited, but interrupt(). After an error of its own the
// download has failed.
class download_target {
public:
    virtual ~download_target() = default;

    // Finds out what is here already of the file behind `url`.
    virtual task<error> open(const std::string& url) = 0;
    // What is here, with what was committed.
    virtual const part_facts& facts() const noexcept = 0;
    // Begins from the beginning. errc::file_changed if what is here cannot be taken back.
    virtual task<error> begin(const part_facts& identity) = 0;

    // Where the next bytes are to be put, and how many were. Not empty, since flush() follows when it would be.
    virtual asio::mutable_buffer space() = 0;
    virtual void commit(std::size_t n) = 0;
    // Takes what was committed. `more`: there will be more.
    virtual task<error> flush(bool more) = 0;

    // All is here.
    virtual task<error> finish() = 0;
    // After finish(): in hexadecimal, or empty.
    virtual std::string sha256() = 0;

    // Lets go of everything. What was committed and can be of use for another download is kept.
    virtual task<void> close() = 0;

    // From any thread: what takes long should end soon.
    virtual void interrupt() noexcept = 0;
};

}  // namespace cubicasa::detail
