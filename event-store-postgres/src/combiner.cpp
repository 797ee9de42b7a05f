#include "combiner.hpp"

#include <array>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

// One journey stays within what append() takes in a call, and short enough not to delay those who come later.
constexpr std::size_t most_requests = 64;
constexpr std::size_t most_aggregates = 128;
constexpr std::size_t most_bytes = 100'000;

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

    [[nodiscard]] bool is_led_by_a_single_event() const noexcept { return all.front()->ordinary(); }
};

void Combiner::append(PendingAppend& pending) {
    Waiting me{&pending};
    Journey journey{pending};
    {
        std::unique_lock lock{mutex_};
        if (may_begin(pending)) {
            --free_;
        } else {
            queue_.push_back(&me);
            lock.unlock();
            me.wake.acquire();
            if (pending.answered()) {
                return;
            }
            lock.lock();  // the leader before handed its journey over; this one is out of the queue
        }
        if (journey.is_led_by_a_single_event()) {
            ++led_by_single_events_;
        }
        take_companions(journey);
    }
    lead(journey);
}

bool Combiner::may_begin(PendingAppend const& pending) const {
    return free_ > 0 && (!pending.ordinary() || led_by_single_events_ == 0);
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
        if (journey.is_led_by_a_single_event()) {
            --led_by_single_events_;
        }
        if (queue_.empty()) {
            ++free_;
        } else {
            next = queue_.front();  // out of the queue before it is woken: two leaders must not promote the same
            queue_.pop_front();
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
