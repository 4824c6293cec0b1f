// What becomes of local files, whatever happens.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <csignal>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using cubicasa::condition;
using cubicasa::errc;
using test::fault;

namespace {

const std::string big = "size/2000000/plan.pdf";

// Files of this process end at this size, as on a disk that is full.
class size_limit {
public:
    explicit size_limit(rlim_t bytes) {
        before_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit low{bytes, limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &low);
    }
    ~size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, before_);
    }
    size_limit(const size_limit&) = delete;
    size_limit& operator=(const size_limit&) = delete;

private:
    rlimit limit_{};
    void (*before_)(int);
};

// Root may write everywhere.
class somebody_else {
public:
    somebody_else() {
        if (was_root_) BOOST_TEST_REQUIRE(::seteuid(65534) == 0);
    }
    ~somebody_else() {
        if (was_root_) BOOST_TEST(::seteuid(0) == 0);
    }
    somebody_else(const somebody_else&) = delete;
    somebody_else& operator=(const somebody_else&) = delete;

private:
    bool was_root_ = ::geteuid() == 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(files, test::download_fixture)

BOOST_AUTO_TEST_CASE(a_file_that_was_there_is_replaced_at_the_end_only) {
    folder.write("plan.pdf", "of last year");
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    bool looked = false;
    how.progress = [&](const cubicasa::download_progress& p) {
        if (p.bytes == 2'000'000) return;
        BOOST_TEST(folder.read("plan.pdf") == "of last year");
        looked = true;
    };
    check_whole(download(big, "plan.pdf", how), big, "plan.pdf");
    BOOST_TEST(looked);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_there_survives_a_download_that_fails) {
    folder.write("plan.pdf", "of last year");
    server.inject(fault::truncate_after(1'000'000));
    server.inject(fault::status(500));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download(big, "plan.pdf", once);
    BOOST_TEST(folder.read("plan.pdf") == "of last year");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_clear_error_and_what_was_written_is_kept) {
    {
        const size_limit full(1'000'000);
        const auto e = error_of_download(big, "plan.pdf");
        BOOST_TEST((e == condition::local_file), e);
        BOOST_TEST((e.code == boost::system::errc::file_too_large), e);
        BOOST_TEST(e.describe().find((folder / "plan.pdf.part").string()) != std::string::npos);
        BOOST_TEST(!std::filesystem::exists(folder / "plan.pdf"));
    }
    const auto r = download(big, "plan.pdf");
    check_whole(r, big, "plan.pdf");
    BOOST_TEST(r->fetched < 2'000'000u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_does_not_exist_is_a_clear_error_before_anything_is_fetched) {
    const auto e = error_of_download(big, "nowhere/plan.pdf");
    BOOST_TEST((e.code == boost::system::errc::no_such_file_or_directory), e);
    BOOST_TEST((e == condition::local_file));
    BOOST_TEST(e.describe().find("nowhere/plan.pdf") != std::string::npos);
    BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_vanishes_meanwhile_is_a_clear_error) {
    std::filesystem::create_directory(folder / "gone");
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress&) { std::filesystem::remove_all(folder / "gone"); };
    const auto e = error_of_download(big, "gone/plan.pdf", how);
    BOOST_TEST((e.code == boost::system::errc::no_such_file_or_directory), e);
    BOOST_TEST(e.describe().find("gone/plan.pdf") != std::string::npos);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_read_only_is_a_clear_error) {
    std::filesystem::create_directory(folder / "locked");
    ::chmod(folder.path().c_str(), 0755);
    ::chmod((folder / "locked").c_str(), 0555);
    const somebody_else not_root;
    const auto e = error_of_download(big, "locked/plan.pdf");
    BOOST_TEST((e.code == boost::system::errc::permission_denied), e);
}

BOOST_AUTO_TEST_CASE(a_folder_in_place_of_the_file_is_a_clear_error) {
    std::filesystem::create_directory(folder / "plan.pdf");
    const auto e = error_of_download(big, "plan.pdf");
    BOOST_TEST((e.code == boost::system::errc::is_a_directory), e);
    BOOST_TEST(folder.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_too_long_is_a_clear_error) {
    const auto e = error_of_download(big, std::string(300, 'x'));
    BOOST_TEST((e.code == boost::system::errc::filename_too_long), e);
}

BOOST_AUTO_TEST_CASE(a_part_that_another_process_writes_is_left_alone) {
    folder.write("plan.pdf.part", "of somebody else");
    const int fd = ::open((folder / "plan.pdf.part").c_str(), O_RDWR | O_CLOEXEC);
    BOOST_TEST_REQUIRE(fd >= 0);
    BOOST_TEST_REQUIRE(::flock(fd, LOCK_EX | LOCK_NB) == 0);
    const auto e = error_of_download(big, "plan.pdf");
    ::close(fd);
    BOOST_TEST((e == errc::file_busy), e);
    BOOST_TEST((e == condition::local_file));
    BOOST_TEST(folder.read("plan.pdf.part") == "of somebody else");
}

BOOST_AUTO_TEST_CASE(of_two_downloads_to_the_same_file_one_is_refused) {
    int good = 0;
    int busy = 0;
    auto count = [&](const cubicasa::result<cubicasa::downloaded>& r) {
        good += r.has_value();
        busy += r.has_error() && r.error() == errc::file_busy;
    };
    for (int i = 0; i < 2; ++i)
        cubicasa::async_download(api(), url(big), folder / "plan.pdf", cubicasa::as_result(count));
    test::run_out(context);
    BOOST_TEST(good == 1);
    BOOST_TEST(busy == 1);
    const bool same = folder.read("plan.pdf") == server.file_bytes(big);
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_part_is_not_followed) {
    folder.write("precious", "do not touch");
    std::filesystem::create_symlink(folder / "precious", folder / "plan.pdf.part");
    const auto e = error_of_download(big, "plan.pdf");
    BOOST_TEST((e == condition::local_file), e);
    BOOST_TEST(folder.read("precious") == "do not touch");
}

BOOST_AUTO_TEST_CASE(a_part_that_somebody_takes_away_is_a_clear_error_and_not_a_half_file) {
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress&) { std::filesystem::remove(folder / "plan.pdf.part"); };
    const auto e = error_of_download(big, "plan.pdf", how);
    BOOST_TEST((e == condition::local_file), e);
    BOOST_TEST(!std::filesystem::exists(folder / "plan.pdf"));
}

BOOST_AUTO_TEST_CASE(a_relative_path_is_in_the_current_folder) {
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    const auto r = download_url(url("plan.pdf"), "plan.pdf");
    std::filesystem::current_path(before);
    check_whole(r, "plan.pdf", "plan.pdf");
}

BOOST_AUTO_TEST_SUITE_END()
