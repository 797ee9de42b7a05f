#include "append_calls.hpp"

#include "append_parameters.hpp"
#include "driver_error.hpp"
#include "event_rows.hpp"

#include <event_sourcing/append_error.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

constexpr std::string_view doing = "append";

/// What append() says of a request.
enum class Said : std::int64_t { stored = 0, replayed = 1, conflict = 2, duplicate = 3, alone = 4 };

/// Whether nothing is stored because of a race: the same call may succeed now.
bool lost_a_race(StatementFailed const& failure) {
    return failure.is("23505") || failure.is("40001") || failure.is("40P01");
}

/// Whether it is one request's data that the server refused, or one aggregate's lock that it waited for too long: the companions
/// have no part in that.
bool is_one_requests_own(StatementFailed const& failure) {
    auto const& state = failure.sqlstate();
    return state.starts_with("22") || state.starts_with("23") || state.starts_with("54") || failure.is("55P03");
}

/// @throws Corrupted  the position is not above the one that the horizon lock of its transaction names.
Position checked_position(Result const& rows, std::size_t row) {
    Position const position{rows.integer(row, 0)};
    if (rows.is_null(row, 1) || position.value <= rows.integer(row, 1)) {
        throw Corrupted{
            "position " + std::to_string(position.value) +
            " was not drawn above its horizon: the trigger of the event table is gone, or its sequence was set "
            "back. Stop writing and see \"Order\" in docs/postgres.md"};
    }
    return position;
}

AppendResult one_stored(PendingAppend const& pending, Position position) {
    return {.entries = {{pending.request().entries.front().expected.version().next(), position}}};
}

}  // namespace

void AppendCalls::send(std::span<PendingAppend* const> pending) noexcept {
    std::vector<PendingAppend*> rest;
    try {
        if (connection_->prepares()) {
            inline_first(pending);
        }
        std::ranges::copy_if(pending, std::back_inserter(rest), [](auto const* one) { return !one->answered(); });
        if (rest.size() > 1 && connection_->usable()) {
            guarded(rest, [&] { function(rest); });
        }
        for (auto* const one : rest) {
            if (!one->answered() && connection_->usable()) {
                function_alone(*one);
            }
        }
    } catch (...) {  // out of memory, for one: nothing more is sent
        for (auto* const one : pending) {
            if (!one->answered()) {
                one->refuse(std::current_exception());
            }
        }
    }
    for (auto* const one : pending) {
        if (!one->answered()) {
            try {
                one->refuse(Unavailable{
                    "append: the connection to the server was lost before this request was sent; try again"});
            } catch (...) {  // no memory for the message
                one->refuse(std::current_exception());
            }
        }
    }
}

/// The inline statements are right only under the session's plan settings; append() brings its own.
void AppendCalls::inline_first(std::span<PendingAppend* const> pending) {
    if (pending.size() == 1 && pending.front()->ordinary()) {
        guarded(pending, [&] { one(*pending.front()); });
    } else if (pending.size() == 1 && pending.front()->ordinary_batch()) {
        guarded(pending, [&] { batch(*pending.front()); });
    } else {
        std::vector<PendingAppend*> ordinary;
        std::ranges::copy_if(pending, std::back_inserter(ordinary), &PendingAppend::ordinary);
        if (ordinary.size() > 1) {
            guarded(ordinary, [&] { group(ordinary); });
        }
    }
}

template <class Call>
void AppendCalls::guarded(std::span<PendingAppend* const> sent, Call call) {
    try {
        call();
    } catch (ConnectionLost const& lost) {
        for (auto* const one : sent) {
            if (!one->answered()) {
                one->refuse(OutcomeUnknown{
                    std::string{"append: the connection to the server was lost before its answer came. The "
                                "events may be stored: send the same events again. "} +
                    lost.what()});
            }
        }
    } catch (StatementFailed const& failure) {
        if (lost_a_race(failure) || (sent.size() > 1 && is_one_requests_own(failure))) {
            return;  // nothing of this call is stored: each request goes again, by itself
        }
        for (auto* const one : sent) {
            if (!one->answered()) {
                try {
                    throw_error_for(failure, doing);
                } catch (...) {
                    one->refuse(std::current_exception());
                }
            }
        }
    }
}

void AppendCalls::one(PendingAppend& pending) {
    auto const rows = connection_->run(statements_->append_one, parameters_of_one(pending.request()));
    if (!rows.empty()) {
        pending.answer(one_stored(pending, checked_position(rows, 0)));
    }
}

void AppendCalls::batch(PendingAppend& pending) {
    auto const rows = connection_->run(statements_->append_batch, parameters_of_batch(pending.request()));
    if (!rows.empty()) {
        static_cast<void>(checked_position(rows, 0));
        auto const& entry = pending.request().entries.front();
        auto const last = rows.size() - 1;
        Version const version{entry.expected.version().value + static_cast<std::int64_t>(entry.events.size())};
        pending.answer({.entries = {{version, checked_position(rows, last)}}});
    }
}

void AppendCalls::group(std::span<PendingAppend* const> pending) {
    // Two requests on one aggregate, or with one id, do not go into one statement: the later ones are for append().
    std::set<AggregateRef> aggregates;
    std::map<std::string, PendingAppend*, std::less<>> by_id;
    GroupParameters parameters;
    for (auto* const one : pending) {
        auto const& entry = one->request().entries.front();
        auto id = to_string(entry.events.front().id);
        if (!by_id.contains(id) && aggregates.insert(entry.aggregate).second) {
            parameters.add(entry);
            by_id.emplace(std::move(id), one);
        }
    }
    auto const rows = connection_->run(statements_->append_group, std::move(parameters).done());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto& stored = *by_id.find(rows.text(row, 2))->second;
        stored.answer(one_stored(stored, checked_position(rows, row)));
    }
}

void AppendCalls::function(std::span<PendingAppend* const> pending) {
    AppendParameters parameters;
    for (auto const* const one : pending) {
        parameters.add(one->request());
    }
    auto const rows = connection_->run(statements_->append, std::move(parameters).done());
    std::size_t row = 0;
    std::vector<PendingAppend*> duplicates;
    for (auto* const one : pending) {
        auto const& entries = one->request().entries;
        auto const said = static_cast<Said>(rows.integer(row, 1));
        AppendResult result{.replayed = said == Said::replayed};
        for (std::size_t i = 0; i < entries.size(); ++i, ++row) {
            Version const version{rows.integer(row, 2)};
            if (said == Said::conflict && !entries[i].expected.accepts(version) && !one->answered()) {
                one->refuse(VersionConflict{entries[i].aggregate, entries[i].expected, version});
            }
            result.entries.push_back({version, rows.is_null(row, 3) ? Position{} : Position{rows.integer(row, 3)}});
        }
        if (said == Said::duplicate) {
            duplicates.push_back(one);
        } else if (said == Said::stored || said == Said::replayed) {
            one->answer(std::move(result));
        }
    }
    for (auto* const one : duplicates) {  // last, for the look at what is stored may fail
        one->refuse(duplicate(one->request()));
    }
}

/// Another session may be storing one of the ids at this moment: then the next look finds it stored.
void AppendCalls::function_alone(PendingAppend& pending) {
    static constexpr int tries = 5;
    auto* const sent = &pending;
    for (int i = 0; i < tries && !pending.answered() && connection_->usable(); ++i) {
        guarded({&sent, 1}, [&] { function({&sent, 1}); });
    }
    if (!pending.answered() && connection_->usable()) {
        pending.refuse(Transient{"append: others came in between each time and nothing was stored: try again"});
    }
}

void AppendCalls::send_in_transaction(PendingAppend& pending) {
    auto* const sent = &pending;
    function({&sent, 1});
}

std::exception_ptr AppendCalls::duplicate(AppendRequest const& request) {
    std::map<Uuid, std::pair<AggregateRef, NewEvent const*>> sent;
    ArrayLiteral ids;
    for (auto const& entry : request.entries) {
        for (auto const& event : entry.events) {
            if (!sent.emplace(event.id, std::pair{entry.aggregate, &event}).second) {
                return std::make_exception_ptr(DuplicateEvent{event.id, "stands twice in the request"});
            }
            ids.add_plain(to_string(event.id));
        }
    }
    Parameters parameters;
    std::move(ids).into(parameters);
    parameters.integer(0).integer(100);  // from the first position; enough to say what is wrong
    EventRows stored{connection_->run(statements_->find, parameters)};
    std::exception_ptr moved;
    for (std::size_t row = 0; row < stored.size(); ++row) {
        auto const event = stored.at(row);
        auto const& [aggregate, as_sent] = sent.at(event.id);
        bool const same = event.event_type == as_sent->event_type && event.schema_version == as_sent->schema_version &&
                          event.format == as_sent->format &&
                          (event.data == as_sent->data || !as_sent->fingerprint.empty());
        if (!same) {
            return std::make_exception_ptr(DuplicateEvent{event.id, "is stored with another payload"});
        }
        if (!moved) {
            moved = std::make_exception_ptr(DuplicateEvent{
                event.id,
                "is stored already, as version " + std::to_string(event.version.value) + " of " +
                    to_string(event.aggregate()) +
                    ", and this request has it, or its companions, at another place or with another payload"});
        }
    }
    return moved ? moved : std::make_exception_ptr(DuplicateEvent{sent.begin()->first, "is stored already"});
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
