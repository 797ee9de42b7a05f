#pragma once

#include <event_sourcing/event_envelope.hpp>

#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An encoded event to append.
struct NewEvent {
    Uuid id = Uuid::v7();                  ///< its id; the same id again is the same event (idempotency)
    std::string event_type{};              ///< its stored name, 1-100 bytes of UTF-8
    int schema_version = 1;                ///< the version of the shape of its data, from 1
    std::string data = "{}";               ///< JSON text, or any bytes where `format` is binary
    DataFormat format = DataFormat::json;  ///< how `data` is encoded
    std::string metadata{};                ///< a JSON object as text, or empty for none; see Metadata
    std::optional<Timestamp> timestamp{};  ///< when it happened, for imports and tests; else the store's clock
    std::string fingerprint{};  ///< what idempotency compares in place of `data`; empty = `data`. A codec that encrypts
                                ///< must set it
};

EVENT_SOURCING_END_NAMESPACE
