// SPDX-License-Identifier: Apache-2.0
//
// Undo: change sets are taken back by a transaction of their own, as planned from the feed. What
// rules, constraints or references refuse is contested, too; then the rest is done anew without it
// (docs/decisions/0014-undo.md).
#include <algorithm>
#include <map>

#include "core/change/undo_plan.hpp"
#include "core/ids.hpp"
#include "core/session/state.hpp"
#include "core/system.hpp"

namespace kith::inline v1 {

using detail::record_key;
using detail::undo_plan;
using detail::undo_step;
using system::change_set_row;

namespace {

constexpr std::size_t most_violations = 1000;

// Everything that is in the way, as one error.
error conflict(const std::vector<contested_change>& contested) {
  violation_list found;
  for (const contested_change& c : contested) {
    if (found.size() == most_violations) break;
    found.push_back({c.entity == nullptr ? "" : std::string(c.entity->name()), c.field, "contested",
                     std::to_string(c.id.value),
                     "record " + std::to_string(c.id.value) + ": " + c.why});
  }
  return {error_code::conflict, std::move(found)};
}

class undo_run {
 public:
  undo_run(session::state& of, undo_plan plan) : s_(of), plan_(std::move(plan)) {
    for (const auto& [e, id] : plan_.history) history_.emplace(e->number, id.value);
  }

  /// Does what can be done; what cannot is in contested().
  void run(undo_mode mode) {
    bool whole = false;
    while (!whole) {
      s_.savepoint();
      whole = pass();
      if (whole || mode == undo_mode::all) {
        s_.release();
        return;
      }
      s_.rollback_to_savepoint();
      s_.require_whole();
    }
  }

  std::vector<contested_change> contested() const {
    std::vector<contested_change> all = plan_.contested;
    for (const auto& [key, fields] : refused_) {
      const entity_type* const e = s_.model->find(key.first);
      const auto whole = fields.find(0);
      if (whole != fields.end()) {
        all.push_back({e, {key.second}, {}, whole->second});
        continue;
      }
      for (const auto& [number, why] : fields) {
        all.push_back({e, {key.second}, std::string(e->field(number)->name()), why});
      }
    }
    for (const auto& [e, id] : plan_.history) {
      if (s_.eng->is_kept_by_rules(*e) || gone_.count({e->number, id.value}) != 0) continue;
      all.push_back({e, id, {}, "is history and stays; add a new one that corrects it"});
    }
    return all;
  }
  std::uint64_t records() const { return written_.size(); }

 private:
  // Whether nothing more was refused than was known before.
  bool pass() {
    written_.clear();
    gone_.clear();
    back_.clear();
    news_ = false;
    for (const undo_step& step : plan_.steps) {
      if (is_refused(step.key(), 0)) continue;
      switch (step.act) {
        case undo_step::what::remove: remove(*step.entity, step.id); break;
        case undo_step::what::restore: restore(step); break;
        case undo_step::what::put_back: put_back(step); break;
      }
    }
    for (const auto& [key, fields] : back_) check_references(key, fields);
    const std::set<record_key> removed = gone_;
    for (const record_key& key : removed) take_history_along(key);
    for (const record_key& key : removed) check_referrers(key);
    return !news_;
  }

  bool is_refused(const record_key& key, std::uint16_t field) const {
    const auto found = refused_.find(key);
    return found != refused_.end() && found->second.count(field) != 0;
  }
  void refuse(const record_key& key, std::uint16_t field, const std::string& why) {
    news_ = refused_[key].emplace(field, why).second || news_;
  }

  void remove(const entity_type& e, record_id id) {
    const row_ptr r = s_.rows().get(e, id, needed_cells::with_keys);
    if (!r || !r->live()) return;
    s_.write_lifecycle(e, r, true, change_kind::remove);
    written_.insert({e.number, id.value});
    gone_.insert({e.number, id.value});
  }

  void restore(const undo_step& step) {
    const row_ptr r = s_.rows().get(*step.entity, step.id, needed_cells::with_keys);
    if (!r || r->live()) return;
    try {
      s_.write_lifecycle(*step.entity, r, false, change_kind::restore);
    } catch (const error& e) {
      if (e.code() != error_code::exists) throw;
      refuse(step.key(), 0, e.message());
      return;
    }
    written_.insert(step.key());
    gone_.erase(step.key());
    back_[step.key()].insert(0);
  }

  void put_back(const undo_step& step) {
    while (true) {
      const row_ptr current = s_.rows().get(*step.entity, step.id, needed_cells::with_keys);
      if (!current || !current->live()) return;  // refused to come back, and told so
      any_draft d(current);
      std::set<std::uint16_t> fields;
      for (const cell_before& b : step.cells) {
        if (is_refused(step.key(), b.field)) continue;
        const field_type& f = *step.entity->field(b.field);
        d.put(static_cast<slot_number>(f.slot + b.part), b.before.view());
        fields.insert(b.field);
      }
      if (s_.drop_unchanged(*step.entity, d).empty()) return;
      const violation_list found = attempt(*step.entity, d, current);
      if (found.empty()) {
        written_.insert(step.key());
        back_[step.key()].insert(fields.begin(), fields.end());
        return;
      }
      if (!refuse_fields(step, fields, found)) return;
    }
  }

  // Refuses the fields that the violations name; false when the record as a whole is refused.
  bool refuse_fields(const undo_step& step, const std::set<std::uint16_t>& fields,
                     const violation_list& found) {
    bool named = false;
    for (const violation& v : found) {
      if (v.entity != step.entity->name()) continue;  // a reaction wrote another record
      const auto place = step.entity->find_field(v.field);
      if (!place || fields.count(place->field->number()) == 0) continue;
      refuse(step.key(), place->field->number(), v.message);
      named = true;
    }
    if (!named) refuse(step.key(), 0, found.front().message);
    return named;
  }

  // Writes the draft, or says what speaks against it; then nothing was written.
  violation_list attempt(const entity_type& e, any_draft& d, const row_ptr& current) {
    try {
      violation_list found;
      const bool reacts = !s_.eng->rules_of(e).react_to_undo.empty();
      s_.in_transaction(reacts, [&] {
        found = s_.check_put_back(e, d);
        if (found.empty()) write(e, d, current);
      });
      return found;
    } catch (const error& refused) {
      if (refused.code() == error_code::exists) {
        return {{refused.entity(), refused.field(), "unique", {}, refused.message()}};
      }
      if (refused.code() != error_code::invalid || refused.violations().empty()) throw;
      return refused.violations();
    }
  }

  void write(const entity_type& e, any_draft& d, const row_ptr& current) {
    const std::vector<slot_number> changed = s_.drop_unchanged(e, d);
    system_cells system = current->system();
    system.revision = s_.tx->sequence;
    s_.store_row({&e, current, s_.build(e, system, d), changed}, change_kind::update);
    s_.react_to_undo(e, d, current->id());
  }

  // `fields`: those that were put back; with 0, all.
  void check_references(const record_key& key, const std::set<std::uint16_t>& fields) {
    const entity_type& e = *s_.model->find(key.first);
    const row_ptr r = s_.rows().get(e, {key.second});
    if (!r || !r->live()) return;
    const any_draft same(r);
    for (const field_type& f : e.fields) {
      const bool kept = f.retired || f.def->on_delete == delete_policy::keep;
      const bool back = fields.count(f.number()) != 0;
      if (!f.is_stored() || !r->has(f.slot) || kept || !(back || fields.count(0) != 0)) continue;
      violation_list found;
      s_.check_reference(f, same, found);
      if (!found.empty()) refuse(key, back ? f.number() : std::uint16_t{0}, found[0].message);
    }
  }

  // History goes with the record it hangs on when it was added along with it, or when rules write
  // it: they note only what happened to that record.
  void take_history_along(const record_key& key) {
    const entity_type& e = *s_.model->find(key.first);
    for (const referrer& from : e.referrers) {
      const entity_type& history = *from.from;
      const bool along = from.by->def->on_delete == delete_policy::cascade;
      if (!along || !history.about->append_only || history.about->internal) continue;
      for (const row_ptr& r : s_.referring(history, *from.by, {key.second})) {
        const bool planned = history_.count({history.number, r->id().value}) != 0;
        if (planned || s_.eng->is_kept_by_rules(history)) remove(history, r->id());
      }
    }
  }

  // Who still names what went is later work, or stays because it is contested itself.
  void check_referrers(const record_key& key) {
    const entity_type& e = *s_.model->find(key.first);
    for (const referrer& from : e.referrers) {
      if (from.by->def->on_delete == delete_policy::keep || from.from->about->internal) continue;
      const std::vector<row_ptr> found = s_.referring(*from.from, *from.by, {key.second}, 1);
      if (found.empty()) continue;
      refuse(key, 0,
             "is named by " + std::string(from.by->name()) + " of the " +
                 std::string(from.from->name()) + " " + std::to_string(found[0]->id().value) +
                 ", which stays; delete or change that first");
      return;
    }
  }

  session::state& s_;
  undo_plan plan_;
  std::set<record_key> history_;
  std::map<record_key, std::map<std::uint16_t, std::string>> refused_;
  bool news_ = false;
  std::set<record_key> written_;
  std::set<record_key> gone_;
  std::map<record_key, std::set<std::uint16_t>> back_;
};

}  // namespace

undo_result session::state::undo(std::int64_t sequence, undo_mode mode) {
  return undo_sets("undo of " + std::to_string(sequence), mode, [&] {
    return undo_target{{sequence}, {}};
  });
}

undo_result session::state::undo_batch(record_id batch, undo_mode mode) {
  return undo_sets("undo of batch " + std::to_string(batch.value), mode,
                   [&] { return sets_of_batch(batch); });
}

session::state::undo_target session::state::sets_of_batch(record_id batch) {
  const entity_type& sets = model->entity<change_set_row>();
  const cell key[] = {cell::integer(batch.value)};
  undo_target found{{}, batch};
  for (const row_ptr& r : find_all_by(sets, *sets.field(change_set_row::batch.number), key, 0)) {
    if (!r->has(change_set_row::undoes.slot())) found.sequences.push_back(r->id().value);
  }
  if (found.sequences.empty()) {
    throw error(error_code::not_found, "no change set belongs to the batch " +
                                           std::to_string(batch.value) +
                                           "; it was trimmed, or there was none");
  }
  std::sort(found.sequences.rbegin(), found.sequences.rend());
  // The batch's record is older than its rows, and the moment of its making is in its id.
  const std::int64_t oldest = detail::feed_reader(rows(), *model).oldest();
  const std::int64_t feed_begins =
      rows().get(sets, {oldest})->integer(change_set_row::at.slot()) / 1000;
  const std::int64_t batch_begins = (batch.value >> detail::id_time_shift) + detail::id_epoch_ms;
  if (oldest > 1 && feed_begins > batch_begins) {
    found.contested.push_back({nullptr,
                               batch,
                               {},
                               "may have begun before change set " + std::to_string(oldest) +
                                   ", the oldest that was not trimmed; what it did there stays"});
  }
  return found;
}

// A change set tells of one undo, and an import's batch of rows that came in.
void session::state::require_no_undo() const {
  if (tx->options.batch) {
    throw error(error_code::misuse,
                "a transaction of an import takes nothing back; commit it first");
  }
  if (tx->undoes.set == 0) return;
  throw error(error_code::misuse, "the transaction takes change set " +
                                      std::to_string(tx->undoes.set) +
                                      " back already, and a set tells of one; commit it first");
}

change_set session::state::set_to_undo(std::int64_t sequence) {
  const row_ptr r = rows().get(model->entity<change_set_row>(), {sequence});
  if (!r) {
    throw error(error_code::not_found, "there is no change set " + std::to_string(sequence) +
                                           "; it was trimmed, or is not committed");
  }
  if (r->integer(change_set_row::model_version.slot()) == sequence) {
    throw error(error_code::unsupported,
                "change set " + std::to_string(sequence) +
                    " changed the model, which is not taken back; retire the field instead");
  }
  return *detail::feed_reader(rows(), *model).at(sequence);
}

undo_result session::state::undo_sets(std::string reason, undo_mode mode,
                                      const std::function<undo_target()>& target) {
  const bool own = tx == nullptr;
  undo_result result;
  in_transaction(true, [&] {
    if (own) {
      tx->options.from = origin::undo;
      tx->options.reason = std::move(reason);
    }
    require_no_undo();
    settle();
    const undo_target of = target();
    std::vector<change_set> sets;
    for (const std::int64_t sequence : of.sequences) sets.push_back(set_to_undo(sequence));
    undo_run run(*this, detail::plan_undo(rows(), *model, sets, pending_set()));
    run.run(mode);
    result.contested = run.contested();
    result.contested.insert(result.contested.begin(), of.contested.begin(), of.contested.end());
    if (mode == undo_mode::all && !result.contested.empty()) throw conflict(result.contested);
    result.records = run.records();
    if (result.records == 0) return;
    tx->undoes = {of.sequences.front(), of.batch};
    result.sequence = tx->sequence;
  });
  return result;
}

}  // namespace kith::inline v1
