// The entry point of every test program.
#define BOOST_TEST_MODULE cubicasa
#include <boost/test/unit_test.hpp>

#include <openssl/crypto.h>

// The threads of asio::system_executor end after main(), and may be in a handshake when OpenSSL cleans up at exit.
[[maybe_unused]] const int without_clean_up = OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);

#ifdef __SANITIZE_THREAD__
// What is not compiled for the sanitizer hides its atomic operations from it: the flags of OpenSSL that guard what is
// written once, and the count of those who hold an exception. Asio counts those who hold an executor with a fence,
// which the sanitizer does not know.
extern "C" const char* __tsan_default_suppressions() {
    return "race:libcrypto.so\nrace:std::__exception_ptr::exception_ptr::_M_release\n"
           "race:shared_target_executor::~shared_target_executor\n";
}
#endif
