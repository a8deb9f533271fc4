// SPDX-License-Identifier: Apache-2.0
//
// Plans an undo: for each record of the sets, what of it still stands and what came later; then the
// sets' changes backwards, as far as nothing later contests them.
#include "core/change/undo_plan.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "core/change/packed_entries.hpp"
#include "core/change/record_touches.hpp"

namespace kith::inline v1::detail {
namespace {

// What of a feed's set matters here.
struct known_set {
  std::int64_t undoes = 0;
  record_id batch;
  std::map<record_key, std::vector<record_change>> changes;
};

struct decision {
  const entity_type* entity = nullptr;
  bool added = false;               // by one of the sets: it goes, whatever they changed of it
  bool remove = false;              // … and does so
  bool done = false;                // the step that removes it is there
  std::set<std::int64_t> presence;  // whose deletions and restorations are walked back
  std::map<std::uint16_t, std::set<std::int64_t>> fields;  // what to put back, by set
};

class planner {
 public:
  planner(connection& through, const model& of, const std::vector<change_set>& sets,
          const change_set& own)
      : connection_(through), model_(of), feed_(through, of), sets_(sets) {
    for (const change_set& s : sets) {
      taken_.insert(s.sequence);
      for (const record_change& c : s.changes) decisions_.try_emplace({c.entity, c.id.value});
    }
    for (const change_set& s : sets) know(s);
    know(own);
  }

  undo_plan plan() {
    for (auto& [key, d] : decisions_) decide(key, d);
    for (const change_set& s : sets_) {
      for (auto c = s.changes.rbegin(); c != s.changes.rend(); ++c) add_step(s.sequence, *c);
    }
    return std::move(plan_);
  }

 private:
  known_set& know(const change_set& s) {
    known_set& k = known_[s.sequence];
    k.undoes = s.undoes;
    k.batch = s.batch;
    for (const record_change& c : s.changes) {
      const record_key key{c.entity, c.id.value};
      if (decisions_.count(key) != 0) k.changes[key].push_back(c);
    }
    return k;
  }

  const known_set& known(std::int64_t sequence) {
    if (const auto k = known_.find(sequence); k != known_.end()) return k->second;
    const std::optional<change_set> s = feed_.at(sequence);
    if (s) return know(*s);
    throw error(error_code::damaged,
                "change set " + std::to_string(sequence) + " is missing, but records name it");
  }

  // An undo names one set, or, with the batch, all of its sets up to that one.
  bool takes_back(std::int64_t undo, std::int64_t of) {
    const known_set& u = known(undo);
    if (u.undoes == 0 || of > u.undoes) return false;
    if (of == u.undoes) return true;
    const known_set& o = known(of);
    return u.batch && o.batch == u.batch && o.undoes == 0;
  }

  // The sets that changed the record, newest first, back to the oldest that is taken back.
  std::vector<set_touch> sets_of(const record_key& key, const row& now) {
    std::vector<set_touch> found;
    for (std::int64_t at = now.system().revision; at >= *taken_.begin();) {
      const auto& changes = known(at).changes;
      const auto own = changes.find(key);
      if (own == changes.end()) break;
      found.push_back({at, &own->second});
      const std::int64_t before = own->second.front().previous;
      if (before >= at) break;
      at = before;
    }
    return found;
  }

  void contest(const decision& d, const record_key& key, std::string field, std::string why) {
    plan_.contested.push_back({d.entity, {key.second}, std::move(field), std::move(why)});
  }

  static std::string later(std::int64_t by, const char* what) {
    return "was " + std::string(what) + " later, by change set " + std::to_string(by) +
           "; take that one back first";
  }

  bool is_taken(std::int64_t sequence) const { return taken_.count(sequence) != 0; }

  // The newest set that stands in the way; 0: none. `free`: the sets that may be taken back.
  std::int64_t in_the_way(const standing& of, std::set<std::int64_t>& free) const {
    for (auto s = of.sets.rbegin(); s != of.sets.rend(); ++s) {
      if (!is_taken(*s)) return *s;
      free.insert(*s);
    }
    return 0;
  }
  bool any_is_taken(const standing& of) const {
    return std::any_of(of.sets.begin(), of.sets.end(), [&](auto s) { return is_taken(s); });
  }

  void decide(const record_key& key, decision& d) {
    d.entity = model_.find(key.first);
    if (d.entity == nullptr) {
      contest(d, key, {}, "is of an entity that this program does not know");
      return;
    }
    const row_ptr now = connection_.get(*d.entity, {key.second});
    if (!now) {
      contest(d, key, {}, "was erased; nothing of it comes back");
      return;
    }
    const std::vector<set_touch> sets = sets_of(key, *now);
    for (const set_touch& s : sets) {
      for (const record_change& c : *s.changes) {
        d.added = d.added || (is_taken(s.sequence) && c.what == change_kind::add);
        if (is_taken(s.sequence) && (c.what == change_kind::erase || has_erased_values(c))) {
          contest(d, key, {}, "had values that were erased; nothing of them comes back");
          return;
        }
        if (!is_taken(s.sequence) || c.what != change_kind::merge) continue;
        contest(d, key, {}, "was merged into another; an undo does not part them");
        return;
      }
    }
    const record_touches touches(*d.entity, *now, sets,
                                 [&](auto undo, auto of) { return takes_back(undo, of); });
    decide_presence(key, d, *now, touches);
    if (d.added || contested_as_a_whole_) return;
    decide_fields(key, d, !now->live() && d.presence.empty(), touches);
  }

  // Whether the record goes, comes back, or is as the undo would leave it.
  void decide_presence(const record_key& key, decision& d, const row& now,
                       const record_touches& touches) {
    contested_as_a_whole_ = false;
    const auto of = touches.fields().find(0);
    if (of == touches.fields().end()) return;
    if (!any_is_taken(of->second)) {
      if (of->second.sets.empty() && !d.added) d.presence = went_through(0, touches);
      return;
    }
    std::set<std::int64_t> free;
    const std::int64_t by = in_the_way(of->second, free);
    const std::vector<std::int64_t>& sets = of->second.sets;
    const auto lowest = std::find_if(sets.begin(), sets.end(), [&](auto s) { return is_taken(s); });
    const bool wanted = touches.left(*lowest, 0)->was_live;
    if (wanted == now.live()) return;
    contested_as_a_whole_ = true;
    if (by != 0) {
      contest(d, key, {}, later(by, wanted ? "deleted" : "restored"));
    } else if (wanted) {
      d.presence = std::move(free);
      contested_as_a_whole_ = false;
    } else if (const std::int64_t changed = changed_by_others(touches)) {
      contest(d, key, {}, later(changed, "changed"));
    } else if (d.added && d.entity->about->append_only) {
      plan_.history.emplace_back(d.entity, record_id{key.second});
    } else {
      d.remove = d.added;
      if (!d.added) d.presence = std::move(free);
      contested_as_a_whole_ = false;
    }
  }

  std::int64_t changed_by_others(const record_touches& touches) const {
    for (const auto& [number, of] : touches.fields()) {
      for (const std::int64_t s : of.sets) {
        if (!is_taken(s)) return s;
      }
    }
    return 0;
  }

  void decide_fields(const record_key& key, decision& d, bool gone, const record_touches& touches) {
    for (const auto& [number, of] : touches.fields()) {
      if (number == 0) continue;
      if (!any_is_taken(of)) {
        if (of.sets.empty() && !gone) d.fields[number] = went_through(number, touches);
        continue;
      }
      const std::string name(d.entity->field(number)->name());
      std::set<std::int64_t> free;
      const std::int64_t by = in_the_way(of, free);
      if (gone) {
        contest(d, key, name, "is of a record that is deleted; restore it first");
        continue;
      }
      if (by != 0) contest(d, key, name, later(by, "changed"));
      if (free.empty()) continue;
      if (!touches.left(*free.rbegin(), number)->is_still) {
        contest(d, key, name, "was changed again; see its history and decide");
        continue;
      }
      d.fields[number] = std::move(free);
    }
  }

  // What a set changed and left as it was is walked back, too: unique values went through it.
  std::set<std::int64_t> went_through(std::uint16_t number, const record_touches& touches) const {
    std::set<std::int64_t> through;
    for (const std::int64_t s : taken_) {
      const left_behind* const of = touches.left(s, number);
      if (of != nullptr && !of->differs && of->is_still) through.insert(s);
    }
    return through;
  }

  void add_step(std::int64_t sequence, const record_change& c) {
    decision& d = decisions_.at({c.entity, c.id.value});
    if (d.remove && !std::exchange(d.done, true)) add(undo_step::what::remove, d, c);
    const bool walked = d.presence.count(sequence) != 0;
    if (walked && c.what == change_kind::remove) add(undo_step::what::restore, d, c);
    if (walked && c.what == change_kind::restore) add(undo_step::what::remove, d, c);
    if (c.what != change_kind::update) return;
    std::vector<cell_before> cells;
    for (const cell_before& b : c.before) {
      const auto f = d.fields.find(b.field);
      if (f != d.fields.end() && f->second.count(sequence) != 0) cells.push_back(b);
    }
    if (!cells.empty()) add(undo_step::what::put_back, d, c, std::move(cells));
  }

  void add(undo_step::what act, const decision& d, const record_change& c,
           std::vector<cell_before> cells = {}) {
    plan_.steps.push_back({act, d.entity, c.id, std::move(cells)});
  }

  connection& connection_;
  const model& model_;
  feed_reader feed_;
  const std::vector<change_set>& sets_;
  std::set<std::int64_t> taken_;
  std::map<record_key, decision> decisions_;
  std::map<std::int64_t, known_set> known_;
  undo_plan plan_;
  bool contested_as_a_whole_ = false;
};

}  // namespace

undo_plan plan_undo(connection& through, const model& of, const std::vector<change_set>& sets,
                    const change_set& own) {
  return planner(through, of, sets, own).plan();
}

}  // namespace kith::inline v1::detail
