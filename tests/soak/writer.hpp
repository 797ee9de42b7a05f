#pragma once

#include "options.hpp"
#include "progress.hpp"
#include "schema.hpp"
#include "sql.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace soak {

/// One writer with connections of its own, one transaction after the other: a third through the library's
/// append(Transaction&, ...), a third by plain INSERT, a third by COPY. A transaction lasts 0-4 ms and writes 1-7 events on one
/// aggregate, in one piece or two; one in a hundred rolls back.
class Writer {
public:
    Writer(postgres_test::TestSchema const& schema, Mode mode, std::size_t number, Progress& progress);

    /// Until the progress says that it is enough.
    void run();

private:
    enum class Way : unsigned char { append, insert, copy };
    enum class Ending : unsigned char { committed, rolled_back };

    struct Plan {
        Way way{};
        std::string aggregate{};
        std::vector<int> pieces{};  // events of each
        double seconds_before = 0;  // asleep so long before it waits for the aggregate
        double seconds_after = 0;   // and so long after each piece
        bool roll_back = false;
    };

    [[nodiscard]] Plan next_plan();
    Ending by_library(Plan const& plan);
    Ending by_sql(Plan const& plan);
    void insert(Plan const& plan, std::int64_t version, int events);
    void copy(Plan const& plan, std::int64_t version, int events);
    postgres_test::Sql& sql();

    postgres_test::TestSchema const* schema_;
    Mode mode_;
    Progress* progress_;
    std::mt19937_64 random_;
    event_sourcing::PostgresDatabase database_;
    event_sourcing::PostgresEventStore store_{database_};
    std::unique_ptr<postgres_test::Sql> sql_;
};

}  // namespace soak
