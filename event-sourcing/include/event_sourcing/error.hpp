#pragma once

#include <event_sourcing/namespace.hpp>

#include <stdexcept>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The root of every exception that the library throws. A refusal of the domain is the user's own type and passes
/// untouched.
///
/// The tree (the message of each says what to do):
/// - VersionConflict, DuplicateEvent: what the store holds contradicts the request; see append_error.hpp
/// - OutcomeUnknown: the append may or may not have been stored
/// - Unavailable (PoolTimeout, NotPrimary, Timeout), Transient: nothing was stored, a later try may succeed
/// - InvalidArgument (PayloadTooLarge), PermissionDenied, SchemaMismatch: the program or its set-up is wrong
/// - CodecError, Corrupted: stored data cannot be read
/// - Fenced, CursorAhead: a subscriber's place is not its own any more, or not of this store
class Error : public std::runtime_error {
public:
    /// Whether the same call, repeated unchanged, may succeed and can do no harm.
    [[nodiscard]] virtual bool retryable() const noexcept { return false; }

protected:
    /// With a message that says what happened and what to do.
    explicit Error(std::string const& message) : std::runtime_error{message} {}
};

/// The connection, or the caller's deadline, ended after an append was sent and before its result arrived: it may be
/// stored.
///
/// Send the same events with the same ids again, and the store stores them once; never decide again before. It is no
/// Unavailable, since a handler of that may decide again.
class OutcomeUnknown : public Error {
public:
    /// With what is known.
    explicit OutcomeUnknown(std::string const& message) : Error{message} {}
    /// True: an append is idempotent by the ids of its events.
    [[nodiscard]] bool retryable() const noexcept override { return true; }
};

/// The store could not be reached, or was not ready; nothing was sent to it.
class Unavailable : public Error {
public:
    /// With what was not available.
    explicit Unavailable(std::string const& message) : Error{message} {}
    /// True: it may be back.
    [[nodiscard]] bool retryable() const noexcept override { return true; }
};

/// No connection became free in time: the pool is too small for the load, or a connection is held too long.
class PoolTimeout : public Unavailable {
public:
    using Unavailable::Unavailable;
};

/// The server is a standby or read-only: connect to the primary.
class NotPrimary : public Unavailable {
public:
    using Unavailable::Unavailable;
};

/// The store did not answer in time, and nothing was stored.
class Timeout : public Unavailable {
public:
    using Unavailable::Unavailable;
};

/// The store gave up the call because of others (a deadlock, a serialisation failure); nothing was stored.
class Transient : public Error {
public:
    /// With what came in between.
    explicit Transient(std::string const& message) : Error{message} {}
    /// True: the next try meets other circumstances.
    [[nodiscard]] bool retryable() const noexcept override { return true; }
};

/// Stored or given data does not fit the program's types: an unknown event type, a missing member, a number out of
/// range.
class CodecError : public Error {
public:
    /// With the event and the member's path.
    explicit CodecError(std::string const& message) : Error{message} {}
};

/// An argument breaks the contract of the call; nothing was sent or stored.
class InvalidArgument : public Error {
public:
    /// With the argument and the rule.
    explicit InvalidArgument(std::string const& message) : Error{message} {}
};

/// A value is above one of the size limits; nothing was sent or stored.
class PayloadTooLarge : public InvalidArgument {
public:
    using InvalidArgument::InvalidArgument;
};

/// The store's own rules forbid the call to this user.
class PermissionDenied : public Error {
public:
    /// With what was refused.
    explicit PermissionDenied(std::string const& message) : Error{message} {}
};

/// The database holds no schema, a foreign one, or one that is newer than the program.
class SchemaMismatch : public Error {
public:
    /// With what was found.
    explicit SchemaMismatch(std::string const& message) : Error{message} {}
};

/// What is stored contradicts itself: a gap in a history, an event that its aggregate cannot apply.
class Corrupted : public Error {
public:
    /// With the place.
    explicit Corrupted(std::string const& message) : Error{message} {}
};

/// Another owner has taken over what the caller thought its own; its write was refused.
class Fenced : public Error {
public:
    /// With what was taken over.
    explicit Fenced(std::string const& message) : Error{message} {}
};

/// A cursor is beyond the end of the store, or of another incarnation of it: the store was restored, or it is another
/// one.
class CursorAhead : public Error {
public:
    /// With the cursor and the store's end.
    explicit CursorAhead(std::string const& message) : Error{message} {}
};

EVENT_SOURCING_END_NAMESPACE
