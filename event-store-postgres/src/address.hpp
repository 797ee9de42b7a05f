#pragma once

#include <event_sourcing/namespace.hpp>

#include <chrono>
#include <string>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The address of a server, read once: as the driver gets it, and what of it must never be said.
///
/// The driver's own complaints about an address quote parts of it, and a password that was not encoded can end up as the
/// host, the port or the database. So an address that cannot be read, or can be read in two ways, is refused here.
class Address {
public:
    /// Reads it. Where it, or libpq's environment, says nothing else, connecting is given up after `limit`, and the server
    /// shows the connection under `application_name`.
    /// @throws InvalidArgument  it cannot be read; the message does not quote it.
    Address(std::string const& url, std::chrono::milliseconds limit, std::string const& application_name);

    /// For the driver: `key='value'` pairs.
    [[nodiscard]] std::string const& connection_string() const noexcept { return connection_string_; }
    /// What somebody says about the connection, with the secrets blotted out.
    [[nodiscard]] std::string without_secrets(std::string text) const;

private:
    std::string connection_string_;
    std::vector<std::string> secrets_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
