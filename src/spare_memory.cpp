// One frame and one body for each thread: calls end one after the other, however many are in flight.
#include <cubicasa/detail/spare_memory.hpp>

#include <new>
#include <utility>

namespace cubicasa::detail {

namespace {

// Smaller bodies are allocated cheaply, and larger ones are rare.
constexpr std::size_t smallest_body = 1024;
constexpr std::size_t largest_body = 256 * 1024;

struct spare_memory {
    spare_memory() = default;
    ~spare_memory();

    std::string body;
    void* frame = nullptr;
    std::size_t frame_size = 0;
};

// Coroutines may be destroyed when the objects of their thread are gone already; this has no destructor.
constinit thread_local bool is_gone = false;
thread_local spare_memory spare;

spare_memory::~spare_memory() {
    is_gone = true;
    ::operator delete(frame);
}

}  // namespace

void* take_frame_memory(std::size_t size) {
    if (!is_gone && spare.frame_size == size) {
        spare.frame_size = 0;
        return std::exchange(spare.frame, nullptr);
    }
    return ::operator new(size);
}

void give_frame_memory(void* memory, std::size_t size) noexcept {
    if (!is_gone) {
        std::swap(spare.frame, memory);
        spare.frame_size = size;
    }
    ::operator delete(memory);
}

void take_body_memory(std::string& body, std::size_t size) {
    // Who keeps a body should not keep much more.
    if (size > smallest_body && !is_gone && spare.body.capacity() <= 2 * size) body.swap(spare.body);
    body.reserve(size);
}

void give_body_memory(std::string& body) noexcept {
    if (body.capacity() <= smallest_body || body.capacity() > largest_body || is_gone) return;
    body.clear();
    body.swap(spare.body);
}

}  // namespace cubicasa::detail
