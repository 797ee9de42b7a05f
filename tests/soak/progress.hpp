#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace soak {

/// What the threads of a run tell each other.
class Progress {
public:
    explicit Progress(std::int64_t wanted) : wanted_{wanted} {}

    /// Events whose commit the server acknowledged.
    void stored(std::int64_t events) {
        stored_ += events;
        if (stored_ >= wanted_) {
            end_writing();
        }
    }
    [[nodiscard]] std::int64_t stored() const noexcept { return stored_; }

    /// Writers go on until this is false.
    [[nodiscard]] bool writing() const noexcept { return writing_; }
    void end_writing() {
        std::scoped_lock const lock{mutex_};
        writing_ = false;
        changed_.notify_all();
    }
    /// Readers go on until this is false and nothing is left.
    [[nodiscard]] bool reading() const noexcept { return reading_; }
    void end_reading() { reading_ = false; }

    /// Something that no run may meet; ends the run. The first one is kept.
    void fail(std::string const& why) {
        {
            std::scoped_lock const lock{mutex_};
            if (failure_.empty()) {
                failure_ = why;
            }
        }
        end_writing();
    }
    [[nodiscard]] std::string failure() const {
        std::scoped_lock const lock{mutex_};
        return failure_;
    }

    /// Lets time go by, for a poll or until the server is back; ends early with the writing.
    void pause(std::chrono::milliseconds time) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, time, [this] { return !writing_; });
    }

    // Reported, not judged.
    std::atomic<std::int64_t> transactions{0};
    std::atomic<std::int64_t> rolled_back{0};
    std::atomic<std::int64_t> conflicts{0};
    std::atomic<std::int64_t> in_doubt{0};

private:
    std::int64_t wanted_;
    std::atomic<std::int64_t> stored_{0};
    std::atomic<bool> writing_{true};
    std::atomic<bool> reading_{true};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::string failure_;
};

}  // namespace soak
