// SPDX-License-Identifier: Apache-2.0
//
// Single values of arrays that others made. Buffers may stand anywhere: loads do not rely on
// alignment.
#include <cstring>

#include "exchange/arrow/incoming_values.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1::detail {
namespace {

// More cannot be in memory; sums and products of such numbers do not overflow.
constexpr std::int64_t most_values = std::int64_t{1} << 48;

template <class T>
T load(const void* values, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + at * std::int64_t{sizeof(T)},
              sizeof value);
  return value;
}

template <class T>
std::int64_t number(const void* values, std::int64_t at) {
  return load<T>(values, at);
}

bool bit(const void* bits, std::int64_t at) {
  return (static_cast<const unsigned char*>(bits)[at / 8] >> (at % 8) & 1) != 0;
}

template <class Small, class Medium, class Large>
wide load_as(const void* values, std::int64_t at, int width) {
  switch (width) {
    case 4: return load<Small>(values, at);
    case 8: return load<Medium>(values, at);
    default: return load<Large>(values, at);
  }
}

}  // namespace

void arrow_array::refuse(const std::string& why) const {
  throw error(error_code::invalid, "column '" + shortened(leaf_->name) + "' " + why,
              {{}, 0, shortened(leaf_->name)});
}

void arrow_array::bind(const ArrowArray& a, std::int64_t needed) {
  if (a.release == nullptr) refuse("has an array that was released");
  if (a.length < 0 || a.offset < 0 || a.length > most_values || a.offset > most_values) {
    refuse("has an array of length " + std::to_string(a.length) + " at offset " +
           std::to_string(a.offset));
  }
  if (a.length < needed) {
    refuse("has " + std::to_string(a.length) + " values where its batch has " +
           std::to_string(needed));
  }
  const bool bytes = leaf_->form == arrow_form::text || leaf_->form == arrow_form::bytes;
  const std::int64_t buffers = leaf_->form == arrow_form::nothing ? 0
                               : bytes && leaf_->size == 0        ? 3
                                                                  : 2;
  const bool right = leaf_->views   ? a.n_buffers >= 3
                     : buffers == 0 ? a.n_buffers >= 0
                                    : a.n_buffers == buffers;
  if (!right) {
    refuse("has " + std::to_string(a.n_buffers) + " buffers, not " + std::to_string(buffers));
  }
  if (buffers > 0 && a.buffers == nullptr) refuse("has no buffers");
  if (a.null_count < -1 || a.null_count > a.length) {
    refuse("has " + std::to_string(a.null_count) + " nulls among " + std::to_string(a.length) +
           " values");
  }
  if (buffers > 0 && a.buffers[0] == nullptr && a.null_count > 0) {
    refuse("has nulls, but does not say which values are null");
  }
  if (buffers > 0 && a.length > 0 && a.buffers[1] == nullptr) {
    refuse("has values without a buffer that holds them");
  }
  if ((a.dictionary != nullptr) != leaf_->is_dictionary()) {
    refuse(leaf_->is_dictionary() ? "has no dictionary in this batch"
                                  : "has a dictionary that its schema does not name");
  }
  array_ = &a;
  offset_ = a.offset;
  length_ = a.length;
}

bool arrow_array::is_null(std::int64_t at) const {
  if (leaf_->form == arrow_form::nothing) return true;
  const void* const validity = array_->buffers[0];
  return validity != nullptr && !bit(validity, offset_ + at);
}

bool arrow_array::integer(std::int64_t at, std::int64_t& n) const {
  const void* const values = array_->buffers[1];
  at += offset_;
  const bool sign = leaf_->form != arrow_form::natural;
  switch (leaf_->width) {
    case 1: n = sign ? number<std::int8_t>(values, at) : number<std::uint8_t>(values, at); break;
    case 2: n = sign ? number<std::int16_t>(values, at) : number<std::uint16_t>(values, at); break;
    case 4: n = sign ? number<std::int32_t>(values, at) : number<std::uint32_t>(values, at); break;
    default: n = load<std::int64_t>(values, at);
  }
  return sign || n >= 0;
}

bool arrow_array::truth(std::int64_t at) const { return bit(array_->buffers[1], offset_ + at); }

double arrow_array::real(std::int64_t at) const {
  const void* const values = array_->buffers[1];
  at += offset_;
  return leaf_->width == 4 ? static_cast<double>(load<float>(values, at))
                           : load<double>(values, at);
}

bool arrow_array::decimal_units(std::int64_t at, wide& units) const {
  if (leaf_->width > 16) return false;
  units = load_as<std::int32_t, std::int64_t, wide>(array_->buffers[1], offset_ + at, leaf_->width);
  return true;
}

std::string_view arrow_array::bytes(std::int64_t at) const {
  at += offset_;
  std::string_view found;
  if (leaf_->views) {
    found = view(at);
  } else if (leaf_->size != 0) {
    const auto size = static_cast<std::size_t>(leaf_->size);
    found = {static_cast<const char*>(array_->buffers[1]) + static_cast<std::size_t>(at) * size,
             size};
  } else {
    found = between_offsets(at);
  }
  return found;
}

// A text of a gigabyte is an offset that is wrong, or nothing that a record holds.
std::string_view arrow_array::between_offsets(std::int64_t at) const {
  const void* const offsets = array_->buffers[1];
  const bool narrow = leaf_->width == 4;
  const std::int64_t from =
      narrow ? load<std::int32_t>(offsets, at) : load<std::int64_t>(offsets, at);
  const std::int64_t to =
      narrow ? load<std::int32_t>(offsets, at + 1) : load<std::int64_t>(offsets, at + 1);
  if (from < 0 || to < from) {
    refuse("has a value from byte " + std::to_string(from) + " to byte " + std::to_string(to));
  }
  const std::int64_t size = to - from;
  if (size > std::int64_t{csv_most_row_bytes}) {
    throw error(error_code::limit, "column '" + shortened(leaf_->name) + "' has a value of " +
                                       std::to_string(size) + " bytes; 1 MiB is the most");
  }
  const auto* const bytes = static_cast<const char*>(array_->buffers[2]);
  if (size == 0) return {};
  if (bytes == nullptr) refuse("has texts without a buffer that holds them");
  return {bytes + from, static_cast<std::size_t>(size)};
}

// A view: its length, then up to 12 bytes, or 4 bytes, the number of a buffer and a place in it.
std::string_view arrow_array::view(std::int64_t at) const {
  const auto* const view = static_cast<const char*>(array_->buffers[1]) + at * 16;
  const auto size = load<std::int32_t>(view, 0);
  if (size < 0) refuse("has a value of " + std::to_string(size) + " bytes");
  if (size <= 12) return {view + 4, static_cast<std::size_t>(size)};
  const auto number = load<std::int32_t>(view, 2);
  const auto from = load<std::int32_t>(view, 3);
  const std::int64_t texts = array_->n_buffers - 3;  // behind validity and views, before sizes
  const void* const sizes = array_->buffers[array_->n_buffers - 1];
  if (number < 0 || number >= texts || from < 0 || sizes == nullptr ||
      array_->buffers[2 + number] == nullptr ||
      std::int64_t{from} + size > load<std::int64_t>(sizes, number)) {
    refuse("has a value that is in none of its buffers");
  }
  return {static_cast<const char*>(array_->buffers[2 + number]) + from,
          static_cast<std::size_t>(size)};
}

}  // namespace kith::inline v1::detail
