#include "all_events.hpp"

#include <algorithm>
#include <limits>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

Position AllEvents::read(EventVisitor visit) {
    bool const forward = options_->direction == Direction::forward;
    at_ = !forward && options_->after == Position{} ? std::numeric_limits<std::int64_t>::max() : options_->after.value;
    PageSize page_size;
    for (auto left = options_->limit; left > 0;) {
        auto const wanted = std::min(left, page_size.rows());
        auto page = next_page(wanted);
        std::size_t bytes = 0;
        for (std::size_t row = 0; row < page.rows.size(); ++row) {
            auto const event = page.rows.at(row);
            bytes += page.rows.bytes(row);
            at_ = event.position.value;
            if (!visit(event)) {
                return event.position;
            }
        }
        left -= page.rows.size();
        if (page.rows.size() < wanted) {
            if (forward) {
                return Position{std::max(at_, page.horizon)};
            }
            // Nothing is left below; and 0 would mean the end again.
            return page.horizon > 0 ? Position{1} : options_->after;
        }
        page_size.seen(page.rows.size(), bytes);
    }
    return options_->limit == 0 ? options_->after : Position{at_};
}

/// A full page below what is known to be settled needs no look at the locks.
AllEvents::Page AllEvents::next_page(std::size_t wanted) const {
    return database_->run("read all events", [&](Connection& connection) {
        auto const known = database_->settled();
        if (options_->direction == Direction::forward && at_ < known) {
            EventRows rows{rows_below(connection, known, wanted)};
            if (rows.size() == wanted) {
                return Page{std::move(rows)};
            }
        }
        return settled_page(connection, wanted);
    });
}

/// One transaction, READ COMMITTED: the locks are read in a statement before, so with a snapshot before, that of the rows.
AllEvents::Page AllEvents::settled_page(Connection& connection, std::size_t wanted) const {
    try {
        auto const settled = connection.run(database_->statements().begin_and_settle).integer(0, 0);
        Page page{EventRows{rows_below(connection, settled, wanted)}};
        if (page.rows.size() < wanted) {
            Parameters bound;
            bound.integer(settled);
            page.horizon = connection.run(database_->statements().highest, bound).integer(0, 0);
            database_->raise_settled(page.horizon);
        }
        connection.run("commit");
        return page;
    } catch (...) {
        connection.give_up();  // with its transaction
        throw;
    }
}

Result AllEvents::rows_below(Connection& connection, std::int64_t bound, std::size_t wanted) const {
    auto const& statements = database_->statements();
    Parameters parameters;
    parameters.integer(at_).integer(bound);
    for (auto const* const names : {&options_->filter.aggregate_types, &options_->filter.event_types}) {
        ArrayLiteral array;
        for (auto const& name : *names) {
            array.add(name);
        }
        std::move(array).into(parameters);  // none: NULL, which lets all through
    }
    parameters.integer(static_cast<std::int64_t>(wanted));
    return connection.run(
        options_->direction == Direction::forward ? statements.page_forward : statements.page_backward, parameters);
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
