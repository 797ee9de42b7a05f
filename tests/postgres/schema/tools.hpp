#pragma once

#include <string>
#include <vector>

namespace postgres_test {

/// Runs one of PostgreSQL's programs, the newest installed (`pg_dump`, `pg_restore`, `psql`).
/// @return what it wrote. @throws std::runtime_error  it failed, with what it wrote on stderr.
std::string run_tool(std::string const& tool, std::vector<std::string> const& arguments);

/// The SQL of everything in a schema but its rows, as pg_dump sees it, with `SCHEMA` for its name.
[[nodiscard]] std::string definition_of(std::string const& url, std::string const& schema);

}  // namespace postgres_test
