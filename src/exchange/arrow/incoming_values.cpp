// SPDX-License-Identifier: Apache-2.0
//
// Columns of batches: the way down through structs, dictionaries, and values without text between.
#include "exchange/arrow/incoming_values.hpp"

#include <cmath>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::int64_t most_offset = std::int64_t{1} << 48;

[[noreturn]] void refuse(const arrow_leaf& leaf, const std::string& why) {
  throw error(error_code::invalid, "column '" + shortened(leaf.name) + "' " + why,
              {{}, 0, shortened(leaf.name)});
}

// units / 10^from as units / 10^to, when that is exact.
bool rescaled(wide units, int from, int to, std::int64_t& out) {
  if (from - to > max_power_of_ten || to - from > max_power_of_ten) return false;
  if (to >= from) {
    if (!checked_multiply(units, power_of_ten(to - from), units)) return false;
  } else {
    if (units % power_of_ten(from - to) != 0) return false;
    units /= power_of_ten(from - to);
  }
  if (!fits_int64(units)) return false;
  out = static_cast<std::int64_t>(units);
  return true;
}

}  // namespace

arrow_values::arrow_values(const arrow_leaf& leaf) : leaf_(&leaf), values_(leaf) {
  for (const arrow_leaf& w : leaf.words) words_.emplace_back(w);
  for (const arrow_leaf& e : leaf.entity) {
    entity_.emplace_back(e);
    for (const arrow_leaf& w : e.words) entity_words_.emplace_back(w);
  }
}

// A value of a struct stands where its struct does: offsets add up on the way down.
const ArrowArray& arrow_values::descend(const ArrowArray& batch,
                                        const std::vector<std::int64_t>& path,
                                        std::vector<level>& above, std::int64_t& offset,
                                        std::int64_t& needed) const {
  const ArrowArray* at = &batch;
  above.clear();
  offset = 0;
  needed = batch.length;
  if (needed > most_offset) refuse(*leaf_, "is in a batch of more rows than memory has");
  for (const std::int64_t child : path) {
    if (at->release == nullptr) refuse(*leaf_, "is in an array that was released");
    if (at->offset < 0 || at->offset > most_offset || at->length < needed) {
      refuse(*leaf_, "is in a struct of " + std::to_string(at->length) + " rows at offset " +
                         std::to_string(at->offset) + ", where " + std::to_string(needed) +
                         " are needed");
    }
    if (child >= at->n_children || at->children == nullptr || at->children[child] == nullptr) {
      refuse(*leaf_, "is missing in a batch");
    }
    if (at->n_buffers != 1 || at->buffers == nullptr) {
      refuse(*leaf_, "is in a struct of " + std::to_string(at->n_buffers) + " buffers");
    }
    if (at->buffers[0] == nullptr && at->null_count > 0) {
      refuse(*leaf_, "is in a struct that has nulls, but does not say where");
    }
    offset += at->offset;
    needed += at->offset;
    if (offset > most_offset) refuse(*leaf_, "is at an offset that no memory has");
    above.push_back({static_cast<const std::uint8_t*>(at->buffers[0]), offset});
    at = at->children[child];
  }
  return *at;
}

void arrow_values::bind(const ArrowArray& batch) {
  std::int64_t needed = 0;
  const ArrowArray& own = descend(batch, leaf_->path, above_, offset_, needed);
  values_.bind(own, needed);
  if (!words_.empty()) words_[0].bind(*own.dictionary, 0);
  if (entity_.empty()) return;
  std::int64_t offset = 0;
  const ArrowArray& entity = descend(batch, leaf_->entity_path, entity_above_, offset, needed);
  entity_[0].bind(entity, needed);
  if (!entity_words_.empty()) entity_words_[0].bind(*entity.dictionary, 0);
}

bool arrow_values::is_null(std::int64_t row) const {
  for (const level& l : above_) {
    const std::int64_t at = l.offset + row;
    if (l.validity != nullptr && (l.validity[at / 8] >> (at % 8) & 1) == 0) return true;
  }
  return values_.is_null(offset_ + row);
}

std::string_view arrow_values::word(std::int64_t at, const arrow_leaf& leaf,
                                    const arrow_array& places,
                                    const std::vector<arrow_array>& words,
                                    std::string& room) const {
  if (words.empty()) return places.text(at, room);
  std::int64_t place = 0;
  const bool fits = places.integer(at, place);
  if (!fits || place < 0 || place >= words[0].length()) {
    refuse(leaf, "names place " + (fits ? std::to_string(place) : "2^63 or more") +
                     " of a dictionary of " + std::to_string(words[0].length()));
  }
  return words[0].is_null(place) ? std::string_view() : words[0].text(place, room);
}

std::string_view arrow_values::text(std::int64_t row) {
  if (is_null(row)) return {};
  const std::int64_t at = offset_ + row;
  if (entity_.empty()) return word(at, *leaf_, values_, words_, room_);
  if (entity_[0].is_null(at)) return {};
  std::string id_room, entity_room;
  const std::string_view id = word(at, *leaf_, values_, words_, id_room);
  const std::string_view entity =
      word(at, leaf_->entity[0], entity_[0], entity_words_, entity_room);
  room_ = std::string(entity) + ":" + std::string(id);
  return room_;
}

bool arrow_values::put(std::int64_t row, const field_type& f, cell_sink& to) const {
  if (leaf_->is_dictionary() || !entity_.empty()) return false;
  const std::int64_t at = offset_ + row;
  std::int64_t n = 0;
  const auto put_number = [&](bool right) {
    if (right) to.put(0, cell::integer(n));
    return right;
  };
  switch (f.def->kind) {
    case kind_id::integer:
    case kind_id::ref: {
      const bool number = leaf_->form == arrow_form::whole || leaf_->form == arrow_form::natural;
      return put_number(number && values_.integer(at, n) &&
                        (f.def->kind == kind_id::integer || n > 0));
    }
    case kind_id::boolean:
      if (leaf_->form != arrow_form::boolean) return false;
      n = values_.truth(at) ? 1 : 0;
      return put_number(true);
    case kind_id::date:
      return put_number(leaf_->form == arrow_form::days && values_.integer(at, n));
    case kind_id::instant: {
      const bool moment = leaf_->form == arrow_form::moments && leaf_->zoned;
      if (!moment || !values_.integer(at, n)) return false;
      const wide microseconds = static_cast<wide>(n) * 1'000'000;
      if (microseconds % leaf_->per_second != 0) return false;
      const wide exact = microseconds / leaf_->per_second;
      n = static_cast<std::int64_t>(exact);
      return put_number(fits_int64(exact) && instant{n}.valid());
    }
    case kind_id::real: {
      if (leaf_->form != arrow_form::real || leaf_->width != 8) return false;
      const double x = values_.real(at);
      if (!std::isfinite(x)) return false;
      to.put(0, cell::real(x));
      return true;
    }
    case kind_id::decimal: {
      wide units = 0;
      return put_number(leaf_->form == arrow_form::decimal && values_.decimal_units(at, units) &&
                        rescaled(units, leaf_->scale, f.def->options.scale, n));
    }
    case kind_id::blob:
      if (leaf_->form != arrow_form::bytes) return false;
      to.put(0, cell::blob(values_.bytes(at)));
      return true;
    default: return false;
  }
}

}  // namespace kith::inline v1::detail
