// SPDX-License-Identifier: Apache-2.0
//
// Running programs on rows: a stack of cells whose whole numbers have 128 bits in between, so that
// only results must fit. What overflows is error_code::limit; what divides by zero is unknown.
//
//   evaluator e(source, zone);
//   if (e.holds(condition, *row)) …
#pragma once

#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/wide.hpp"
#include "kith/core/program.hpp"
#include "kith/core/row.hpp"
#include "kith/core/value/time.hpp"

namespace kith::inline v1::detail {

/// Where paths and relations lead. Implemented by whoever can read rows.
class row_source {
 public:
  /// The record that a reference names, deleted or not; null when there is none to be seen.
  virtual row_ptr referred(std::uint16_t entity, record_id id) = 0;
  /// Live rows of an entity whose cell at `slot` is `id`, in the order of their ids.
  virtual void each_related(std::uint16_t entity, slot_number slot, record_id id,
                            const std::function<bool(const row&)>& visit) = 0;

 protected:
  ~row_source() = default;
};

/// One cell on the stack.
struct stack_cell {
  storage type = storage::null;
  wide integer = 0;
  double real = 0;
  std::string_view bytes;

  bool is_null() const noexcept { return type == storage::null; }
};

class evaluator {
 public:
  evaluator(row_source* source, time_zone zone) : source_(source), zone_(zone) {}

  /// Whether the condition is true (not false, not unknown).
  bool holds(const program& condition, const row& r);
  /// The single result as a cell. Bytes live until the next call or as long as the row.
  cell result(const program& code, const row& r);
  /// The single result with its 128 bits.
  stack_cell wide_result(const program& code, const row& r);
  /// The result of code that looks at no row.
  cell constant_result(std::span<const instruction> code);

 private:
  using code_span = std::span<const instruction>;
  stack_cell run(code_span code, const row* r);
  void step(const instruction& i, code_span rest, const row* r);
  const row* follow(const instruction& i, code_span hops, const row* r);
  void related(const instruction& i, code_span rest);
  void logic(const instruction& i);
  void compare(const instruction& i);
  void in_list(const instruction& i);
  void whole(const instruction& i);
  void real(const instruction& i);
  void text(const instruction& i);
  void time(const instruction& i);

  stack_cell pop();
  void push(const stack_cell& c) { stack_.push_back(c); }
  void push_truth(std::optional<bool> t);
  void push_whole(wide n);

  row_source* source_;
  time_zone zone_;
  std::vector<stack_cell> stack_;
  std::forward_list<std::string> made_;  // texts made by the program that runs
  std::vector<row_ptr> followed_;        // rows whose bytes may be on the stack
};

/// Conversions between the two kinds of cells; error_code::limit when 64 bits are not enough.
stack_cell to_stack(const cell& c);
cell from_stack(const stack_cell& c);

}  // namespace kith::inline v1::detail
