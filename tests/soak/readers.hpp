#pragma once

#include "progress.hpp"
#include "schema.hpp"

#include <event_sourcing/position.hpp>
#include <event_sourcing/uuid.hpp>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace soak {

/// Notices when the events of an aggregate do not come as 1, 2, 3, ...
class VersionOrder {
public:
    /// @return whether this is the aggregate's next version.
    bool follows(std::int64_t aggregate, std::int64_t version) {
        auto& last = last_[aggregate];
        bool const next = version == last + 1;
        last = version;
        return next;
    }

private:
    std::unordered_map<std::int64_t, std::int64_t> last_;
};

struct Delivered {
    std::int64_t position = 0;
    event_sourcing::Uuid id{};

    bool operator==(Delivered const&) const = default;
};

/// The library's reader under test: read_all, again and again, from a cursor that only this process knows.
class LibraryReader {
public:
    LibraryReader(postgres_test::TestSchema const& schema, Progress& progress)
        : schema_{&schema}, progress_{&progress} {}

    void run();

    [[nodiscard]] std::vector<Delivered> const& delivered() const noexcept { return delivered_; }
    [[nodiscard]] std::int64_t out_of_order() const noexcept { return out_of_order_; }

private:
    postgres_test::TestSchema const* schema_;
    Progress* progress_;
    VersionOrder versions_;
    std::vector<Delivered> delivered_;
    std::int64_t out_of_order_ = 0;
};

/// A control, what everybody writes first: `position > cursor`. It loses events.
class PlainReader {
public:
    PlainReader(postgres_test::TestSchema const& schema, Progress& progress) : schema_{&schema}, progress_{&progress} {}

    void run();

    /// Positions, rising.
    [[nodiscard]] std::vector<std::int64_t> const& delivered() const noexcept { return delivered_; }

private:
    postgres_test::TestSchema const* schema_;
    Progress* progress_;
    std::vector<std::int64_t> delivered_;
};

/// A control, the popular remedy: in order of (transaction number, position), below the oldest transaction that runs. It loses
/// nothing, and breaks the order of an aggregate's events.
///
/// An event's transaction number stands in a column of its own, `xid`, which add_column adds with a default, so that every kind
/// of INSERT fills it: PostgreSQL cannot search by the row's own xmin.
class XidReader {
public:
    XidReader(postgres_test::TestSchema const& schema, Progress& progress) : schema_{&schema}, progress_{&progress} {}

    /// The column, and the index that the reader needs. @pre the table is empty.
    static void add_column(postgres_test::TestSchema const& schema);

    void run();

    [[nodiscard]] std::int64_t delivered() const noexcept { return delivered_; }
    [[nodiscard]] std::int64_t breaks() const noexcept { return breaks_; }

private:
    postgres_test::TestSchema const* schema_;
    Progress* progress_;
    VersionOrder versions_;
    std::int64_t delivered_ = 0;
    std::int64_t breaks_ = 0;
};

}  // namespace soak
