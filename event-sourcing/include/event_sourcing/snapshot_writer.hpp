#pragma once

#include <event_sourcing/detail/error_text.hpp>
#include <event_sourcing/log.hpp>
#include <event_sourcing/snapshot_store.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Writes snapshots off the command's path: commands offer them, a thread of the user's writes them.
///
/// It starts no thread: give `run` one (`std::jthread thread{[&](std::stop_token stop) { writer.run(stop); }};`), or
/// call `write_pending` by hand, in tests for instance. The newest offer per aggregate wins; beyond the capacity offers
/// are dropped and counted. A store that fails costs a line in the log, never a command. Thread safety: every member
/// may be called from several threads at once. Lifetime: the store must outlive the writer.
class SnapshotWriter {
public:
    /// How a writer works.
    struct Options {
        std::size_t capacity = 1'000;  ///< aggregates that may wait to be written
        LogSink log{};                 ///< warnings about snapshots that were ignored or not saved
    };

    /// A snapshot still to be encoded and written.
    struct Job {
        std::string aggregate_type;          ///< whose it is
        std::string aggregate_id;            ///< whose it is
        Version version{};                   ///< as of when
        std::function<Snapshot()> encode{};  ///< makes it, on the writing thread
        /// What happens to the stored one before.
        enum class Before : unsigned char {
            keep,   ///< it is replaced, unless it is newer
            erase,  ///< it goes, whatever version it claims: it is of no use, and ahead of its history
        };
        Before before = Before::keep;  ///< what happens to the stored one before
    };

    /// Writes to `store`.
    SnapshotWriter(SnapshotStore& store, Options options) : store_{&store}, options_{std::move(options)} {}
    /// Writes to `store`, with default options.
    explicit SnapshotWriter(SnapshotStore& store) : SnapshotWriter{store, Options{}} {}
    SnapshotWriter(SnapshotWriter const&) = delete;
    SnapshotWriter& operator=(SnapshotWriter const&) = delete;

    /// The store it writes to and repositories load from.
    [[nodiscard]] SnapshotStore const& store() const noexcept { return *store_; }

    /// Queues a snapshot; returns at once.
    void offer(Job job) {
        {
            std::scoped_lock const lock{mutex_};
            std::pair key{job.aggregate_type, job.aggregate_id};
            if (auto const found = pending_.find(key); found != pending_.end()) {
                if (found->second.version <= job.version) {
                    job.before = std::max(job.before, found->second.before);
                    found->second = std::move(job);
                }
                return;
            }
            if (pending_.size() >= options_.capacity) {
                ++dropped_;
                return;
            }
            pending_.emplace(std::move(key), std::move(job));
        }
        ready_.notify_one();
    }

    /// Encodes and writes what waits now. @return how many were saved.
    std::size_t write_pending() {
        std::map<std::pair<std::string, std::string>, Job> jobs;
        {
            std::scoped_lock const lock{mutex_};
            jobs.swap(pending_);
        }
        std::size_t saved = 0;
        for (auto const& [key, job] : jobs) {
            saved += write(job) ? 1U : 0U;
        }
        return saved;
    }

    /// Writes whatever is offered until asked to stop, then what still waits.
    void run(std::stop_token stop) {
        while (!stop.stop_requested()) {
            {
                std::unique_lock lock{mutex_};
                ready_.wait(lock, stop, [this] { return !pending_.empty(); });
            }
            write_pending();
        }
        write_pending();
    }

    /// How many offers were dropped since the capacity was reached.
    [[nodiscard]] std::size_t dropped() const {
        std::scoped_lock const lock{mutex_};
        return dropped_;
    }

    /// Writes a warning to the log of its options.
    void warn(std::string const& line) const { detail::log(options_.log, LogLevel::warning, line); }

private:
    [[nodiscard]] bool write(Job const& job) {
        try {
            if (job.before == Job::Before::erase) {
                store_->erase({job.aggregate_type, job.aggregate_id});
            }
            store_->save(job.encode());
            return true;
        } catch (...) {
            warn("the snapshot of " + job.aggregate_type + "/" + job.aggregate_id +
                 " was not saved: " + detail::error_text());
        }
        return false;
    }

    SnapshotStore* store_;
    Options options_;
    mutable std::mutex mutex_;
    std::condition_variable_any ready_;
    std::map<std::pair<std::string, std::string>, Job> pending_;
    std::size_t dropped_ = 0;
};

EVENT_SOURCING_END_NAMESPACE
