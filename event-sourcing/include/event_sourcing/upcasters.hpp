#pragma once

#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The shape of an event's data: its stored name and the version of that shape.
struct EventShape {
    std::string event_type;  ///< the stored name
    int schema_version = 1;  ///< the version, from 1

    /// Ordered by name, then version.
    auto operator<=>(EventShape const&) const = default;
};

/// Steps that turn the data of old events into today's shape, before decoding: the program knows the current shape
/// only.
///
/// Build it once, hand it to a codec; the codec checks it when made. Steps must be pure. Thread safety: `raise` is
/// const.
class Upcasters {
public:
    /// Turns the data of one shape into that of the next.
    using Step = std::function<nlohmann::json(nlohmann::json)>;

    /// Adds the step from `schema_version` of an event to the next version.
    /// @throws InvalidArgument  the shape already has a step, a version is below 1, or the step is empty.
    Upcasters& add(std::string event_type, int schema_version, Step step) {
        EventShape next{event_type, static_cast<int>(static_cast<unsigned>(schema_version) + 1U)};
        return rename({std::move(event_type), schema_version}, std::move(next), std::move(step));
    }

    /// Adds a step to another stored name: for an event that was renamed. Throws as above.
    Upcasters& rename(EventShape from, EventShape to, Step step = [](nlohmann::json data) { return data; }) {
        if (from.schema_version < 1 || to.schema_version < 1) {
            throw InvalidArgument{"the upcaster from " + name(from) + " to " + name(to) +
                                  ": a schema_version starts at 1"};
        }
        if (!step) {
            throw InvalidArgument{"the upcaster from " + name(from) + " is an empty function"};
        }
        auto const [position, added] = steps_.try_emplace(std::move(from), Target{std::move(to), std::move(step)});
        if (!added) {
            throw InvalidArgument{"two upcasters start from " + name(position->first) + ": keep one"};
        }
        return *this;
    }

    /// Refuses chains that cannot work for these current shapes.
    /// @throws InvalidArgument  naming the hole (a version without a step, below one that is current or has one), the
    /// step that leads nowhere or in a circle, or the step that starts from a current shape and would never run.
    void check(std::span<EventShape const> current) const {
        for (auto const& shape : current) {
            check_versions_below(shape);
        }
        auto const is_current = [current](EventShape const& shape) {
            return std::find(current.begin(), current.end(), shape) != current.end();
        };
        for (auto const& [from, target] : steps_) {
            check_versions_below(from);
            if (is_current(from)) {
                throw InvalidArgument{"the upcaster from " + name(from) +
                                      " would never run: that shape is the current one"};
            }
            auto const* at = &target.shape;
            for (std::size_t taken = 0; !is_current(*at); ++taken) {
                auto const next = steps_.find(*at);
                if (next == steps_.end() || taken > steps_.size()) {
                    throw InvalidArgument{"the upcaster from " + name(from) +
                                          " does not lead to a current event: " + name(*at) +
                                          (next == steps_.end() ? " has no further step" : " is in a circle")};
                }
                at = &next->second.shape;
            }
        }
    }

    /// Runs the steps that start from `shape` on `data`, to the end of the chain.
    /// @return the shape reached; `shape` itself where no step starts from it.
    [[nodiscard]] EventShape raise(EventShape shape, nlohmann::json& data) const {
        for (auto step = steps_.find(shape); step != steps_.end(); step = steps_.find(shape)) {
            data = step->second.step(std::move(data));
            shape = step->second.shape;
        }
        return shape;
    }

    /// Whether a step starts from the shape.
    [[nodiscard]] bool knows(EventShape const& shape) const { return steps_.contains(shape); }

    /// Whether a step starts from some version of the event.
    [[nodiscard]] bool knows_type(std::string const& event_type) const {
        return steps_.contains({event_type, 1});  // a chain without a hole starts there
    }

private:
    struct Target {
        EventShape shape;
        Step step;
    };

    void check_versions_below(EventShape const& shape) const {
        for (int version = 1; version < shape.schema_version; ++version) {
            if (!steps_.contains({shape.event_type, version})) {
                throw InvalidArgument{"the upcaster chain of " + shape.event_type +
                                      " has a hole: no step from version " + std::to_string(version) + " to " +
                                      std::to_string(version + 1) + ". Add it with " + "Upcasters::add(\"" +
                                      shape.event_type + "\", " + std::to_string(version) + ", …)"};
            }
        }
    }

    [[nodiscard]] static std::string name(EventShape const& shape) {
        return shape.event_type + " version " + std::to_string(shape.schema_version);
    }

    std::map<EventShape, Target> steps_;
};

EVENT_SOURCING_END_NAMESPACE
