// secret: cannot be seen, and leaves nothing behind.
#include <cubicasa/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <concepts>
#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(secrets)

using cubicasa::secret;

namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& t) {
    out << t;
};
template <class T>
concept comparable = requires(const T& a, const T& b) {
    a == b;
};

}  // namespace

static_assert(!printable<secret>);
static_assert(!comparable<secret>);
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);

BOOST_AUTO_TEST_CASE(a_secret_gives_its_text_only_when_asked_by_name) {
    BOOST_TEST(secret("key").reveal() == "key");
    BOOST_TEST(secret().empty());
}

BOOST_AUTO_TEST_CASE(a_string_that_is_moved_into_a_secret_is_wiped) {
    std::string text(100, 'k');
    const char* bytes = text.data();
    const secret s(std::move(text));
    BOOST_TEST(s.reveal().size() == 100u);
    // NOLINTNEXTLINE(bugprone-use-after-move): the point of the test
    BOOST_TEST(text.empty());
    BOOST_TEST(std::count(bytes, bytes + 100, 'k') == 0);
}

BOOST_AUTO_TEST_CASE(a_secret_wipes_its_memory_when_it_goes) {
    alignas(secret) unsigned char place[sizeof(secret)];
    auto* s = new (place) secret("short-key");  // short enough to lie inside the object
    const bool inside = reinterpret_cast<const unsigned char*>(s->reveal().data()) >= place &&
                        reinterpret_cast<const unsigned char*>(s->reveal().data()) < place + sizeof place;
    BOOST_TEST_REQUIRE(inside);
    s->~secret();
    const std::string_view needle = "short-key";
    const auto* begin = &place[0];
    const auto* end = begin + sizeof place;
    BOOST_TEST((std::search(begin, end, needle.begin(), needle.end()) == end));
}

BOOST_AUTO_TEST_CASE(a_moved_from_secret_holds_nothing) {
    secret a("short-key");
    const secret b(std::move(a));
    // NOLINTNEXTLINE(bugprone-use-after-move)
    BOOST_TEST(a.empty());
    BOOST_TEST(b.reveal() == "short-key");
}

BOOST_AUTO_TEST_CASE(assignment_replaces_the_text) {
    secret a("one");
    a = secret("two");
    BOOST_TEST(a.reveal() == "two");
    a = "three";
    BOOST_TEST(a.reveal() == "three");
}

BOOST_AUTO_TEST_CASE(wiping_clears_the_unused_capacity_too) {
    std::string text(200, 'k');
    text.resize(40);
    const char* bytes = text.data();
    cubicasa::wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST(std::count(bytes, bytes + 200, 'k') == 0);
}

BOOST_AUTO_TEST_SUITE_END()
