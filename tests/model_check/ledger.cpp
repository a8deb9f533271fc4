// SPDX-License-Identifier: Apache-2.0
//
// What the documentation says about writing, done to copies of a world.
#include "model_check/ledger.hpp"

#include <algorithm>

namespace kith::model_check {

bool same(const datum& a, const datum& b) {
  if (!a.known || !b.known) return a.known == b.known;
  return a.units == b.units && a.real == b.real && a.text == b.text;
}

namespace {

// Calls visit(entity, field, record) for every reference to a record.
template <class World, class Visit>
void each_referring(World& w, std::int64_t handle, Visit visit) {
  for (std::size_t e = 0; e < w.entities.size(); ++e) {
    const auto& fields = w.entities[e].fields;
    for (auto& r : w.records[e]) {
      for (std::size_t f = 0; f < fields.size(); ++f) {
        const bool refers =
            is_reference(fields[f].is.kind) && r.values[f].known && r.values[f].units == handle;
        if (refers) visit(static_cast<int>(e), static_cast<int>(f), r);
      }
    }
  }
}

}  // namespace

ledger::ledger(world start, std::int64_t sequence) : before_(start), sequence_(sequence) {
  pages_.push_back({std::move(start)});
}

// ---------------------------------------------------------------------------------------- possible

bool ledger::possible(const step& s) const {
  const world& w = now();
  if (s.what == act::commit || s.what == act::roll_back) return depth() > 0;
  if (s.what == act::begin) return depth() < 3 && (s.key.empty() || depth() == 0);
  if (s.what == act::reopen) return depth() == 0;
  if (s.what == act::repeat) return depth() == 0 && !keys_.empty();
  if (s.what == act::look) return true;
  if (s.other && depth() > 0) return false;  // it would have to wait
  if (s.what == act::add_entity) {
    return std::none_of(w.entities.begin(), w.entities.end(),
                        [&](const entity_plan& e) { return e.name == s.made.name; });
  }
  if (static_cast<std::size_t>(s.entity) >= w.entities.size()) return false;
  const entity_plan& e = w.entities[static_cast<std::size_t>(s.entity)];
  if (s.what == act::add_field) {
    return s.field.is.target < static_cast<int>(w.entities.size());
  }
  if (s.what == act::retire_field) return e.fields.back().name == s.field.name;
  if (s.what == act::add) return w.find_anywhere(s.handle) == nullptr;
  if (s.what == act::import) return possible_import(s);
  if (s.what == act::save) {
    const auto r = readings_.find(s.draft);
    return r != readings_.end() && !r->second.unsure && r->second.entity == s.entity &&
           r->second.handle == s.handle && w.find(s.entity, s.handle) != nullptr;
  }
  if (s.what != act::remove) return true;
  bool clear = true;
  const std::set<std::int64_t> gone = taken_along(s.handle);
  for (const std::int64_t handle : gone) {
    each_referring(w, handle, [&](int of, int f, const record_plan& r) {
      const delete_policy policy =
          w.entities[static_cast<std::size_t>(of)].fields[static_cast<std::size_t>(f)].policy;
      const bool depends = policy == delete_policy::restrict || policy == delete_policy::clear;
      if (!r.deleted && depends && gone.contains(r.handle)) clear = false;
    });
  }
  return clear;
}

std::set<std::int64_t> ledger::taken_along(std::int64_t handle) const {
  const world& w = now();
  std::set<std::int64_t> gone{handle};
  std::vector<std::int64_t> open{handle};
  while (!open.empty()) {
    const std::int64_t next = open.back();
    open.pop_back();
    each_referring(w, next, [&](int e, int f, const record_plan& r) {
      const field_plan& by =
          w.entities[static_cast<std::size_t>(e)].fields[static_cast<std::size_t>(f)];
      if (r.deleted || by.policy != delete_policy::cascade) return;
      if (gone.insert(r.handle).second) open.push_back(r.handle);
    });
  }
  return gone;
}

// ------------------------------------------------------------------------------------ transactions

std::string ledger::apply(const step& s) {
  switch (s.what) {
    case act::begin:
      if (depth() == 0) key_ = s.key;
      pages_.push_back({now()});
      return "done";
    case act::commit: {
      page done = std::move(pages_.back());
      pages_.pop_back();
      page& under = pages_.back();
      if (!pages_.empty() && depth() == 0) before_ = under.w;
      under.w = std::move(done.w);
      under.wrote = under.wrote || done.wrote;
      under.touched.merge(done.touched);
      if (depth() == 0) finish();
      return "done";
    }
    case act::roll_back: pages_.pop_back(); return "done";
    case act::look:
    case act::reopen:
    case act::repeat: return "done";
    case act::take: return take(s);
    default: return done_or_back(s);
  }
}

// One step alone is a transaction, inside another a savepoint.
std::string ledger::done_or_back(const step& s) {
  const bool alone = depth() == 0;
  if (alone) key_.clear();
  pages_.push_back({now()});
  const std::string outcome = single(s);
  bool fails = outcome != "done" && (s.what != act::batch || s.all_or_nothing);
  if (s.what == act::import) fails = s.file.dry_run;
  if (!fails) compute_stored(pages_.back().w);
  apply({.what = fails ? act::roll_back : act::commit});
  return outcome;
}

void ledger::finish() {
  page& all = pages_.front();
  written_ = std::move(all.touched);
  if (all.wrote) {
    ++sequence_;
    if (!key_.empty()) keys_.push_back(key_);
  }
  all.wrote = false;
  all.touched.clear();
}

void ledger::touch(std::int64_t handle) {
  int entity = 0;
  if (now().find_anywhere(handle, &entity) != nullptr) {
    pages_.back().w.find(entity, handle)->written_by = sequence_ + 1;
  }
  pages_.back().touched.insert(handle);
  pages_.back().wrote = true;
}

// ------------------------------------------------------------------------------------------- steps

std::string ledger::single(const step& s) {
  world& w = pages_.back().w;
  switch (s.what) {
    case act::add: return add(s.entity, s.handle, s);
    case act::change: return change(s);
    case act::remove: return remove(s);
    case act::restore: return restore(s);
    case act::batch: return batch(s);
    case act::import: return import(s);
    case act::save: return save(s);
    case act::add_field:
      w.entities[static_cast<std::size_t>(s.entity)].fields.push_back(s.field);
      for (record_plan& r : w.records[static_cast<std::size_t>(s.entity)]) r.values.emplace_back();
      break;
    case act::retire_field:
      w.entities[static_cast<std::size_t>(s.entity)].fields.pop_back();
      for (record_plan& r : w.records[static_cast<std::size_t>(s.entity)]) r.values.pop_back();
      break;
    default: w.entities.push_back(s.made); w.records.emplace_back();
  }
  pages_.back().wrote = true;
  return "done";
}

// Which of these fields of a record are wrong.
std::set<int> ledger::broken_fields(const entity_plan& e, const record_plan& r,
                                    const std::set<int>& fields) const {
  std::set<int> wrong;
  for (const int at : fields) {
    const field_plan& f = e.fields[static_cast<std::size_t>(at)];
    const datum& d = r.values[static_cast<std::size_t>(at)];
    const bool missing = !d.known || (is_texty(f.is.kind) && d.text.empty());
    if (f.required && missing) wrong.insert(at);
    if (!d.known) continue;
    if (f.is.kind == kind_id::choice && (d.units < 1 || d.units > 3)) wrong.insert(at);
    if (!is_reference(f.is.kind)) continue;
    const auto handle = static_cast<std::int64_t>(d.units);
    const record_plan* const target = f.is.kind == kind_id::any_ref
                                          ? now().find_anywhere(handle)
                                          : now().find(f.is.target, handle);
    if (target == nullptr || target->deleted) wrong.insert(at);
  }
  return wrong;
}

// The unique fields whose value another live record has.
std::set<int> ledger::taken_fields(int entity, const record_plan& r) const {
  const auto& fields = now().entities[static_cast<std::size_t>(entity)].fields;
  std::set<int> taken;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (!fields[f].unique || !r.values[f].known) continue;
    for (const record_plan& other : now().records[static_cast<std::size_t>(entity)]) {
      const bool clashes = other.handle != r.handle && !other.deleted && other.values[f].known &&
                           naive::order(fields[f].is, other.values[f], r.values[f]) == 0;
      if (clashes) taken.insert(static_cast<int>(f));
    }
  }
  return taken;
}

std::string ledger::add(int entity, std::int64_t handle, const step& s) {
  const entity_plan& e = now().entities[static_cast<std::size_t>(entity)];
  record_plan r;
  r.handle = handle;
  r.values.resize(e.fields.size());
  std::set<int> all;
  for (std::size_t f = 0; f < e.fields.size(); ++f) {
    if (e.fields[f].computed) continue;
    all.insert(static_cast<int>(f));
    for (const auto& [name, d] : s.values) {
      if (name == e.fields[f].name) r.values[f] = d;
    }
  }
  if (std::string wrong = broken(e, r, all); !wrong.empty()) return wrong;
  if (is_taken(entity, r)) return "exists";
  insert(entity, std::move(r));
  return "done";
}

void ledger::insert(int entity, record_plan r) {
  const std::int64_t handle = r.handle;
  auto& records = pages_.back().w.records[static_cast<std::size_t>(entity)];
  const auto place =
      std::lower_bound(records.begin(), records.end(), handle,
                       [](const record_plan& o, std::int64_t h) { return o.handle < h; });
  records.insert(place, std::move(r));
  touch(handle);
}

std::string ledger::change(const step& s) {
  record_plan* const r = pages_.back().w.find(s.entity, s.handle);
  if (r == nullptr || r->deleted) return "not_found";
  const entity_plan& e = now().entities[static_cast<std::size_t>(s.entity)];
  record_plan next = *r;
  std::set<int> changed;
  for (std::size_t f = 0; f < e.fields.size(); ++f) {
    for (const auto& [name, d] : s.values) {
      if (name != e.fields[f].name || same(d, next.values[f])) continue;
      next.values[f] = d;
      changed.insert(static_cast<int>(f));
    }
  }
  if (changed.empty()) return "done";
  if (std::string wrong = broken(e, next, changed); !wrong.empty()) return wrong;
  if (is_taken(s.entity, next)) return "exists";
  *r = std::move(next);
  touch(s.handle);
  return "done";
}

std::string ledger::take(const step& s) {
  const record_plan* const r = now().find(s.entity, s.handle);
  if (r == nullptr) return "not_found";
  const entity_plan& e = now().entities[static_cast<std::size_t>(s.entity)];
  reading of{s.entity, s.handle, r->written_by, false, {}};
  for (std::size_t f = 0; f < e.fields.size(); ++f) {
    of.values[e.fields[f].name] = r->values[f];
    of.unsure = of.unsure || (depth() > 0 && e.fields[f].computed && !e.fields[f].on_read);
  }
  readings_[s.draft] = std::move(of);
  return "done";
}

// What others changed meanwhile stays, unless the draft changes it, too. A transaction's own work
// is not another's.
std::string ledger::save(const step& s) {
  const record_plan* const r = now().find(s.entity, s.handle);
  if (r == nullptr || r->deleted) return "not_found";
  const reading& then = readings_.at(s.draft);
  const std::int64_t mine = sequence_ + 1;
  const bool own = then.written_by == mine && r->written_by == mine;
  const entity_plan& e = now().entities[static_cast<std::size_t>(s.entity)];
  for (std::size_t f = 0; f < e.fields.size() && !own; ++f) {
    for (const auto& [name, d] : s.values) {
      if (name != e.fields[f].name || same(d, r->values[f])) continue;
      const auto was = then.values.find(name);
      if (!same(was == then.values.end() ? datum() : was->second, r->values[f])) return "conflict";
    }
  }
  return change(s);
}

std::string ledger::remove(const step& s) {
  world& w = pages_.back().w;
  const record_plan* const first = w.find(s.entity, s.handle);
  if (first == nullptr) return "not_found";
  if (first->deleted) return "done";
  const std::set<std::int64_t> gone = taken_along(s.handle);
  bool refused = false;
  for (const std::int64_t handle : gone) {
    each_referring(w, handle, [&](int e, int f, record_plan& r) {
      if (r.deleted || gone.contains(r.handle)) return;
      const delete_policy policy =
          w.entities[static_cast<std::size_t>(e)].fields[static_cast<std::size_t>(f)].policy;
      if (policy == delete_policy::restrict) refused = true;
      if (policy != delete_policy::clear) return;
      r.values[static_cast<std::size_t>(f)] = {};
      touch(r.handle);
    });
  }
  if (refused) return "invalid";
  for (const std::int64_t handle : gone) {
    int e = 0;
    w.find_anywhere(handle, &e);
    record_plan& r = *w.find(e, handle);
    r.deleted = true;
    r.deleted_by = sequence_ + 1;
    touch(handle);
  }
  return "done";
}

// What was deleted along comes back along.
std::string ledger::restore(const step& s) {
  world& w = pages_.back().w;
  record_plan* const first = w.find(s.entity, s.handle);
  if (first == nullptr) return "not_found";
  if (!first->deleted) return "done";
  std::vector<std::pair<int, record_plan*>> back{{s.entity, first}};
  first->deleted = false;
  for (std::size_t i = 0; i < back.size(); ++i) {
    each_referring(w, back[i].second->handle, [&](int e, int f, record_plan& r) {
      const field_plan& by =
          w.entities[static_cast<std::size_t>(e)].fields[static_cast<std::size_t>(f)];
      const bool along = r.deleted && r.deleted_by == first->deleted_by;
      if (!along || by.policy != delete_policy::cascade) return;
      r.deleted = false;
      back.emplace_back(e, &r);
    });
  }
  for (const auto& [e, r] : back) {
    touch(r->handle);
    if (is_taken(e, *r)) return "exists";
  }
  for (const auto& [e, r] : back) {
    const entity_plan& of = w.entities[static_cast<std::size_t>(e)];
    std::set<int> references;
    for (std::size_t f = 0; f < of.fields.size(); ++f) {
      const bool kept = of.fields[f].policy == delete_policy::keep;
      if (is_reference(of.fields[f].is.kind) && !kept) references.insert(static_cast<int>(f));
    }
    if (std::string wrong = broken(of, *r, references); !wrong.empty()) return wrong;
  }
  return "done";
}

std::string ledger::batch(const step& s) {
  std::string outcomes;
  bool all = true;
  for (const step& item : s.items) {
    const std::string one = add(s.entity, item.handle, item);
    if (s.all_or_nothing && one != "done") return one;
    all = all && one == "done";
    outcomes += (outcomes.empty() ? "" : ", ") + one;
  }
  return all ? "done" : outcomes;
}

}  // namespace kith::model_check
