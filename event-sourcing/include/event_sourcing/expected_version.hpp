#pragma once

#include <event_sourcing/version.hpp>

#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What an append expects of an aggregate's version: any, none, exists or exactly one. A closed type, without
/// sentinels.
class ExpectedVersion {
public:
    /// The four expectations.
    enum class Kind : std::int8_t {
        any,      ///< no expectation: the events follow whatever is there
        none,     ///< the aggregate has no events yet
        exists,   ///< the aggregate has at least one event
        exactly,  ///< the aggregate is at the version given
    };

    /// Accepts every version.
    [[nodiscard]] static constexpr ExpectedVersion any() noexcept { return {Kind::any, Version{}}; }
    /// Accepts only an aggregate without events.
    [[nodiscard]] static constexpr ExpectedVersion none() noexcept { return {Kind::none, Version{}}; }
    /// Accepts only an aggregate that has events.
    [[nodiscard]] static constexpr ExpectedVersion exists() noexcept { return {Kind::exists, Version{}}; }
    /// Accepts only this version; `exactly(Version{0})` is `none()`.
    [[nodiscard]] static constexpr ExpectedVersion exactly(Version version) noexcept {
        return {version == Version{} ? Kind::none : Kind::exactly, version};
    }

    /// Which of the four it is: adapters translate it for their database.
    [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
    /// The version of `exactly`; 0 for the other kinds.
    [[nodiscard]] constexpr Version version() const noexcept { return version_; }
    /// Whether an aggregate at `actual` meets the expectation.
    [[nodiscard]] constexpr bool accepts(Version actual) const noexcept {
        switch (kind_) {
            case Kind::any: return true;
            case Kind::exists: return actual > Version{};
            case Kind::none:
            case Kind::exactly: break;
        }
        return actual == version_;
    }

    /// Equal when kind and version are.
    bool operator==(ExpectedVersion const&) const = default;

private:
    constexpr ExpectedVersion(Kind kind, Version version) noexcept : kind_{kind}, version_{version} {}

    Kind kind_;
    Version version_;
};

/// The expectation in words, for messages: `any version`, `no events yet`, `at least one event`, `version 3`.
[[nodiscard]] inline std::string to_string(ExpectedVersion expected) {
    switch (expected.kind()) {
        case ExpectedVersion::Kind::any: return "any version";
        case ExpectedVersion::Kind::none: return "no events yet";
        case ExpectedVersion::Kind::exists: return "at least one event";
        case ExpectedVersion::Kind::exactly: break;
    }
    return "version " + std::to_string(expected.version().value);
}

EVENT_SOURCING_END_NAMESPACE
