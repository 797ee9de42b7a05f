#include "server.hpp"

#include <libpq-fe.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace postgres_test {
namespace {

std::string environment(char const* name) {
    auto const* const value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

/// Runs scripts/lib/postgres-server; its output.
std::string run_script(std::string const& action, std::filesystem::path const& directory) {
    auto const command = "'" POSTGRES_SERVER_SCRIPT "' " + action + " '" + directory.string() + "'";
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
    if (!pipe) {
        throw std::runtime_error{"cannot run " + command};
    }
    std::string output;
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr) {
        output += buffer;
    }
    if (::pclose(pipe.release()) != 0) {
        throw std::runtime_error{command + " failed, see above"};
    }
    return output.substr(0, output.find('\n'));
}

struct Conninfo {
    std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options;

    explicit Conninfo(std::string const& url) : options{PQconninfoParse(url.c_str(), nullptr), PQconninfoFree} {
        if (!options) {
            throw std::runtime_error{"the address of the test server cannot be read"};
        }
    }
};

}  // namespace

std::string server_url() {
    auto url = environment("EVENT_SOURCING_TEST_DATABASE_URL");
    if (url.empty()) {
        std::ifstream in{environment("EVENT_SOURCING_TEST_SERVER")};
        std::getline(in, url);
    }
    if (url.empty()) {
        throw std::runtime_error{"no server: run the tests with CTest, or set EVENT_SOURCING_TEST_DATABASE_URL"};
    }
    return url;
}

std::string with_settings(std::string const& url,
                          std::initializer_list<std::pair<std::string_view, std::string_view>> settings) {
    std::string out;
    auto const add = [&out](std::string_view name, std::string_view value) {
        out.append(name).append("='");
        for (char const c : value) {
            out.append(c == '\'' || c == '\\' ? "\\" : "").push_back(c);
        }
        out.append("' ");
    };
    Conninfo const parsed{url};
    for (auto const* option = parsed.options.get(); option->keyword != nullptr; ++option) {
        bool replaced = false;
        for (auto const& setting : settings) {
            replaced = replaced || setting.first == option->keyword;
        }
        if (option->val != nullptr && !replaced) {
            add(option->keyword, option->val);
        }
    }
    for (auto const& [name, value] : settings) {
        add(name, value);
    }
    return out;
}

std::string setting(std::string const& url, std::string_view name) {
    Conninfo const parsed{url};
    for (auto const* option = parsed.options.get(); option->keyword != nullptr; ++option) {
        if (option->keyword == name && option->val != nullptr) {
            return option->val;
        }
    }
    return {};
}

OwnServer::OwnServer(std::string const& configuration) {
    auto name = (std::filesystem::temp_directory_path() / "event-sourcing-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr || ::chmod(name.c_str(), 0755) != 0) {
        throw std::runtime_error{"cannot make a directory for a server"};
    }
    parent_ = name;
    ::setenv("POSTGRES_SERVER_SETTINGS", configuration.c_str(), 1);
    url_ = run_script("start", parent_ / "server");
    ::unsetenv("POSTGRES_SERVER_SETTINGS");
}

OwnServer::~OwnServer() {
    try {
        run_script("stop", parent_ / "server");
        std::filesystem::remove_all(parent_);
    } catch (std::exception const& failure) {
        std::fputs(failure.what(), stderr);
    }
}

void OwnServer::crash() { run_script("crash", parent_ / "server"); }

void OwnServer::restart() { run_script("restart", parent_ / "server"); }

}  // namespace postgres_test
