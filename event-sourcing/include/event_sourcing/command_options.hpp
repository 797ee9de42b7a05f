#pragma once

#include <event_sourcing/log.hpp>
#include <event_sourcing/retry_policy.hpp>
#include <event_sourcing/uuid.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How commands run: retries, and the sources of ids, time and randomness. Empty functions mean the system's.
struct CommandOptions {
    RetryPolicy retry{};         ///< after a conflict, and while the outcome is unknown
    IdSource new_id{};           ///< ids of events of commands without an id; empty: Uuid::v7
    Backoff::Sources sources{};  ///< what waiting between tries is made of
    LogSink log{};               ///< a line per try that had to be repeated
};

EVENT_SOURCING_END_NAMESPACE
