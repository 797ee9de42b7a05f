#pragma once

#include <event_sourcing/namespace.hpp>

#include <stdexcept>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// What `given(...).when(...).then(...)` throws where the aggregate does something else; every test framework reports
/// it.
///
/// `what()` is a text of several lines that shows the expected and the actual outcome one below the other.
class SpecificationFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
