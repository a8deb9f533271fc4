// SPDX-License-Identifier: Apache-2.0
//
// Writing Arrow arrays.
#include "exchange/arrow/column.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace kith::inline v1::detail {
namespace {

constexpr std::uint64_t most_small = 1024;

// What an ArrowArray points to. A consumer may take parts out and release them by themselves.
struct array_memory {
  std::array<arrow_buffer, 3> buffers;
  std::array<const void*, 3> pointers{};
  std::vector<ArrowArray> parts;
  std::vector<ArrowArray*> part_pointers;
  ArrowArray dictionary{};

  ~array_memory() {
    for (ArrowArray& p : parts) {
      if (p.release != nullptr) p.release(&p);
    }
    if (dictionary.release != nullptr) dictionary.release(&dictionary);
  }
};

void release_array(ArrowArray* a) {
  if (a == nullptr || a->release == nullptr) return;
  a->release = nullptr;
  delete static_cast<array_memory*>(std::exchange(a->private_data, nullptr));
}

// Buffers without bytes are given, too: some readers take a null pointer amiss.
const void* shown(const arrow_buffer& b) {
  alignas(arrow_buffer::alignment) static constexpr std::byte nothing[arrow_buffer::alignment]{};
  return b.bytes() != nullptr ? b.bytes() : nothing;
}

void set_bit(arrow_buffer& bits, std::size_t at, bool to) {
  if (bits.size() * 8 <= at) bits.add_bytes(at / 8 + 1 - bits.size(), 0);
  auto* const byte = const_cast<std::byte*>(bits.bytes()) + at / 8;
  if (to) *byte |= std::byte{1} << (at % 8);
}

}  // namespace

// ------------------------------------------------------------------------------------------ words

void arrow_words::add(std::int64_t number, std::string_view text) {
  const auto place = static_cast<std::int32_t>(texts_.size());
  numbers_.push_back(number);
  texts_.emplace_back(text);
  const auto n = static_cast<std::uint64_t>(number);
  if (n >= most_small) return;
  if (n >= places_.size()) places_.resize(n + 1, -1);
  places_[n] = place;
}

std::int32_t arrow_words::find(std::int64_t number) {
  const auto known = std::find(numbers_.begin(), numbers_.end(), number);
  const auto place = static_cast<std::int32_t>(known - numbers_.begin());
  if (known == numbers_.end()) add(number, std::to_string(number));
  return place;
}

// ----------------------------------------------------------------------------------------- column

arrow_column::arrow_column(const arrow_type& type) : type_(&type) {
  for (const arrow_type& p : type.parts) parts_.emplace_back(p);
  begin();
}

bool arrow_column::has_offsets() const noexcept {
  return type_->layout == arrow_layout::text || type_->layout == arrow_layout::bytes ||
         type_->layout == arrow_layout::list;
}

void arrow_column::begin() {
  length_ = 0;
  nulls_ = 0;
  if (has_offsets()) values_.add(std::int32_t{0});
}

std::size_t arrow_column::bytes() const noexcept {
  std::size_t all = validity_.size() + values_.size() + text_.size();
  for (const arrow_column& p : parts_) all += p.bytes();
  return all;
}

void arrow_column::mark_null(std::size_t at) {
  if (validity_.size() * 8 <= at) validity_.add_bytes(at / 8 + 1 - validity_.size(), 0xff);
  const_cast<std::byte*>(validity_.bytes())[at / 8] &= ~(std::byte{1} << (at % 8));
  ++nulls_;
}

template <class T>
void arrow_column::add_fixed(T value) {
  values_.add(value);
  ++length_;
}

void arrow_column::add_null() {
  mark_null(length_);
  switch (type_->layout) {
    case arrow_layout::text:
    case arrow_layout::bytes:
      values_.add(static_cast<std::int32_t>(text_.size()));
      ++length_;
      return;
    case arrow_layout::list: return add_list();
    case arrow_layout::structure:
      for (arrow_column& p : parts_) p.add_null();
      return add_structure();
    case arrow_layout::real: return add_fixed(0.0);
    case arrow_layout::decimal: return add_fixed(wide{0});
    case arrow_layout::dictionary: return add_fixed(std::int32_t{0});
    default: return add_integer(0);
  }
}

void arrow_column::add_integer(std::int64_t n) {
  switch (type_->layout) {
    case arrow_layout::boolean:
      set_bit(values_, length_, n != 0);
      ++length_;
      return;
    case arrow_layout::date: return add_fixed(static_cast<std::int32_t>(n));
    case arrow_layout::dictionary: return add_fixed(words_.place_of(n));
    case arrow_layout::decimal: return add_fixed(static_cast<wide>(n));
    default: return add_fixed(n);
  }
}

void arrow_column::add_real(double x) { add_fixed(x); }
void arrow_column::add_decimal(wide units) { add_fixed(units); }

void arrow_column::add_text(std::string_view text) {
  text_.add_text(text);
  add_fixed(static_cast<std::int32_t>(text_.size()));
}

void arrow_column::add_list() { add_fixed(static_cast<std::int32_t>(parts_[0].length())); }

// ------------------------------------------------------------------------------------- many rows

template <class T>
void arrow_column::add_fixed_cells(std::span<const row_ptr> rows, slot_number slot) {
  T* to = values_.extend_by<T>(rows.size());
  for (const row_ptr& r : rows) {
    const std::int64_t n = r->integer(slot);
    *to++ = static_cast<T>(n);
    if (n == 0 && !r->has(slot)) mark_null(length_);
    ++length_;
  }
}

void arrow_column::add_text_cells(std::span<const row_ptr> rows, slot_number slot) {
  std::size_t more = 0;
  for (const row_ptr& r : rows) more += r->text(slot).size();
  auto* end = values_.extend_by<std::int32_t>(rows.size());
  auto at = static_cast<std::int32_t>(text_.size());
  std::byte* to = text_.extend(more);
  for (const row_ptr& r : rows) {
    const std::string_view text = r->text(slot);
    if (text.empty()) {
      if (!r->has(slot)) mark_null(length_);
    } else {
      std::memcpy(to, text.data(), text.size());
      to += text.size();
      at += static_cast<std::int32_t>(text.size());
    }
    *end++ = at;
    ++length_;
  }
}

void arrow_column::add_cells(std::span<const row_ptr> rows, slot_number slot) {
  if (is_system_slot(slot)) {
    for (const row_ptr& r : rows) {
      const cell c = r->at(slot, storage::integer);
      c.is_null() ? add_null() : add_integer(c.as_integer());
    }
    return;
  }
  switch (type_->layout) {
    case arrow_layout::integer:
    case arrow_layout::instant:
    case arrow_layout::length: return add_fixed_cells<std::int64_t>(rows, slot);
    case arrow_layout::date: return add_fixed_cells<std::int32_t>(rows, slot);
    case arrow_layout::decimal: return add_fixed_cells<wide>(rows, slot);
    case arrow_layout::text:
    case arrow_layout::bytes: return add_text_cells(rows, slot);
    case arrow_layout::real:
      for (const row_ptr& r : rows) r->has(slot) ? add_real(r->real(slot)) : add_null();
      return;
    default:
      for (const row_ptr& r : rows) r->has(slot) ? add_integer(r->integer(slot)) : add_null();
  }
}

// -------------------------------------------------------------------------------------- the array

void arrow_column::finish_words(ArrowArray& out) const {
  const arrow_type texts;
  arrow_column words(texts);
  for (const std::string& t : words_.texts()) words.add_text(t);
  words.finish(out);
}

void arrow_column::finish(ArrowArray& out) {
  auto kept = std::make_unique<array_memory>();
  const std::size_t room[] = {values_.size(), text_.size()};
  kept->parts.resize(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    parts_[i].finish(kept->parts[i]);
    kept->part_pointers.push_back(&kept->parts[i]);
  }
  const bool has_words = type_->layout == arrow_layout::dictionary;
  if (has_words) finish_words(kept->dictionary);
  if (nulls_ != 0) validity_.add_bytes((length_ + 7) / 8 - validity_.size(), 0xff);
  kept->buffers = {std::move(validity_), std::move(values_), std::move(text_)};
  kept->pointers = {nulls_ != 0 ? kept->buffers[0].bytes() : nullptr, shown(kept->buffers[1]),
                    shown(kept->buffers[2])};
  out = {};
  out.length = static_cast<std::int64_t>(length_);
  out.null_count = static_cast<std::int64_t>(nulls_);
  const bool has_text = has_offsets() && type_->layout != arrow_layout::list;
  out.n_buffers = type_->layout == arrow_layout::structure ? 1 : has_text ? 3 : 2;
  out.buffers = kept->pointers.data();
  out.n_children = static_cast<std::int64_t>(kept->parts.size());
  out.children = kept->part_pointers.empty() ? nullptr : kept->part_pointers.data();
  out.dictionary = has_words ? &kept->dictionary : nullptr;
  out.release = release_array;
  out.private_data = kept.release();
  // The next batch is about as large.
  values_.reserve(room[0]);
  text_.reserve(room[1]);
  begin();
}

}  // namespace kith::inline v1::detail
