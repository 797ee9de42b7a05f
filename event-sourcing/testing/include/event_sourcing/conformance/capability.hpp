#pragma once

#include <event_sourcing/namespace.hpp>

#include <initializer_list>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// What an adapter may lack without breaking the contract: its cases are skipped then, and counted.
enum class Capability : unsigned char {
    reopen,            ///< what is stored survives StoreFixture::reopen
    open_transaction,  ///< an append can be held open in a transaction of the caller's: StoreFixture::begin
    snapshots,         ///< there is a snapshot store: StoreFixture::snapshots
};

/// All of them, for loops and reports.
inline constexpr std::initializer_list<Capability> all_capabilities{Capability::reopen, Capability::open_transaction,
                                                                    Capability::snapshots};

/// The name that reports use.
[[nodiscard]] constexpr std::string_view to_string(Capability capability) {
    switch (capability) {
        case Capability::reopen: return "reopen";
        case Capability::open_transaction: return "open_transaction";
        case Capability::snapshots: break;
    }
    return "snapshots";
}

/// A set of capabilities.
class Capabilities {
public:
    /// None.
    constexpr Capabilities() = default;
    /// Those listed.
    constexpr Capabilities(std::initializer_list<Capability> list) {
        for (auto const capability : list) {
            bits_ |= bit(capability);
        }
    }

    /// Whether the set has it.
    [[nodiscard]] constexpr bool has(Capability capability) const { return (bits_ & bit(capability)) != 0; }

    /// Equal when they have the same ones.
    bool operator==(Capabilities const&) const = default;

private:
    [[nodiscard]] static constexpr unsigned bit(Capability capability) {
        return 1U << static_cast<unsigned>(capability);
    }

    unsigned bits_ = 0;
};

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
