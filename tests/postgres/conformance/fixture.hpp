#pragma once

#include "fault_proxy.hpp"
#include "schema.hpp"

#include <event_sourcing/conformance/store_fixture.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postgres_test {

/// A store that writes as one role and reads as another.
class ByTwoRoles final : public event_sourcing::EventStore {
public:
    ByTwoRoles(event_sourcing::PostgresEventStore& writer, event_sourcing::PostgresEventStore const& reader)
        : writer_{&writer}, reader_{&reader} {}

    event_sourcing::AppendResult append(event_sourcing::AppendRequest const& request) override {
        return writer_->append(request);
    }
    event_sourcing::Version read(event_sourcing::AggregateRef aggregate, event_sourcing::ReadOptions const& options,
                                 event_sourcing::EventVisitor visit) const override {
        return reader_->read(aggregate, options, visit);
    }
    event_sourcing::Position read_all(event_sourcing::ReadAllOptions const& options,
                                      event_sourcing::EventVisitor visit) const override {
        return reader_->read_all(options, visit);
    }
    bool find(std::span<event_sourcing::Uuid const> ids, event_sourcing::EventVisitor visit) const override {
        return reader_->find(ids, visit);
    }

private:
    event_sourcing::PostgresEventStore* writer_;
    event_sourcing::PostgresEventStore const* reader_;
};

/// A store in a schema of its own: appended to, and its snapshots kept, by the writer's role; read by the reader's.
class Fixture final : public event_sourcing::conformance::StoreFixture {
public:
    explicit Fixture(std::string server_url);

    [[nodiscard]] event_sourcing::conformance::Capabilities capabilities() const override;
    [[nodiscard]] event_sourcing::EventStore& store() override;
    [[nodiscard]] event_sourcing::EventStore& connect() override;
    [[nodiscard]] event_sourcing::EventStore& reopen() override;
    [[nodiscard]] event_sourcing::SnapshotStore& snapshots() override;
    [[nodiscard]] std::unique_ptr<event_sourcing::conformance::OpenAppend> begin(
        event_sourcing::AppendRequest const& request) override;
    [[nodiscard]] std::unique_ptr<event_sourcing::EventStore> connect_and_cut(
        event_sourcing::conformance::Cut moment) override;

private:
    struct Handle {
        explicit Handle(TestSchema const& schema);

        event_sourcing::PostgresDatabase writing;
        event_sourcing::PostgresDatabase reading;
        event_sourcing::PostgresEventStore writer{writing};
        event_sourcing::PostgresEventStore reader{reading};
        ByTwoRoles store{writer, reader};
        event_sourcing::PostgresSnapshotStore snapshots{writing};
    };

    TestSchema schema_;
    std::unique_ptr<Handle> first_;
    std::vector<std::unique_ptr<Handle>> others_;
};

}  // namespace postgres_test
