#pragma once

#include "schema.hpp"

#include <event_sourcing/postgres/options.hpp>

#include <string>

namespace postgres_test {

/// The address of the shared server for one of the tests' roles, which it makes if they are not there yet.
[[nodiscard]] std::string url_of(Role role);

/// The name of a schema that nobody uses; whatever has it at the end is dropped.
class ScratchName {
public:
    ScratchName();
    ScratchName(ScratchName const&) = delete;
    ScratchName& operator=(ScratchName const&) = delete;
    ~ScratchName();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// Options for a database that migrates to this name.
    [[nodiscard]] event_sourcing::PostgresOptions options(Role role) const;

private:
    std::string name_;
};

/// A database of one test's own on the shared server, empty; dropped at the end.
class ScratchDatabase {
public:
    ScratchDatabase();
    ScratchDatabase(ScratchDatabase const&) = delete;
    ScratchDatabase& operator=(ScratchDatabase const&) = delete;
    ~ScratchDatabase();

    /// An address of the server, with this database in place of its own.
    [[nodiscard]] std::string in(std::string const& url) const;

private:
    std::string name_;
};

}  // namespace postgres_test
