// The memory that a thread keeps for its next large answer.
#include <cubicasa/detail/spare_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>

namespace detail = cubicasa::detail;

namespace {

// Each behaviour on a thread of its own, which has nothing spare at first.
template <class F>
void on_a_new_thread(F f) {
    std::thread(f).join();
}

bool given_late = false;

// Gives memory when the objects of its thread that were made after it are gone.
struct late_giver {
    ~late_giver() {
        given_late = true;
        if (frame != nullptr) detail::give_frame_memory(frame, 2000);
        std::string body(5000, 'x');
        detail::give_body_memory(body);
        detail::take_body_memory(body, 6000);
        detail::give_frame_memory(detail::take_frame_memory(2000), 2000);
    }
    void* frame = nullptr;
};
thread_local late_giver giver;

}  // namespace

BOOST_AUTO_TEST_SUITE(spare_memory)

BOOST_AUTO_TEST_CASE(a_frame_has_the_memory_of_the_last_one_of_its_size) {
    bool same = false;
    on_a_new_thread([&] {
        void* const first = detail::take_frame_memory(2000);
        detail::give_frame_memory(first, 2000);
        void* const second = detail::take_frame_memory(2000);
        same = first == second;
        detail::give_frame_memory(second, 2000);
    });
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(a_frame_of_another_size_has_memory_of_its_own) {
    bool same = true;
    on_a_new_thread([&] {
        void* const first = detail::take_frame_memory(2000);
        detail::give_frame_memory(first, 2000);
        void* const larger = detail::take_frame_memory(4000);
        same = larger == first;
        detail::give_frame_memory(larger, 4000);
    });
    BOOST_TEST(!same);
}

BOOST_AUTO_TEST_CASE(two_frames_at_once_have_two_memories) {
    bool same = true;
    on_a_new_thread([&] {
        detail::give_frame_memory(detail::take_frame_memory(2000), 2000);
        void* const one = detail::take_frame_memory(2000);
        void* const two = detail::take_frame_memory(2000);
        same = one == two;
        detail::give_frame_memory(one, 2000);
        detail::give_frame_memory(two, 2000);
    });
    BOOST_TEST(!same);
}

BOOST_AUTO_TEST_CASE(a_body_has_the_memory_of_the_last_one) {
    bool same = false;
    std::string next;
    on_a_new_thread([&] {
        std::string body(5000, 'x');
        const char* const memory = body.data();
        detail::give_body_memory(body);
        detail::take_body_memory(next, 4000);
        same = next.data() == memory;
    });
    BOOST_TEST(same);
    BOOST_TEST(next.empty());
    BOOST_TEST(next.capacity() >= 4000u);
}

BOOST_AUTO_TEST_CASE(a_small_body_does_not_hold_the_memory_of_a_large_one) {
    std::string next;
    on_a_new_thread([&] {
        std::string body(200'000, 'x');
        detail::give_body_memory(body);
        detail::take_body_memory(next, 2000);
    });
    BOOST_TEST(next.capacity() >= 2000u);
    BOOST_TEST(next.capacity() < 10'000u);
}

BOOST_AUTO_TEST_CASE(what_is_very_large_is_not_kept) {
    std::string body(1024 * 1024, 'x');
    const char* const memory = body.data();
    on_a_new_thread([&] { detail::give_body_memory(body); });
    BOOST_TEST(body.data() == memory);
}

BOOST_AUTO_TEST_CASE(memory_may_be_given_when_the_threads_objects_are_gone) {
    on_a_new_thread([] {
        late_giver& made_first = giver;
        made_first.frame = detail::take_frame_memory(2000);
        detail::give_frame_memory(detail::take_frame_memory(2000), 2000);
    });
    BOOST_TEST(given_late);
}

BOOST_AUTO_TEST_SUITE_END()
