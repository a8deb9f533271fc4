// SPDX-License-Identifier: Apache-2.0
//
// Retention: who is due by a rule, and erasing them one by one. What was done shows in the store
// itself, so that a run that was interrupted is simply run again.
#include <algorithm>

#include "core/erasure/erase.hpp"
#include "core/erasure/neutral.hpp"

namespace kith::inline v1::detail {
namespace {

// Whether there is still something to take.
bool is_left(session::state& s, const persons& who, const entity_type& e, const row_ptr& r) {
  if (!r->live() && is_erasure(s.rows(), *s.model, r->system().deleted)) return false;
  if (who.is_subject(e)) return true;
  const auto& personal = who.personal(e);
  return std::any_of(personal.begin(), personal.end(),
                     [&](const field_type* f) { return has_personal_value(e, *f, r); });
}

bool is_free(session::state& s, const persons& who, const entity_type& e, record_id id) {
  subject_file file(s.rows(), *s.model, who);
  file.collect(e, id);
  try {
    require_no_hold(s, file.members());
    return true;
  } catch (const error& held) {
    if (held.code() != error_code::denied) throw;
    return false;
  }
}

std::vector<record_id> due(session::state& s, const retention_rule& rule, std::size_t most) {
  return s.at_one_instant([&] {
    const entity_type& e = s.model->entity(rule.entity);
    const persons who(*s.model);
    if (who.personal(e).empty()) {
      throw error(error_code::misuse,
                  std::string(e.plural()) + " have no personal field; name those that have one",
                  {std::string(e.name()), 0, {}});
    }
    query_spec spec = parse_query(*s.model, e, rule.condition);
    spec.rows = lifecycle::all;
    std::vector<row_ptr> met;
    const auto found = s.run(spec);
    while (row_ptr r = found->next()) met.push_back(std::move(r));
    std::vector<record_id> all;
    for (const row_ptr& r : met) {
      if (most != 0 && all.size() == most) break;
      if (is_left(s, who, e, r) && is_free(s, who, e, r->id())) all.push_back(r->id());
    }
    return all;
  });
}

}  // namespace

std::vector<record_id> due(session::state& s, const retention_rule& rule) {
  s.require_full_sight("ask who is due");
  return due(s, rule, 0);
}

std::vector<erasure_report> apply(session::state& s, const retention_rule& rule, std::size_t most) {
  s.require_full_sight("erase");
  std::vector<erasure_report> done;
  if (most == 0) return done;
  for (const record_id id : due(s, rule, most)) {
    const entity_type& e = s.model->entity(rule.entity);
    try {
      done.push_back(erase_subject(s, e, id, {rule.reason, rule.legal_basis}));
    } catch (const error& refused) {
      // Held or erased by somebody else meanwhile: no longer due.
      const bool meanwhile =
          refused.code() == error_code::denied || refused.code() == error_code::not_found;
      if (!meanwhile || s.tx != nullptr) throw;
    }
  }
  return done;
}

}  // namespace kith::inline v1::detail
