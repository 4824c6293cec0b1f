// What a batch does next, without I/O and without threads: facts go in, decisions come out. Standard library only.
#pragma once

#include <algorithm>
#include <cstddef>

namespace cubicasa::detail {

class batch_core {
public:
    enum class step { wait, hand_out, fail, end };

    // `in_flight`: so many items may be begun and not handed out.
    batch_core(std::size_t in_flight, bool stop_on_error)
        : in_flight_(std::max<std::size_t>(in_flight, 1)), stop_on_error_(stop_on_error) {}

    // True when somebody has to begin to pull items from the source, one by one until keep_pulling() is false.
    bool begin_pulling() noexcept { return !pulling_ && (pulling_ = wants_item()); }
    bool keep_pulling() noexcept { return pulling_ = wants_item(); }

    // What came from the source.
    void began_item() noexcept {
        ++open_;
        ++running_;
    }
    void source_ended() noexcept { source_ended_ = true; }
    // True when the batch is to be stopped.
    bool source_failed() noexcept {
        source_failed_ = true;
        return stop_on_error_ && !stopped_;
    }

    // True when the batch is to be stopped.
    bool item_ended(bool failed) noexcept {
        --running_;
        return failed && stop_on_error_ && !stopped_;
    }

    // No item is begun any more. False when it was so before.
    bool stop() noexcept {
        const bool first = !stopped_;
        stopped_ = true;
        return first;
    }
    bool stopped() const noexcept { return stopped_; }

    // What the consumer gets; `ready`: there is an outcome for him. Is to be carried out.
    step next(bool ready) const noexcept {
        if (ready) return step::hand_out;
        if (open_ > 0 || pulling_) return step::wait;
        if (source_failed_) return step::fail;
        return stopped_ || source_ended_ ? step::end : step::wait;
    }
    void handed_out() noexcept { --open_; }
    // The source may be tried again.
    void told_failure() noexcept { source_failed_ = false; }

    // Nothing runs on behalf of the batch.
    bool idle() const noexcept { return running_ == 0 && !pulling_; }

private:
    bool wants_item() const noexcept { return !stopped_ && !source_ended_ && !source_failed_ && open_ < in_flight_; }

    std::size_t in_flight_;
    bool stop_on_error_;
    std::size_t open_ = 0;
    std::size_t running_ = 0;
    bool pulling_ = false;
    bool source_ended_ = false;
    bool source_failed_ = false;
    bool stopped_ = false;
};

}  // namespace cubicasa::detail
