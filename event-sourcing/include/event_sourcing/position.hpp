#pragma once

#include <event_sourcing/detail/number.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The place of an event among all events of one store: strictly increasing, gaps allowed, never reused.
///
/// 0 is before the first event, and stands for "unknown" where a source (an old topic, say) does not carry positions.
/// Positions of two stores, or of a store before and after it was restored from a back-up, do not compare: a Cursor
/// does.
using Position = detail::Number<struct PositionTag>;

EVENT_SOURCING_END_NAMESPACE
