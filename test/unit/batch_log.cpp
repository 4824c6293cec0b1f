// A log of what was done: opened again, torn, killed, refused, and with a full disk.
#include <cubicasa/batch_log.hpp>

#include "../support/temporary_folder.hpp"
#include "line_set.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(batch_logs)

using cubicasa::batch_log;
using cubicasa::condition;
using cubicasa::errc;
using cubicasa::failure;
namespace fs = std::filesystem;

namespace {

struct batch_log_fixture {
    std::string text() const { return folder.read("done.log"); }
    void write(std::string_view text) const { folder.write("done.log", text); }
    // The error of opening.
    cubicasa::error refused(const fs::path& path, std::string_view title = "") const {
        try {
            const batch_log log(path, title);
        } catch (const failure& f) {
            BOOST_TEST(f.details().message.find(path.string()) != std::string::npos);
            return f.details();
        }
        BOOST_TEST_REQUIRE(false, "it was opened");
        return cubicasa::error();
    }

    test::temporary_folder folder;
    fs::path file = folder / "done.log";
};

using fixture = batch_log_fixture;

// No file of this process grows beyond so many bytes; a stand-in for a full disk.
class full_disk {
public:
    explicit full_disk(std::size_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        auto now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~full_disk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int);
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_was_added_is_known_at_once_and_when_it_is_opened_again, fixture) {
    {
        batch_log log(file);
        BOOST_TEST(!log.contains("a"));
        log.add("a");
        log.add("b");
        log.add("a");
        BOOST_TEST(log.contains("a"));
        BOOST_TEST(log.size() == 2u);
    }
    batch_log log(file);
    BOOST_TEST(log.size() == 2u);
    BOOST_TEST(log.contains("a"));
    BOOST_TEST(log.contains("b"));
    BOOST_TEST(!log.contains("c"));
    BOOST_TEST(!log.contains(""));
}

BOOST_FIXTURE_TEST_CASE(the_file_is_text_with_a_title_and_a_line_for_each_id, fixture) {
    batch_log log(file, "upgrades of 2024");
    log.add("312babc6");
    log.add("a b");
    BOOST_TEST(text() == "cubicasa-batch-log 1 upgrades%20of%202024\n312babc6\na%20b\n");
}

BOOST_FIXTURE_TEST_CASE(an_id_may_have_any_bytes, fixture) {
    std::vector<std::string> ids{"%41", "A", "a\nb", std::string(4096, '\0')};
    for (int i = 0; i < 256; ++i) ids.push_back(std::string(2, static_cast<char>(i)));
    {
        batch_log log(file);
        for (const auto& id : ids) log.add(id);
        BOOST_TEST(log.size() == ids.size());
    }
    const batch_log log(file);
    BOOST_TEST(log.size() == ids.size());
    for (const auto& id : ids) BOOST_TEST(log.contains(id));
}

BOOST_FIXTURE_TEST_CASE(an_id_without_a_byte_or_with_too_many_is_refused, fixture) {
    batch_log log(file);
    for (const std::size_t n : {0u, 4097u}) {
        const auto r = log.try_add(std::string(n, 'x'));
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::invalid_argument));
    }
    BOOST_CHECK_THROW(log.add(""), failure);
    BOOST_TEST(log.size() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_log_that_was_cut_anywhere_has_what_was_whole_and_goes_on, fixture) {
    {
        batch_log log(file, "job");
        for (const char* id : {"one", "two", "three"}) log.add(id);
    }
    const std::string whole = text();
    for (std::size_t n = 0; n <= whole.size(); ++n) {
        write(whole.substr(0, n));
        const std::string kept = whole.substr(0, n);
        {
            batch_log log(file, "job");
            for (const std::string id : {"one", "two", "three"}) {
                BOOST_TEST(log.contains(id) == (kept.find("\n" + id + "\n") != std::string::npos));
            }
            log.add("four");
        }
        const batch_log log(file, "job");
        BOOST_TEST(log.contains("four"));
        BOOST_TEST(!log.contains("t"));
    }
}

BOOST_FIXTURE_TEST_CASE(zeros_at_the_end_are_no_ids, fixture) {
    batch_log(file).add("one");
    write(text() + std::string(100, '\0'));
    BOOST_TEST(batch_log(file).size() == 1u);
    BOOST_TEST(text().back() == '\n');
}

BOOST_FIXTURE_TEST_CASE(a_line_that_is_damaged_is_named_and_the_file_left_alone, fixture) {
    batch_log(file).add("one");
    for (const auto& bad : {std::string("a b\nc\n"), std::string("\n"), std::string("\0\n", 2),
                            std::string(3'000'000, 'x') + "\ntwo\n"}) {
        const std::string before = "cubicasa-batch-log 1 \none\n" + bad;
        write(before);
        const auto e = refused(file);
        BOOST_TEST((e == errc::file_failed));
        BOOST_TEST(e.message.find("line 3") != std::string::npos);
        BOOST_TEST(text() == before);
    }
}

BOOST_FIXTURE_TEST_CASE(another_file_is_refused_and_left_alone, fixture) {
    for (const std::string& other :
         {std::string("id,done\n1,2\n"), std::string("x"), std::string(100'000, 'x'),
          std::string("cubicasa-batch-log 2 \na\n"), "cubicasa-batch-log 1 " + std::string(100'000, 'x')}) {
        write(other);
        BOOST_TEST((refused(file) == errc::file_failed));
        BOOST_TEST((refused(file) == condition::local_file));
        BOOST_TEST(text() == other);
    }
}

BOOST_FIXTURE_TEST_CASE(the_log_of_another_job_is_refused, fixture) {
    batch_log(file, "upgrades").add("a");
    const auto e = refused(file, "upgrade");
    BOOST_TEST((e == errc::file_failed));
    BOOST_TEST(e.message.find("'upgrades' and not 'upgrade'") != std::string::npos);
    BOOST_TEST(batch_log(file, "upgrades").contains("a"));
}

BOOST_FIXTURE_TEST_CASE(a_log_that_is_open_is_busy, fixture) {
    std::optional<batch_log> log(file);
    BOOST_TEST((refused(file) == errc::file_busy));
    batch_log moved = std::move(*log);
    log.reset();
    BOOST_TEST((refused(file) == errc::file_busy));
    moved.add("a");
    moved = batch_log(folder / "other.log");
    BOOST_TEST(batch_log(file).contains("a"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_made_is_an_error_with_its_path, fixture) {
    using boost::system::errc::no_such_file_or_directory;
    BOOST_TEST((refused(folder / "none/done.log").code == no_such_file_or_directory));
    BOOST_TEST((refused(folder.path()) == condition::local_file));
    BOOST_TEST((refused("/dev/null") == errc::file_failed));
    fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
    if (::geteuid() != 0) BOOST_TEST((refused(file).code == boost::system::errc::permission_denied));
    fs::permissions(folder.path(), fs::perms::owner_all);
    BOOST_CHECK_THROW(batch_log(file, std::string(5000, 'x')), failure);
    BOOST_TEST(!fs::exists(file));
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_an_error_and_leaves_the_log_whole, fixture) {
    {
        batch_log log(file);
        log.add("one");
        const std::string before = text();
        const std::string id = "longer than what is left";
        for (std::size_t left = 0; left <= id.size(); ++left) {
            const full_disk full(before.size() + left);
            const auto r = log.try_add(id);
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST((r.error().code == boost::system::errc::file_too_large));
            BOOST_TEST((r.error() == condition::local_file));
            BOOST_TEST(r.error().message.find(file.string()) != std::string::npos);
            BOOST_TEST(!log.contains(id));
            BOOST_TEST(text() == before);
        }
        log.add(id);
    }
    BOOST_TEST(batch_log(file).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_is_full_already_makes_no_log, fixture) {
    {
        const full_disk full(10);
        BOOST_TEST((refused(file) == condition::local_file));
    }
    BOOST_TEST(batch_log(file).size() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_process_that_is_killed_has_lost_nothing_that_it_added, fixture) {
    std::minstd_rand random(7);
    std::size_t known = 0;
    for (int round = 0; round < 15; ++round) {
        int told[2];
        BOOST_TEST_REQUIRE(::pipe(told) == 0);
        const pid_t child = ::fork();
        BOOST_TEST_REQUIRE(child >= 0);
        if (child == 0) {
            try {
                batch_log log(file, "job");
                for (std::size_t i = log.size();; ++i) {
                    log.add("item " + std::to_string(i));
                    if (::write(told[1], "x", 1) != 1) break;
                }
            } catch (...) {
            }
            ::_exit(1);
        }
        ::close(told[1]);
        char x;
        for (auto n = random() % 40; n > 0 && ::read(told[0], &x, 1) == 1; --n) ++known;
        ::kill(child, SIGKILL);
        while (::read(told[0], &x, 1) == 1) ++known;
        ::close(told[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST_REQUIRE(WIFSIGNALED(status));

        const batch_log log(file, "job");
        BOOST_TEST(log.size() >= known);
        BOOST_TEST(log.size() <= known + 1);  // added and not told any more
        for (std::size_t i = 0; i < log.size(); ++i) BOOST_TEST(log.contains("item " + std::to_string(i)));
        known = log.size();
    }
}

BOOST_FIXTURE_TEST_CASE(a_log_of_many_ids_is_read_whole, fixture) {
    std::string all = "cubicasa-batch-log 1 \n";
    for (int i = 0; i < 200'000; ++i) all.append("item-").append(std::to_string(i)).append("\n");
    write(all + "torn");
    {
        const batch_log log(file);
        BOOST_TEST(log.size() == 200'000u);
        BOOST_TEST(log.contains("item-0"));
        BOOST_TEST(log.contains("item-199999"));
        BOOST_TEST(!log.contains("item-200000"));
    }
    BOOST_TEST(fs::file_size(file) == all.size());
}

BOOST_FIXTURE_TEST_CASE(threads_may_add_at_the_same_time, fixture) {
    {
        batch_log log(file);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&log, t] {
                for (int i = 0; i < 25; ++i) {
                    const std::string id = std::to_string(i * (t % 2 + 1));
                    log.add(id);
                    if (!log.contains(id)) std::abort();
                }
            });
        }
        for (auto& t : threads) t.join();
        BOOST_TEST(log.size() == 37u);  // 0 to 24, and the even ones to 48
    }
    BOOST_TEST(batch_log(file).size() == 37u);
}

BOOST_AUTO_TEST_CASE(a_set_of_lines_tells_lines_apart_that_begin_alike) {
    cubicasa::detail::line_set set;
    BOOST_TEST(!set.contains("a"));
    for (int i = 0; i < 1000; ++i) BOOST_TEST(set.insert(std::to_string(i)));
    for (int i = 0; i < 1000; ++i) BOOST_TEST(!set.insert(std::to_string(i)));
    BOOST_TEST(set.size() == 1000u);
    BOOST_TEST(set.contains("999"));
    BOOST_TEST(!set.contains("1000"));
    BOOST_TEST(!set.contains(""));
}

BOOST_AUTO_TEST_SUITE_END()
