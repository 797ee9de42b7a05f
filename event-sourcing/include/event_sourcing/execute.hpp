#pragma once

#include <event_sourcing/detail/find_command.hpp>
#include <event_sourcing/session.hpp>

#include <concepts>
#include <functional>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// Runs a command to its end. `finish()` is called, while the session lives, when this run, and not an earlier one,
/// decided what is stored.
template <class Decide, class Finish>
Committed run_command(EventStore& store, CommandContext const& context, CommandOptions const& options, Decide& decide,
                      Finish finish) {
    Backoff backoff{options.retry, options.sources};
    auto const once = [&]() -> Committed {
        if (auto done = find_command(store, context)) {
            return *std::move(done);
        }
        Session session{store, context, options};
        std::invoke(decide, session);
        auto committed = session.commit(backoff);
        finish();
        return committed;
    };
    for (;;) {
        try {
            return once();
        } catch (OutcomeUnknown const&) {
            throw;  // the same events were sent again as often as allowed; deciding anew could do it twice
        } catch (DuplicateEvent const&) {
            if (auto done = find_command(store, context)) {
                return *std::move(done);  // a twin of this command was faster
            }
            throw;
        } catch (Error const& error) {
            bool const conflict = dynamic_cast<VersionConflict const*>(&error) != nullptr;
            if ((!conflict && !error.retryable()) || !backoff.again()) {
                throw;
            }
            log(options.log, LogLevel::info, std::string{"the command is decided again: "} + error.what());
        }
    }
}

}  // namespace detail

/// Runs a command over any number of aggregates: load, decide, append, all or nothing.
///
/// `decide(Session&)` loads and records; it must do nothing else, since after a version conflict it runs again on a
/// fresh session, with back-off, until the policy's tries are spent. What it throws of its own passes through untouched
/// and nothing is stored. While the outcome of the append is unknown the same events are sent again, never decided
/// again. With a command id in the context a repeated command is answered from the store, `replayed`, without deciding.
/// @throws VersionConflict, OutcomeUnknown, Unavailable, Transient  after the last try; @throws DuplicateEvent  the
/// command id was used for another request; and what the store or `decide` throws.
template <std::invocable<Session&> Decide>
Committed execute(EventStore& store, Decide decide, CommandContext const& context = {},
                  CommandOptions const& options = {}) {
    return detail::run_command(store, context, options, decide, [] {});
}

EVENT_SOURCING_END_NAMESPACE
