#include "fixture.hpp"

#include <utility>

namespace postgres_test {
namespace {

using namespace event_sourcing;

PostgresOptions with_room(PostgresOptions options) {
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

/// A store whose first append meets a proxy that cuts its connection.
class BehindProxy final : public EventStore {
public:
    BehindProxy(PostgresOptions options, conformance::Cut moment) : proxy_{options.url} {
        options.url = proxy_.url();
        database_.emplace(std::move(options));
        store_.emplace(*database_);
        proxy_.arm(moment == conformance::Cut::before_commit ? Fault::cut_before_the_server
                                                             : Fault::cut_after_the_answer);
    }

    AppendResult append(AppendRequest const& request) override { return store_->append(request); }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return store_->read(aggregate, options, visit);
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return store_->read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return store_->find(ids, visit); }

private:
    FaultProxy proxy_;
    std::optional<PostgresDatabase> database_;
    std::optional<PostgresEventStore> store_;
};

}  // namespace

Fixture::Handle::Handle(TestSchema const& schema)
    : writing{with_room(schema.options(Role::writer))}, reading{with_room(schema.options(Role::reader))} {}

Fixture::Fixture(std::string server_url) : schema_{std::move(server_url)}, first_{std::make_unique<Handle>(schema_)} {}

conformance::Capabilities Fixture::capabilities() const { return conformance::all_capabilities; }

EventStore& Fixture::store() { return first_->store; }

EventStore& Fixture::connect() {
    others_.push_back(std::make_unique<Handle>(schema_));
    return others_.back()->store;
}

EventStore& Fixture::reopen() {
    first_.reset();
    first_ = std::make_unique<Handle>(schema_);
    return first_->store;
}

SnapshotStore& Fixture::snapshots() { return first_->snapshots; }

std::unique_ptr<conformance::OpenAppend> Fixture::begin(AppendRequest const& request) {
    return std::make_unique<OpenTransaction>(first_->writing, first_->writer, request);
}

std::unique_ptr<EventStore> Fixture::connect_and_cut(conformance::Cut moment) {
    return std::make_unique<BehindProxy>(schema_.options(Role::writer), moment);
}

}  // namespace postgres_test
