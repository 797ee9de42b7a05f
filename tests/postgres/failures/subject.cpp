#include "subject.hpp"

#include <event_sourcing/error.hpp>

#include <cxxabi.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <typeinfo>
#include <utility>

namespace postgres_test {
namespace {

using namespace event_sourcing;

std::string name_of(std::type_info const& type) {
    std::unique_ptr<char, void (*)(void*)> const full{abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr),
                                                      std::free};
    std::string_view const name = full.get();
    auto const last = name.rfind("::");
    return std::string{last == std::string_view::npos ? name : name.substr(last + 2)};
}

PostgresOptions changed(PostgresOptions options, std::string const& application, Subject::Change const& change) {
    options.application_name = application;
    if (change) {
        change(options);
    }
    return options;
}

}  // namespace

void PrintTo(Outcome const& outcome, std::ostream* out) { *out << outcome.type << ": " << outcome.message; }

Outcome outcome_of(std::function<void()> const& call) {
    try {
        call();
        return {.type = "returned", .message = {}};
    } catch (Error const& error) {
        return {.type = name_of(typeid(error)), .message = error.what(), .retryable = error.retryable()};
    } catch (std::exception const& error) {
        return {.type = name_of(typeid(error)), .message = error.what()};
    }
}

NewEvent event(std::string data) { return {.event_type = "Noted", .data = std::move(data)}; }

std::vector<NewEvent> events(int count, std::string const& data) {
    std::vector<NewEvent> out;
    for (int i = 0; i < count; ++i) {
        out.push_back(event(data));
    }
    return out;
}

Subject::Subject(Change const& change, std::string const& url)
    : url_{url}, application_{[] {
          static std::atomic<int> number{0};
          return "failures-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
      }()},
      schema{url}, sql{url}, options{changed(schema.options(Role::writer), application_, change)}, database{options} {}

AppendResult Subject::append(std::vector<NewEvent> const& events) {
    AppendEntry const entry{alice, ExpectedVersion::any(), events};
    return store.append({.entries = {&entry, 1}});
}

std::int64_t Subject::stored() { return std::stoll(sql.value("select count(*) from " + schema.name() + ".event")); }

std::int64_t Subject::sessions() {
    return std::stoll(
        sql.value("select count(*) from pg_stat_activity where application_name = '" + application_ + "'"));
}

void Subject::terminate_sessions() {
    sql.run("select pg_terminate_backend(pid, 60000) from pg_stat_activity where application_name = '" + application_ +
            "'");
}

std::string Subject::blocked_process() {
    auto const rows =
        sql.run("select pid from pg_stat_activity where wait_event_type = 'Lock' and application_name = '" +
                application_ + "'");
    return rows.empty() ? std::string{} : rows.front().front();
}

void Subject::await_blocked() {
    if (!eventually([this] { return !blocked_process().empty(); })) {
        throw std::runtime_error{"no session waits for a lock"};
    }
}

void Subject::block_alice(Sql& session) {
    session.run("begin; select pg_advisory_xact_lock(hashtextextended('Account/alice', 0))");
}

void Subject::fail_appends(std::string const& sqlstate, int times) {
    auto const name = schema.name();
    sql.run("create sequence " + name +
            ".tries;"
            "create function " +
            name +
            ".fail() returns trigger language plpgsql security definer as $$ begin "
            "if nextval('" +
            name + ".tries') <= " + std::to_string(times) +
            " then raise exception 'made to fail' "
            "using errcode = '" +
            sqlstate +
            "'; end if; return null; end $$;"
            "create trigger fail before insert on " +
            name + ".event for each statement execute function " + name + ".fail()");
}

std::int64_t Subject::tries() {
    return std::stoll(
        sql.value("select case when is_called then last_value else 0 end from " + schema.name() + ".tries"));
}

BehindProxy::BehindProxy(Subject::Change const& change, std::string const& url)
    : proxy{std::in_place, url},
      subject{[&](PostgresOptions& options) {
                  options.url = with_settings(options.url, {{"host", setting(proxy->url(), "host")},
                                                            {"port", setting(proxy->url(), "port")},
                                                            {"sslmode", "disable"},
                                                            {"gssencmode", "disable"}});
                  if (change) {
                      change(options);
                  }
              },
              url} {}

OwnRole::OwnRole(Subject& subject, std::string const& clauses)
    : subject_{&subject}, name_{subject.schema.name() + "_role"} {
    subject.sql.run("create role " + name_ + " login password 'event-sourcing-test' in role " +
                    std::string{role_prefix} + "_writer " + clauses);
}

OwnRole::~OwnRole() {
    try {
        subject_->sql.run("drop role " + name_);
    } catch (std::exception const& failure) {
        std::fputs(failure.what(), stderr);
    }
}

PostgresOptions OwnRole::options() const {
    auto options = subject_->options;
    options.url = with_settings(options.url, {{"user", name_}});
    return options;
}

int rounds(int quick, int thorough) { return std::getenv("EVENT_SOURCING_TEST_LONG") != nullptr ? thorough : quick; }

}  // namespace postgres_test
