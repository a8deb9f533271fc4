// SPDX-License-Identifier: Apache-2.0
//
// The values of one column of a batch that others made, checked as far as the C interface lets
// anyone check: lengths, offsets, places in dictionaries; what a buffer's size is, it does not say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/wide.hpp"
#include "exchange/arrow/incoming.hpp"
#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

/// One array. Positions count from the first value of the array, its offset left out.
class arrow_array {
 public:
  explicit arrow_array(const arrow_leaf& leaf) : leaf_(&leaf) {}

  /// `needed`: so many values are asked for. error_code::invalid for an array that cannot be read.
  void bind(const ArrowArray& a, std::int64_t needed);
  bool is_null(std::int64_t at) const;
  /// Of whole and natural numbers, days, moments and lengths; false when 64 bits with a sign are
  /// not enough.
  bool integer(std::int64_t at, std::int64_t& n) const;
  bool truth(std::int64_t at) const;
  double real(std::int64_t at) const;
  /// The units of a decimal of 128 bits at most; else false.
  bool decimal_units(std::int64_t at, wide& units) const;
  /// Of texts and bytes. error_code::invalid and limit for what cannot be true.
  std::string_view bytes(std::int64_t at) const;
  /// The value as an import reads it; `room` keeps what is made.
  std::string_view text(std::int64_t at, std::string& room) const;
  std::int64_t length() const noexcept { return length_; }

 private:
  std::string_view view(std::int64_t at) const;
  std::string_view between_offsets(std::int64_t at) const;
  [[noreturn]] void refuse(const std::string& why) const;
  void append_decimal(std::int64_t at, std::string& to) const;
  void append_moment(std::int64_t at, std::string& to) const;
  void append_length(std::int64_t at, std::string& to) const;

  const arrow_leaf* leaf_;
  const ArrowArray* array_ = nullptr;
  std::int64_t offset_ = 0;
  std::int64_t length_ = 0;
};

/// A column of the batch: structs above it, its dictionary, the entity beside an id.
class arrow_values {
 public:
  explicit arrow_values(const arrow_leaf& leaf);
  const arrow_leaf& leaf() const noexcept { return *leaf_; }

  void bind(const ArrowArray& batch);
  /// As an import reads it; empty for null. It lives until the next call.
  std::string_view text(std::int64_t row);
  /// Puts the value into a field of this kind where it is of the same sort and fits exactly.
  bool put(std::int64_t row, const field_type& f, cell_sink& to) const;

 private:
  struct level {
    const std::uint8_t* validity;
    std::int64_t offset;
  };
  const ArrowArray& descend(const ArrowArray& batch, const std::vector<std::int64_t>& path,
                            std::vector<level>& above, std::int64_t& offset,
                            std::int64_t& needed) const;
  bool is_null(std::int64_t row) const;
  std::string_view word(std::int64_t at, const arrow_leaf& leaf, const arrow_array& places,
                        const std::vector<arrow_array>& words, std::string& room) const;

  const arrow_leaf* leaf_;
  std::vector<level> above_;
  std::int64_t offset_ = 0;  // of the structs above
  arrow_array values_;
  std::vector<arrow_array> words_;   // none, or one
  std::vector<arrow_array> entity_;  // none, or one
  std::vector<arrow_array> entity_words_;
  std::vector<level> entity_above_;
  std::string room_;
};

}  // namespace kith::inline v1::detail
