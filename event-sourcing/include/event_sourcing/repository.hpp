#pragma once

#include <event_sourcing/execute.hpp>
#include <event_sourcing/json_codec.hpp>
#include <event_sourcing/snapshots.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An aggregate as a command left it, or as it was loaded.
template <class A>
struct Executed {
    A state{};              ///< the state, as of `version`
    Version version{};      ///< 0: the aggregate does not exist
    Position position{};    ///< of its last event that was stored, or read; 0 where there was none
    bool replayed = false;  ///< the command had been done before; this is the state it led to then
};

/// How a Repository reads and writes its aggregate.
template <class A, class Codec = DefaultCodec<A>>
struct RepositoryOptions {
    std::shared_ptr<Codec const> codec{};     ///< null: the aggregate's default codec
    std::optional<Snapshots<A>> snapshots{};  ///< see json_snapshots; none: every load folds the whole history
    CommandOptions command{};                 ///< retries, ids, log
};

/// Loads aggregates of one type and runs commands on one of them at a time; `execute` is for several at once.
///
/// Thread safety: const, and safe to share. Lifetime: the store (and the snapshots' writer) must outlive it.
template <class A, class Codec = DefaultCodec<A>>
class Repository {
    static_assert(detail::AggregateShape<A>,
                  "an aggregate is default-constructible and movable, with `using Event = "
                  "std::variant<...>` and a static `aggregate_type`");
    static_assert(detail::HandlesEvents<A, typename A::Event>::value);
    static_assert(EventCodec<Codec, typename A::Event>);

public:
    /// On `store`, with default options.
    explicit Repository(EventStore& store) : Repository{store, RepositoryOptions<A, Codec>{}} {}

    /// On `store`. @throws InvalidArgument  the default codec's upcasters have a hole; an option that must be given is
    /// empty.
    Repository(EventStore& store, RepositoryOptions<A, Codec> options)
        : store_{&store}, command_{std::move(options.command)} {
        loading_.codec = std::move(options.codec);
        if constexpr (std::same_as<Codec, DefaultCodec<A>>) {
            if (!loading_.codec) {
                loading_.codec = default_codec<A>();
            }
        }
        if (!loading_.codec) {
            throw InvalidArgument{"RepositoryOptions::codec is null: a codec that is not the default must be given"};
        }
        if (options.snapshots && options.snapshots->writer != nullptr) {
            auto const& given = *options.snapshots;
            if (!given.policy || !given.encode || !given.decode || !given.copy) {
                throw InvalidArgument{
                    "RepositoryOptions::snapshots: policy, encode, decode and copy must all be given"};
            }
            loading_.snapshots = std::make_shared<Snapshots<A> const>(*std::move(options.snapshots));
        }
    }

    /// The aggregate as it is; version 0 and a default state where it does not exist.
    /// @throws CodecError  an event cannot be decoded; @throws Corrupted  the history has a gap, or `apply` threw; and
    /// what the store throws.
    [[nodiscard]] Executed<A> load(std::string_view id) const { return load(id, detail::newest); }

    /// The aggregate as it was at a version; as it is where that is not reached yet. Throws as above.
    [[nodiscard]] Executed<A> load(std::string_view id, Version at) const {
        auto loaded = detail::load_state(*store_, {A::aggregate_type, id}, loading_, at);
        return {.state = std::move(loaded.state), .version = loaded.version, .position = loaded.position};
    }

    /// Visits the decoded events of one aggregate: `visit(Event const&, RecordedEventView const&)` returns false to
    /// stop; one without a result goes on. Shredded events are passed over. @return the aggregate's version. Throws as
    /// `load`.
    template <std::invocable<typename A::Event const&, RecordedEventView const&> Visit>
    Version history(std::string_view id, ReadOptions const& options, Visit visit) const {
        FunctionRef<bool(typename A::Event const&, RecordedEventView const&)> const use{visit};
        return detail::visit_history<typename A::Event>(*store_, {A::aggregate_type, id}, options, *loading_.codec, use,
                                                        [](RecordedEventView const&) { return true; });
    }

    /// Runs a command: loads, calls `decide(A const&)`, stores what it returns, one event, a vector or an optional of
    /// events (none: nothing to do). `decide` throws its refusals. Retries, repeated commands and errors as `execute`.
    /// @throws DuplicateEvent  also where the command id was used on another aggregate.
    template <std::invocable<A const&> Decide>
    Executed<A> execute(std::string_view id, Decide decide, CommandContext const& context = {}) const {
        AggregateRef const aggregate{A::aggregate_type, id};
        Executed<A> out;
        bool decided_here = false;
        detail::StateSlot<A>* slot = nullptr;
        auto const run = [&](Session& session) {
            auto const loaded = session.load(*this, id);
            loaded.record(std::invoke(decide, *loaded));
            slot = loaded.slot_;
        };
        auto const committed = detail::run_command(*store_, context, command_, run, [&] {
            out.state = std::move(slot->now.state);
            out.version = slot->now.version;
            out.position = slot->now.position;
            decided_here = true;
        });
        auto const* const written = committed.find(aggregate);
        if (!decided_here) {
            if (written == nullptr) {
                throw DuplicateEvent{Uuid::derived(context.command.value(), 0),
                                     "was stored by the same command id on another aggregate"};
            }
            out = load(id, written->version);
        }
        if (written != nullptr) {
            out.position = written->position;
        }
        out.replayed = committed.replayed;
        return out;
    }

private:
    friend class Session;
    [[nodiscard]] detail::Loading<A, Codec> const& loading() const noexcept { return loading_; }

    EventStore* store_;
    CommandOptions command_;
    detail::Loading<A, Codec> loading_;
};

EVENT_SOURCING_END_NAMESPACE
