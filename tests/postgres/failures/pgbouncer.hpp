#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace postgres_test {

/// PgBouncer in transaction mode in front of a server, on loopback; ends with the test.
class PgBouncer {
public:
    /// Whether it is installed.
    [[nodiscard]] static bool installed();

    /// For the superuser and the roles of TestSchema. @throws std::runtime_error  it did not start.
    explicit PgBouncer(std::string const& server_url);
    PgBouncer(PgBouncer const&) = delete;
    PgBouncer& operator=(PgBouncer const&) = delete;
    ~PgBouncer();

    /// The same address, through it.
    [[nodiscard]] std::string through(std::string const& url) const;

private:
    std::filesystem::path directory_;
    std::string port_;
    pid_t process_ = -1;
};

}  // namespace postgres_test
