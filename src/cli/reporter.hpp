// Everything on standard error: errors, notes, the lines of --verbose, and progress below them. Thread-safe.
#pragma once

#include "exit_status.hpp"
#include "options.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

class reporter {
public:
    explicit reporter(const options& o);
    ~reporter();

    // What must not be seen, whoever says it.
    void hide(const secret& key);

    // A sentence with what happened, what the server may have done, and what to do; or JSON.
    // `subject`: the item of a batch.
    void fail(const error& e, exit_status status, const std::string& subject = {});
    void fail(std::string_view kind, const std::string& message, exit_status status);
    // For people; not with --quiet.
    void note(const std::string& text);
    // Always.
    void line(const std::string& text);

    // Replaces what was shown. On a terminal only, and not with --quiet.
    void show(std::vector<std::string> progress);
    bool shows_progress() const noexcept { return progress_wanted_; }

    // For who writes to the terminal beside this: the progress is away until the end of `function`.
    template <class F>
    void aside(F function) {
        const std::lock_guard lock(mutex_);
        erase();
        function();
        draw();
    }

    // The text without what must not be seen.
    std::string redacted(std::string text) const;

private:
    std::string name() const;
    void write(std::string text);
    void erase();
    void draw();

    const bool json_;
    const bool quiet_;
    const bool colours_;
    const bool progress_wanted_;
    mutable std::mutex mutex_;
    secret hidden_;
    secret hidden_in_json_;
    std::vector<std::string> progress_;
    std::size_t drawn_ = 0;  // lines
};

}  // namespace cubicasa::cli
