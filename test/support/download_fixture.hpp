// A sandbox that serves files, a client, and a folder to download into.
#pragma once

#include <cubicasa/download.hpp>

#include "client_fixture.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace test {

struct download_fixture : client_fixture {
    explicit download_fixture(sandbox_options options = sandbox_options()) : client_fixture(std::move(options)) {
        config.retry.base = std::chrono::milliseconds(1);
        config.retry.max_pause = std::chrono::milliseconds(5);
    }

    // The address of a file of the sandbox.
    std::string url(const std::string& name) const {
        const std::string base = server.base_url();
        return base.substr(0, base.find("/api/")) + "/files/" + name;
    }

    cc::result<cc::downloaded> download_url(const std::string& from, const std::filesystem::path& to,
                                            const cc::download_options& how = cc::download_options()) {
        std::optional<cc::result<cc::downloaded>> out;
        auto take = [&](cc::result<cc::downloaded> r) { out.emplace(std::move(r)); };
        cc::async_download(api(), from, to, how, cc::as_result(take));
        context.restart();
        run_out(context);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }
    // Into a file of this name.
    cc::result<cc::downloaded> download(const std::string& name, const std::string& to,
                                        const cc::download_options& how = cc::download_options()) {
        return download_url(url(name), folder / to, how);
    }

    // What must not succeed.
    cc::error error_of_download(const std::string& name, const std::string& to,
                                const cc::download_options& how = cc::download_options()) {
        const auto r = download(name, to, how);
        BOOST_TEST_REQUIRE(r.has_error());
        return r.error();
    }

    // The file has come, and is what the server has.
    void check_whole(const cc::result<cc::downloaded>& r, const std::string& name, const std::string& to) {
        BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
        const std::string wanted = server.file_bytes(name);
        BOOST_TEST(r->bytes == wanted.size());
        const bool same = folder.read(to) == wanted;
        BOOST_TEST(same, "the file has other bytes");
        BOOST_TEST(folder.names().size() == 1u, "something else is left in the folder");
    }

    temporary_folder folder;
};

}  // namespace test
