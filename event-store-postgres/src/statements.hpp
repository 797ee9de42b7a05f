#pragma once

#include "connection.hpp"

#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The SQL of the store, for one schema. The inline appends do what the function append() in
/// sql/001_event_store.sql does, for the ordinary requests; see there.
class Statements {
public:
    explicit Statements(std::string const& quoted_schema);

    Statement append_one;
    Statement append_batch;
    Statement append_group;
    Statement append;
    Statement read_forward;
    Statement read_backward;
    Statement version;
    Statement page_forward;
    Statement page_backward;
    Statement highest;
    Statement last_drawn;
    Statement find;
    Statement load_snapshot;
    Statement save_snapshot;
    Statement erase_snapshot;
    std::string begin_and_settle;  // starts the reader's transaction; one row: the settled position
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
