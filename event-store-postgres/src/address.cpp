#include "address.hpp"

#include <event_sourcing/error.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

[[noreturn]] void refuse() {
    throw InvalidArgument{
        "PostgresOptions::url cannot be read (it is not shown, since it may hold a password). Wanted: "
        "postgresql://user:password@host:port/database?setting=value, with @ : / ? # % and spaces percent-encoded in "
        "each "
        "part, or setting='value' pairs, with \\ before ' and \\ in a value"};
}

/// Whether an `@` stands where a password that was not encoded would have put it: behind the one that ends the user.
bool has_stray_at(std::string_view url) {
    auto const scheme = url.find("://");
    if (!url.starts_with("postgres") || scheme == std::string_view::npos) {
        return false;  // key=value pairs
    }
    url.remove_prefix(scheme + 3);
    if (auto const user_end = url.substr(0, url.find('/')).find('@'); user_end != std::string_view::npos) {
        url.remove_prefix(user_end + 1);
    }
    return url.substr(0, url.find('?')).find('@') != std::string_view::npos;
}

void add_setting(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append("='");
    for (char const c : value) {
        if (c == '\'' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    out.append("' ");
}

}  // namespace

Address::Address(std::string const& url, std::chrono::milliseconds limit, std::string const& application_name) {
    Options const parsed{PQconninfoParse(url.c_str(), nullptr), PQconninfoFree};
    if (!parsed || has_stray_at(url)) {
        refuse();
    }
    bool limited = std::getenv("PGCONNECT_TIMEOUT") != nullptr;
    for (auto const* option = parsed.get(); option->keyword != nullptr; ++option) {
        std::string_view const name = option->keyword;
        if (option->val == nullptr || name == "client_encoding" || name == "fallback_application_name") {
            continue;
        }
        std::string_view const value = option->val;
        if (name == "port" && value.find_first_not_of("0123456789,") != std::string_view::npos) {
            refuse();
        }
        if (option->dispchar[0] == '*' && !value.empty()) {
            secrets_.emplace_back(value);
        }
        limited = limited || name == "connect_timeout" || name == "service";  // a service may say it
        add_setting(connection_string_, name, value);
    }
    add_setting(connection_string_, "client_encoding", "UTF8");
    add_setting(connection_string_, "fallback_application_name", application_name);
    if (!limited) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
        add_setting(connection_string_, "connect_timeout", std::to_string(std::max<std::int64_t>(seconds, 2)));
    }
    // Longer ones first: one secret may be part of another.
    std::ranges::sort(secrets_, std::ranges::greater{}, &std::string::size);
}

std::string Address::without_secrets(std::string text) const {
    static constexpr std::string_view blot = "***";
    for (auto const& secret : secrets_) {
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + blot.size())) {
            text.replace(at, secret.size(), blot);
        }
    }
    return text;
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
