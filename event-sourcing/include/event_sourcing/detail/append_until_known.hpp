#pragma once

#include <event_sourcing/event_store.hpp>
#include <event_sourcing/log.hpp>
#include <event_sourcing/retry_policy.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// Appends, and sends the same events again while the store could not say what became of them, or had no time for them.
///
/// Once the outcome was unknown it stays so until an answer comes: a later Unavailable does not mean "nothing stored".
[[nodiscard]] inline AppendResult append_until_known(EventStore& store, AppendRequest const& request, Backoff& backoff,
                                                     LogSink const& sink) {
    for (bool in_doubt = false;;) {
        try {
            auto result = store.append(request);
            result.replayed = result.replayed && !in_doubt;  // in doubt, what is found is this call's own
            return result;
        } catch (VersionConflict const&) {
            throw;
        } catch (DuplicateEvent const&) {
            throw;
        } catch (Error const& error) {
            in_doubt = in_doubt || dynamic_cast<OutcomeUnknown const*>(&error) != nullptr;
            if (!error.retryable() || !backoff.again()) {
                if (!in_doubt) {
                    throw;
                }
                throw OutcomeUnknown{std::string{"the append may or may not be stored, after "} +
                                     std::to_string(backoff.attempts_made()) +
                                     " tries: send the same events again before deciding anew. Last: " + error.what()};
            }
            log(sink, LogLevel::warning, std::string{"the same events are sent again: "} + error.what());
        }
    }
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
