#pragma once

#include <event_sourcing/detail/dump_json.hpp>
#include <event_sourcing/parse_json.hpp>
#include <event_sourcing/snapshots.hpp>
#include <event_sourcing/uuid.hpp>

#include <nlohmann/json.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// The key paths and JSON types of a value, one a line: its shape, without its content.
inline void append_shape(nlohmann::json const& value, std::string const& path, std::string& out) {
    out.append(path).append(" ").append(value.is_number() ? "number" : value.type_name()).append("\n");
    if (auto const* const members = value.get_ptr<nlohmann::json::object_t const*>()) {
        for (auto const& [key, member] : *members) {
            append_shape(member, path + "/" + key, out);
        }
    }
}

template <class A>
[[nodiscard]] std::string state_fingerprint() {
    int version = 1;
    if constexpr (requires { A::snapshot_version; }) {
        version = A::snapshot_version;
    }
    static constexpr Uuid space{
        {0x0f, 0x6e, 0x21, 0xb9, 0x7c, 0x58, 0x4d, 0x3a, 0x86, 0x1d, 0x90, 0x4f, 0xa2, 0x3b, 0x65, 0xee}};
    std::string shape;
    append_shape(nlohmann::json(A{}), "", shape);
    return "v" + std::to_string(version) + ":" + to_string(Uuid::v5(space, shape));
}

}  // namespace detail

/// Snapshots of an aggregate as JSON, by its nlohmann `to_json`/`from_json`.
///
/// The fingerprint is `A::snapshot_version` (default 1) with a hash of the key paths and JSON types of what `A{}`
/// writes: a change there is noticed by itself. Raise `snapshot_version` when something else changes: elements of
/// containers, optional members, the meaning. `A` must be copyable.
template <class A>
[[nodiscard]] Snapshots<A> json_snapshots(SnapshotWriter& writer, SnapshotPolicy<A> policy) {
    return {.writer = &writer,
            .policy = std::move(policy),
            .fingerprint = detail::state_fingerprint<A>(),
            .encode = [](A const& state) { return detail::dump_json(nlohmann::json(state), "state"); },
            .decode = [](std::string_view text) { return parse_json(text, {.bytes = text.size()}).template get<A>(); },
            .copy = copy_of<A>};
}

EVENT_SOURCING_END_NAMESPACE
