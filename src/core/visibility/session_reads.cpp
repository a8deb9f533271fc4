// SPDX-License-Identifier: Apache-2.0
//
// What this session may see, for its own reading: the connection that leaves out what is hidden,
// and single rows as they may be shown.
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "core/visibility/seen_rows.hpp"

namespace kith::inline v1 {

using detail::onlooker;
using detail::seen_connection;

std::shared_ptr<const detail::sight> session::state::sees() {
  const instant now = eng->now();
  if (sight_ == nullptr || sight_->of() != model || !sight_->lasts(now)) {
    sight_ = std::make_shared<detail::sight>(model, *options.sees, now, options.zone);
  }
  return sight_;
}

connection& session::state::seen_rows() {
  if (!is_limited()) return rows();
  const auto by = sees();
  if (seen_ == nullptr) {
    seen_ = std::make_shared<seen_connection>(rows(), by, past, options.zone);
  }
  seen_->use(by);
  return *seen_;
}

engine::lease session::state::seen_through(engine::lease own) {
  return {nullptr, std::make_unique<seen_connection>(std::move(own), sees(), past, options.zone)};
}

detail::bind_context session::state::asking(const parameters& values) {
  detail::bind_context context = binding(values);
  if (is_limited()) context.masks = sees();
  return context;
}

detail::bind_context session::state::showing(const parameters& values) {
  detail::bind_context context = asking(values);
  context.masked_is_null = true;
  return context;
}

void session::state::require_full_sight(std::string_view act) const {
  if (!is_limited()) return;
  throw error(error_code::denied, "a session that does not see everything may not " +
                                      std::string(act) + "; open one without a visibility");
}

void session::state::require_readable(const entity_type& e, const field_type& f) {
  if (!is_limited() || !sees()->masks(e, f)) return;
  throw error(error_code::denied,
              std::string(e.name()) + "." + std::string(f.name()) +
                  " is not shown to this session; look for something else",
              {std::string(e.name()), 0, std::string(f.name())});
}

bool session::state::may_see(const entity_type& e, const row_ptr& r) {
  if (!is_limited()) return true;
  seen_rows();
  return onlooker(*seen_, false).sees(e, *with_keys(e, r));
}

bool session::state::may_see(const entity_type& e, record_id id) {
  if (!is_limited()) return true;
  seen_rows();
  onlooker look(*seen_, false);
  if (sees()->on(e).restricted()) return look.sees(e.number, id);
  return static_cast<bool>(rows().get(e, id));
}

row_ptr session::state::as_shown(const entity_type& e, const row_ptr& r) {
  if (!is_limited()) return r;
  seen_rows();
  const auto computed = detail::all_computed(sees()->on(e));
  return onlooker(*seen_, false).shown(e, computed.empty() ? r : with_keys(e, r), computed);
}

row_ptr session::state::as_shown_then(const entity_type& e, const row_ptr& r) {
  if (!is_limited() || !r) return r;
  seen_rows();
  return onlooker(*seen_, false).shown_then(e, r);
}

// A merged record answers its survivor, when that is seen, too.
row_ptr session::state::seen_survivor(const entity_type& e, record_id id) {
  settle();
  row_ptr r = seen().get(e, id);
  for (int steps = 0; r && steps < 100; ++steps) {
    const row_ptr whole = rows().get(e, id);
    if (!whole || !whole->system().merged_into) break;
    id = whole->system().merged_into;
    r = seen().get(e, id);
  }
  if (tx == nullptr) saw_new_data();
  return r;
}

}  // namespace kith::inline v1
