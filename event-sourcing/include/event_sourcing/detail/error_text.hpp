#pragma once

#include <event_sourcing/namespace.hpp>

#include <exception>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// What the exception being handled says. Precondition: one is being handled.
[[nodiscard]] inline std::string error_text() {
    try {
        throw;
    } catch (std::exception const& error) {
        return error.what();
    } catch (...) {
        return "something that is no std::exception was thrown";
    }
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
