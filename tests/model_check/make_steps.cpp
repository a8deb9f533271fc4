// SPDX-License-Identifier: Apache-2.0
//
// Random steps: mostly sensible, some refused; transactions in transactions, some taken back.
// Drafts are read, overtaken by others and saved all the same, with other steps in between.
#include <algorithm>
#include <deque>

#include "model_check/ledger.hpp"
#include "model_check/make_imports.hpp"

namespace kith::model_check {

world make_strict_model(std::uint64_t seed) {
  world w = make_model(seed);
  random dice(seed ^ 0x5eed);
  for (entity_plan& e : w.entities) {
    for (field_plan& f : e.fields) {
      if (!f.added && e.described) continue;
      if (f.is.kind == kind_id::ref && dice.percent(30)) f.policy = delete_policy::restrict;
      if (f.is.kind != kind_id::ref && !f.added && dice.percent(12)) f.required = true;
    }
  }
  return w;
}

namespace {

class step_maker {
 public:
  step_maker(const world& start, std::uint64_t seed) : dice_(seed), told_(start) {}

  std::vector<step> make(std::size_t count) {
    std::vector<step> all;
    while (all.size() < count) {
      step s = next();
      if (!told_.possible(s)) continue;
      const std::string outcome = told_.apply(s);
      const bool planned = !planned_.empty() && planned_.front().draft == s.draft;
      if (s.what == act::take && outcome == "done" && !planned) plan_draft(s);
      if (s.what == act::save && outcome == "conflict" && dice_.percent(70)) decide_anew(s);
      all.push_back(std::move(s));
    }
    while (told_.depth() > 0) {
      all.push_back({.what = act::commit});
      told_.apply(all.back());
    }
    return all;
  }

 private:
  const world& now() const { return told_.now(); }

  step next() {
    if (!planned_.empty() && dice_.percent(55)) {
      step s = std::move(planned_.front());
      planned_.pop_front();
      s.other = s.what == act::change && told_.depth() == 0 && dice_.percent(80);
      return s;
    }
    step s;
    s.what = choose();
    s.entity = static_cast<int>(dice_.below(dice_.percent(70) ? 4 : now().entities.size()));
    switch (s.what) {
      case act::begin:
        if (told_.depth() == 0 && dice_.percent(40)) s.key = "work " + std::to_string(++keys_);
        break;
      case act::add: fill(s); break;
      case act::change:
        s.other = told_.depth() == 0 && dice_.percent(30);
        fill_change(s);
        break;
      case act::import: fill_import(s); break;
      case act::take:
        s.draft = ++drafts_;
        s.handle = some_record(s.entity, false);
        break;
      case act::remove:
      case act::restore: s.handle = some_record(s.entity, s.what == act::restore); break;
      case act::batch: fill_batch(s); break;
      case act::add_field: s.field = new_field(s.entity); break;
      case act::retire_field:
        s.field = now().entities[static_cast<std::size_t>(s.entity)].fields.back();
        break;
      case act::add_entity: s.made = new_entity(); break;
      default: break;
    }
    // What was unique stays so among old records: nothing to be seen but at a restoration.
    const bool ours = s.field.name.starts_with("x_own") && !s.field.unique;
    if (s.what == act::retire_field && !ours) s.what = act::look;
    return s;
  }

  act choose() {
    const std::size_t other = dice_.below(100);
    if (other < 8) return act::import;
    if (other < 13) return act::take;
    const std::size_t chance = dice_.below(100);
    if (told_.depth() == 0) {
      if (chance < 34) return act::begin;
      if (chance < 38) return act::reopen;
      if (chance < 40) return act::repeat;
    } else {
      if (chance < 14) return act::commit;
      if (chance < 20) return act::roll_back;
      if (chance < 27) return act::begin;
      if (chance < 30) return act::look;
    }
    if (chance < 62) return act::add;
    if (chance < 77) return act::change;
    if (chance < 85) return act::remove;
    if (chance < 90) return act::restore;
    if (chance < 94) return act::batch;
    if (chance < 97) return act::add_field;
    if (chance < 99) return act::retire_field;
    return act::add_entity;
  }

  // Mostly a record; now and then a handle that nobody has.
  std::int64_t some_record(int entity, bool deleted) {
    const auto& all = now().records[static_cast<std::size_t>(entity)];
    if (all.empty() || dice_.percent(2)) return next_handle_ + 1000;
    for (int attempt = 0; attempt < 6; ++attempt) {
      const record_plan& r = dice_.pick(all);
      if (r.deleted == deleted) return r.handle;
    }
    return dice_.pick(all).handle;
  }

  datum some_value(const field_plan& f) {
    if (f.is.kind == kind_id::choice && dice_.percent(3)) return datum::of(9);
    if (!is_reference(f.is.kind)) return random_datum(dice_, f.is, f.extreme);
    const int target =
        f.is.kind == kind_id::any_ref ? static_cast<int>(dice_.below(2)) : f.is.target;
    const auto& all = now().records[static_cast<std::size_t>(target)];
    // A reference to any entity that nobody has would not say which entity it means.
    if (all.empty()) return {};
    if (dice_.percent(2) && f.is.kind != kind_id::any_ref) return datum::of(next_handle_ + 1000);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const record_plan& r = dice_.pick(all);
      if (!r.deleted) return datum::of(r.handle);
    }
    return datum::of(dice_.pick(all).handle);
  }

  void fill(step& s) {
    s.handle = ++next_handle_;
    for (const field_plan& f : now().entities[static_cast<std::size_t>(s.entity)].fields) {
      if (f.computed || !(f.required ? dice_.percent(97) : dice_.percent(70))) continue;
      s.values.emplace_back(f.name, some_value(f));
    }
  }

  void fill_change(step& s) {
    s.values.clear();
    s.handle = some_record(s.entity, false);
    const auto& fields = now().entities[static_cast<std::size_t>(s.entity)].fields;
    const auto most = dice_.between(1, 4);
    for (int i = 0; i < most; ++i) {
      const field_plan& f = dice_.pick(fields);
      const bool twice = std::any_of(s.values.begin(), s.values.end(),
                                     [&](const auto& v) { return v.first == f.name; });
      if (f.computed || twice) continue;
      s.values.emplace_back(f.name, dice_.percent(12) ? datum() : some_value(f));
    }
  }

  // The draft, what overtakes it, and its saving: often about the same fields.
  void plan_draft(const step& taken) {
    step theirs;
    theirs.what = act::change;
    theirs.entity = taken.entity;
    fill_change(theirs);
    theirs.handle = taken.handle;
    step mine = theirs;
    mine.what = act::save;
    mine.draft = taken.draft;
    if (dice_.percent(50)) fill_change(mine);
    mine.handle = taken.handle;
    for (auto& [name, d] : mine.values) {
      const entity_plan& e = now().entities[static_cast<std::size_t>(mine.entity)];
      if (dice_.percent(80)) d = some_value(e.fields[static_cast<std::size_t>(e.field(name))]);
    }
    if (dice_.percent(85)) planned_.push_back(std::move(theirs));
    planned_.push_back(std::move(mine));
  }

  // Read once more, what was refused is saved.
  void decide_anew(const step& refused) {
    step taken = refused;
    taken.what = act::take;
    taken.draft = ++drafts_;
    taken.values.clear();
    step again = refused;
    again.draft = taken.draft;
    planned_.push_front(std::move(again));
    planned_.push_front(std::move(taken));
  }

  void fill_import(step& s) {
    s.handle = next_handle_ + 1;
    auto file = random_file(dice_, now(), s.entity, next_handle_, told_.depth() == 0);
    if (!file) return;
    s.file = std::move(*file);
    next_handle_ += static_cast<std::int64_t>(s.file.rows.size());
  }

  void fill_batch(step& s) {
    s.all_or_nothing = dice_.percent(50);
    const auto most = dice_.between(1, 5);
    for (int i = 0; i < most; ++i) {
      step item;
      item.what = act::add;
      item.entity = s.entity;
      fill(item);
      s.items.push_back(std::move(item));
    }
  }

  field_plan new_field(int entity) {
    ++names_;
    field_plan f =
        random_field(dice_, names_, static_cast<int>(now().entities.size()), 1000 + names_);
    f.name = "x_own_" + f.name;
    f.added = true;
    const bool empty = now().records[static_cast<std::size_t>(entity)].empty();
    if (is_texty(f.is.kind) || f.is.kind == kind_id::integer)
      f.unique = dice_.percent(empty ? 50 : 30);
    if (f.is.kind == kind_id::ref && dice_.percent(40)) {
      f.policy = dice_.percent(50) ? delete_policy::restrict : delete_policy::cascade;
    }
    return f;
  }

  entity_plan new_entity() {
    entity_plan e;
    e.name = "x_made" + std::to_string(++names_);
    e.plural = e.name + "s";
    const auto fields = dice_.between(2, 5);
    for (int i = 0; i < fields; ++i) {
      ++names_;
      field_plan f = random_field(dice_, names_, 1, 1000 + names_);
      if (f.is.kind == kind_id::ref) f = plain_number();
      if (is_texty(f.is.kind) || f.is.kind == kind_id::integer) f.unique = dice_.percent(40);
      f.required = dice_.percent(15);
      e.fields.push_back(std::move(f));
    }
    return e;
  }
  field_plan plain_number() {
    field_plan f;
    f.name = "nu" + std::to_string(names_);
    return f;
  }

  random dice_;
  ledger told_;
  std::int64_t next_handle_ = 0;
  std::deque<step> planned_;  ///< follows when chance lets it
  int keys_ = 0;
  int names_ = 0;
  int drafts_ = 0;
};

}  // namespace

std::vector<step> make_steps(const world& start, std::uint64_t seed, std::size_t count) {
  return step_maker(start, seed).make(count);
}

}  // namespace kith::model_check
