// SPDX-License-Identifier: Apache-2.0
//
// In a host's database (capabilities::guest): nothing that was read before counts when a call
// begins, and listeners wait until the host's transaction has lasted.
#include <algorithm>

#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "core/system.hpp"

namespace kith::inline v1 {

using system::change_set_row;
using system::store_format;

// Between two calls the host may have committed, or taken back records, sequences, fields.
void session::state::look_at_host() {
  if (tx != nullptr || past) return;  // the store itself watches over a transaction
  saw_new_data();
  eng->tell_lasting(rows(), false);
}

bool detail::has_columns_of(const entity_type& now, const entity_type& then) {
  const auto same = [](const column& a, const column& b) {
    return a.name == b.name && a.type == b.type && a.role == b.role;
  };
  return then.columns.size() <= now.columns.size() &&
         std::equal(then.columns.begin(), then.columns.end(), now.columns.begin(), same);
}

// A query is of the model that it was made with.
void session::state::require_layout(const query_spec& spec) const {
  if (!eng->is_guest() || past) return;
  const entity_type& now = newest(*spec.entity);
  if (&now == spec.entity) return;
  if (detail::has_columns_of(now, *spec.entity)) return;
  throw error(error_code::stale,
              "the query was made with fields of " + std::string(now.plural()) +
                  " that the host took back; make it again",
              {std::string(now.name()), 0, {}});
}

void engine::tell_later(detail::subscribers::place told, std::int64_t sequence,
                        const std::string& key) noexcept {
  if (told.is_empty()) return;
  try {
    untold next{{}, sequence, key};
    const std::lock_guard lock(mutex_);
    untold_.push_back(std::move(next));
    untold_.back().place = std::move(told);
  } catch (...) {  // no memory: the commit stands, and nobody is told
  }
}

// A set is known by its operation key: its sequence may have been given again. One that is gone was
// taken back; one that is there lasts when no transaction of the host is open, or when the host
// says so.
void engine::tell_lasting(connection& through, bool host_says_so) {
  const model_ptr now = model();
  const entity_type& sets = now->entity<change_set_row>();
  for (;;) {
    std::int64_t sequence = 0;
    std::string key;
    {
      const std::lock_guard lock(mutex_);
      if (untold_.empty()) return;
      sequence = untold_.front().sequence;
      key = untold_.front().operation_key;
    }
    const row_ptr set = through.get(sets, {sequence});
    const bool there = set && set->text(change_set_row::operation.slot()) == key;
    if (there && !host_says_so && through.provisional()) return;
    detail::subscribers::place told;
    {
      const std::lock_guard lock(mutex_);
      if (untold_.empty() || untold_.front().operation_key != key) continue;  // another thread did
      told = std::move(untold_.front().place);
      untold_.pop_front();
    }
    if (there) told.lasts();
  }
}

void engine::host_committed() {
  if (!is_guest()) return;
  store_->check();
  const lease through = connect();
  tell_lasting(*through, true);
}

// A version is the sequence of a change set, and one that was taken back is given again: then only
// the lines tell two models apart.
bool engine::is_newest(connection& through, const kith::model& known, const row& format) {
  if (is_guest() && before_adoption_ &&
      before_adoption_ == std::pair(format.integer(store_format::layout.slot()),
                                    format.integer(store_format::lines.slot()))) {
    throw error(error_code::closed,
                "the host took back the transaction in which the store was brought up to this "
                "program's model; open it again");
  }
  if (known.version() != format.integer(store_format::model_version.slot())) return false;
  if (!is_guest()) return true;
  const auto same = [](const model_entry& a, const model_entry& b) {
    return a.entity == b.entity && a.field == b.field && a.name == b.name &&
           a.definition == b.definition && a.retired == b.retired;
  };
  const std::vector<model_entry> lines = stored_lines(through, known);
  return std::equal(lines.begin(), lines.end(), known.entries().begin(), known.entries().end(),
                    same);
}

}  // namespace kith::inline v1
