// SPDX-License-Identifier: Apache-2.0
//
// An expression bound to a model: kinds are gone, only cells are left. A program is a flat postfix
// list of instructions on a stack of cells; conditions are such programs, and so are the keys of
// an order. Stores receive them as they are (docs/decisions/0007-programs-and-scan.md).
//
//   deal::amount > eur(10)   =>   load 3, constant 'EUR', equal, load 2, constant 1000,
//                                 greater, only_if         (other currencies: unknown)
//
// Truth is integer 1 or 0, unknown is null: logic is three-valued.
#pragma once

#include <cstdint>
#include <forward_list>
#include <memory>
#include <string>
#include <vector>

#include "kith/core/cell.hpp"
#include "kith/core/entity.hpp"

namespace kith::inline v1 {

/// The operations. Numbers never change: plug-in stores see them. A store that meets one it does
/// not know leaves the whole condition to the core.
enum class op : std::uint16_t {
  constant = 1,   ///< push `constant`
  load = 2,       ///< push the row's cell at `slot`
  load_path = 3,  ///< push the cell at `slot` of the row that the following `count` hops lead to
  hop = 4,        ///< (after load_path) follow the reference at `slot` to a row of `entity`
  not_ = 5,
  and_ = 6,  ///< of the `count` topmost
  or_ = 7,
  is_null = 8,
  equal = 9,
  not_equal = 10,
  less = 11,
  less_equal = 12,
  greater = 13,
  greater_equal = 14,
  in_list = 15,   ///< is the cell below the `count` topmost among them
  like = 16,      ///< pattern on top; bytes are compared as code points
  only_if = 17,   ///< condition below, value on top: the value where the condition holds, else null
  coalesce = 18,  ///< the first of the `count` topmost that is not null
  related = 19,   ///< pops an id; aggregates rows of `entity` whose `slot` holds it: see below

  // The core evaluates these itself; stores may leave them.
  add = 32,
  subtract = 33,
  multiply = 34,
  divide = 35,  ///< exact numbers; `count` is the scale difference to gain, half even
  negate = 36,
  absolute = 37,
  scale_up = 38,        ///< times 10^count
  round_up = 39,        ///< drop `count` digits, half up
  round_even = 40,      ///< drop `count` digits, half even
  scale_currency = 41,  ///< currency on top, amount below: times 10^(count - exponent)
  round_currency = 42,  ///< currency on top, amount of scale `count` below: half up to the exponent
  to_real = 43,         ///< integer / 10^count
  add_real = 44,
  subtract_real = 45,
  multiply_real = 46,
  divide_real = 47,
  negate_real = 48,
  fold_text = 49,
  concat = 50,
  length = 51,
  year = 52,  ///< of a date
  month = 53,
  day = 54,
  date_of = 55,       ///< of an instant, in the session's zone
  start_of_day = 56,  ///< of a date, in the session's zone
  creation = 57,      ///< of an id: the instant when it was made, to the millisecond
  round_currency_even = 58,
};

/// One instruction. `related` has `aggregate` in `detail`; `count` further instructions that follow
/// it are the condition on the related row (none: all), and the `count2` after those its value.
struct instruction {
  op code = op::constant;
  slot_number slot = 0;
  std::uint16_t entity = 0;
  storage type = storage::null;  ///< of the cell that is pushed by load and load_path
  std::uint8_t detail = 0;
  std::uint32_t count = 0;
  std::uint32_t count2 = 0;
  cell constant;
};

/// The bytes of the constants of all programs that were bound together.
class constant_pool {
 public:
  /// The same cell, with bytes that live as long as the pool.
  cell keep(const cell& c) {
    if (!c.has_bytes()) return c;
    const std::string& bytes = bytes_.emplace_front(c.as_bytes());
    return c.type() == storage::text ? cell::text(bytes) : cell::blob(bytes);
  }

 private:
  std::forward_list<std::string> bytes_;
};

/// Instructions, and what keeps their constants alive.
struct program {
  std::vector<instruction> code;
  std::shared_ptr<const constant_pool> constants;

  bool empty() const noexcept { return code.empty(); }
  /// Whether it just pushes a cell of the row itself.
  bool is_load() const noexcept { return code.size() == 1 && code[0].code == op::load; }
};

/// One key of an order: a program for one cell.
struct order_term {
  program key;
  storage type = storage::integer;
  bool descending = false;
};

}  // namespace kith::inline v1
