#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace postgres_test {

/// The address of the server that the tests share, as its superuser: `EVENT_SOURCING_TEST_DATABASE_URL`, else what the file
/// named by `EVENT_SOURCING_TEST_SERVER` holds. @throws std::runtime_error  there is none.
[[nodiscard]] std::string server_url();

/// An address with some of libpq's settings replaced (`user`, `port`, `dbname`, ...), as `key='value'` pairs.
[[nodiscard]] std::string with_settings(std::string const& url,
                                        std::initializer_list<std::pair<std::string_view, std::string_view>> settings);

/// One of libpq's settings of an address; empty where it has none.
[[nodiscard]] std::string setting(std::string const& url, std::string_view name);

/// A server of one test's own, which it may kill: on loopback, with its own data directory. Stopped and removed at the end.
class OwnServer {
public:
    /// With further lines for postgresql.conf. @throws std::runtime_error  it did not start.
    explicit OwnServer(std::string const& configuration = {});
    OwnServer(OwnServer const&) = delete;
    OwnServer& operator=(OwnServer const&) = delete;
    ~OwnServer();

    [[nodiscard]] std::string const& url() const noexcept { return url_; }

    /// kill -9 of the postmaster and all its children.
    void crash();
    /// Starts it again on the same port, and returns when it answers.
    void restart();

private:
    std::filesystem::path parent_;
    std::string url_;
};

}  // namespace postgres_test
