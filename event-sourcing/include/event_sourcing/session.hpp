#pragma once

#include <event_sourcing/command_options.hpp>
#include <event_sourcing/committed.hpp>
#include <event_sourcing/detail/append_until_known.hpp>
#include <event_sourcing/detail/session_slot.hpp>
#include <event_sourcing/json_codec.hpp>
#include <event_sourcing/metadata.hpp>

#include <memory>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

class Session;
template <class A, class Codec>
class Repository;

/// A handle to an aggregate that a Session has loaded: cheap to copy, valid as long as the session.
template <class A>
class Loaded {
public:
    /// The state, with what was recorded folded in.
    [[nodiscard]] A const& operator*() const noexcept { return slot_->now.state; }
    /// The state, with what was recorded folded in.
    [[nodiscard]] A const* operator->() const noexcept { return &slot_->now.state; }
    /// Its version: of what was loaded, plus what was recorded. 0: it does not exist yet.
    [[nodiscard]] Version version() const noexcept { return slot_->now.version; }

    /// Records an event, or a vector or optional of events, and folds each at once: the next look at the state sees it.
    /// Stored by the session's commit. What the codec or `apply` throws leaves the session of no further use: `commit`
    /// refuses it.
    template <class Events>
    void record(Events&& events) const {
        detail::for_each_event<typename A::Event>(
            std::forward<Events>(events), [this](typename A::Event const& event) { slot_->record(event, *recorder_); });
    }

private:
    friend class Session;
    template <class, class>
    friend class Repository;
    Loaded(detail::StateSlot<A>& slot, detail::Recorder& recorder) : slot_{&slot}, recorder_{&recorder} {}

    detail::StateSlot<A>* slot_;
    detail::Recorder* recorder_;
};

/// A unit of work over several aggregates: load, look, record, and commit everything in one append, or nothing.
///
/// An aggregate that was loaded and not recorded on is checked: nobody may have written it in between. `execute` runs a
/// session with retries and is what applications call; make a session by hand where the steps do not fit a function.
/// Thread safety: for one thread. Lifetime: the store must outlive it.
class Session {
public:
    /// A session on `store`; every event it records carries the context.
    explicit Session(EventStore& store, CommandContext context = {}, CommandOptions options = {})
        : store_{&store}, context_{std::move(context)}, options_{std::move(options)},
          recorder_{context_.command, options_.new_id} {}
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    /// Loads an aggregate with its default codec and without snapshots; the second time gives the same handle.
    /// @throws CodecError, Corrupted  its history cannot be read; @throws InvalidArgument  its type and id are loaded
    /// as another C++ type; and what the store throws.
    template <class A>
    [[nodiscard]] Loaded<A> load(std::string_view id) {
        return load(id, detail::Loading<A, DefaultCodec<A>>{default_codec<A>(), nullptr});
    }

    /// Loads an aggregate with the codec and snapshots of a repository; otherwise as above. The first load decides
    /// both.
    template <class A, class Codec>
    [[nodiscard]] Loaded<A> load(Repository<A, Codec> const& repository, std::string_view id) {
        return load(id, repository.loading());
    }

    /// Stores everything that was recorded and checks what was only loaded; no call where nothing was recorded.
    ///
    /// Sends the same events again when the store could not say whether they were stored; so does a second commit, for
    /// a caller whose tries were spent: record nothing in between.
    /// @throws InvalidArgument  a record threw: begin anew; @throws VersionConflict  another writer was first: begin
    /// anew with a fresh session; @throws OutcomeUnknown  the retries are spent and it is still not known; and what the
    /// store throws.
    Committed commit() {
        Backoff backoff{options_.retry, options_.sources};
        return commit(backoff);
    }

    /// Commits with the tries that are left of a command's; otherwise as above.
    Committed commit(Backoff& backoff);

private:
    template <class A, class Codec>
    [[nodiscard]] Loaded<A> load(std::string_view id, detail::Loading<A, Codec> loading);
    void stamp();

    EventStore* store_;
    CommandContext context_;
    CommandOptions options_;
    detail::Recorder recorder_;
    std::vector<std::unique_ptr<detail::SessionSlot>> slots_;
};

template <class A, class Codec>
Loaded<A> Session::load(std::string_view id, detail::Loading<A, Codec> loading) {
    AggregateRef const aggregate{A::aggregate_type, id};
    for (auto const& slot : slots_) {
        if (slot->aggregate() == aggregate) {
            if (auto* const known = dynamic_cast<detail::StateSlot<A>*>(slot.get())) {
                return {*known, recorder_};
            }
            throw InvalidArgument{to_string(aggregate) + " is already loaded in this session as another C++ type"};
        }
    }
    auto slot = std::make_unique<detail::CodingSlot<A, Codec>>(*store_, aggregate, std::move(loading));
    Loaded<A> const handle{*slot, recorder_};
    slots_.push_back(std::move(slot));
    return handle;
}

/// Puts the context's metadata on every event.
inline void Session::stamp() {
    auto metadata = detail::metadata_of(context_);
    auto const text = encode(metadata);
    for (auto* const slot : recorder_.written()) {
        for (auto& event : slot->events()) {
            event.metadata = text;
        }
    }
    metadata.request_hash = detail::request_hash(context_);
    recorder_.written().front()->events().front().metadata = encode(metadata);
}

inline Committed Session::commit(Backoff& backoff) {
    if (recorder_.broken()) {
        throw InvalidArgument{
            "a record of this session threw, so its state is not what it would store: begin a new one"};
    }
    Committed out;
    auto const& written = recorder_.written();
    if (written.empty()) {
        return out;
    }
    stamp();
    std::vector<AppendEntry> entries;
    entries.reserve(slots_.size());
    for (auto const* const slot : written) {
        entries.push_back(slot->entry());
        auto const [type, id] = slot->aggregate();
        out.written.push_back({std::string{type}, std::string{id}, {}, {}});  // all room before anything is stored
    }
    for (auto const& slot : slots_) {
        if (slot->events().empty()) {
            entries.push_back(slot->entry());
        }
    }
    auto const result = detail::append_until_known(*store_, {.entries = entries}, backoff, options_.log);
    out.replayed = result.replayed;
    for (std::size_t i = 0; i < written.size(); ++i) {
        out.written[i].version = result.entries[i].version;
        out.written[i].position = result.entries[i].position;
        written[i]->committed();
    }
    return out;
}

EVENT_SOURCING_END_NAMESPACE
