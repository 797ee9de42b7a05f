#pragma once

#include "mutant.hpp"

#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/strict_json.hpp>

#include <nlohmann/json.hpp>

#include <mutex>

namespace mutants {

/// Stores `repair(Request&)` where the store refuses the request as it is.
template <class Repair>
[[nodiscard]] conformance::FixtureFactory repairing(Repair repair) {
    return with([repair] {
        return Hooks{.append = [repair](EventStore& inner, AppendRequest const& request) {
            try {
                return inner.append(request);
            } catch (InvalidArgument const&) {
                Request copy{request};
                repair(copy);
                return copy.send(inner);
            }
        }};
    });
}

[[nodiscard]] inline bool is_strict(std::string const& text) {
    try {
        check_json(text);
        return true;
    } catch (InvalidArgument const&) {
        return false;
    }
}

/// Rewrites JSON data by way of a tree of it.
template <class Change>
[[nodiscard]] conformance::FixtureFactory rewriting_json(Change change) {
    return changing_events([change](NewEvent& event) {
        if (event.format == DataFormat::json && event.data.size() < 10'000) {
            auto tree = nlohmann::json::parse(event.data, nullptr, false);
            if (!tree.is_discarded() && is_strict(event.data)) {
                change(tree);
                event.data = tree.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            }
        }
    });
}

inline void integers_through_double(nlohmann::json& tree) {
    if (tree.is_number_integer()) {
        tree = tree.get<double>();
    }
    for (auto& member : tree) {
        if (tree.is_structured()) {
            integers_through_double(member);
        }
    }
}

inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// A text without NUL and without bytes that are no UTF-8.
[[nodiscard]] inline std::string cleaned(std::string text) {
    for (char& c : text) {
        c = c == '\0' || static_cast<unsigned char>(c) > 0x7F ? '?' : c;
    }
    return text;
}

/// Calls `change(std::string&)` for each name in the request.
template <class Change>
void each_name(Request& request, Change change) {
    for (auto& entry : request.entries) {
        change(entry.type, Limits{}.type_bytes);
        change(entry.id, Limits{}.id_bytes);
        for (auto& event : entry.events) {
            change(event.event_type, Limits{}.type_bytes);
        }
    }
}

[[nodiscard]] inline conformance::FixtureFactory limited(Limits const& limits) {
    return [limits] {
        return std::make_unique<Fixture>(Hooks{}, SnapshotHooks{}, InMemoryEventStoreOptions{.limits = limits});
    };
}

/// Sends a request in pieces: of so many entries, events or bytes as are allowed.
[[nodiscard]] inline AppendResult in_pieces(EventStore& inner, AppendRequest const& request) {
    AppendResult out;
    for (auto const& entry : request.entries) {
        out.entries.emplace_back();
        for (auto left = entry.events; !left.empty();) {
            auto const piece = left.first(std::min<std::size_t>(left.size(), 30));
            out.entries.back() = append(inner, entry.aggregate, ExpectedVersion::any(), piece);
            left = left.subspan(piece.size());
        }
    }
    return out;
}

[[nodiscard]] inline Mutants limit_mutants() {
    return {
        {"NamesAreShorter",
         "takes names a byte shorter than the contract",
         {"D15"},
         limited({.type_bytes = 99, .id_bytes = 254})},
        {"DataIsSmaller",
         "takes data a byte smaller than the contract",
         {"D16"},
         limited({.data_bytes = 512 * 1024 - 1})},
        {"MetadataIsSmaller",
         "takes metadata a byte smaller than the contract",
         {"D27"},
         limited({.metadata_bytes = 16 * 1024 - 1})},
        {"JsonIsFlatter", "takes JSON a level flatter than the contract", {"D19"}, limited({.json_depth = 63})},
        {"RequestsAreSmaller",
         "takes smaller requests than the contract",
         {"D17", "D30", "D31"},
         limited({.entries = 127, .events = 9'999, .request_bytes = 16 * 1024 * 1024 - 1})},
        {"NamesAreCut", "cuts names that are too long", {"D23"}, repairing([](Request& request) {
             each_name(request, [](std::string& name, std::size_t most) { name.resize(std::min(name.size(), most)); });
         })},
        {"NamesAreMadeUp", "makes up names where there are none", {"D24"}, repairing([](Request& request) {
             each_name(request, [](std::string& name, std::size_t) { name = name.empty() ? "unnamed" : name; });
         })},
        {"NamesAreCleaned", "replaces what is no text in a name", {"D25"}, repairing([](Request& request) {
             each_name(request, [](std::string& name, std::size_t) { name = cleaned(name); });
         })},
        {"DataIsCut", "cuts data that is too large", {"D26"}, repairing([](Request& request) {
             request.each([](NewEvent& event) {
                 event.data = event.data.size() <= Limits{}.data_bytes ? event.data
                              : event.format == DataFormat::json       ? "{}"
                                                                       : event.data.substr(0, Limits{}.data_bytes);
             });
         })},
        {"MetadataIsDropped", "drops metadata that it cannot keep", {"D22", "D28"}, repairing([](Request& request) {
             request.each([](NewEvent& event) { event.metadata.clear(); });
         })},
        {"RequestsAreSplit", "stores in pieces what is too much for one request", {"D29", "D30", "D31"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 try {
                     return inner.append(request);
                 } catch (InvalidArgument const&) {
                     return in_pieces(inner, request);
                 }
             }};
         })},
        {"BrokenJsonIsEmpty",
         "stores an empty object for JSON that it cannot read",
         {"D07", "D08", "D20", "D21", "D32", "D35"},
         repairing([](Request& request) {
             request.each([](NewEvent& event) { event.data = is_strict(event.data) ? event.data : "{}"; });
         })},
        {"LastKeyWins", "keeps the last of two equal keys", {"D20"}, repairing([](Request& request) {
             request.each([](NewEvent& event) {
                 auto const tree = nlohmann::json::parse(event.data, nullptr, false);
                 event.data = tree.is_object() ? tree.dump() : event.data;
             });
         })},
        {"SchemaVersionsStartAtOne", "stores schema version 1 for 0", {"D33"}, repairing([](Request& request) {
             request.each([](NewEvent& event) { event.schema_version = std::max(event.schema_version, 1); });
         })},
        {"RefusedEventsAreLeftOut",
         "stores a request without the events that it refuses",
         {"D35", "D21"},
         repairing([](Request& request) {
             for (auto& entry : request.entries) {
                 std::erase_if(entry.events, [](NewEvent const& event) { return !is_strict(event.data); });
             }
         })},
        {"ObjectsOnly", "takes JSON objects only", {"D34"}, with([] {
             return Hooks{.append = [](EventStore& inner, AppendRequest const& request) {
                 Request{request}.each([](NewEvent const& event) {
                     if (event.format == DataFormat::json && event.data.find('{') == std::string::npos) {
                         throw InvalidArgument{"no object"};
                     }
                 });
                 return inner.append(request);
             }};
         })},
    };
}

[[nodiscard]] inline Mutants fidelity_mutants() {
    return {
        {"BinaryEndsAtNul", "keeps binary data up to its first NUL", {"D01"}, changing_events([](NewEvent& event) {
             event.data = event.format == DataFormat::binary ? std::string{event.data.c_str()} : event.data;
         })},
        {"FormatIsForgotten",
         "gives all data back as JSON",
         {"D01", "D02"},
         changing_what_is_read([](RecordedEvent& event) { event.format = DataFormat::json; })},
        {"EmptyIsNull", "takes empty data for none", {"D02"}, changing_events([](NewEvent& event) {
             if (event.data.empty() && event.format == DataFormat::binary) {
                 event.data = "null";
             }
         })},
        {"EmptyMetadataIsNone",
         "takes an empty object of metadata for none",
         {"D03"},
         changing_events([](NewEvent& event) { event.metadata = event.metadata == "{}" ? "" : event.metadata; })},
        {"MetadataIsNeverNone",
         "gives an empty object where there is no metadata",
         {"D14"},
         changing_events([](NewEvent& event) { event.metadata = event.metadata.empty() ? "{}" : event.metadata; })},
        {"MetadataIsForgotten",
         "keeps no metadata",
         {"D03", "D13", "D27", "H12", "H18"},
         changing_events([](NewEvent& event) { event.metadata = event.metadata == "[]" ? event.metadata : ""; })},
        {"UnicodeIsNormalised", "composes characters", {"D04"}, changing_requests([](Request& request) {
             each_name(request, [](std::string& name, std::size_t) { replace_all(name, "e\xCC\x81", "\xC3\xA9"); });
         })},
        {"QuotesAreDoubled", "stores two quotes for one", {"D05"}, changing_requests([](Request& request) {
             each_name(request, [](std::string& name, std::size_t) { replace_all(name, "'", "''"); });
         })},
        {"EscapedNulIsDropped", "leaves an escaped NUL out", {"D06"}, changing_events([](NewEvent& event) {
             replace_all(event.data, "\\u0000", "");
         })},
        {"IntegersThroughDouble",
         "keeps integers as floating-point numbers",
         {"D09"},
         rewriting_json([](nlohmann::json& tree) { integers_through_double(tree); })},
        {"JsonIsRewritten",
         "keeps the meaning of JSON and not its spaces",
         {"D10"},
         changing_events([](NewEvent& event) { replace_all(event.data, " ", ""); })},
        {"NumbersAreRewritten", "keeps numbers in their shortest form", {"D10"}, changing_events([](NewEvent& event) {
             replace_all(event.data, "1.10", "1.1");
         })},
        {"MicrosecondsAreCut", "keeps milliseconds", {"D11", "D12"}, changing_what_is_read([](RecordedEvent& event) {
             event.timestamp = std::chrono::floor<std::chrono::milliseconds>(event.timestamp);
         })},
        {"TimeNeverGoesBack", "moves an event's time behind that of the event before", {"D12"}, with([] {
             struct Last {
                 std::mutex mutex;
                 Timestamp time{};
             };
             return Hooks{.append = [last = std::make_shared<Last>()](EventStore& inner, AppendRequest const& request) {
                 Request copy{request};
                 {
                     std::lock_guard const lock{last->mutex};
                     copy.each([&](NewEvent& event) {
                         if (event.timestamp) {
                             event.timestamp = last->time = std::max(last->time, *event.timestamp);
                         }
                     });
                 }
                 return copy.send(inner);
             }};
         })},
        {"OneTimeForARequest",
         "gives all events of a request the first one's time",
         {"D36"},
         changing_requests([](Request& request) {
             for (auto& entry : request.entries) {
                 for (auto& event : entry.events) {
                     event.timestamp = event.timestamp ? event.timestamp : entry.events.front().timestamp;
                 }
             }
         })},
        {"CallersTimeIsIgnored",
         "stamps every event itself",
         {"D11", "D12", "D36"},
         changing_events([](NewEvent& event) { event.timestamp.reset(); })},
        {"SchemaVersionIsForgotten",
         "gives all events schema version 1",
         {"D13", "Y08"},
         changing_what_is_read([](RecordedEvent& event) { event.schema_version = 1; })},
        {"EventTypeIsForgotten",
         "names all events alike",
         {"D04", "D05", "D13", "G19"},
         changing_what_is_read([](RecordedEvent& event) { event.event_type = "Event"; })},
        {"DataIsCutAtAPage", "keeps the first 8 KiB of data", {"D16"}, changing_what_is_read([](RecordedEvent& event) {
             event.data.resize(std::min<std::size_t>(event.data.size(), 8 * 1024));
         })},
        {"SecondsOfTheMoonLanding", "stores no time before 1970", {"D12"}, changing_events([](NewEvent& event) {
             event.timestamp = event.timestamp ? std::max(*event.timestamp, Timestamp{}) : event.timestamp;
         })},
    };
}

}  // namespace mutants
