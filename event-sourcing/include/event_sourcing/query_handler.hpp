#pragma once

#include <event_sourcing/namespace.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An object that answers a kind of query from a read model or a history: `handle(Query const&) const`, not void.
template <class Handler, class Query>
concept QueryHandler = requires(Handler const& handler, Query const& query) {
    { handler.handle(query) };
    requires !std::is_void_v<decltype(handler.handle(query))>;
};

/// The answer of a handler to a query.
template <class Handler, class Query>
    requires QueryHandler<Handler, Query>
using QueryResult = decltype(std::declval<Handler const&>().handle(std::declval<Query const&>()));

EVENT_SOURCING_END_NAMESPACE
