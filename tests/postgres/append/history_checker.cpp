#include "history_checker.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace postgres_test {
namespace {

using namespace event_sourcing;

std::string words(Observation const& one) {
    static constexpr std::array<std::string_view, 6> answers{"stored",    "replayed", "conflict",
                                                             "duplicate", "nothing",  "other"};
    std::string out = "[" + std::to_string(one.started) + ".." + std::to_string(one.ended) + "] ";
    for (std::size_t i = 0; i < one.request.size(); ++i) {
        auto const& entry = one.request[i];
        out += (i == 0 ? "" : ", ") + entry.aggregate + " (" + to_string(entry.expected) + ")";
        for (auto const& event : entry.events) {
            out += " +" + to_string(event.id).substr(19);
        }
        if (i < one.result.entries.size()) {
            out += " @" + std::to_string(one.result.entries[i].version.value);
        }
    }
    out += " -> " + std::string{answers[static_cast<std::size_t>(one.answer)]};
    if (one.answer == Answer::conflict) {
        out += " at " + one.conflicting + " " + std::to_string(one.actual.value);
    }
    if (one.transaction) {
        out += " in transaction " + std::to_string(*one.transaction);
    }
    return out + (one.undone ? ", undone" : "") + (one.error.empty() ? "" : ": " + one.error);
}

/// Calls and moments of time, and who must come before whom.
class Precedence {
public:
    enum class Because : unsigned char { wrote_before, was_read_by, read_before_it_was_written, time };

    std::size_t add() {
        edges_.emplace_back();
        return edges_.size() - 1;
    }
    void before(std::size_t earlier, std::size_t later, Because because) {
        if (earlier != later) {
            edges_[earlier].push_back({later, because});
        }
    }

    struct Step {
        std::size_t to;
        Because because;
    };

    /// The steps of a way that leads back to where it began; empty where there is none.
    [[nodiscard]] std::vector<Step> cycle() const {
        enum class State : unsigned char { fresh, on_the_way, done };
        std::vector<State> state(edges_.size(), State::fresh);
        struct Stop {
            Step by;
            std::size_t next_edge;
        };
        std::vector<Stop> way;
        for (std::size_t start = 0; start < edges_.size(); ++start) {
            if (state[start] != State::fresh) {
                continue;
            }
            way.push_back({{start, Because::time}, 0});
            state[start] = State::on_the_way;
            while (!way.empty()) {
                auto& here = way.back();
                auto const& out = edges_[here.by.to];
                if (here.next_edge == out.size()) {
                    state[here.by.to] = State::done;
                    way.pop_back();
                    continue;
                }
                auto const step = out[here.next_edge++];
                if (state[step.to] == State::fresh) {
                    state[step.to] = State::on_the_way;
                    way.push_back({step, 0});
                } else if (state[step.to] == State::on_the_way) {
                    std::vector<Step> found;
                    auto at = std::ranges::find_if(way, [&](Stop const& stop) { return stop.by.to == step.to; });
                    for (++at; at != way.end(); ++at) {
                        found.push_back(at->by);
                    }
                    found.push_back(step);
                    return found;
                }
            }
        }
        return {};
    }

private:
    std::vector<std::vector<Step>> edges_;
};

class Checker {
public:
    explicit Checker(History const& history) : history_{&history} {}

    std::vector<std::string> run() {
        index_the_table();
        find_the_owners();
        for (auto const& one : history_->observations) {
            check_answer(one);
        }
        check_precedence();
        check_delivery();
        return std::move(violations_);
    }

private:
    /// A row, and the call that stored it.
    struct Row {
        SeenEvent const* event;
        Observation const* owner = nullptr;
    };

    void fail(std::string what) { violations_.push_back(std::move(what)); }
    void fail(std::string const& what, Observation const& one) { fail(what + ": " + words(one)); }

    [[nodiscard]] Row* row_of(Uuid id) {
        auto const found = by_id_.find(id);
        return found == by_id_.end() ? nullptr : &found->second;
    }

    void index_the_table() {
        for (auto const& event : history_->table) {
            if (!by_id_.emplace(event.id, Row{&event}).second) {
                fail("the id " + to_string(event.id) + " is stored twice");
            }
            auto& rows = by_aggregate_[event.aggregate];
            if (event.version.value != static_cast<std::int64_t>(rows.size()) + 1) {
                fail("by position, version " + std::to_string(event.version.value) + " of " + event.aggregate +
                     " follows version " + std::to_string(rows.size()));
            }
            rows.push_back(&event);
        }
    }

    void find_the_owners() {
        for (auto const& one : history_->observations) {
            if (one.answer != Answer::stored || one.undone) {
                continue;
            }
            for (auto const& entry : one.request) {
                for (auto const& event : entry.events) {
                    auto* const row = row_of(event.id);
                    if (row == nullptr) {
                        fail("the event " + to_string(event.id) + " was stored and is not there", one);
                    } else if (row->owner != nullptr) {
                        fail("the event " + to_string(event.id) + " was stored twice, also by " + words(*row->owner),
                             one);
                    } else {
                        row->owner = &one;
                    }
                }
            }
        }
        for (auto const& [id, row] : by_id_) {
            if (row.owner == nullptr) {
                fail("nobody was told that the event " + to_string(id) + " was stored, version " +
                     std::to_string(row.event->version.value) + " of " + row.event->aggregate);
            }
        }
    }

    /// Whether a request is one that is stored: the same events, at the place that it asks for.
    [[nodiscard]] bool is_stored_as_sent(SentRequest const& request) {
        std::vector<Uuid> ids;
        for (auto const& entry : request) {
            Version before;
            for (std::size_t i = 0; i < entry.events.size(); ++i) {
                auto const* const row = row_of(entry.events[i].id);
                if (row == nullptr || row->event->aggregate != entry.aggregate ||
                    row->event->payload != entry.events[i].payload || (i > 0 && row->event->version != before.next()) ||
                    (i == 0 && !entry.expected.accepts(Version{row->event->version.value - 1}))) {
                    return false;
                }
                before = row->event->version;
                ids.push_back(entry.events[i].id);
            }
        }
        std::ranges::sort(ids);
        return std::ranges::adjacent_find(ids) == ids.end();
    }

    void check_answer(Observation const& one) {
        bool any_known = false;
        bool all_known = true;
        bool has_events = false;
        bool any_stored = false;
        for (auto const& entry : one.request) {
            for (auto const& event : entry.events) {
                has_events = true;
                auto const* const row = row_of(event.id);
                bool const known = row != nullptr && row->owner != nullptr && row->owner->ended < one.started;
                any_known = any_known || known;
                all_known = all_known && known;
                any_stored = any_stored || row != nullptr;
            }
        }
        switch (one.answer) {
            case Answer::stored:
                if (!one.undone) {
                    check_stored(one);
                }
                break;
            case Answer::replayed: check_replayed(one); break;
            case Answer::conflict:
                if (any_known) {
                    fail("a conflict, though ids were stored before", one);
                } else if (has_events && !one.undone && is_stored_as_sent(one.request) && sees_itself(one)) {
                    fail("a conflict with its own events", one);
                }
                break;
            case Answer::duplicate: {
                bool const twice = [&] {
                    std::vector<Uuid> ids;
                    for (auto const& entry : one.request) {
                        for (auto const& event : entry.events) {
                            ids.push_back(event.id);
                        }
                    }
                    std::ranges::sort(ids);
                    return std::ranges::adjacent_find(ids) != ids.end();
                }();
                if (!any_stored && !twice && !one.transaction) {
                    fail("a duplicate of nothing", one);
                } else if (all_known && is_stored_as_sent(one.request)) {
                    fail("a duplicate, though it is what was stored before", one);
                }
                break;
            }
            case Answer::nothing:
                if (!one.transaction && !history_->nothing_is_allowed) {
                    fail("an error that should not happen here", one);
                }
                break;
            case Answer::other: fail("an error that has no place here", one); break;
        }
    }

    /// Whether a conflict names a version that the request's own events had a part in.
    [[nodiscard]] bool sees_itself(Observation const& one) {
        return std::ranges::any_of(one.request, [&](SentEntry const& entry) {
            return entry.aggregate == one.conflicting && !entry.events.empty() &&
                   one.actual >= row_of(entry.events.front().id)->event->version;
        });
    }

    void check_stored(Observation const& one) {
        if (one.result.replayed || one.result.entries.size() != one.request.size()) {
            fail("a result of another form", one);
            return;
        }
        Position before;
        for (std::size_t i = 0; i < one.request.size(); ++i) {
            auto const& entry = one.request[i];
            auto const& told = one.result.entries[i];
            auto const count = static_cast<std::int64_t>(entry.events.size());
            if (!entry.expected.accepts(Version{told.version.value - count})) {
                fail("stored against its expectation of " + entry.aggregate, one);
            }
            for (std::size_t k = 0; k < entry.events.size(); ++k) {
                auto const* const row = row_of(entry.events[k].id);
                if (row == nullptr) {
                    return;  // said already
                }
                auto const version = told.version.value - count + 1 + static_cast<std::int64_t>(k);
                if (row->event->aggregate != entry.aggregate || row->event->version.value != version) {
                    fail("an event is at another place than told", one);
                }
                if (row->event->payload != entry.events[k].payload) {
                    fail("an event is stored with another payload", one);
                }
                if (row->event->position <= before) {
                    fail("positions do not follow the list", one);
                }
                before = row->event->position;
            }
            if (told.position != (entry.events.empty() ? Position{} : before)) {
                fail("a position that the event does not have", one);
            }
        }
    }

    void check_replayed(Observation const& one) {
        if (one.undone) {
            return;  // what it saw may have been undone as well
        }
        if (!is_stored_as_sent(one.request)) {
            fail("a replay of what is not stored so", one);
            return;
        }
        for (std::size_t i = 0; i < one.request.size(); ++i) {
            auto const& entry = one.request[i];
            if (entry.events.empty()) {
                continue;
            }
            auto const& original = *row_of(entry.events.back().id);
            if (!one.result.replayed ||
                one.result.entries[i] != EntryResult{original.event->version, original.event->position}) {
                fail("a replay with another result than the original's", one);
            }
            if (original.owner != nullptr && original.owner->started > one.ended) {
                fail("a replay of what was sent later", one);
            }
        }
    }

    /// A call in the order that is looked for.
    struct Node {
        std::size_t number;
        Observation const* call;
    };

    void check_precedence() {
        Precedence order;
        std::vector<Node> nodes;
        std::unordered_map<Observation const*, std::size_t> number_of;
        std::map<std::size_t, std::size_t> last_of_transaction;
        for (auto const& one : history_->observations) {
            bool const writes_or_checks = one.answer == Answer::stored && !one.undone;
            bool const conflicts = one.answer == Answer::conflict && !one.transaction;
            if (!writes_or_checks && !conflicts) {
                continue;
            }
            auto const number = order.add();
            nodes.push_back({number, &one});
            number_of.emplace(&one, number);
            if (one.transaction) {  // each of its requests is one call, in turn; a transaction of several is no more than that
                auto const [last, first] = last_of_transaction.emplace(*one.transaction, number);
                order.before(last->second, number, Precedence::Because::time);
                last->second = number;
            }
        }
        auto const writer = [&](std::string const& aggregate, std::int64_t version) -> std::optional<std::size_t> {
            auto const found = by_aggregate_.find(aggregate);
            if (version < 1 || found == by_aggregate_.end() ||
                version > static_cast<std::int64_t>(found->second.size())) {
                return std::nullopt;
            }
            auto const* const owner = row_of(found->second[static_cast<std::size_t>(version - 1)]->id)->owner;
            return owner == nullptr ? std::nullopt : std::optional{number_of.at(owner)};
        };
        using Because = Precedence::Because;
        auto const read = [&](std::size_t reader, std::string const& aggregate, Version version,
                              Observation const& one) {
            if (auto const wrote = writer(aggregate, version.value)) {
                order.before(*wrote, reader, Because::was_read_by);
            } else if (version != Version{}) {
                fail("it saw version " + std::to_string(version.value) + " of " + aggregate + ", which is not there",
                     one);
            }
            if (auto const wrote = writer(aggregate, version.value + 1)) {
                order.before(reader, *wrote, Because::read_before_it_was_written);
            }
        };
        for (auto const& [aggregate, rows] : by_aggregate_) {
            for (std::int64_t version = 2; version <= static_cast<std::int64_t>(rows.size()); ++version) {
                auto const one = writer(aggregate, version - 1);
                auto const next = writer(aggregate, version);
                if (one && next) {
                    order.before(*one, *next, Because::wrote_before);
                }
            }
        }
        for (auto const& [number, one] : nodes) {
            if (one->answer == Answer::conflict) {
                read(number, one->conflicting, one->actual, *one);
                continue;
            }
            for (std::size_t i = 0; i < one->request.size() && i < one->result.entries.size(); ++i) {
                if (one->request[i].events.empty()) {
                    read(number, one->request[i].aggregate, one->result.entries[i].version, *one);
                }
            }
        }
        add_time(order, nodes);

        auto const cycle = order.cycle();
        if (cycle.empty()) {
            return;
        }
        static constexpr std::array<std::string_view, 4> reasons{"wrote before", "was read by",
                                                                 "read before the write of", "in time"};
        std::string text = "there is no order of these:";
        for (auto const& step : cycle) {
            text += "\n      " + std::string{reasons[static_cast<std::size_t>(step.because)]};
            if (step.to < nodes.size()) {
                text += " -> " + words(*nodes[step.to].call);
            }
        }
        fail(text);
    }

    /// Through moments, one per end: as many edges as calls, where one per pair would be their square.
    static void add_time(Precedence& order, std::vector<Node> const& nodes) {
        std::multimap<std::uint64_t, Node const*> starts;
        std::multimap<std::uint64_t, Node const*> ends;  // those of one transaction end together
        for (auto const& node : nodes) {
            starts.emplace(node.call->started, &node);
            ends.emplace(node.call->ended, &node);
        }
        std::optional<std::size_t> moment;
        auto start = starts.begin();
        for (auto const& [time, ended] : ends) {
            for (; start != starts.end() && start->first < time; ++start) {
                if (moment) {
                    order.before(*moment, start->second->number, Precedence::Because::time);
                }
            }
            auto const next = order.add();
            if (moment) {
                order.before(*moment, next, Precedence::Because::time);
            }
            order.before(ended->number, next, Precedence::Because::time);
            moment = next;
        }
    }

    void check_delivery() {
        if (history_->delivered.size() != history_->table.size()) {
            fail("the reader got " + std::to_string(history_->delivered.size()) + " events of " +
                 std::to_string(history_->table.size()));
        }
        for (std::size_t i = 0; i < std::min(history_->delivered.size(), history_->table.size()); ++i) {
            auto const& got = history_->delivered[i];
            auto const& row = history_->table[i];
            if (got.position != row.position || got.id != row.id) {
                fail("the reader was given position " + std::to_string(got.position.value) + " where " +
                     std::to_string(row.position.value) + " was to come, version " + std::to_string(row.version.value) +
                     " of " + row.aggregate);
                return;  // all that follows is off as well
            }
        }
    }

    History const* history_;
    std::unordered_map<Uuid, Row> by_id_;
    std::map<std::string, std::vector<SeenEvent const*>> by_aggregate_;
    std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> violations_of(History const& history) { return Checker{history}.run(); }

}  // namespace postgres_test
