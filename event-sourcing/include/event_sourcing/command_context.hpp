#pragma once

#include <event_sourcing/namespace.hpp>
#include <event_sourcing/uuid.hpp>

#include <map>
#include <optional>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Who asked for a command and why: one explicit value, handed down as an argument, written to the metadata of its
/// events.
struct CommandContext {
    /// The command's own id, if it may be sent more than once. Its events then get the ids `Uuid::derived(command,
    /// 0…)`, and a repeated command is answered from the store without deciding again.
    std::optional<Uuid> command{};
    std::optional<Uuid> correlation{};             ///< the first cause of a whole conversation; events inherit it
    std::optional<Uuid> causation{};               ///< the event or command that caused this one
    std::string traceparent{};                     ///< W3C trace context, as received; empty for none
    std::map<std::string, std::string> headers{};  ///< anything else worth keeping: user, source, tenant
    /// What was asked, in any stable text (the body of a request, say). Only its hash is stored; the same command id
    /// with another request is a DuplicateEvent. Empty: not compared.
    std::string request{};
};

EVENT_SOURCING_END_NAMESPACE
