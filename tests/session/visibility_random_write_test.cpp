// SPDX-License-Identifier: Apache-2.0
//
// Random writes of limited sessions against a naive model of the rights: which writes are refused
// and with what code, what is in the store afterwards, and what of it the session sees.
// KITH_LIMITED_WRITES says how many worlds are made for each store.
#include <gtest/gtest.h>

#include <map>

#include "environment.hpp"
#include "model_check/random.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using model_check::random;

/// A lab_strict as plain values.
struct sheet {
  std::string name, code, brief;  // empty: null
  std::int64_t grade = 0;         // 0: null
  std::int64_t parent = 0;
  bool deleted = false;
};

/// What a write gives; what it leaves out is nothing.
struct wish {
  std::optional<std::string> name, code, brief;
  std::optional<std::int64_t> grade, parent;
};

/// The rights, and the store, in as few words as possible.
struct paper {
  std::int64_t below = 5;  ///< sheets with a lower grade are seen
  bool masks_brief = false;
  bool read_only = false;
  bool full = false;  ///< of a session without limits
  std::map<std::int64_t, sheet>* all = nullptr;

  bool sees(std::int64_t id) const {
    const auto at = all->find(id);
    return at != all->end() && (full || sees(at->second));
  }
  bool sees(const sheet& s) const { return full || (s.grade != 0 && s.grade < below); }

  std::string refused(const sheet& now, const wish& w, std::int64_t self) const {
    if (read_only && !full) return "denied";
    if (self != 0 && !sees(self)) return "not_found";
    if (self != 0 && now.deleted) return "not_found";
    if (!full && masks_brief && w.brief && (self != 0 || !w.brief->empty())) return "denied";
    const sheet then = applied(now, w);
    if (then.name.empty()) return "invalid";
    if (then.grade < 0 || then.grade > 10) return "invalid";
    if (w.parent && *w.parent != 0 && !may_be_parent(*w.parent, self)) return "invalid";
    if (is_taken(then.code, self)) return "exists";
    if (self == 0 && !sees(then)) return "denied";
    return "done";
  }
  bool may_be_parent(std::int64_t id, std::int64_t self) const {
    if (!sees(id) || all->at(id).deleted) return false;
    for (std::int64_t up = id; up != 0 && self != 0; up = all->at(up).parent) {
      if (up == self) return false;
    }
    return true;
  }
  bool is_taken(const std::string& code, std::int64_t self) const {
    if (code.empty()) return false;
    for (const auto& [id, s] : *all) {
      if (id != self && !s.deleted && s.code == code) return true;
    }
    return false;
  }
  std::string refused_removal(std::int64_t id) const {
    if (read_only && !full) return "denied";
    if (!sees(id)) return "not_found";
    for (const auto& [other, s] : *all) {
      if (!s.deleted && s.parent == id && other != id) return "invalid";
    }
    return "done";
  }
  static sheet applied(sheet s, const wish& w) {
    if (w.name) s.name = *w.name;
    if (w.code) s.code = *w.code;
    if (w.brief) s.brief = *w.brief;
    if (w.grade) s.grade = *w.grade;
    if (w.parent) s.parent = *w.parent;
    return s;
  }
};

std::string line_of(std::int64_t id, const sheet& s) {
  return std::to_string(id) + "|" + s.name + "|" + s.code + "|" + s.brief + "|" +
         std::to_string(s.grade) + "|" + std::to_string(s.parent) + (s.deleted ? "|gone" : "") +
         "\n";
}

class random_limited_writes : public suite {
 protected:
  void world(std::uint64_t seed) {
    dice = random(seed);
    open();
    all.clear();
    gave.clear();
    mine = {.below = dice.between(2, 9),
            .masks_brief = dice.percent(40),
            .read_only = dice.percent(5),
            .all = &all};
    host = {.full = true, .all = &all};
    auto rights = std::make_shared<visibility>();
    rights->only(strict::grade < mine.below);
    if (mine.masks_brief) rights->mask(strict::brief);
    if (mine.read_only) rights->read_only<strict>();
    seer.emplace(base->open_session({.actor = "anna", .sees = rights}));
    for (int i = 0; i < 6; ++i) add(host, *s, "by the host");
    for (int i = 0; i < 45 && !HasFailure(); ++i) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(i));
      step();
      compare(mine, *seer);
      compare(host, *s);
    }
    seer.reset();
  }

  void step() {
    const bool by_host = dice.percent(25);
    paper& p = by_host ? host : mine;
    session& by = by_host ? *s : *seer;
    switch (dice.below(6)) {
      case 0: return add(p, by, "add");
      case 1: return remove(p, by);
      case 2: return batch(p, by);
      case 3: return edit(p, by);
      default: return update(p, by);
    }
  }

  wish any_wish(bool whole) {
    wish w;
    if (whole || dice.percent(30)) w.name = dice.percent(8) ? "" : "n" + word();
    if (dice.percent(30)) w.code = dice.percent(20) ? "" : word();
    if (dice.percent(20)) w.brief = dice.percent(20) ? "" : word();
    if (whole || dice.percent(40)) w.grade = dice.percent(6) ? 11 : dice.between(0, 10);
    if (dice.percent(25)) w.parent = dice.percent(30) ? 0 : any_id();
    return w;
  }
  std::string word() { return std::string(1, static_cast<char>('a' + dice.below(12))); }
  /// Of a record; now and then of none.
  std::int64_t any_id() {
    if (all.empty() || dice.percent(8)) return 4711;
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(dice.below(all.size())))->first;
  }

  static void put(draft<strict>& d, const wish& w) {
    const auto give = [&](const auto& key, const std::optional<std::string>& v) {
      if (!v) return;
      v->empty() ? d.set(key = none) : d.set(key = *v);
    };
    give(strict::name, w.name);
    give(strict::code, w.code);
    give(strict::brief, w.brief);
    if (w.grade) *w.grade == 0 ? d.set(strict::grade = none) : d.set(strict::grade = *w.grade);
    if (!w.parent) return;
    *w.parent == 0 ? d.set(strict::parent = none)
                   : d.set(strict::parent = ref<strict>{record_id{*w.parent}});
  }

  /// The code of what is refused, or `done`.
  static std::string code_of(const std::function<void()>& call) {
    const auto e = refusal(call);
    return e ? std::string(name_of(e->code())) : "done";
  }
  void note(const std::string& code) { ++gave[code]; }

  void add(paper& p, session& by, const char* what) {
    const wish w = any_wish(true);
    draft<strict> d;
    put(d, w);
    record_id id;
    const std::string code = code_of([&] { id = by.add(d).id(); });
    ASSERT_EQ(code, p.refused({}, w, 0)) << what << ": " << line_of(0, paper::applied({}, w));
    if (code == "done") all[id.value] = paper::applied({}, w);
    if (!p.full) note("add " + code);
  }

  void update(paper& p, session& by) {
    const std::int64_t id = any_id();
    const wish w = any_wish(false);
    draft<strict> d;
    put(d, w);
    const sheet now = all.count(id) != 0 ? all[id] : sheet{};
    const std::string code =
        code_of([&] { by.update_row(entity("lab_strict"), record_id{id}, d); });
    ASSERT_EQ(code, p.refused(now, w, id))
        << "update of " << line_of(id, now) << "to " << line_of(id, paper::applied(now, w));
    if (code == "done") all[id] = paper::applied(now, w);
    if (!p.full) note("update " + code);
  }

  // From what is shown: what is not shown stays.
  void edit(paper& p, session& by) {
    const std::int64_t id = any_id();
    const auto shown = by.get_if(ref<strict>{record_id{id}});
    ASSERT_EQ(shown.has_value(), p.sees(id));
    if (!shown || all[id].deleted) return;
    wish w = any_wish(false);
    w.brief.reset();
    draft<strict> d(*shown);
    put(d, w);
    // Null is what a parent that is not seen reads as: given again, it changes nothing.
    wish meant = w;
    if (w.parent && *w.parent == 0 && all[id].parent != 0 && !p.sees(all[id].parent)) {
      meant.parent.reset();
    }
    const sheet now = all[id];
    const std::string code = code_of([&] { by.update(d); });
    ASSERT_EQ(code, p.refused(now, meant, id))
        << "edit of " << line_of(id, now) << "to " << line_of(id, paper::applied(now, meant));
    if (code == "done") all[id] = paper::applied(now, meant);
    if (!p.full) note("edit " + code);
  }

  void remove(paper& p, session& by) {
    const std::int64_t id = any_id();
    if (all.count(id) != 0 && all[id].deleted) return;
    const std::string code = code_of([&] { by.remove(ref<strict>{record_id{id}}); });
    ASSERT_EQ(code, p.refused_removal(id)) << "removal of " << line_of(id, all[id]);
    if (code == "done") all[id].deleted = true;
    if (!p.full) note("remove " + code);
  }

  void batch(paper& p, session& by) {
    std::vector<wish> wishes(5);
    std::vector<draft<strict>> drafts(wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i) put(drafts[i], wishes[i] = any_wish(true));
    const auto results = by.add_many<strict>(drafts, batch_mode::per_item);
    ASSERT_EQ(results.size(), wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      const item_result& r = results[i];
      const std::string code = r.refused ? std::string(name_of(r.refused->code())) : "done";
      ASSERT_EQ(code, p.refused({}, wishes[i], 0))
          << "item " << i << ": " << line_of(0, paper::applied({}, wishes[i]));
      if (code == "done") all[r.id.value] = paper::applied({}, wishes[i]);
      if (!p.full) note("item " + code);
    }
  }

  void compare(const paper& p, session& by) {
    std::string wanted;
    for (const auto& [id, kept] : all) {
      if (!p.sees(kept)) continue;
      sheet shown = kept;
      if (!p.full && p.masks_brief) shown.brief.clear();
      if (shown.parent != 0 && !p.sees(shown.parent)) shown.parent = 0;
      wanted += line_of(id, shown);
    }
    std::string is;
    for (const record<strict>& r :
         by.all<strict>().including(lifecycle::all).order_by(id_of<strict>)) {
      is += line_of(r.id().value, {std::string(r[strict::name]), std::string(r[strict::code]),
                                   std::string(r[strict::brief]), r[strict::grade],
                                   r[strict::parent].id.value, r.deleted()});
    }
    ASSERT_EQ(is, wanted) << (p.full ? "what is there" : "what the limited session sees");
  }

  random dice{1};
  std::map<std::int64_t, sheet> all;
  std::map<std::string, int> gave;  ///< what the limited session was told, how often
  paper mine, host;
  std::optional<session> seer;
};
INSTANTIATE_TEST_SUITE_P(stores, random_limited_writes, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(random_limited_writes, are_what_the_rights_allow) {
  const std::uint64_t worlds = number_in("KITH_LIMITED_WRITES", rounds(12, 4));
  std::map<std::string, int> told;
  for (std::uint64_t seed = 1; seed <= worlds && !HasFailure(); ++seed) {
    world(seed);
    for (const auto& [what, n] : gave) told[what] += n;
  }
  if (HasFailure() || worlds < 12) return;
  for (const char* what : {"add done", "add denied", "add invalid", "update done", "update denied",
                           "update not_found", "update exists", "edit done", "remove done",
                           "remove not_found", "remove invalid", "item denied", "item done"}) {
    EXPECT_GT(told[what], 0) << "never: " << what;
  }
  for (const auto& [what, n] : told) RecordProperty("told_" + what, n);
}

}  // namespace
}  // namespace kith::lab
