// batch_log: a file that remembers what of a job was done, for a job that is killed and run again.
#pragma once

#include <cubicasa/result.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace cubicasa {

// Text: a line that names the format and the job, and then a line for each id. What add() has returned for is on the
// disk: a log that is opened after a crash, a kill or the loss of power knows it. An end that was torn by one is
// dropped.
//
//     cubicasa::batch_log done("upgrades.log", "upgrades of 2024");
//     if (!done.contains(order.id)) ...
//     done.add(order.id);
//
// One process and one object at a time have a log open. Its members may be called from any thread. Some 70 bytes
// of memory for an id of 36 characters.
class batch_log {
public:
    // Opens a log, or makes it. `title` tells jobs apart: what makes one the same job as before, up to 4 KiB.
    // Throws `failure` with the path in its message: errc::file_busy when the log is open elsewhere; errc::file_failed
    // when the file is no log, the log of a job with another title, or damaged elsewhere than at its end; codes of
    // the system. Leaves files that are no log of this job as they are.
    explicit batch_log(const std::filesystem::path& file, std::string_view title = {});
    batch_log(batch_log&&) noexcept;
    batch_log& operator=(batch_log&&) noexcept;
    ~batch_log();

    // Does not wait for the disk.
    bool contains(std::string_view id) const;
    std::size_t size() const;

    // Writes the id and waits until it is on the disk, which takes milliseconds: not for a thread that serves the
    // network. Any bytes, 1 to 4096 of them; an id that is there already costs nothing.
    // Throws `failure`: errc::invalid_argument for an id of another length; codes of the system, a full disk for
    // instance. After such an error the id is not in the log, and adding can be tried again.
    void add(std::string_view id);

    // The same as a result, without exceptions.
    result<void> try_add(std::string_view id);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace cubicasa
