// The entry point of every test program.
#define BOOST_TEST_MODULE cubicasa
#include <boost/test/unit_test.hpp>

#ifdef __SANITIZE_THREAD__
// OpenSSL is not compiled for the sanitizer, which does not see the atomic flags that guard what it writes once.
extern "C" const char* __tsan_default_suppressions() { return "race:libcrypto.so\n"; }
#endif
