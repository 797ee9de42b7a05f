#pragma once

#include <event_sourcing/postgres/database.hpp>

#include <string>
#include <string_view>

namespace postgres_test {

/// The roles of a service, as docs/postgres.md has them.
enum class Role : unsigned char { superuser, owner, writer, reader, replication };

/// The prefix of the roles' names on a test server.
inline constexpr std::string_view role_prefix = "event_sourcing_test";

/// An event store's schema of one test's own, made by the role that owns it, with the rights of the others; dropped at the
/// end. The roles are made on the server at the first use and stay there.
class TestSchema {
public:
    explicit TestSchema(std::string server_url);
    TestSchema(TestSchema const&) = delete;
    TestSchema& operator=(TestSchema const&) = delete;
    ~TestSchema();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// The address of the server for a role.
    [[nodiscard]] std::string url(Role role) const;
    /// How a role connects to this schema, without migrating it.
    [[nodiscard]] event_sourcing::PostgresOptions options(Role role) const;

private:
    std::string server_url_;
    std::string name_;
};

}  // namespace postgres_test
