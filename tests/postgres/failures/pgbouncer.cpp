#include "pgbouncer.hpp"

#include "eventually.hpp"
#include "schema.hpp"
#include "server.hpp"

#include <arpa/inet.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace postgres_test {
namespace {

// Debian's package puts it where only root's path leads.
constexpr char const* places[]{"/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/bin/pgbouncer"};

char const* program() {
    for (auto const* place : places) {
        if (::access(place, X_OK) == 0) {
            return place;
        }
    }
    return nullptr;
}

std::string free_port() {
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    bool const bound = ::bind(listener, generic, size) == 0 && ::getsockname(listener, generic, &size) == 0;
    ::close(listener);
    if (!bound) {
        throw std::runtime_error{"no port is free on loopback"};
    }
    return std::to_string(ntohs(address.sin_port));
}

/// PgBouncer does not run as root: it becomes the server's user, who must be able to read what it is given.
[[noreturn]] void become_pgbouncer(passwd const* user, char const* configuration) {
    if (user == nullptr ||
        (::setgroups(0, nullptr) == 0 && ::setgid(user->pw_gid) == 0 && ::setuid(user->pw_uid) == 0)) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // also where the test is killed
        ::execl(program(), "pgbouncer", "-q", configuration, nullptr);
    }
    ::_exit(127);
}

}  // namespace

bool PgBouncer::installed() { return program() != nullptr; }

PgBouncer::PgBouncer(std::string const& server_url) {
    auto path = (std::filesystem::temp_directory_path() / "event-sourcing-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr || ::chmod(path.c_str(), 0755) != 0) {
        throw std::runtime_error{"cannot make a directory for PgBouncer"};
    }
    directory_ = path;
    auto const configuration = (directory_ / "pgbouncer.ini").string();
    auto const* const user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;

    std::ofstream users{directory_ / "users"};
    users << '"' << setting(server_url, "user") << "\" \"" << setting(server_url, "password") << "\"\n";
    for (auto const* role : {"_owner", "_writer", "_reader"}) {
        users << '"' << role_prefix << role << "\" \"event-sourcing-test\"\n";
    }
    users.close();

    for (int attempt = 0; attempt < 5; ++attempt) {  // another program may take the port in between
        port_ = free_port();
        std::ofstream{configuration} << "[databases]\n* = host=" << setting(server_url, "host")
                                     << " port=" << setting(server_url, "port") << "\n[pgbouncer]\n"
                                     << "listen_addr = 127.0.0.1\nlisten_port = " << port_
                                     << "\nunix_socket_dir =\npool_mode = transaction\n"
                                     << "auth_type = trust\nauth_file = " << (directory_ / "users").string()
                                     << "\ndefault_pool_size = 8\nmax_client_conn = 500\n";
        process_ = ::fork();
        if (process_ == 0) {
            become_pgbouncer(user, configuration.c_str());
        }
        auto const address = through(server_url);
        bool gone = false;
        static_cast<void>(eventually([&] {
            gone = ::waitpid(process_, nullptr, WNOHANG) == process_;
            return gone || ::PQping(address.c_str()) == PQPING_OK;
        }));
        if (!gone) {
            return;
        }
        process_ = -1;
    }
    throw std::runtime_error{"PgBouncer did not start"};
}

PgBouncer::~PgBouncer() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string PgBouncer::through(std::string const& url) const {
    return with_settings(url,
                         {{"host", "127.0.0.1"}, {"port", port_}, {"sslmode", "disable"}, {"gssencmode", "disable"}});
}

}  // namespace postgres_test
