// The table: every form of a call, at every place where a client can run; served, refused, cancelled.
#include "cell.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <condition_variable>
#include <mutex>

using namespace test;
using cc::errc;

namespace {

const std::string no_such_id = "00000000-0000-0000-0000-000000000000";
const std::string silent_id = "11111111-1111-1111-1111-111111111111";

// Lets a test wait for what a server sees.
class counted_requests {
public:
    // How many of the silent order there have been.
    void wait_for(int wanted) {
        std::unique_lock lock(mutex_);
        BOOST_TEST_REQUIRE(changed_.wait_for(lock, patience, [&] { return silent_ >= wanted; }));
    }
    sandbox_options options() {
        sandbox_options out;
        out.on_request = [this](const cc::testing::recorded_request& r) {
            if (!r.target.ends_with(silent_id)) return;
            const std::lock_guard lock(mutex_);
            ++silent_;
            changed_.notify_all();
        };
        return out;
    }
    int silent() {
        const std::lock_guard lock(mutex_);
        return silent_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int silent_ = 0;
};

struct table {
    table() : server(requests.options()) { server.inject(fault::never_answer().on("GET", "/orders/" + silent_id)); }

    void check(const form& f, const cc::client& api) {
        check_end(f.start(make_cell(api, known_id))(), known_id, {});
        check_end(f.start(make_cell(api, no_such_id))(), "", errc::not_found);
        if (f.can_be_cancelled) check_cancelled(f, api);
    }

    void check_cancelled(const form& f, const cc::client& api) {
        const int before = requests.silent();
        asio::cancellation_signal signal;
        const cell c = make_cell(api, silent_id, signal.slot());
        const waiter wait = f.start(c);
        requests.wait_for(before + 1);
        asio::post(c.strand, [&] { signal.emit(asio::cancellation_type::terminal); });
        const verdict e = wait();
        check_end(e, "", errc::cancelled);
        BOOST_TEST((e.error.delivery == cc::delivery::maybe_processed));
    }

    static cell make_cell(const cc::client& api, const std::string& id, asio::cancellation_slot slot = {}) {
        return {api, asio::make_strand(api.get_executor()), slot, id};
    }

    static void check_end(const verdict& e, const std::string& id, cc::error_code code) {
        BOOST_TEST(e.against_the_rules == "");
        BOOST_TEST(e.id == id);
        BOOST_TEST(e.error.code == code);
    }

    counted_requests requests;
    sandbox server;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(every_token)

BOOST_AUTO_TEST_CASE(works_on_every_executor) {
    std::vector<form> forms;
    for (const auto& some : {callback_forms(), coroutine_forms(), group_forms(), stackful_forms()}) {
        forms.insert(forms.end(), some.begin(), some.end());
    }
    table t;
    for (const place_kind& kind : every_place) {
        const auto where = kind.make();
        const cc::client api(where->executor(), t.server.config());
        for (const form& f : forms) {
            BOOST_TEST_CONTEXT(f.name << " on " << kind.name) { t.check(f, api); }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
