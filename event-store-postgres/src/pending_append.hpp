#pragma once

#include <event_sourcing/append_request.hpp>

#include <exception>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// A request on its way, and its answer. Lifetime: the request belongs to a caller that waits.
class PendingAppend {
public:
    explicit PendingAppend(AppendRequest const& request) : request_{&request} {}

    [[nodiscard]] AppendRequest const& request() const noexcept { return *request_; }
    [[nodiscard]] bool answered() const noexcept { return answered_; }

    void answer(AppendResult result) {
        result_ = std::move(result);
        answered_ = true;
    }
    template <class E>
    void refuse(E const& error) {
        refuse(std::make_exception_ptr(error));
    }
    void refuse(std::exception_ptr error) noexcept {
        error_ = std::move(error);
        answered_ = true;
    }

    /// The answer, for the caller. Precondition: answered.
    [[nodiscard]] AppendResult take() {
        if (error_) {
            std::rethrow_exception(error_);
        }
        return std::move(result_);
    }

    /// One event on one aggregate at a known version: what the inline statements take.
    [[nodiscard]] bool ordinary() const noexcept { return at_known_version() && first().events.size() == 1; }
    /// Likewise, with several events.
    [[nodiscard]] bool ordinary_batch() const noexcept { return at_known_version() && first().events.size() > 1; }

private:
    [[nodiscard]] AppendEntry const& first() const noexcept { return request_->entries.front(); }
    [[nodiscard]] bool at_known_version() const noexcept {
        return request_->entries.size() == 1 && (first().expected.kind() == ExpectedVersion::Kind::exactly ||
                                                 first().expected.kind() == ExpectedVersion::Kind::none);
    }

    AppendRequest const* request_;
    AppendResult result_;
    std::exception_ptr error_;
    bool answered_ = false;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
