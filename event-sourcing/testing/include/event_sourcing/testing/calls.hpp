#pragma once

#include <event_sourcing/namespace.hpp>

#include <cstddef>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// The operations of an EventStore.
enum class EventStoreCall : unsigned char {
    append,    ///< EventStore::append
    read,      ///< EventStore::read
    read_all,  ///< EventStore::read_all
    find,      ///< EventStore::find
};

/// The operations of a SnapshotStore.
enum class SnapshotStoreCall : unsigned char {
    load,   ///< SnapshotStore::load
    save,   ///< SnapshotStore::save
    erase,  ///< SnapshotStore::erase
};

/// Which calls of one operation, counted from the moment at which they are chosen: by default the next one.
struct Calls {
    std::size_t first = 1;  ///< 1 is the next call
    std::size_t count = 1;  ///< how many in a row
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
