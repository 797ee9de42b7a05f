#pragma once

#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

namespace detail {

/// A stack of trivial values that allocates only beyond `InPlace` of them.
template <class T, std::size_t InPlace>
    requires std::is_trivially_copyable_v<T>
class SmallStack {
public:
    SmallStack() = default;
    SmallStack(SmallStack const&) = delete;
    SmallStack& operator=(SmallStack const&) = delete;
    ~SmallStack() = default;

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] T& top() { return data_[size_ - 1]; }
    /// The values from the one number `first` on, oldest first; valid until the next push.
    [[nodiscard]] std::span<T> from(std::size_t first) { return {data_ + first, size_ - first}; }

    void push(T const& value) {
        if (size_ == capacity_) {
            grow();
        }
        data_[size_++] = value;
    }
    void pop() { --size_; }
    void shrink_to(std::size_t size) { size_ = size; }

private:
    void grow() {
        auto larger = std::make_unique<T[]>(capacity_ * 2);
        std::copy_n(data_, size_, larger.get());
        heap_ = std::move(larger);
        data_ = heap_.get();
        capacity_ *= 2;
    }

    T in_place_[InPlace];  // NOLINT(modernize-avoid-c-arrays): left uninitialised on purpose
    std::unique_ptr<T[]> heap_;
    T* data_ = in_place_;
    std::size_t size_ = 0;
    std::size_t capacity_ = InPlace;
};

}  // namespace detail

EVENT_SOURCING_END_NAMESPACE
