#pragma once

#include <event_sourcing/namespace.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A view of a callable, for virtual functions that cannot be templates.
template <class Signature>
class FunctionRef;

/// The view of something callable as `R(A...)`.
///
/// A callable without a result serves where `bool` is asked for and counts as `true`: a visitor without a result goes
/// on. Lifetime: does not own the callable; use it as a parameter only. Costs nothing but an indirect call.
template <class R, class... A>
class FunctionRef<R(A...)> {
    template <class F>
    static constexpr bool returns_nothing_for_bool =
        std::same_as<R, bool> && std::is_void_v<std::invoke_result_t<F&, A...>>;

    template <class F>
    static constexpr bool fits = std::is_invocable_r_v<R, F&, A...> || returns_nothing_for_bool<F>;

    union Target {
        void const* object;
        void (*function)();
    };

public:
    /// Refers to a lambda or other object, which must outlive the view.
    template <class F>
        requires(!std::same_as<std::remove_cvref_t<F>, FunctionRef> &&
                 !std::is_function_v<std::remove_reference_t<F>> && std::invocable<F&, A...> && fits<F>)
    FunctionRef(F&& callable) noexcept  // NOLINT(bugprone-forwarding-reference-overload,google-explicit-constructor)
        : target_{.object = std::addressof(callable)}, call_{[](Target target, A... arguments) -> R {
              return call(*static_cast<std::remove_reference_t<F>*>(const_cast<void*>(target.object)),
                          std::forward<A>(arguments)...);
          }} {}

    /// Refers to a function.
    template <class F>
        requires(std::is_function_v<F> && std::invocable<F&, A...> && fits<F>)
    FunctionRef(F& function) noexcept  // NOLINT(google-explicit-constructor)
        : target_{.function = reinterpret_cast<void (*)()>(&function)}, call_{[](Target target, A... arguments) -> R {
              return call(*reinterpret_cast<F*>(target.function), std::forward<A>(arguments)...);
          }} {}

    /// Calls what it refers to.
    R operator()(A... arguments) const { return call_(target_, std::forward<A>(arguments)...); }

private:
    template <class F>
    static R call(F& callable, A... arguments) {
        if constexpr (std::is_void_v<R>) {
            std::invoke(callable, std::forward<A>(arguments)...);
        } else if constexpr (std::is_invocable_r_v<R, F&, A...>) {
            return std::invoke(callable, std::forward<A>(arguments)...);
        } else {
            std::invoke(callable, std::forward<A>(arguments)...);
            return true;
        }
    }

    Target target_;
    R (*call_)(Target, A...);
};

EVENT_SOURCING_END_NAMESPACE
