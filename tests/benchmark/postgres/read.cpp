#include "workloads.hpp"

#include "libpq.hpp"
#include "schema.hpp"
#include "turns.hpp"

#include "../plain_vector.hpp"
#include "../results.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>

namespace event_sourcing::benchmarks::postgres {
namespace {

constexpr std::array<std::size_t, 3> lengths{10, 100, 1000};

/// A million events (20 000 in a quick run), four fifths of them in histories of 10, the rest in those of 100 and 1000.
class Stored {
public:
    explicit Stored(std::size_t events)
        : events_{events}, histories_{{{"ten", events / 10 * 8 / 10, 10},
                                       {"hundred", events / 10 / 100, 100},
                                       {"thousand", events / 10 / 1000, 1000}}} {
        fill(schema_, histories_);
    }

    [[nodiscard]] Schema const& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t events() const noexcept { return events_; }
    /// The histories of a length.
    [[nodiscard]] Histories const& of(std::size_t length) const {
        return *std::ranges::find(histories_, length, &Histories::length);
    }

private:
    Schema schema_;
    std::size_t events_;
    std::array<Histories, 3> histories_;
};

/// Filled when the first workload needs it, shared by all, dropped with the last.
class Shared {
public:
    [[nodiscard]] Stored const& stored(Options const& options) {
        if (!stored_) {
            stored_ = std::make_unique<Stored>(options.quick() ? 20'000 : 1'000'000);
        }
        return *stored_;
    }

private:
    std::unique_ptr<Stored> stored_;
};

/// The columns that the store reads for an event of a known aggregate.
constexpr char const* columns =
    "position, version, id, event_type, schema_version, data, data_binary, metadata, timestamp";
enum Column : int { version = 1, event_type = 3, schema_version = 4, data = 5, data_binary = 6, metadata = 7 };

/// What a visitor without any work of its own does: it looks at the texts' sizes.
struct Sizes {
    std::size_t bytes = 0;
    std::size_t events = 0;

    void operator()(RecordedEventView const& event) {
        bytes += event.data.size() + event.metadata.size() + event.event_type.size();
        ++events;
    }
    /// Every column, as libpq gives it: nothing is converted.
    void operator()(LibpqRows const& rows, int row, int columns_there) {
        for (int column = 0; column < columns_there; ++column) {
            bytes += rows.is_null(row, column) ? 0 : rows.text(row, column).size();
        }
        ++events;
    }
};

/// The same decoding for both sides.
[[nodiscard]] AccountEvent by_codec(LibpqRows const& rows, int row) {
    static JsonCodec<AccountEvent> const codec;
    RecordedEventView record;
    record.event_type = rows.text(row, event_type);
    record.data = rows.text(row, data);
    auto const number = rows.text(row, schema_version);
    std::from_chars(number.data(), number.data() + number.size(), record.schema_version);
    return std::get<AccountEvent>(codec.decode(record));
}

/// What a program does that trusts its data: parse and get.
[[nodiscard]] AccountEvent by_nlohmann(LibpqRows const& rows, int row) {
    return plain_decode(rows.text(row, event_type), rows.text(row, data));
}

/// A session of libpq whose statements have a generic plan, as those of the library.
[[nodiscard]] std::unique_ptr<Libpq> session(Stored const& stored) {
    auto sql = std::make_unique<Libpq>(server_url());
    sql->run("set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off");
    auto const from = " from " + stored.schema().table();
    sql->prepare("history", std::string{"select "} + columns + from +
                                " where aggregate_type = $1 and aggregate_id = $2 order by version");
    sql->prepare("page", std::string{"select "} + columns + ", aggregate_type, aggregate_id" + from +
                             " where position > $1 order by position limit 1000");
    return sql;
}

/// Reads one history, hands its rows to `use(rows, row)`.
template <class Use>
void read_history(Libpq& sql, std::string const& id, Use use) {
    std::array<char const*, 2> const parameters{account_type, id.c_str()};
    auto const rows = sql.call("history", parameters);
    for (int row = 0; row < rows.size(); ++row) {
        use(rows, row);
    }
}

/// Reads everything, page by page, likewise.
template <class Use>
void read_pages(Libpq& sql, Use use) {
    std::string after = "0";
    for (int size = 1; size > 0;) {
        std::array<char const*, 1> const parameters{after.c_str()};
        auto const rows = sql.call("page", parameters);
        size = rows.size();
        for (int row = 0; row < size; ++row) {
            use(rows, row);
        }
        if (size > 0) {
            after = rows.text(size - 1, 0);
        }
    }
}

/// The accounts with histories of one length, in an order that jumps about; one caller's.
class Ids {
public:
    explicit Ids(Histories const& histories) : histories_{histories} {}

    [[nodiscard]] std::string next() {
        auto const number = calls_++ * 7919 % histories_.count;
        return std::string{histories_.prefix} + "-" + std::to_string(number);
    }

private:
    Histories histories_;
    std::size_t calls_ = 0;
};

[[nodiscard]] std::vector<Result> visit_history(Workload const& workload, Options const& options, Stored const& stored,
                                                std::size_t length) {
    PostgresDatabase database{stored.schema().options()};
    PostgresEventStore const store{database};
    auto const sql = session(stored);
    auto const finish = [length](Sizes const& sizes) {
        require(sizes.events == length && sizes.bytes > 0, "a read visited another number of events than there are");
    };
    std::vector<Caller> callers{
        {"ours",
         [&, ids = Ids{stored.of(length)}](std::size_t) mutable {
             Sizes sizes;
             store.read({Account::aggregate_type, ids.next()}, {},
                        [&](RecordedEventView const& event) { sizes(event); });
             finish(sizes);
         }},
        {"libpq that visits the same columns", [&, ids = Ids{stored.of(length)}](std::size_t) mutable {
             Sizes sizes;
             read_history(*sql, ids.next(), [&](LibpqRows const& rows, int row) { sizes(rows, row, 9); });
             finish(sizes);
         }}};
    return results_of(workload, callers, take_turns(1, callers, options).rates);
}

[[nodiscard]] std::vector<Result> fold_history(Workload const& workload, Options const& options, Stored const& stored,
                                               std::size_t length) {
    PostgresDatabase database{stored.schema().options()};
    PostgresEventStore store{database};
    Repository<Account> const accounts{store};
    auto const sql = session(stored);
    auto const check = [balance = balance_after(length)](Account const& account) {
        require(account.balance == balance, "a fold gave another balance than the events add up to");
    };
    auto const by_libpq = [&](auto decode) {
        return [&, decode, ids = Ids{stored.of(length)}](std::size_t) mutable {
            Account account;
            read_history(*sql, ids.next(),
                         [&](LibpqRows const& rows, int row) { event_sourcing::apply(account, decode(rows, row)); });
            check(account);
        };
    };
    std::vector<Caller> callers{
        {"ours", [&, ids = Ids{stored.of(length)}](std::size_t) mutable { check(accounts.load(ids.next()).state); }},
        {"libpq and the same codec", by_libpq(&by_codec)},
        {"libpq and nlohmann/json without checks", by_libpq(&by_nlohmann)}};
    return results_of(workload, callers, take_turns(1, callers, options).rates);
}

/// A pass over everything takes seconds: fewer rounds do.
[[nodiscard]] Options fewer_rounds(Options options) {
    options.rounds = std::min<std::size_t>(options.rounds, 5);
    return options;
}

[[nodiscard]] std::vector<Result> visit_all(Workload const& workload, Options const& options, Stored const& stored) {
    PostgresDatabase database{stored.schema().options()};
    PostgresEventStore const store{database};
    auto const sql = session(stored);
    auto const finish = [&](Sizes const& sizes) {
        require(sizes.events == stored.events() && sizes.bytes > 0, "a read visited another number of events");
    };
    std::vector<Caller> callers{
        {"ours",
         [&](std::size_t) {
             Sizes sizes;
             store.read_all({.limit = stored.events()}, [&](RecordedEventView const& event) { sizes(event); });
             finish(sizes);
         }},
        {"libpq that visits the same columns in pages of 1000",
         [&](std::size_t) {
             Sizes sizes;
             read_pages(*sql, [&](LibpqRows const& rows, int row) { sizes(rows, row, 11); });
             finish(sizes);
         }},
        {"libpq, one COPY, nothing but lines", [&](std::size_t) {
             Sizes sizes;
             sql->copy_out("copy (select " + std::string{columns} + ", aggregate_type, aggregate_id from " +
                               stored.schema().table() + " order by position) to stdout",
                           [&](std::string_view line) {
                               sizes.bytes += line.size();
                               ++sizes.events;
                           });
             finish(sizes);
         }}};
    auto scaled = workload;
    scaled.items = static_cast<double>(stored.events());
    return results_of(scaled, callers, take_turns(1, callers, fewer_rounds(options)).rates);
}

[[nodiscard]] std::vector<Result> fold_all(Workload const& workload, Options const& options, Stored const& stored) {
    PostgresDatabase database{stored.schema().options()};
    PostgresEventStore const store{database};
    JsonCodec<AccountEvent> const codec;
    auto const sql = session(stored);
    std::int64_t balance = 0;
    for (auto const length : lengths) {
        balance += balance_after(length) * static_cast<std::int64_t>(stored.of(length).count);
    }
    auto const check = [balance](Account const& account) {
        require(account.balance == balance, "a fold gave another balance than the events add up to");
    };
    std::vector<Caller> callers{{"ours",
                                 [&](std::size_t) {
                                     Account account;
                                     store.read_all({.limit = stored.events()}, [&](RecordedEventView const& event) {
                                         event_sourcing::apply(account, std::get<AccountEvent>(codec.decode(event)));
                                     });
                                     check(account);
                                 }},
                                {"libpq in pages of 1000 and the same codec", [&](std::size_t) {
                                     Account account;
                                     read_pages(*sql, [&](LibpqRows const& rows, int row) {
                                         event_sourcing::apply(account, by_codec(rows, row));
                                     });
                                     check(account);
                                 }}};
    auto scaled = workload;
    scaled.items = static_cast<double>(stored.events());
    return results_of(scaled, callers, take_turns(1, callers, fewer_rounds(options)).rates);
}

}  // namespace

void add_read_workloads(Workloads& to) {
    auto const shared = std::make_shared<Shared>();
    auto const add = [&](std::string name, std::size_t items, auto measure) {
        to.push_back({.name = "postgres/" + std::move(name),
                      .unit = "events/s",
                      .items = static_cast<double>(items),
                      .by_itself = [shared, measure](Workload const& workload, Options const& options) {
                          return measure(workload, options, shared->stored(options));
                      }});
    };
    for (auto const length : lengths) {
        auto const suffix = "/" + std::to_string(length);
        add("read" + suffix, length, [length](auto const&... rest) { return visit_history(rest..., length); });
        add("fold" + suffix, length, [length](auto const&... rest) { return fold_history(rest..., length); });
    }
    add("read_all", 1, &visit_all);
    add("fold_all", 1, &fold_all);
}

}  // namespace event_sourcing::benchmarks::postgres
