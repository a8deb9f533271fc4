// SPDX-License-Identifier: Apache-2.0
//
// Reading programs.
#include "storage/memory/terms.hpp"

#include <algorithm>

namespace kith::inline v1::memory {
namespace {

using code_span = std::span<const instruction>;

bool is_comparison(op code) {
  return code == op::equal || (code >= op::less && code <= op::greater_equal);
}

// Reads one term from the front; how many instructions it has, or 0.
std::size_t read_term(code_span code, unsigned condition, std::vector<term>& to) {
  if (code.size() < 2 || code[0].code != op::load) return 0;
  term t{code[0].slot, code[0].type, op::equal, {}, {}, condition};
  if (code[1].code == op::is_null) {
    to.push_back(t);
    return 2;
  }
  std::size_t constants = 0;
  while (constants + 1 < code.size() && code[constants + 1].code == op::constant) ++constants;
  if (constants == 0 || constants + 1 == code.size()) return 0;
  const instruction& last = code[constants + 1];
  if (last.code == op::in_list && last.count == constants) {
    t.what = op::in_list;
    t.list = code.subspan(1, constants);
  } else if (constants == 1 && is_comparison(last.code) && !code[1].constant.is_null()) {
    t.what = last.code;
    t.value = code[1].constant;
  } else {
    return 0;
  }
  to.push_back(t);
  return constants + 2;
}

}  // namespace

bool is_takeable(const program& condition) {
  const auto known = [](const instruction& i) {
    switch (i.code) {
      case op::load_path:
      case op::hop:
      case op::related:
      case op::date_of:       // these two depend on the session's zone,
      case op::start_of_day:  // which a store does not know
        return false;
      default:
        return (i.code >= op::constant && i.code <= op::coalesce) ||
               (i.code >= op::add && i.code <= op::round_currency_even);
    }
  };
  return !condition.empty() && std::all_of(condition.code.begin(), condition.code.end(), known);
}

bool read_terms(const program& condition, unsigned number, std::vector<term>& to) {
  const std::size_t before = to.size();
  code_span rest = condition.code;
  while (const std::size_t size = read_term(rest, number, to)) rest = rest.subspan(size);
  const std::size_t count = to.size() - before;
  const bool joined = rest.size() == 1 && count > 1 &&
                      ((rest[0].code == op::and_ && rest[0].count == count) ||
                       (rest[0].code == op::only_if && count == 2));
  if (((rest.empty() && count == 1) || joined) && to.size() <= most_terms) return true;
  to.resize(before);
  return false;
}

}  // namespace kith::inline v1::memory
