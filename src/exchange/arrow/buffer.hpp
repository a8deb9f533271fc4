// SPDX-License-Identifier: Apache-2.0
//
// Bytes of an Arrow array while it grows: aligned as the format recommends, and handed over to
// the array as they are.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace kith::inline v1::detail {

class arrow_buffer {
 public:
  static constexpr std::size_t alignment = 64;

  arrow_buffer() = default;
  arrow_buffer(arrow_buffer&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  arrow_buffer& operator=(arrow_buffer other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~arrow_buffer() { ::operator delete(bytes_, std::align_val_t{alignment}); }

  const std::byte* bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return size_; }

  /// Room for so many bytes more, not yet written.
  std::byte* extend(std::size_t more) {
    if (more > capacity_ - size_) grow(size_ + more);
    std::byte* const room = bytes_ + size_;
    size_ += more;
    return room;
  }
  template <class T>
  T* extend_by(std::size_t values) {
    return reinterpret_cast<T*>(extend(values * sizeof(T)));
  }
  template <class T>
  void add(T value) {
    std::memcpy(extend(sizeof value), &value, sizeof value);
  }
  void add_text(std::string_view text) {
    if (!text.empty()) std::memcpy(extend(text.size()), text.data(), text.size());
  }
  void add_bytes(std::size_t count, unsigned char value) {
    if (count != 0) std::memset(extend(count), value, count);
  }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }

 private:
  void grow(std::size_t least) {
    std::size_t capacity = capacity_ * 2;
    if (capacity < least) capacity = least;
    capacity = (capacity + alignment - 1) / alignment * alignment;
    void* const made = ::operator new(capacity, std::align_val_t{alignment});
    if (size_ != 0) std::memcpy(made, bytes_, size_);
    ::operator delete(bytes_, std::align_val_t{alignment});
    bytes_ = static_cast<std::byte*>(made);
    capacity_ = capacity;
  }

  std::byte* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace kith::inline v1::detail
