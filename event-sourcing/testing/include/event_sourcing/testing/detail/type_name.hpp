#pragma once

#include <event_sourcing/namespace.hpp>

#include <exception>
#include <memory>
#include <string>
#include <typeinfo>

#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#include <cstdlib>
#endif

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing::detail {

/// The name of a type as it is written in C++, where the compiler offers that.
[[nodiscard]] inline std::string type_name(std::type_info const& type) {
#if __has_include(<cxxabi.h>)
    int status = 0;
    std::unique_ptr<char, decltype(&std::free)> const readable{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
    if (status == 0) {
        return readable.get();
    }
#endif
    return type.name();
}

/// What was thrown, by type and message.
[[nodiscard]] inline std::string describe(std::exception_ptr const& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& error) {
        return type_name(typeid(error)) + ": " + error.what();
    } catch (...) {
#if __has_include(<cxxabi.h>)
        if (auto const* const type = abi::__cxa_current_exception_type()) {
            return type_name(*type);
        }
#endif
        return "something that is no std::exception";
    }
}

}  // namespace testing::detail
EVENT_SOURCING_END_NAMESPACE
