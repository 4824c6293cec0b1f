// Where a client can run: execution contexts with their threads.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <thread>
#include <vector>

namespace test {

namespace asio = boost::asio;

// Its destructor waits until everything that runs here has ended.
class place {
public:
    virtual ~place() = default;
    virtual asio::any_io_executor executor() = 0;
};

class io_place : public place {
public:
    explicit io_place(int threads) : work_(asio::make_work_guard(context_)) {
        for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { context_.run(); });
    }
    ~io_place() override {
        work_.reset();
        for (auto& t : threads_) t.join();
    }
    asio::any_io_executor executor() override { return context_.get_executor(); }

private:
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::vector<std::thread> threads_;
};

class pool_place : public place {
public:
    explicit pool_place(std::size_t threads) : pool_(threads) {}
    ~pool_place() override { pool_.join(); }
    asio::any_io_executor executor() override { return pool_.get_executor(); }

private:
    asio::thread_pool pool_;
};

class system_place : public place {
public:
    asio::any_io_executor executor() override { return asio::system_executor(); }
};

// A strand of another place.
template <class Place>
class strand_place : public place {
public:
    explicit strand_place(int threads) : inner_(threads), strand_(asio::make_strand(inner_.executor())) {}
    asio::any_io_executor executor() override { return strand_; }

private:
    Place inner_;
    asio::strand<asio::any_io_executor> strand_;
};

struct place_kind {
    const char* name;
    std::unique_ptr<place> (*make)();
};

inline constexpr place_kind every_place[] = {
    {"an io_context with one thread", [] { return std::unique_ptr<place>(new io_place(1)); }},
    {"an io_context with four threads", [] { return std::unique_ptr<place>(new io_place(4)); }},
    {"a strand of an io_context", [] { return std::unique_ptr<place>(new strand_place<io_place>(4)); }},
    {"a thread_pool", [] { return std::unique_ptr<place>(new pool_place(3)); }},
    {"a strand of a thread_pool", [] { return std::unique_ptr<place>(new strand_place<pool_place>(3)); }},
    {"the system_executor", [] { return std::unique_ptr<place>(new system_place); }},
};

}  // namespace test
