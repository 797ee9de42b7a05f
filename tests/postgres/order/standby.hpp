#pragma once

#include <filesystem>
#include <string>

namespace postgres_test {

/// A hot standby of a server on loopback, which must allow replication without a password. Stopped and removed at the end.
class Standby {
public:
    /// Copies the server and follows it. @throws std::runtime_error  it did not start.
    explicit Standby(std::string const& primary_url);
    Standby(Standby const&) = delete;
    Standby& operator=(Standby const&) = delete;
    ~Standby();

    [[nodiscard]] std::string const& url() const noexcept { return url_; }

private:
    std::filesystem::path parent_;
    std::string url_;
};

}  // namespace postgres_test
