// TLS is libpq's: its settings pass through, and a server that is not who it should be is refused.

#include "subject.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// Self-signed certificates for localhost in a directory that the server can read.
class Certificates {
public:
    Certificates() {
        auto path = (std::filesystem::temp_directory_path() / "event-sourcing-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr || ::chmod(path.c_str(), 0755) != 0) {
            throw std::runtime_error{"cannot make a directory for certificates"};
        }
        directory_ = path;
    }
    Certificates(Certificates const&) = delete;
    Certificates& operator=(Certificates const&) = delete;
    ~Certificates() { std::filesystem::remove_all(directory_); }

    /// Makes one; false without openssl.
    [[nodiscard]] bool make(std::string const& name) const {
        auto const command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout '" +
            key(name) + "' -out '" + certificate(name) + "' 2>/dev/null";
        auto const* const server = ::getpwnam("postgres");
        return std::system(command.c_str()) == 0 && ::chmod(key(name).c_str(), 0600) == 0 &&
               (::geteuid() != 0 ||
                (server != nullptr && ::chown(key(name).c_str(), server->pw_uid, server->pw_gid) == 0));
    }
    [[nodiscard]] std::string key(std::string const& name) const { return (directory_ / (name + ".key")).string(); }
    [[nodiscard]] std::string certificate(std::string const& name) const {
        return (directory_ / (name + ".crt")).string();
    }

private:
    std::filesystem::path directory_;
};

TEST(Tls, SettingsOfTheAddressPassThrough) {
    Certificates const certificates;
    if (!certificates.make("server") || !certificates.make("other")) {
        GTEST_SKIP() << "there is no openssl to make certificates with";
    }
    OwnServer const server{"ssl = on\nssl_cert_file = '" + certificates.certificate("server") + "'\nssl_key_file = '" +
                           certificates.key("server") + "'"};
    Subject subject{{}, server.url()};

    std::string encrypted;
    auto const connect = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> settings) {
        encrypted.clear();
        return outcome_of([&] {
            auto options = subject.options;
            options.url = with_settings(options.url, settings);
            PostgresDatabase database{options};
            auto transaction = database.begin();
            auto const rows = transaction.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
            encrypted = rows.text(0, 0);
        });
    };

    EXPECT_EQ(connect({{"sslmode", "disable"}}), "returned");
    EXPECT_EQ(encrypted, "f");
    EXPECT_EQ(connect({{"sslmode", "require"}}), "returned");
    EXPECT_EQ(encrypted, "t");
    EXPECT_EQ(connect({{"sslmode", "verify-full"},
                       {"sslrootcert", certificates.certificate("server")},
                       {"host", "localhost"},
                       {"hostaddr", "127.0.0.1"}}),
              "returned");
    EXPECT_EQ(encrypted, "t");

    auto const wrong_authority = connect({{"sslmode", "verify-full"},
                                          {"sslrootcert", certificates.certificate("other")},
                                          {"host", "localhost"},
                                          {"hostaddr", "127.0.0.1"}});
    EXPECT_EQ(wrong_authority, "Unavailable");
    auto const wrong_host = connect({{"sslmode", "verify-full"},
                                     {"sslrootcert", certificates.certificate("server")},
                                     {"host", "bank.example"},
                                     {"hostaddr", "127.0.0.1"}});
    EXPECT_EQ(wrong_host, "Unavailable");
    EXPECT_NE(wrong_host.message.find("bank.example"), std::string::npos) << wrong_host.message;
}

TEST(Tls, ServerWithoutItIsRefusedWhereItIsRequired) {
    if (Sql{server_url()}.value("show ssl") == "on") {
        GTEST_SKIP() << "the server of the tests has TLS";
    }
    Subject subject;
    auto options = subject.options;
    options.url = with_settings(options.url, {{"sslmode", "require"}});
    EXPECT_EQ(outcome_of([&] { PostgresDatabase{options}.connect(); }), "Unavailable");
}

}  // namespace
}  // namespace postgres_test
