// SPDX-License-Identifier: Apache-2.0
#include "model_check/feed_check.hpp"

#include <algorithm>

namespace kith::model_check {
namespace {

using cells = std::map<std::pair<int, int>, std::string>;  // (field number, part)

std::string text_of(cell c) {
  if (c.is_null()) return "null";
  if (c.type() == storage::real) return std::to_string(c.as_real() == 0 ? 0.0 : c.as_real());
  return c.has_bytes() ? "'" + std::string(c.as_bytes()) + "'" : std::to_string(c.as_integer());
}

// The values of a record that are not null, by the numbers of their fields.
cells cells_of(const loaded& in, const world& w, const entity_type& of, const entity_plan& e,
               const record_plan& r, const model& m) {
  cells all;
  for (std::size_t i = 0; i < e.fields.size(); ++i) {
    const field_plan& f = e.fields[i];
    const datum& d = r.values[i];
    if (f.on_read || !d.known) continue;
    const int number = of.field(f.name).field->number();
    const auto put = [&](int part, cell c) { all[{number, part}] = text_of(c); };
    if (is_texty(f.is.kind)) {
      put(0, cell::text(d.text));
    } else if (f.is.kind == kind_id::real) {
      put(0, cell::real(d.real));
    } else if (is_reference(f.is.kind)) {
      const auto handle = static_cast<std::int64_t>(d.units);
      put(0, cell::integer(in.id_of(handle)));
      int target = 0;
      w.find_anywhere(handle, &target);
      if (f.is.kind == kind_id::any_ref) {
        put(1, cell::integer(m.entity(w.entities[static_cast<std::size_t>(target)].name).number));
      }
    } else {
      put(0, cell::integer(static_cast<std::int64_t>(d.units)));
      if (f.is.kind == kind_id::money) put(1, cell::text(d.text));
    }
  }
  return all;
}

std::string differences(const cells& a, const cells& b) {
  std::string text;
  for (const auto& [at, v] : a) {
    const auto other = b.find(at);
    if (other != b.end() && other->second == v) continue;
    text += " field " + std::to_string(at.first) + "." + std::to_string(at.second) + " " + v +
            " and not " + (other == b.end() ? "null" : other->second);
  }
  for (const auto& [at, v] : b) {
    if (!a.contains(at)) text += " field " + std::to_string(at.first) + " null and not " + v;
  }
  return text;
}

constexpr const char* kinds[] = {"", "add", "update", "remove", "restore", "erase", "merge"};

}  // namespace

std::int64_t feed_check::revision(std::int64_t handle) const {
  const auto found = revisions_.find(handle);
  return found == revisions_.end() ? 0 : found->second;
}

std::string feed_check::newest(const ledger& told) {
  const std::vector<change_set> sets = in_.session().changes(sequence_, 10);
  if (told.sequence() == sequence_) {
    return sets.empty() ? "" : "a change set where nothing was written";
  }
  if (sets.size() != 1 || sets[0].sequence != sequence_ + 1) {
    return std::to_string(sets.size()) + " change sets after " + std::to_string(sequence_);
  }
  sequence_ = sets[0].sequence;
  sizes_[sequence_] = sets[0].changes.size();
  return check(sets[0], told);
}

std::string feed_check::check(const change_set& set, const ledger& told) {
  if (set.actor != "check") return "the actor is " + set.actor;
  if (!told.key().empty() && set.operation_key != told.key())
    return "the key is " + set.operation_key;
  std::map<std::int64_t, std::vector<const record_change*>> by_record;
  for (const record_change& c : set.changes) by_record[in_.handle_of(c.id.value)].push_back(&c);
  if (by_record.contains(0)) return "a change of a record that there is not";
  const world& after = told.committed();
  for (std::size_t e = 0; e < after.entities.size(); ++e) {
    for (const record_plan& r : after.records[e]) {
      const auto changes = by_record.find(r.handle);
      const record_plan* const before = told.before().find_anywhere(r.handle);
      static const std::vector<const record_change*> none;
      std::string wrong = check_record(changes == by_record.end() ? none : changes->second, before,
                                       r, told, static_cast<int>(e));
      if (!wrong.empty()) {
        return after.entities[e].name + "#" + std::to_string(r.handle) + ": " + wrong;
      }
      if (changes == by_record.end()) continue;
      revisions_[r.handle] = set.sequence;
      by_record.erase(changes);
    }
  }
  return by_record.empty() ? "" : "a change of #" + std::to_string(by_record.begin()->first);
}

std::string feed_check::check_record(const std::vector<const record_change*>& changes,
                                     const record_plan* before, const record_plan& after,
                                     const ledger& told, int entity) {
  const model& m = *in_.session().model();
  const entity_plan& plan = told.committed().entities[static_cast<std::size_t>(entity)];
  const entity_type& type = m.entity(plan.name);
  cells now = cells_of(in_, told.committed(), type, plan, after, m);
  const bool computed = std::any_of(plan.fields.begin(), plan.fields.end(),
                                    [](const field_plan& f) { return f.computed && !f.on_read; });
  if (!changes.empty() && !computed && !told.written().contains(after.handle)) {
    return "is in the feed, but nobody wrote it";
  }
  bool live = before != nullptr && !before->deleted;
  bool there = before != nullptr;
  std::int64_t previous = revision(after.handle);
  for (const record_change* c : changes) {
    const auto what = static_cast<std::size_t>(c->what);
    if (c->entity != type.number) return "is of another entity in the feed";
    if (c->previous != previous) {
      return std::string(kinds[what]) + " has " + std::to_string(c->previous) +
             " as the change before, not " + std::to_string(previous);
    }
    const bool fits = c->what == change_kind::add       ? !there
                      : c->what == change_kind::restore ? there && !live
                                                        : there && live;
    if (!fits) return std::string(kinds[what]) + " does not fit what was before";
    there = true;
    live = c->what != change_kind::remove;
    previous = sequence_;
  }
  if (!there) return "is missing in the feed";
  if (live == after.deleted) return "lives and dies in another way in the feed";
  for (auto c = changes.rbegin(); c != changes.rend(); ++c) {
    for (const cell_before& b : (*c)->before) {
      const std::pair<int, int> at{b.field, b.part};
      if (b.before.view().is_null()) {
        now.erase(at);
      } else {
        now[at] = text_of(b.before.view());
      }
    }
  }
  if (before == nullptr) return {};
  const entity_plan& old = told.before().entities[static_cast<std::size_t>(entity)];
  cells then = cells_of(in_, told.before(), type, old, *before, m);
  // What was retired meanwhile is no longer looked at.
  for (const field_plan& f : old.fields) {
    const auto same = [&](const field_plan& other) { return other.name == f.name; };
    if (std::any_of(plan.fields.begin(), plan.fields.end(), same)) continue;
    for (int part = 0; part < 2; ++part) {
      then.erase({type.field(f.name).field->number(), part});
      now.erase({type.field(f.name).field->number(), part});
    }
  }
  const std::string wrong = differences(now, then);
  return wrong.empty() ? "" : "taken back, the changes lead to" + wrong;
}

std::string feed_check::whole() {
  const std::vector<change_set> sets = in_.session().changes(0, 100'000);
  if (static_cast<std::int64_t>(sets.size()) != sequence_) return "the feed has gaps";
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].sequence != static_cast<std::int64_t>(i + 1)) return "the feed is out of order";
    const auto found = sizes_.find(sets[i].sequence);
    if (found != sizes_.end() && found->second != sets[i].changes.size()) {
      return "change set " + std::to_string(sets[i].sequence) + " has changed";
    }
  }
  return {};
}

}  // namespace kith::model_check
