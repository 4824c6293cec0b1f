// The faults that are still to happen. Standard library only.
#pragma once

#include <cubicasa/testing/script.hpp>

#include <random>

namespace cubicasa::testing::detail {

// Compares names of header fields.
bool same_name(std::string_view a, std::string_view b) noexcept;

class script {
public:
    void add(fault f);
    void clear() noexcept { pending_.clear(); }

    // What is to go wrong this time, if anything; each call counts as one connection or request.
    std::optional<fault_effects> for_connection();
    std::optional<fault_effects> for_request(std::string_view method, std::string_view path,
                                             std::string_view relative_path);

private:
    struct pending {
        fault what;
        std::size_t to_skip;
        std::optional<std::size_t> left;
    };

    template <class Matches>
    std::optional<fault_effects> choose(Matches matches);

    std::vector<pending> pending_;
    std::minstd_rand dice_;
};

}  // namespace cubicasa::testing::detail
