#include "all_events.hpp"

#include <algorithm>
#include <limits>
#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

Position AllEvents::read(EventVisitor visit) {
    bool const forward = options_->direction == Direction::forward;
    at_ = !forward && options_->after == Position{} ? std::numeric_limits<std::int64_t>::max() : options_->after.value;
    if (forward && options_->limit > 0 && nothing_new()) {
        return options_->after;
    }
    PageSize page_size;
    // A page is held until the next one is there: its memory would go back to the system, only to be asked for again.
    std::optional<Page> held;
    for (auto left = options_->limit; left > 0;) {
        auto const wanted = std::min(left, page_size.rows());
        auto& page = held.emplace(next_page(wanted));
        std::size_t bytes = 0;
        for (std::size_t row = 0; row < page.rows.size(); ++row) {
            auto const event = page.rows.at(row);
            bytes += page.rows.bytes();
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

/// Whether no position was drawn since a reader found all of them decided, and this one is behind the last event: then a poll
/// costs one look at the sequence. (Behind a pooler a crash of the server goes unnoticed, and with it that positions came back.)
bool AllEvents::nothing_new() const {
    auto const is_behind_all = [this](Settled const& known) { return known.bound > 0 && at_ >= known.horizon; };
    if (database_->options().statements != StatementMode::prepared || !is_behind_all(database_->settled())) {
        return false;
    }
    return database_->run("read all events", [&](Connection& connection) {
        auto const known = database_->settled();  // again, since the connection may be a new one
        return is_behind_all(known) &&
               connection.run(database_->statements().last_drawn, Parameters{}).integer(0, 0) == known.bound;
    });
}

/// A full page below what is known to be settled needs no look at the locks.
AllEvents::Page AllEvents::next_page(std::size_t wanted) const {
    return database_->run("read all events", [&](Connection& connection) {
        auto const known = database_->settled().horizon;
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
        auto rows = rows_below(connection, settled, wanted);
        bool const with_the_last =
            options_->direction == Direction::forward && options_->filter == EventFilter{} && rows.size() < wanted;
        auto const horizon =
            with_the_last && !rows.empty() ? rows.integer(rows.size() - 1, 0) : highest_below(connection, settled);
        // Also behind a full page: the pages after it, up to here, need no look at the locks.
        database_->raise_settled({.bound = settled, .horizon = horizon});
        connection.run("commit");
        return {EventRows{std::move(rows)}, horizon};
    } catch (...) {
        connection.give_up();  // with its transaction
        throw;
    }
}

std::int64_t AllEvents::highest_below(Connection& connection, std::int64_t bound) const {
    Parameters parameters;
    parameters.integer(bound);
    return connection.run(database_->statements().highest, parameters).integer(0, 0);
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
