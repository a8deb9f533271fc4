// SPDX-License-Identifier: Apache-2.0
//
// What a stranger's stream says it holds: its schema as flat columns. The struct of an amount and
// a currency is two columns as a file would have them (`amount`, `amount.currency`), that of an
// entity and an id is one, any other struct has a column for each part (`address.city`).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kith/exchange/arrow.hpp"

namespace kith::inline v1::detail {

/// How the values of an array are laid out.
enum class arrow_form : std::uint8_t {
  nothing,  // n
  boolean,  // b
  whole,    // c s i l
  natural,  // C S I L
  real,     // f g
  decimal,  // d:precision,scale,bits
  text,     // u U vu
  bytes,    // z Z vz w:size
  days,     // tdD
  moments,  // ts…: with a zone, UTC; without, of a wall clock; tdm
  length,   // tD…
  refused,  // everything else; `why` says what
};

/// A column, or the values of its dictionary.
struct arrow_leaf {
  std::string name;
  arrow_form form = arrow_form::refused;
  std::uint8_t width = 0;  ///< bytes of a value; of an offset, for texts and bytes
  bool views = false;      ///< texts and bytes as views of 16 bytes
  bool zoned = false;      ///< moments are UTC
  int size = 0;            ///< of bytes of a fixed size, else 0
  int scale = 0;           ///< of decimals
  std::int64_t per_second = 1;
  std::string why{};
  std::vector<arrow_leaf> words{};          ///< of a dictionary, one; the form is that of places
  std::vector<std::int64_t> path{};         ///< children from the row's struct down
  std::vector<std::int64_t> entity_path{};  ///< of an id: where its entity is
  std::vector<arrow_leaf> entity{};         ///< of an id: how its entity is written, one

  bool is_dictionary() const noexcept { return !words.empty(); }
};

/// The columns of the stream's rows. error_code::invalid for a schema that is none.
std::vector<arrow_leaf> read_columns(const ArrowSchema& rows);

}  // namespace kith::inline v1::detail
