#pragma once

#include <event_sourcing/namespace.hpp>

#include <string>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A place in one lane of an EventStream, to go on from: opaque text that only the stream that made it can read.
///
/// Two cursors are equal or not; they have no order. Whoever keeps the cursor decides the guarantee: see Subscriber.
class Cursor {
public:
    /// The beginning of a lane.
    Cursor() = default;
    /// A cursor from its stored text.
    explicit Cursor(std::string text) noexcept : text_{std::move(text)} {}

    /// What a checkpoint stores; empty for the beginning.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    /// Equal when they are the same place as their stream wrote it.
    bool operator==(Cursor const&) const = default;

private:
    std::string text_;
};

EVENT_SOURCING_END_NAMESPACE
