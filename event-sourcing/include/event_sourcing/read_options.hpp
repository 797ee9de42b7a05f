#pragma once

#include <event_sourcing/position.hpp>
#include <event_sourcing/version.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Which way a read goes.
enum class Direction : unsigned char {
    forward,   ///< from old to new
    backward,  ///< from new to old
};

/// Which part of one aggregate's history to read.
struct ReadOptions {
    /// Exclusive: forward reads begin behind it, backward reads before it. 0 is the beginning or, backward, the end.
    Version after{};
    std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< at most this many events; 0 visits none
    Direction direction = Direction::forward;                     ///< which way
};

/// Which events a reader of all events wants; an empty list wants all. An event must fit both lists.
struct EventFilter {
    std::vector<std::string> aggregate_types{};  ///< wanted aggregate types
    std::vector<std::string> event_types{};      ///< wanted event types

    /// Equal when both lists are, in their order.
    bool operator==(EventFilter const&) const = default;
};

/// Which part of the store to read.
struct ReadAllOptions {
    /// Exclusive, as in ReadOptions; beyond the end it is no error and visits nothing.
    Position after{};
    std::size_t limit = 1000;                  ///< at most this many visits (not events looked at); 0 visits none
    EventFilter filter{};                      ///< which events to visit
    Direction direction = Direction::forward;  ///< which way
};

EVENT_SOURCING_END_NAMESPACE
