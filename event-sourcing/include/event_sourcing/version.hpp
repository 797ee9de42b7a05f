#pragma once

#include <event_sourcing/detail/number.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The number of an event in the history of its aggregate: 1 for the first, without gaps; 0 means that there is none
/// yet.
///
/// An aggregate's version is that of its last event. `value` is the number, `next()` the version after it.
using Version = detail::Number<struct VersionTag>;

EVENT_SOURCING_END_NAMESPACE
