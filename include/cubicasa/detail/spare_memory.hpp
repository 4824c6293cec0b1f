// What one answer leaves behind for the next one on the same thread. For an allocation above 1 KiB glibc first merges
// its free blocks, those of the last answer's texts, which then have to be cut out again: 3,000 instructions an order.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>

namespace cubicasa::detail {

// Of `size` bytes. Throws std::bad_alloc.
void* take_frame_memory(std::size_t size);
void give_frame_memory(void* memory, std::size_t size) noexcept;

// Makes room for `size` bytes in a text that is empty.
void take_body_memory(std::string& body, std::size_t size);
// The text is not needed any more.
void give_body_memory(std::string& body) noexcept;

// Asio uses the memory of frames up to 1020 bytes again, and a frame has its result in it.
template <class Result>
inline constexpr bool has_large_frame = sizeof(Result) > 800;

// For them.
template <class Result>
class large_frame : public std::coroutine_traits<boost::asio::awaitable<Result>>::promise_type {
public:
    static void* operator new(std::size_t size) { return take_frame_memory(size); }
    static void operator delete(void* memory, std::size_t size) noexcept { give_frame_memory(memory, size); }
};

}  // namespace cubicasa::detail
