// SPDX-License-Identifier: Apache-2.0
//
// The reference model: answers questions the slow and obvious way, record by record. It includes
// nothing of Kith's evaluator, binder or stores; what both agree on is what the documentation says.
//
//   expectation e = expect(w, q);     // e.answers: what Kith may say
#pragma once

#include "model_check/tree.hpp"

namespace kith::model_check {

/// A number that does not fit: error_code::limit.
struct overflow {};

// ----------------------------------------------------------------------- numbers
// (naive_number.cpp)

whole checked_sum(whole a, whole b);
whole checked_product(whole a, whole b);
whole power_of_ten(int n);
/// Rounded to the nearest; a half goes to the even number, or away from zero.
whole divided(whole a, whole b, bool half_even);
/// a + b, a - b, a * b, a / b of types that make_arithmetic() accepts.
datum calculate(op what, const tree& node, const datum& a, const datum& b);
/// The same value in another type that common_type() made of its own.
datum converted(const type& to, const type& from, const datum& d, const world& w);
datum rounded(const tree& node, const datum& d);
double as_real(const type& is, const datum& d);

// --------------------------------------------------------------------------- text (naive_text.cpp)

std::u32string code_points(const std::string& text);
/// What folded text is compared by: small letters, ё after е.
std::u32string folded(const std::string& text);
bool is_like(const std::u32string& text, const std::u32string& pattern);

// ----------------------------------------------------------------------------- values (naive.cpp)

class naive {
 public:
  explicit naive(const world& of) : world_(of) {}

  /// The value of a tree for a record. `result`: the record is a row of a result.
  datum value(const tree& t, const record_plan& r) const;
  bool holds(const tree_ptr& condition, const record_plan& r) const;
  /// The same for conditions that stand apart because all must hold: one that does not hold settles
  /// it, whatever the others run into.
  bool passes(const tree_ptr& condition, const record_plan& r) const;
  /// Constant parts are calculated before anything is read, and must fit 64 bits.
  void check_constants(const tree_ptr& t) const;

  /// Nulls first; text by its key when the type says so, money by currency and amount.
  static int order(const type& is, const datum& a, const datum& b);
  /// What a value is computed from, where it is not stored.
  datum value_of_field(int entity, int field, const record_plan& r) const;

 private:
  const record_plan* follow(const tree& t, const record_plan& r, std::size_t steps) const;
  datum path(const tree& t, const record_plan& r) const;
  datum related(const tree& t, const record_plan& r) const;
  datum compare(op what, const tree& a, const datum& x, const tree& b, const datum& y) const;
  datum logic(const tree& t, const record_plan& r) const;
  datum test(const tree& t, const record_plan& r) const;
  datum call(const tree& t, const record_plan& r) const;

  const world& world_;
};

// ------------------------------------------------------------------------ answers
// (naive_query.cpp)

/// An answer as lines: one for each record or row. An error is one line, `error limit`.
struct answer {
  std::vector<std::string> lines;
  bool empty = true;  ///< nothing was found
  std::string why{};  ///< of an error: the message

  friend bool operator==(const answer& a, const answer& b) { return a.lines == b.lines; }
};
answer error_answer(const std::string& code);

/// What may be answered: an overflow beyond the limit may go unnoticed, so sometimes there are two.
std::vector<answer> expect(const world& w, const question& q);

/// A value as both sides print it.
std::string shown(const type& is, const datum& d);

// --------------------------------------------------------------------- tables
// (naive_aggregate.cpp)

/// The rows of an aggregation over these records, as lines.
answer aggregate_answer(const world& w, const question& q,
                        const std::vector<const record_plan*>& records);

}  // namespace kith::model_check
