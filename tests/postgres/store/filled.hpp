#pragma once

#include "schema.hpp"
#include "sql.hpp"

#include <string>

namespace postgres_test {

/// Inserts many events quickly, on the server: `count` of one aggregate, `Account/hot`, of type `Noted`.
inline void fill(TestSchema const& at, int count) {
    Sql{at.url(Role::owner)}.run(
        "insert into " + at.name() +
        ".event (id, aggregate_type, aggregate_id, version, event_type, data) select "
        "gen_random_uuid(), 'Account', 'hot', n, 'Noted', ('{\"amount\":' || n || ',\"note\":\"' || "
        "repeat('x', 80) || '\"}')::json from generate_series(1, " +
        std::to_string(count) + ") n");
}

}  // namespace postgres_test
