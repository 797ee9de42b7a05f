#pragma once

#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/expected_version.hpp>
#include <event_sourcing/uuid.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An aggregate is not at the version that the append expected: another writer was first. Nothing was stored.
///
/// Load and decide again; `execute` and Repository::execute do. Not `retryable()`: the same call would fail again.
class VersionConflict : public Error {
public:
    /// The aggregate, what was expected of it, and where it is. Copies the aggregate's name.
    VersionConflict(AggregateRef aggregate, ExpectedVersion expected, Version actual)
        : Error{to_string(aggregate) + ": expected " + to_string(expected) + ", but the aggregate is at version " +
                std::to_string(actual.value) + ". Another writer was first: load, decide and append again."},
          type_{aggregate.type}, id_{aggregate.id}, expected_{expected}, actual_{actual} {}

    /// The aggregate that was not as expected. Lifetime: refers to the exception.
    [[nodiscard]] AggregateRef aggregate() const noexcept { return {type_, id_}; }
    /// What the append expected.
    [[nodiscard]] ExpectedVersion expected() const noexcept { return expected_; }
    /// The version the aggregate had; 0 for an aggregate without events.
    [[nodiscard]] Version actual() const noexcept { return actual_; }

private:
    std::string type_;
    std::string id_;
    ExpectedVersion expected_;
    Version actual_;
};

/// The id of an event is already stored, with another payload or at another place, or stands twice in the request.
/// Nothing was stored.
class DuplicateEvent : public Error {
public:
    /// The id, and in words how it differs from what is stored.
    DuplicateEvent(Uuid id, std::string const& how)
        : Error{"event " + to_string(id) + " " + how +
                ". An id may be sent again only with the same events at the same place; give new events new ids."},
          id_{id} {}

    /// The id of the event.
    [[nodiscard]] Uuid id() const noexcept { return id_; }

private:
    Uuid id_;
};

EVENT_SOURCING_END_NAMESPACE
