// SPDX-License-Identifier: Apache-2.0
//
// A column of an Arrow record batch while it is written: values come one by one or for many rows
// at once, and leave as an ArrowArray that owns them. Nothing is allocated for a single value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/wide.hpp"
#include "exchange/arrow/buffer.hpp"
#include "exchange/arrow/type.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

/// The texts of a dictionary and the numbers that stand for them. Numbers that come without a text
/// get one: the number itself.
class arrow_words {
 public:
  void add(std::int64_t number, std::string_view text);
  /// The place of the number's text.
  std::int32_t place_of(std::int64_t number) {
    const auto n = static_cast<std::uint64_t>(number);
    if (n < places_.size() && places_[n] >= 0) return places_[n];
    return find(number);
  }
  const std::vector<std::string>& texts() const noexcept { return texts_; }

 private:
  std::int32_t find(std::int64_t number);

  std::vector<std::int32_t> places_;  // of small numbers
  std::vector<std::int64_t> numbers_;
  std::vector<std::string> texts_;
};

class arrow_column {
 public:
  explicit arrow_column(const arrow_type& type);

  std::size_t length() const noexcept { return length_; }
  /// All buffers, those of the parts included.
  std::size_t bytes() const noexcept;
  const arrow_type& type() const noexcept { return *type_; }
  arrow_column& part(std::size_t i) { return parts_[i]; }
  arrow_words& words() noexcept { return words_; }

  // One more value; which of these is said by the layout.
  void add_null();
  void add_integer(std::int64_t n);  ///< also truths, dates, times, numbers of choices
  void add_real(double x);
  void add_decimal(wide units);  ///< of the type's scale
  void add_text(std::string_view text);
  void add_structure() noexcept { ++length_; }  ///< its parts were added
  void add_list();                              ///< what was added to its part since the last one

  /// The cells of a slot, one for each row: layouts of one cell, decimals of the type's scale.
  void add_cells(std::span<const row_ptr> rows, slot_number slot);

  /// Gives the values away and begins anew.
  void finish(ArrowArray& out);

 private:
  template <class T>
  void add_fixed(T value);
  template <class T>
  void add_fixed_cells(std::span<const row_ptr> rows, slot_number slot);
  void add_text_cells(std::span<const row_ptr> rows, slot_number slot);
  void mark_null(std::size_t at);
  void begin();
  void finish_words(ArrowArray& out) const;
  bool has_offsets() const noexcept;

  const arrow_type* type_;
  std::size_t length_ = 0;
  std::size_t nulls_ = 0;
  arrow_buffer validity_;  // empty while there are no nulls
  arrow_buffer values_;    // or offsets
  arrow_buffer text_;
  std::vector<arrow_column> parts_;
  arrow_words words_;
};

}  // namespace kith::inline v1::detail
