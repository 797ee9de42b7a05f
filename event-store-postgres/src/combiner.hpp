#pragma once

#include "pending_append.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <semaphore>
#include <span>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// Lets callers that append at the same time travel together. The first becomes the leader and sends, with its own, the
/// requests of all who wait by then; whoever comes meanwhile waits for the next journey, whose leader is the first of them.
/// Nobody waits for company, and a leader leads once. Where several journeys may be under way, single events still share one:
/// together they cost the server one statement and one flush; only what is more, and costs it more, goes beside them. Unless
/// they are held up, by the lock of one aggregate for one: who has waited for `patience` takes any journey that is free.
///
/// Thread-safe.
class Combiner {
public:
    /// Sends and answers all that it is given.
    using Send = std::function<void(std::span<PendingAppend* const>)>;

    /// With the number of journeys that may be under way at once, at least 1.
    Combiner(std::size_t journeys, Send send) : free_{journeys}, send_{std::move(send)} {}

    /// Returns once the request is answered.
    void append(PendingAppend& pending);

private:
    struct Waiting {
        PendingAppend* pending;
        std::binary_semaphore wake{0};
    };

    /// Those who travel together: a fixed place for each, since nothing may fail once somebody is on board.
    struct Journey;

    void begin(PendingAppend const& leader);
    void wait_for_a_journey(std::unique_lock<std::mutex>& lock, Waiting& me);
    [[nodiscard]] Waiting* next_leader();
    void take_companions(Journey& journey);
    void lead(Journey& journey);

    std::mutex mutex_;
    std::size_t free_;  // journeys that may begin
    std::size_t led_by_single_events_ = 0;
    std::deque<Waiting*> queue_;  // in order of arrival
    Send send_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
