// Preloaded, it counts what a program allocates, and tells at its end. GNU only.
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static std::atomic<unsigned long> bench_allocations{0};

void* malloc(std::size_t size) {
    bench_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
    bench_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
    bench_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_realloc(old, size);
}

// Asio's way to get memory.
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    bench_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_memalign(alignment, size);
}

// The programs end by _Exit, which this is.
void _Exit(int status) {
    std::fprintf(stderr, "%lu allocations\n", bench_allocations.load());
    _exit(status);
}

}  // extern "C"
