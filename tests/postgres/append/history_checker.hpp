#pragma once

#include <event_sourcing/append_request.hpp>
#include <event_sourcing/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The oracle of the randomized tests of appends: what many callers sent and were told, held against what the table has at
/// the end and what a reader of all events was given meanwhile. It knows the contract of EventStore and nothing of how the
/// store works: no clocks, no SQL, no locks.
namespace postgres_test {

/// An event as it was sent. All have one type and one schema version: `payload` is the rest of what idempotency compares.
struct SentEvent {
    event_sourcing::Uuid id;
    std::string payload;
};

/// What a request does to one aggregate; without events a check.
struct SentEntry {
    std::string aggregate;
    event_sourcing::ExpectedVersion expected = event_sourcing::ExpectedVersion::any();
    std::vector<SentEvent> events{};
};

/// A request as it was sent. The same one may be sent many times, and altered ones with the same ids as well.
using SentRequest = std::vector<SentEntry>;

/// What a caller was told.
enum class Answer : unsigned char {
    stored,
    replayed,
    conflict,
    duplicate,
    nothing,  ///< an error that says: nothing was stored
    other,    ///< an error that has no place in the test
};

/// One call, and what it was answered.
struct Observation {
    SentRequest request{};
    Answer answer = Answer::other;
    event_sourcing::AppendResult result{};  ///< of stored and replayed
    std::string conflicting{};              ///< of conflict: the aggregate
    event_sourcing::Version actual{};       ///< of conflict: the version that it is said to have
    std::string error{};                    ///< of nothing and other: in words
    std::uint64_t started = 0;              ///< a number from a counter that all callers share, drawn before the call
    std::uint64_t ended = 0;                ///< drawn after it, or after the COMMIT of its transaction
    std::optional<std::size_t> transaction{};  ///< the user's transaction that it was part of
    bool undone = false;                       ///< rolled back, with the whole transaction or to a savepoint
};

/// A row of the table of events, or an event that a reader was given.
struct SeenEvent {
    event_sourcing::Position position;
    event_sourcing::Uuid id;
    std::string aggregate;
    event_sourcing::Version version;
    std::string payload;
};

/// All of it.
struct History {
    std::vector<Observation> observations{};
    std::vector<SeenEvent> table{};      ///< at the end, by position
    std::vector<SeenEvent> delivered{};  ///< to a reader of all events, in the order in which it got them
    bool nothing_is_allowed = false;     ///< whether Answer::nothing may happen outside of a user's transaction
};

/// What in a history breaks the contract, in words; empty where nothing does:
/// - the versions of each aggregate are 1, 2, 3, ... and its positions rise with them;
/// - each row belongs to exactly one call that was told `stored`, and to a call that was told anything else, or undone, none;
/// - who was told `stored` finds all its events at the place and in the order told, behind what it expected;
/// - who was told `replayed` sent what is stored, at its place, and got the original's result;
/// - ids that were stored when a call began are answered as replayed or as duplicate, as they ought to be, never otherwise;
/// - there is one order of all calls, checks and conflicts included, in which each sees the versions it was told, and which
///   is that of time where one ended before another began (strict serializability: no cycle of ww, wr, rw and time edges).
///   The calls of a user's transaction end with it, and follow each other, perhaps with others' in between;
/// - the reader got every row once, by rising position.
[[nodiscard]] std::vector<std::string> violations_of(History const& history);

}  // namespace postgres_test
