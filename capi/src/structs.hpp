// SPDX-License-Identifier: Apache-2.0
//
// Structs and texts across the border: a struct that begins with struct_size is read and written
// only as far as its owner knows it; texts that come in are UTF-8 or refused.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "c_header.hpp"
#include "errors.hpp"

namespace kith::capi {

template <class T>
concept sized_struct = requires(T t) { t.struct_size; };

/// NULL, 0, or a struct of zeros that keeps its size.
template <class T>
void clear(T* out) noexcept {
  if (out == nullptr) return;
  if constexpr (sized_struct<T>) {
    const std::size_t size = std::min(out->struct_size, sizeof(T));
    if (size <= sizeof(std::size_t)) return;
    std::memset(reinterpret_cast<char*>(out) + sizeof(std::size_t), 0, size - sizeof(std::size_t));
  } else {
    *out = T{};
  }
}

template <class T>
void require_size(const T& given, const char* what) {
  if (given.struct_size < 2 * sizeof(std::size_t)) {
    misuse(std::string(what) + ".struct_size is not set; set it to sizeof");
  }
}

/// Writes as much of a struct as the caller has.
template <sized_struct T>
void give(T* out, T value) noexcept {
  if (out == nullptr) return;
  value.struct_size = out->struct_size;
  const std::size_t size = std::min(out->struct_size, sizeof(T));
  if (size >= sizeof(std::size_t)) std::memcpy(static_cast<void*>(out), &value, size);
}

/// Reads as much of a struct as the caller has; the rest is zeros. NULL: all of it.
template <sized_struct T>
T taken(const T* given, const char* what) {
  T copy{};
  if (given == nullptr) return copy;
  require_size(*given, what);
  std::memcpy(static_cast<void*>(&copy), given, std::min(given->struct_size, sizeof(T)));
  return copy;
}

/// Refuses an array that cannot be one: NULL with a count, or more than anybody means.
void require_array(const void* first, std::size_t count, const char* what);
/// An array that C gives as a pointer and a count.
template <class T>
std::span<const T> array_of(const T* first, std::size_t count, const char* what) {
  require_array(first, count, what);
  return {first, count};
}

inline kith_text to_c(std::string_view text) noexcept {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}
/// The text, or absent where it is empty.
inline kith_text given(std::string_view text) noexcept {
  return text.empty() ? kith_text{} : kith_text{text.data(), text.size()};
}

/// The bytes, whatever they are; absent is empty. error_code::limit before any is read.
std::string_view bytes_of(kith_text text, std::string_view what);
/// UTF-8 without NUL, or error_code::invalid with the offset; absent is empty.
std::string_view text_of(kith_text text, std::string_view what);
inline std::string string_of(kith_text text, std::string_view what) {
  return std::string(text_of(text, what));
}
/// One ASCII character.
char letter_of(kith_text text, std::string_view what);

}  // namespace kith::capi
