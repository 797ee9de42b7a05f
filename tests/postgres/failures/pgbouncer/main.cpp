#include "fault_proxy.hpp"
#include "pgbouncer.hpp"
#include "schema.hpp"
#include "server.hpp"

#include <event_sourcing/conformance/run.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

PostgresOptions plain(PostgresOptions options, std::string url) {
    options.url = std::move(url);
    options.statements = StatementMode::plain;
    options.connections = 70;  // the cases have up to 64 contenders, each of which may need a connection
    return options;
}

class OpenTransaction final : public conformance::OpenAppend {
public:
    OpenTransaction(PostgresDatabase& database, PostgresEventStore& store, AppendRequest const& request)
        : transaction_{database.begin()} {
        store.append(*transaction_, request);
    }

    void commit() override { transaction_->commit(); }
    void roll_back() override { transaction_.reset(); }

private:
    std::optional<Transaction> transaction_;
};

/// A store, with the database under it.
class Handle : public EventStore {
public:
    explicit Handle(PostgresOptions options) : database{std::move(options)} {}

    AppendResult append(AppendRequest const& request) override { return store.append(request); }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return store.read(aggregate, options, visit);
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return store.read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return store.find(ids, visit); }

    PostgresDatabase database;
    PostgresEventStore store{database};
    PostgresSnapshotStore snapshots{database};
};

/// One whose first append meets a proxy, between it and PgBouncer, that cuts its connection.
struct BehindProxy {
    explicit BehindProxy(std::string const& url) : proxy{url} {}
    FaultProxy proxy;
};
class CutHandle final : private BehindProxy, public Handle {
public:
    CutHandle(PostgresOptions const& options, conformance::Cut moment)
        : BehindProxy{options.url}, Handle{plain(options, proxy.url())} {
        proxy.arm(moment == conformance::Cut::before_commit ? Fault::cut_before_the_server
                                                            : Fault::cut_after_the_answer);
    }
};

class Fixture final : public conformance::StoreFixture {
public:
    [[nodiscard]] conformance::Capabilities capabilities() const override { return conformance::all_capabilities; }
    [[nodiscard]] EventStore& store() override { return *first_; }
    [[nodiscard]] EventStore& connect() override {
        others_.push_back(std::make_unique<Handle>(options()));
        return *others_.back();
    }
    [[nodiscard]] EventStore& reopen() override {
        first_.reset();
        first_ = std::make_unique<Handle>(options());
        return *first_;
    }
    [[nodiscard]] SnapshotStore& snapshots() override { return first_->snapshots; }
    [[nodiscard]] std::unique_ptr<conformance::OpenAppend> begin(AppendRequest const& request) override {
        return std::make_unique<OpenTransaction>(first_->database, first_->store, request);
    }
    [[nodiscard]] std::unique_ptr<EventStore> connect_and_cut(conformance::Cut moment) override {
        return std::make_unique<CutHandle>(options(), moment);
    }

private:
    [[nodiscard]] PostgresOptions options() const {
        return plain(schema_.options(Role::writer), bouncer_.through(schema_.url(Role::writer)));
    }

    TestSchema schema_{server_url()};
    PgBouncer bouncer_{server_url()};
    std::unique_ptr<Handle> first_ = std::make_unique<Handle>(options());
    std::vector<std::unique_ptr<Handle>> others_;
};

/// Where there is no PgBouncer, each case says so.
class WithoutPgBouncer : public ::testing::Test {
    void TestBody() override { GTEST_SKIP() << "PgBouncer is not installed (Debian: apt-get install pgbouncer)"; }
};

}  // namespace
}  // namespace postgres_test

int main(int argc, char** argv) {
    namespace conformance = event_sourcing::conformance;
    if (postgres_test::PgBouncer::installed()) {
        conformance::register_event_store_cases("PgBouncer", [] { return std::make_unique<postgres_test::Fixture>(); });
        // What a pooler can spoil: appends, their idempotency, reads, and the transactions that the order needs.
        ::testing::GTEST_FLAG(filter) =
            "PgBouncer_Append.*:PgBouncer_Idempotency.*:PgBouncer_Read.*:PgBouncer_GlobalOrder.*";
    } else {
        ::testing::RegisterTest("PgBouncer", "IsNotInstalled", nullptr, nullptr, __FILE__, __LINE__,
                                [] { return new postgres_test::WithoutPgBouncer; });
    }
    return conformance::run_all(argc, argv);
}
