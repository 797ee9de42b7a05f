#pragma once

#include "database_implementation.hpp"
#include "event_rows.hpp"
#include "page_size.hpp"

#include <event_sourcing/event_store.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// One read of all events, page by page, never beyond the horizon: the highest visible position below which no transaction
/// can still add one. docs/postgres.md, "Order", has the proof.
class AllEvents {
public:
    AllEvents(Database& database, ReadAllOptions const& options) : database_{&database}, options_{&options} {}

    /// @return as EventStore::read_all.
    Position read(EventVisitor visit);

private:
    /// A page and, where this page's own transaction asked for it, the horizon.
    struct Page {
        EventRows rows;
        std::int64_t horizon = -1;  // -1: not known, and the page is full
    };

    [[nodiscard]] bool nothing_new() const;
    [[nodiscard]] Page next_page(std::size_t wanted) const;
    [[nodiscard]] Result rows_below(Connection& connection, std::int64_t bound, std::size_t wanted) const;
    [[nodiscard]] std::int64_t highest_below(Connection& connection, std::int64_t bound) const;
    [[nodiscard]] Page settled_page(Connection& connection, std::size_t wanted) const;

    Database* database_;
    ReadAllOptions const* options_;
    std::int64_t at_ = 0;  // exclusive
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
