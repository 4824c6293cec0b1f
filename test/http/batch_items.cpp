// What batches take and give: sources, values, ids, exceptions.
#include <cubicasa/batch.hpp>

#include "support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(batch_items)

using namespace test;
namespace cc = cubicasa;
using cc::errc;
using cc::in_flight;

namespace {

template <class T>
using outcomes_of = std::vector<cc::outcome<T>>;

// All outcomes, by index.
template <class T>
outcomes_of<T> all(cc::batch<T> b) {
    const auto collect = [](cc::batch<T>& from) -> asio::awaitable<outcomes_of<T>> {
        outcomes_of<T> out;
        while (auto o = co_await from.next()) out.push_back(std::move(*o));
        co_return out;
    };
    asio::io_context context;
    auto out = run(context, collect(b));
    std::ranges::sort(out, {}, &cc::outcome<T>::index);
    return out;
}

struct named {
    std::string id;
    int size = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_outcome_has_the_id_of_its_item) {
    const auto size = [](named n) -> asio::awaitable<int> { co_return n.size; };
    std::vector<named> items{{"a", 1}, {"b", 2}};
    const auto out = all(cc::for_each_bounded(items, in_flight(2), size));
    BOOST_TEST(out[0].id == "a");
    BOOST_TEST(out[1].id == "b");
    BOOST_TEST(*out[1].result == 2);
    const auto length = [](const std::string& s) -> asio::awaitable<std::size_t> { co_return s.size(); };
    const auto texts = all(cc::for_each_bounded(std::list<std::string>{"one", "three"}, in_flight(2), length));
    BOOST_TEST(texts[1].id == "three");
    BOOST_TEST(*texts[1].result == 5u);
    const auto same = [](int i) -> asio::awaitable<int> { co_return i; };
    BOOST_TEST(all(cc::for_each_bounded(std::vector{7}, in_flight(1), same))[0].id.empty());
}

BOOST_AUTO_TEST_CASE(a_function_may_return_nothing) {
    int calls = 0;
    const auto count = [&](int) -> asio::awaitable<void> {
        ++calls;
        co_return;
    };
    const auto out = all(cc::for_each_bounded(std::vector{1, 2, 3}, in_flight(2), count));
    BOOST_TEST(out.size() == 3u);
    BOOST_TEST(out[2].result.has_value());
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(a_function_may_return_a_result) {
    const auto halved = [](int i) -> asio::awaitable<cc::result<int>> {
        if (i % 2 != 0) co_return cc::error(errc::not_found, "odd");
        co_return i / 2;
    };
    const outcomes_of<int> out = all(cc::for_each_bounded(std::vector{4, 5}, in_flight(2), halved));
    BOOST_TEST(*out[0].result == 2);
    BOOST_TEST((out[1].result.error() == errc::not_found));
}

BOOST_AUTO_TEST_CASE(what_a_function_throws_is_the_error_of_its_outcome) {
    const auto thrower = [](int i) -> asio::awaitable<int> {
        switch (i) {
            case 0:
                throw cc::failure(cc::error(errc::throttled, "slowly", cc::delivery::answered));
            case 1:
                throw boost::system::system_error(asio::error::connection_reset);
            case 2:
                std::filesystem::create_directory("/proc/none");
                break;
            case 3:
                throw std::bad_alloc();
            case 4:
                throw std::out_of_range("too far");
            default:
                throw i;
        }
        co_return 0;
    };
    const auto out = all(cc::for_each_bounded(std::vector{0, 1, 2, 3, 4, 5}, in_flight(6), thrower));
    const auto error_of = [&](std::size_t i) { return out[i].result.error(); };
    BOOST_TEST((error_of(0) == errc::throttled));
    BOOST_TEST((error_of(0).delivery == cc::delivery::answered));
    BOOST_TEST((error_of(1) == cc::condition::network));
    BOOST_TEST((error_of(1).delivery == cc::delivery::maybe_processed));
    BOOST_TEST((error_of(2).code == boost::system::errc::no_such_file_or_directory));
    BOOST_TEST((error_of(3) == errc::out_of_resources));
    BOOST_TEST((error_of(4) == errc::callback_failed));
    BOOST_TEST(error_of(4).message == "too far");
    BOOST_TEST((error_of(5) == errc::callback_failed));
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_before_it_returns_an_awaitable_is_no_different) {
    const auto thrower = [](int i) -> asio::awaitable<int> { throw std::out_of_range(std::to_string(i)); };
    const auto out = all(cc::for_each_bounded(std::vector{1}, in_flight(1), thrower));
    BOOST_TEST(out[0].result.error().message == "1");
}

BOOST_AUTO_TEST_CASE(elements_of_a_container_are_moved_and_may_be_movable_only) {
    std::vector<std::unique_ptr<int>> items;
    items.push_back(std::make_unique<int>(5));
    const auto value = [](std::unique_ptr<int> p) -> asio::awaitable<std::unique_ptr<int>> { co_return p; };
    const auto out = all(cc::for_each_bounded(std::move(items), in_flight(1), value));
    BOOST_TEST(**out[0].result == 5);
}

BOOST_AUTO_TEST_CASE(elements_behind_a_view_stay_as_they_are) {
    std::vector<std::string> items{"a text that is too long to be short", "b", "c"};
    const auto length = [](std::string s) -> asio::awaitable<std::size_t> { co_return s.size(); };
    const auto out = all(cc::for_each_bounded(items | std::views::take(2), in_flight(2), length));
    BOOST_TEST(out.size() == 2u);
    BOOST_TEST(items[0].size() == 35u);
}

BOOST_AUTO_TEST_CASE(a_function_may_keep_a_reference_to_its_item) {
    const auto later = [](const named& n) -> asio::awaitable<std::string> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_return n.id;
    };
    std::vector<named> items{{"a text that is too long to be short", 1}};
    BOOST_TEST(*all(cc::for_each_bounded(items, in_flight(1), later))[0].result == items[0].id);
}

BOOST_AUTO_TEST_CASE(the_function_lives_as_long_as_what_it_began) {
    asio::io_context context;
    const auto kept = std::make_shared<std::string>("kept");
    {
        auto reader = [kept](int) -> asio::awaitable<int> {
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            co_return static_cast<int>(kept->size());
        };
        auto b = cc::for_each_bounded(std::vector{1, 2}, in_flight(2), std::move(reader));
        asio::co_spawn(context, b.try_next(), asio::detached);
        context.poll_one();
    }
    run_out(context);
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_range_is_an_error_of_next_and_the_range_is_tried_again) {
    int tries = 0;
    const auto stubborn = std::views::iota(0, 3) | std::views::transform([&](int i) {
                              if (i == 1 && ++tries == 1) throw std::out_of_range("not yet");
                              return i;
                          });
    const auto same = [](int i) -> asio::awaitable<int> { co_return i; };
    auto b = cc::for_each_bounded(stubborn, in_flight(3), same);
    asio::io_context context;
    BOOST_TEST(run(context, b.next())->index == 0u);
    const auto failed = run(context, b.try_next());
    BOOST_TEST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error() == errc::callback_failed));
    BOOST_TEST(all(std::move(b)).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_batch_can_be_the_source_of_another) {
    const auto plus_one = [](int i) -> asio::awaitable<int> { co_return i + 1; };
    const auto text = [](cc::outcome<int> o) -> asio::awaitable<std::string> { co_return std::to_string(*o.result); };
    auto first = cc::for_each_bounded(std::vector{1, 2, 3}, in_flight(2), plus_one);
    const auto out = all(cc::for_each_bounded(std::move(first), in_flight(2), text));
    BOOST_TEST(out.size() == 3u);
    int sum = 0;
    for (const auto& o : out) sum += std::stoi(*o.result);
    BOOST_TEST(sum == 9);
}

BOOST_AUTO_TEST_CASE(a_batch_is_an_async_generator_of_outcomes) {
    const auto same = [](int i) -> asio::awaitable<int> { co_return i; };
    asio::io_context context;
    cc::async_generator<cc::outcome<int>> outcomes = cc::for_each_bounded(std::vector{1}, in_flight(2), same);
    BOOST_TEST(run(context, outcomes.next()).has_value());
    BOOST_TEST(!run(context, outcomes.next()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
