// SPDX-License-Identifier: Apache-2.0
//
// Questions as the reference model sees them: trees with a type at every node. They are written as
// query text and as kith::expression (render.cpp), and evaluated by naive.cpp.
//
//   tree_ptr t = make_binary(op::equal, make_path(w, doc, {amount}), make_literal(...));
//
// A tree that has no meaning cannot be made: refused says why (error_code::query).
#pragma once

#include <array>
#include <optional>
#include <stdexcept>

#include "model_check/world.hpp"

namespace kith::model_check {

enum class op : std::uint8_t {
  literal,
  path,
  related,
  not_,
  and_,
  or_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  between,
  like,
  is_null,
  add,
  subtract,
  multiply,
  divide,
  concat,
  negate,
  call,
};
inline constexpr int op_count = static_cast<int>(op::call) + 1;

/// System cells as the last step of a path.
inline constexpr int id_step = -1;
inline constexpr int revision_step = -2;
inline constexpr int created_step = -3;
inline constexpr int deleted_step = -4;
inline constexpr std::string_view system_steps[] = {"id", "revision", "created", "deleted"};

struct tree {
  op what = op::literal;
  type is;
  std::vector<tree_ptr> args;
  bool constant = true;  ///< looks at no record

  // op::literal
  enum class form : std::uint8_t { text, placed, named, tree } as = form::text;
  datum value;
  bool as_text = false;  ///< given as text that the kind of its neighbour reads
  bool untyped = false;  ///< null

  // op::path, op::related
  int entity = 0;          ///< where it starts
  std::vector<int> steps;  ///< fields by index; the last may be a system step
  bool currency = false;   ///< only the currency of the money it leads to

  // op::related
  aggregate computes = aggregate::count;
  int relation = 0;
  tree_ptr of, where;

  // op::call
  function calls = function::today;
};

/// Why a question has no meaning.
struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

tree_ptr make_literal(const type& is, datum value, tree::form as = tree::form::text,
                      bool as_text = false);
tree_ptr make_null(tree::form as);
tree_ptr make_path(const world& w, int entity, std::vector<int> steps, bool currency = false);
/// Steps are the references before the relation.
tree_ptr make_related(const world& w, aggregate computes, int entity, std::vector<int> steps,
                      int relation, tree_ptr of, tree_ptr where);
tree_ptr make_logic(op what, std::vector<tree_ptr> args);  ///< and_, or_, not_
tree_ptr make_test(op what,
                   std::vector<tree_ptr> args);  ///< comparisons, in, between, like, is_null
tree_ptr make_arithmetic(op what, tree_ptr a, tree_ptr b = {});
tree_ptr make_call(function calls, std::vector<tree_ptr> args);

/// The power of ten from 1 up that an exact literal is: division by it is exact.
std::optional<int> power_of_literal(const tree& t);
/// The entity and field where a path ends; field -1 for a system cell.
std::pair<int, int> end_of(const world& w, const tree& path);

// ------------------------------------------------------------------------------------- questions

struct key_plan {
  tree_ptr by;
  bool descending = false;
};

struct measure_plan {
  std::string name;
  aggregate computes = aggregate::count;
  tree_ptr of;     ///< null for count(): records
  tree_ptr where;  ///< null: all
};

struct column_plan {
  std::string name;
  tree_ptr of;
};

/// What is asked and how.
struct question {
  enum class shape : std::uint8_t { list, pages, count, exists, first, select, aggregate, compute };

  shape as = shape::list;
  int entity = 0;
  tree_ptr where;  ///< null: all
  std::vector<key_plan> order;
  std::uint64_t limit = 0;
  lifecycle rows = lifecycle::live;
  std::vector<std::size_t> page_sizes;  ///< of pages, again and again
  std::vector<column_plan> columns;     ///< of select and compute; the groups of aggregate
  std::vector<measure_plan> measures;
  tree_ptr having;  ///< over the columns of the result: paths of one step into entity -1
  std::vector<std::pair<std::string, bool>> table_order;
  bool as_tree = false;         ///< asked with kith::expression instead of text
  bool in_transaction = false;  ///< asked inside a read transaction
  bool in_writing = false;      ///< asked inside a write transaction
};

/// The columns of an aggregation's result as an entity, for `having`.
entity_plan result_entity(const question& q);

}  // namespace kith::model_check
