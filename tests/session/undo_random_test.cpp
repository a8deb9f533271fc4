// SPDX-License-Identifier: Apache-2.0
//
// Random work, taken back newest first: the store is what it was, compared with a plain copy of all
// live records that was made then.
#include <gtest/gtest.h>

#include <map>

#include "environment.hpp"
#include "model_check/random.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using model_check::random;

constexpr const char* names[] = {"lab_node",   "lab_link",   "lab_strict",
                                 "lab_drawer", "lab_folder", "lab_file"};

class undoing_at_random : public suite {
 protected:
  /// `entity id` to `field=value …` of what is live.
  using copy = std::map<std::string, std::string>;

  copy live() {
    copy all;
    for (const char* name : names) {
      const entity_type& e = entity(name);
      for (const any_record& r : s->query(e.plural(), "order by id").all()) {
        std::string text;
        for (const field_type& f : e.fields) {
          if (f.is_stored()) text += std::string(f.name()) + "=" + r[f].to_string() + " ";
        }
        all[std::string(name) + " " + std::to_string(r.id().value)] = text;
      }
    }
    return all;
  }

  record_id any_of(const char* name) {
    const std::vector<record_id>& all = known[name];
    return all.empty() ? record_id{} : roll.pick(all);
  }

  void put_reference(any_draft& d, const entity_type& e, const char* field, const char* target) {
    const slot_number slot = e.field(field).field->slot;
    const record_id id = any_of(target);
    if (!id || roll.percent(20)) {
      d.put(slot, cell::null());
    } else {
      d.put(slot, cell::integer(id.value));
    }
  }

  // A few fields of a record of this entity.
  any_draft values(const std::string& name) {
    const entity_type& e = entity(name);
    any_draft d;
    const auto put = [&](const char* field, std::int64_t n) {
      if (roll.percent(60)) put_text(d, e, field, std::to_string(n));
    };
    if (name == "lab_node") {
      put("name", roll.between(1, 9));
      if (roll.percent(50)) put_reference(d, e, "inside", "lab_node");
    } else if (name == "lab_link") {
      put("name", roll.between(1, 9));
      for (const char* field : {"holds", "forgets", "follows", "keeps"}) {
        if (roll.percent(30)) put_reference(d, e, field, "lab_node");
      }
    } else if (name == "lab_strict") {
      put_text(d, e, "name", std::to_string(roll.between(1, 9)));
      put("code", roll.between(1, 5));
      put("grade", roll.between(1, 10));
      put("seat", roll.between(1, 2));
      put("row", roll.between(1, 2));
      if (roll.percent(40)) put_text(d, e, "fee", roll.percent(50) ? "5 EUR" : "5 USD");
      if (roll.percent(30)) put_reference(d, e, "parent", "lab_strict");
    } else if (name == "lab_folder") {
      put("factor", roll.between(1, 5));
      if (roll.percent(50)) put_reference(d, e, "drawer", "lab_drawer");
    } else if (name == "lab_file") {
      put("pages", roll.between(1, 20));
      if (roll.percent(50)) put_reference(d, e, "folder", "lab_folder");
    } else {
      put("name", roll.between(1, 9));
    }
    return d;
  }

  void act() {
    const char* const name = roll.pick(names);
    const entity_type& e = entity(name);
    const record_id id = any_of(name);
    const std::size_t what = roll.below(10);
    any_draft d = values(name);
    if (!id || what < 3) {
      known[name].push_back(s->add_row(e, d)->id());
    } else if (what < 7) {
      s->update_row(e, id, d);
    } else if (what < 9) {
      s->remove_row(e, id);
    } else {
      s->restore_row(e, id);
    }
  }

  // One transaction; what is refused is left out.
  void work() {
    transaction tx = s->write();
    for (std::size_t n = 1 + roll.below(6); n > 0; --n) {
      try {
        act();
      } catch (const error& e) {
        const bool expected = e.code() == error_code::invalid || e.code() == error_code::exists ||
                              e.code() == error_code::not_found;
        if (!expected) throw;
      }
    }
    tx.commit();
  }

  // Any older set, as far as it can be taken back: undone, nothing has happened.
  void there_and_back() {
    const std::int64_t any = roll.between(2, s->sequence());
    const copy before = live();
    const undo_result r = s->undo(any, undo_mode::skip);
    if (r.sequence == 0) {
      ASSERT_EQ(live(), before) << "nothing was taken back of " << any;
    } else {
      s->undo(r.sequence);
      ASSERT_EQ(live(), before) << "after the undo of an undo of " << any;
    }
  }

  random roll{1};
  std::map<std::string, std::vector<record_id>> known;
};
INSTANTIATE_TEST_SUITE_P(stores, undoing_at_random, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(undoing_at_random, newest_first_brings_back_what_was) {
  for (std::uint64_t seed = 1; seed <= rounds(12, 4); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    open();
    roll = random(seed);
    known.clear();
    std::vector<std::pair<std::int64_t, copy>> states{{s->sequence(), live()}};  // after each set
    for (int round = 0; round < 12; ++round) {
      for (std::size_t n = 1 + roll.below(4); n > 0; --n) {
        const std::int64_t before = s->sequence();
        work();
        if (s->sequence() != before) states.emplace_back(s->sequence(), live());
      }
      there_and_back();
      for (std::size_t k = roll.below(states.size()); k > 0; --k) {
        const auto [sequence, then] = states.back();
        states.pop_back();
        const undo_result r = s->undo(sequence);
        ASSERT_EQ(live(), states.back().second) << "after the undo of " << sequence;
        if (r.sequence == 0 || !roll.percent(30)) continue;
        s->undo(r.sequence);
        ASSERT_EQ(live(), then) << "after the undo of that undo";
        s->undo(sequence);
        ASSERT_EQ(live(), states.back().second) << "undone again";
      }
      if (roll.percent(50)) continue;
      // What was undone is history; what comes next begins here.
      states.assign(1, {s->sequence(), live()});
    }
  }
}

}  // namespace
}  // namespace kith::lab
