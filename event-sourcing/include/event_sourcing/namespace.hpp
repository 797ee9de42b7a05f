#pragma once

/// @file
/// The one macro pair of the library: it opens and closes `event_sourcing` with its inline version namespace, so that
/// two versions of the library in one program never share a symbol by accident. Users write `event_sourcing::` and
/// never see it.

/// Opens `namespace event_sourcing` and the inline namespace of this version.
#define EVENT_SOURCING_BEGIN_NAMESPACE \
    namespace event_sourcing {         \
    inline namespace v0 {

/// Closes what EVENT_SOURCING_BEGIN_NAMESPACE opened.
#define EVENT_SOURCING_END_NAMESPACE \
    }                                \
    }
