#include "combiner.hpp"

#include <algorithm>
#include <array>
#include <chrono>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

// One journey stays within what append() takes in a call, and short enough not to delay those who come later.
constexpr std::size_t most_requests = 64;
constexpr std::size_t most_aggregates = 128;
constexpr std::size_t most_bytes = 100'000;
constexpr std::chrono::milliseconds patience{20};

std::size_t bytes_of(AppendRequest const& request) {
    std::size_t bytes = 0;
    for (auto const& entry : request.entries) {
        for (auto const& event : entry.events) {
            bytes += event.data.size() + event.metadata.size();
        }
    }
    return bytes;
}

}  // namespace

struct Combiner::Journey {
    explicit Journey(PendingAppend& leader) : all{&leader} {}

    std::array<PendingAppend*, most_requests> all;  // the leader first
    std::array<Waiting*, most_requests> waiting{};
    std::size_t size = 1;
};

void Combiner::append(PendingAppend& pending) {
    Journey journey{pending};
    {
        std::unique_lock lock{mutex_};
        if (free_ > 0 && (!pending.ordinary() || led_by_single_events_ == 0)) {
            begin(pending);
        } else {
            Waiting me{&pending};
            queue_.push_back(&me);
            wait_for_a_journey(lock, me);
            if (pending.answered()) {
                return;
            }
        }
        take_companions(journey);
    }
    lead(journey);
}

/// Under the lock.
void Combiner::begin(PendingAppend const& leader) {
    --free_;
    led_by_single_events_ += leader.ordinary() ? 1U : 0U;
}

/// Until somebody took this request along, or it has a journey to lead and is out of the queue.
void Combiner::wait_for_a_journey(std::unique_lock<std::mutex>& lock, Waiting& me) {
    for (;;) {
        lock.unlock();
        bool const woken = me.wake.try_acquire_for(patience);
        lock.lock();
        if (woken) {
            return;
        }
        auto const at = std::ranges::find(queue_, &me);
        if (free_ > 0 && at != queue_.end()) {
            queue_.erase(at);
            begin(*me.pending);
            return;
        }
    }
}

/// Under the lock: who of the queue goes on with a journey that has ended; out of the queue, since two must not promote the same.
Combiner::Waiting* Combiner::next_leader() {
    auto const next = led_by_single_events_ == 0
                          ? queue_.begin()
                          : std::ranges::find_if(queue_, [](auto const* one) { return !one->pending->ordinary(); });
    if (next == queue_.end()) {
        return nullptr;
    }
    auto* const leader = *next;
    queue_.erase(next);
    return leader;
}

void Combiner::take_companions(Journey& journey) {
    auto const& leader = journey.all.front()->request();
    auto aggregates = leader.entries.size();
    auto bytes = bytes_of(leader);
    while (!queue_.empty() && journey.size < most_requests) {
        auto* const next = queue_.front();
        aggregates += next->pending->request().entries.size();
        bytes += bytes_of(next->pending->request());
        if (aggregates > most_aggregates || bytes > most_bytes) {
            return;
        }
        journey.all[journey.size] = next->pending;
        journey.waiting[journey.size] = next;
        ++journey.size;
        queue_.pop_front();
    }
}

void Combiner::lead(Journey& journey) {
    send_({journey.all.data(), journey.size});

    Waiting* next = nullptr;
    {
        std::scoped_lock const lock{mutex_};
        ++free_;
        led_by_single_events_ -= journey.all.front()->ordinary() ? 1U : 0U;
        next = next_leader();
        if (next != nullptr) {
            begin(*next->pending);
        }
    }
    if (next != nullptr) {
        next->wake.release();
    }
    for (std::size_t i = 1; i < journey.size; ++i) {
        journey.waiting[i]->wake.release();  // may be gone right after this
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
