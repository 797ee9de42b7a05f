#pragma once

#include "eventually.hpp"
#include "fault_proxy.hpp"
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postgres_test {

/// What a call came to: the name of the type that it threw, without its namespace, or `returned`.
struct Outcome {
    std::string type;
    std::string message;
    bool retryable = false;

    friend bool operator==(Outcome const& outcome, std::string_view expected) { return outcome.type == expected; }
};
/// For GoogleTest: with the message, which says why.
void PrintTo(Outcome const& outcome, std::ostream* out);

/// Makes a call and says what it came to.
[[nodiscard]] Outcome outcome_of(std::function<void()> const& call);

/// An event with a new id.
[[nodiscard]] event_sourcing::NewEvent event(std::string data = R"({"n":1})");
/// Events with new ids.
[[nodiscard]] std::vector<event_sourcing::NewEvent> events(int count, std::string const& data = R"({"n":1})");

/// The aggregate that most tests write to.
inline constexpr event_sourcing::AggregateRef alice{"Account", "alice"};

/// What a test breaks: a store in a schema of its own, opened as the writer, and the database seen by the superuser.
class Subject {
public:
    using Change = std::function<void(event_sourcing::PostgresOptions&)>;

    /// On a server, with options changed.
    explicit Subject(Change const& change = {}, std::string const& url = server_url());

    /// Appends to alice, whatever her version.
    event_sourcing::AppendResult append(std::vector<event_sourcing::NewEvent> const& events);
    /// How many events the database holds, seen past the store.
    [[nodiscard]] std::int64_t stored();
    /// How many sessions of this subject the server has.
    [[nodiscard]] std::int64_t sessions();
    /// Ends all of them, and returns when they have ended.
    void terminate_sessions();
    /// Returns when one of them waits for a lock. @throws std::runtime_error  none does.
    void await_blocked();
    /// The process of the one that waits for a lock.
    [[nodiscard]] std::string blocked_process();
    /// A session that holds alice's lock, so that whoever appends to her waits; until its transaction ends.
    void block_alice(Sql& session);
    /// Lets every append to this schema fail with a SQLSTATE, the first `times` times.
    void fail_appends(std::string const& sqlstate, int times);
    /// How many times one of them was tried.
    [[nodiscard]] std::int64_t tries();

private:
    std::string url_;
    std::string application_;

public:
    TestSchema schema;
    Sql sql;
    event_sourcing::PostgresOptions options;
    event_sourcing::PostgresDatabase database;
    event_sourcing::PostgresEventStore store{database};
};

/// A subject that is reached through a proxy.
struct BehindProxy {
    explicit BehindProxy(Subject::Change const& change = {}, std::string const& url = server_url());

    std::optional<FaultProxy> proxy;
    Subject subject;
};

/// A role of one test's own that may what the writer may; dropped at the end.
class OwnRole {
public:
    /// With what CREATE ROLE takes beside the name.
    OwnRole(Subject& subject, std::string const& clauses);
    OwnRole(OwnRole const&) = delete;
    OwnRole& operator=(OwnRole const&) = delete;
    ~OwnRole();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// How it connects to the subject's schema.
    [[nodiscard]] event_sourcing::PostgresOptions options() const;

private:
    Subject* subject_;
    std::string name_;
};

/// How often a test repeats something: less often where it has to be quick.
[[nodiscard]] int rounds(int quick, int thorough);

}  // namespace postgres_test
