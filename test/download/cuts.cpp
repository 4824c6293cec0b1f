// Sweeps: cut off after every k-th byte, and killed at any moment.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using test::fault;

namespace {

struct cuts_fixture : test::download_fixture {
    cuts_fixture() {
        config.retry.base = std::chrono::milliseconds(0);
        config.retry.budget = 1000;  // all of these fail
    }
};

// This program again, with other words and nothing but this environment.
pid_t start(std::vector<std::string>& words, std::vector<std::string>& environment) {
    const auto pointers = [](std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (std::string& t : texts) out.push_back(t.data());
        out.push_back(nullptr);
        return out;
    };
    const std::vector<char*> arguments = pointers(words);
    const std::vector<char*> variables = pointers(environment);
    const pid_t child = ::fork();
    if (child == 0) {
        ::execve("/proc/self/exe", arguments.data(), variables.data());
        ::_exit(127);
    }
    return child;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cuts, cuts_fixture)

BOOST_AUTO_TEST_CASE(a_connection_cut_after_every_kth_byte_gives_an_identical_file) {
    const std::string name = "size/5000/plan.pdf";
    // The head of an answer has some hundred bytes: below that nothing of the file comes.
    for (std::size_t k = 500; k < 5600; k += k < 700 ? 7 : 331) {
        server.clear_faults();
        server.inject(fault::reset_after(k));
        check_whole(download(name, "plan.pdf"), name, "plan.pdf");
        std::filesystem::remove(folder / "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(one_cut_at_any_byte_of_head_or_body_gives_an_identical_file) {
    const std::string name = "size/700/plan.pdf";
    for (std::size_t k = 0; k < 1200; k += 3) {
        server.inject(fault::reset_after(k).times(1));
        check_whole(download(name, "plan.pdf"), name, "plan.pdf");
        std::filesystem::remove(folder / "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(chunked_bodies_cut_at_any_byte_give_an_identical_file) {
    const std::string name = "size/700/plan.pdf";
    for (std::size_t k = 300; k < 1400; k += 7) {
        server.clear_faults();
        server.inject(fault::chunked().also(fault::reset_after(k)).times(1));
        server.inject(fault::chunked());
        check_whole(download(name, "plan.pdf"), name, "plan.pdf");
        std::filesystem::remove(folder / "plan.pdf");
    }
}

// Downloads until it has so many bytes, and kills itself. A process of its own: a fork of one with threads, such as the
// sandbox's, can do nothing but exec, since locks that they hold stay locked in it.
BOOST_AUTO_TEST_CASE(a_victim, *boost::unit_test::disabled()) {
    boost::asio::io_context own;
    const cubicasa::client client(own.get_executor(), cubicasa::client_config::from_env());
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [](const cubicasa::download_progress& p) {
        if (p.bytes > std::stoull(std::getenv("VICTIM_BYTES"))) ::raise(SIGKILL);
    };
    cubicasa::async_download(client, std::getenv("VICTIM_URL"), std::getenv("VICTIM_FILE"), how,
                             [](std::exception_ptr, const cubicasa::downloaded&) {});
    own.run();
}

BOOST_AUTO_TEST_CASE(a_process_killed_at_twenty_moments_ends_with_an_identical_file_and_fetches_nothing_twice) {
    const std::string name = "size/6000000/video.mp4";
    std::uint64_t most = 0;  // that were here when one of them was killed
    for (int i = 0; i < 20; ++i) {
        std::vector<std::string> words{"test_download", "--run_test=cuts/a_victim", "--report_level=no"};
        std::vector<std::string> environment{
            "CUBICASA_BASE_URL=" + server.base_url(),         "CUBICASA_API_KEY=sandbox-key",
            "CUBICASA_CA_FILE=" + server.ca_file(),           "VICTIM_URL=" + url(name),
            "VICTIM_FILE=" + (folder / "video.mp4").string(), "VICTIM_BYTES=" + std::to_string(i * 290'000 + 100'000)};
        const pid_t child = start(words, environment);
        BOOST_TEST_REQUIRE(child >= 0);
        int status = 0;
        BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
        BOOST_TEST_REQUIRE(WIFSIGNALED(status));
        BOOST_TEST(WTERMSIG(status) == SIGKILL);
        BOOST_TEST(!std::filesystem::exists(folder / "video.mp4"));
        const auto size = std::filesystem::file_size(folder / "video.mp4.part");
        BOOST_TEST(size >= most, "bytes were lost");
        most = size;
    }
    const auto r = download(name, "video.mp4");
    check_whole(r, name, "video.mp4");
    BOOST_TEST(r->fetched == 6'000'000u - most);
    // Each of them had at most two buffers and the socket's under way.
    std::uint64_t asked = 0;
    for (const auto& request : server.requests()) {
        const std::string_view range = request.header("Range");
        if (!range.empty()) asked = std::max<std::uint64_t>(asked, std::stoull(std::string(range.substr(6))));
    }
    BOOST_TEST(asked == most);
}

BOOST_AUTO_TEST_SUITE_END()
