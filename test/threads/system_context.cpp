// The threads of the system's executor end with the program, after OpenSSL has cleaned up what it can reach: what it
// keeps for each thread stays, and the address sanitizer takes it for leaks. So here they end before.
#ifdef __SANITIZE_ADDRESS__
#include <boost/asio/system_context.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/test/unit_test.hpp>

namespace {

struct end_of_threads {
    ~end_of_threads() {
        auto& context = boost::asio::query(boost::asio::system_executor(), boost::asio::execution::context);
        context.stop();
        context.join();
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(end_of_threads);
#endif
