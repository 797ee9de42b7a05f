#pragma once

#include <event_sourcing/conformance/capability.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/snapshot_store.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// When a connection is lost during an append.
enum class Cut : unsigned char {
    before_commit,  ///< nothing is stored
    after_commit,   ///< it is stored, and the answer was lost
};

/// An append that is sent and not yet committed. Destroyed without a commit, it is rolled back.
class OpenAppend {
public:
    virtual ~OpenAppend() = default;
    OpenAppend(OpenAppend const&) = delete;
    OpenAppend& operator=(OpenAppend const&) = delete;

    /// Commits its transaction.
    virtual void commit() = 0;
    /// Rolls its transaction back.
    virtual void roll_back() = 0;

protected:
    OpenAppend() = default;
};

/// One isolated, empty store, with what the cases need to look at it: what the author of an adapter implements.
///
/// Each case gets a fixture of its own. Only `store` has to be implemented; an adapter that overrides more is tested
/// harder. Thread safety: the cases call the fixture's own members from one thread, the stores from many.
class StoreFixture {
public:
    virtual ~StoreFixture() = default;
    StoreFixture(StoreFixture const&) = delete;
    StoreFixture& operator=(StoreFixture const&) = delete;

    /// What the adapter can do beyond the contract's minimum.
    [[nodiscard]] virtual Capabilities capabilities() const { return {}; }

    /// The store, empty at first. Lifetime: the fixture's, or until `reopen`.
    [[nodiscard]] virtual EventStore& store() = 0;

    /// Another handle on the same data, as another process would have it; in memory the same object will do.
    [[nodiscard]] virtual EventStore& connect() { return store(); }

    /// Closes everything and opens the same data again, as after a restart. Needs Capability::reopen.
    [[nodiscard]] virtual EventStore& reopen() { throw std::logic_error{"the fixture does not implement reopen()"}; }

    /// The adapter's snapshot store, empty at first. Needs Capability::snapshots.
    [[nodiscard]] virtual SnapshotStore& snapshots() {
        throw std::logic_error{"the fixture does not implement snapshots()"};
    }

    /// Sends the request in a transaction and leaves that open. Needs Capability::open_transaction.
    [[nodiscard]] virtual std::unique_ptr<OpenAppend> begin(AppendRequest const& request) {
        throw std::logic_error{"the fixture does not implement begin(), asked for with " +
                               std::to_string(request.entries.size()) + " entries"};
    }

    /// A handle on the same data whose first append loses its connection at that moment; later calls work.
    ///
    /// The default puts a FaultyEventStore over `store()`; an adapter that talks to a server cuts a real connection.
    [[nodiscard]] virtual std::unique_ptr<EventStore> connect_and_cut(Cut moment) {
        auto out = std::make_unique<testing::FaultyEventStore>(store());
        if (moment == Cut::before_commit) {
            out->lose_request();
        } else {
            out->lose_reply();
        }
        return out;
    }

protected:
    StoreFixture() = default;
};

/// Makes the fixture of one case.
using FixtureFactory = std::function<std::unique_ptr<StoreFixture>()>;

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
