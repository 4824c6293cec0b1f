// What becomes of events on their way to webhooks, by the same dice in each run. Standard library only.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include <random>

namespace cubicasa::testing::detail {

struct webhook_fate {
    bool lost = false;
    bool repeated = false;
    // How many later calls of the same URL go before it.
    unsigned overtaken = 0;
    unsigned repeat_overtaken = 0;
};

class webhook_fates {
public:
    explicit webhook_fates(const sandbox_options& o)
        : lost_(o.webhooks_lost), repeated_(o.webhooks_repeated), shuffled_(o.webhooks_shuffled) {}

    // Throws as often whatever the options are, so that what one of them does is not changed by another.
    webhook_fate next() {
        webhook_fate out;
        out.lost = throw_dice() < lost_;
        out.repeated = throw_dice() < repeated_;
        const double first = throw_dice();
        const double second = throw_dice();
        if (shuffled_) {
            out.overtaken = static_cast<unsigned>(first * overtaken_below);
            out.repeat_overtaken = static_cast<unsigned>(second * overtaken_below);
        }
        return out;
    }

private:
    static constexpr double overtaken_below = 4;

    double throw_dice() { return std::uniform_real_distribution<>(0, 1)(dice_); }

    const double lost_;
    const double repeated_;
    const bool shuffled_;
    std::minstd_rand dice_;
};

}  // namespace cubicasa::testing::detail
