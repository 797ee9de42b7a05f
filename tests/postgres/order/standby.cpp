#include "standby.hpp"

#include "server.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace postgres_test {
namespace {

int run(std::string const& arguments) { return std::system(("bash '" STANDBY_SCRIPT "' " + arguments).c_str()); }

}  // namespace

Standby::Standby(std::string const& primary_url) {
    auto name = (std::filesystem::temp_directory_path() / "event-sourcing-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr || ::chmod(name.c_str(), 0755) != 0) {
        throw std::runtime_error{"cannot make a directory for a standby"};
    }
    parent_ = name;
    auto const directory = parent_ / "standby";
    if (run("start '" + directory.string() + "' '" + setting(primary_url, "port") + "'") != 0) {
        throw std::runtime_error{"the standby did not start, see above"};
    }
    std::ifstream in{directory / "port"};
    url_ = with_settings(primary_url, {{"port", std::string{std::istreambuf_iterator<char>{in}, {}}}});
}

Standby::~Standby() {
    run("stop '" + (parent_ / "standby").string() + "'");
    std::error_code ignored;
    std::filesystem::remove_all(parent_, ignored);
}

}  // namespace postgres_test
