#include "scratch.hpp"

#include "server.hpp"
#include "sql.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>

namespace postgres_test {
namespace {

std::string unused_name() {
    static std::atomic<int> number{0};
    return "scratch_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
}

void drop(std::string const& what) noexcept {
    try {
        Sql{server_url()}.run("drop " + what);
    } catch (std::exception const& failure) {
        std::fputs(failure.what(), stderr);
    }
}

}  // namespace

std::string url_of(Role role) {
    static TestSchema const any{server_url()};  // makes the roles
    return any.url(role);
}

ScratchName::ScratchName() : name_{unused_name()} {}
ScratchName::~ScratchName() { drop("schema if exists " + name_ + " cascade"); }

event_sourcing::PostgresOptions ScratchName::options(Role role) const { return {.url = url_of(role), .schema = name_}; }

ScratchDatabase::ScratchDatabase() : name_{unused_name()} { Sql{server_url()}.run("create database " + name_); }
ScratchDatabase::~ScratchDatabase() { drop("database " + name_ + " with (force)"); }

std::string ScratchDatabase::in(std::string const& url) const { return with_settings(url, {{"dbname", name_}}); }

}  // namespace postgres_test
