#pragma once

#include "parameters.hpp"

#include <event_sourcing/append_request.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// The arrays of events, one element each: what append_group and append() take after their own.
struct EventArrays {
    void add(NewEvent const& event);
    void into(Parameters& out) &&;

    ArrayLiteral id, event_type, schema_version, data, binary, metadata, time, fingerprint;
};

/// The parameters of Statements::append_one.
[[nodiscard]] Parameters parameters_of_one(AppendRequest const& request);

/// The parameters of Statements::append_batch.
[[nodiscard]] Parameters parameters_of_batch(AppendRequest const& request);

/// The parameters of Statements::append_group.
class GroupParameters {
public:
    void add(AppendEntry const& entry);
    [[nodiscard]] Parameters done() &&;

private:
    ArrayLiteral type_, aggregate_, expected_;
    EventArrays events_;
};

/// The parameters of Statements::append.
class AppendParameters {
public:
    void add(AppendRequest const& request);
    [[nodiscard]] Parameters done() &&;

private:
    std::int64_t requests_ = 0;
    ArrayLiteral request_, type_, aggregate_, expected_, count_;
    EventArrays events_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
