// SPDX-License-Identifier: Apache-2.0
//
// Random work of every sort; live totals say at any time what aggregate() computes of the records.
// KITH_TOTALS=200 runs that many seeds on each store.
#include <gtest/gtest.h>

#include "environment.hpp"
#include "model_check/random.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using model_check::random;

struct definition {
  const char* name;
  const char* where;
  std::vector<std::pair<std::string, std::string>> by;
  std::vector<std::pair<std::string, std::string>> measures;

  custom_total total() const {
    const auto joined = [](const auto& list, bool named) {
      std::string text;
      for (const auto& [word, of] : list) {
        text += (text.empty() ? "" : ", ") + of + (named ? " as " + word : "");
      }
      return text;
    };
    return {name, "lab_gadgets", where, joined(by, false), joined(measures, true)};
  }
};

const std::vector<definition>& definitions() {
  static const std::vector<definition> all = {
      {"all", "", {}, {{"n", "count()"}, {"w", "sum(whole)"}, {"m", "sum(amount)"}}},
      {"flagged",
       "flag and words <> 'б'",
       {{"shade", "shade"}},
       {{"n", "count()"},
        {"least", "min(whole)"},
        {"most", "max(amount)"},
        {"price", "sum(price)"},
        {"days", "count(day)"},
        {"last", "max(day where whole > 2)"}}},
      {"bought",
       "amount > 2 EUR or buyer is null",
       {{"buyer", "buyer"}, {"exact", "exact"}},
       {{"n", "count()"}, {"first", "min(moment)"}, {"l", "sum(length)"}, {"d", "sum(weight)"}}},
  };
  return all;
}

class totals_at_random : public suite {
 protected:
  void start(std::uint64_t seed) {
    open();
    roll = random(seed);
    known.clear();
    buyers.clear();
    for (int i = 0; i < 3; ++i) buyers.push_back(s->add(client::name = "Анна").id());
    if (roll.percent(50)) work();
    for (const definition& d : definitions()) s->add_total(d.total());
  }

  static std::string text_of(const table& t) { return t.to_string(); }

  void compare(session& in, const std::string& when) {
    for (const definition& d : definitions()) {
      const table is = in.query("lab_gadgets", d.where).aggregate(d.by, d.measures);
      ASSERT_EQ(text_of(in.total(d.name)), text_of(is)) << d.name << " " << when;
    }
  }

  any_draft values() {
    const entity_type& e = entity("lab_gadget");
    any_draft d;
    const auto put = [&](const char* field, std::initializer_list<const char*> texts) {
      if (roll.percent(60))
        put_text(d, e, field, roll.pick(std::vector<std::string>(texts.begin(), texts.end())));
    };
    put("whole", {"", "-3", "1", "2", "3", "4"});
    put("amount", {"", "1 EUR", "2.50 EUR", "3 EUR", "3 USD", "-1 USD"});
    put("price", {"", "1.0001 EUR", "7 USD"});
    put("flag", {"", "true", "true", "false"});
    put("words", {"", "а", "А", "Б", "б", "в"});
    put("exact", {"", "а", "А"});
    put("shade", {"", "red", "green", "blue"});
    put("day", {"", "2026-01-01", "2026-02-02", "2026-03-03"});
    put("moment", {"", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"});
    put("length", {"", "1h", "2d"});
    put("weight", {"", "0.125", "7"});
    if (roll.percent(50)) {
      const slot_number slot = e.field("buyer").field->slot;
      d.put(slot, roll.percent(30) ? cell::null() : cell::integer(roll.pick(buyers).value));
    }
    return d;
  }

  void act() {
    const entity_type& e = entity("lab_gadget");
    const std::size_t what = known.empty() ? 0 : roll.below(12);
    any_draft d = values();
    if (what < 4) {
      known.push_back(s->add_row(e, d)->id());
    } else if (what < 8) {
      s->update_row(e, roll.pick(known), d);
    } else if (what < 10) {
      s->remove_row(e, roll.pick(known));
    } else if (what < 11) {
      s->restore_row(e, roll.pick(known));
    } else {
      batch();
    }
  }

  // Some records of it are refused, in savepoints of their own or all at once.
  void batch() {
    const entity_type& e = entity("lab_gadget");
    std::vector<any_draft> drafts;
    for (std::size_t n = 1 + roll.below(4); n > 0; --n) {
      drafts.push_back(values());
      if (roll.percent(30)) drafts.back().put(e.field("buyer").field->slot, cell::integer(17));
    }
    std::vector<any_draft*> all;
    for (any_draft& d : drafts) all.push_back(&d);
    const batch_mode mode = roll.percent(70) ? batch_mode::per_item : batch_mode::all_or_nothing;
    for (const item_result& r : s->add_rows(e, all, mode)) {
      if (r.id) known.push_back(r.id);
    }
  }

  void attempt(const std::function<void()>& call) {
    try {
      call();
    } catch (const error& e) {
      const bool expected = e.code() == error_code::invalid || e.code() == error_code::exists ||
                            e.code() == error_code::not_found || e.code() == error_code::conflict ||
                            e.code() == error_code::unsupported;  // it changed the model
      if (!expected) throw;
    }
  }

  // Statements, savepoints in savepoints, some of them taken back.
  void nested(int depth) {
    for (std::size_t n = 1 + roll.below(4); n > 0; --n) {
      if (depth < 3 && roll.percent(25)) {
        transaction inner = s->write();
        nested(depth + 1);
        if (roll.percent(60)) inner.commit();
      } else {
        attempt([&] { act(); });
      }
      if (roll.percent(15) && !s->model()->made_from().totals.empty() && started) {
        compare(*s, "in a transaction");
      }
    }
  }

  void work() {
    transaction tx = s->write();
    nested(0);
    if (roll.percent(75)) tx.commit();
  }

  random roll{1};
  std::vector<record_id> known, buyers;
  bool started = false;
};
INSTANTIATE_TEST_SUITE_P(stores, totals_at_random, ::testing::ValuesIn(backends()),
                         name_of_backend);

std::uint64_t seeds() { return number_in("KITH_TOTALS", rounds(6, 3)); }

TEST_P(totals_at_random, say_what_the_records_say) {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    started = false;
    start(seed);
    started = true;
    for (int round = 0; round < 25; ++round) {
      switch (roll.below(8)) {
        case 0: attempt([&] { s->undo(roll.between(1, s->sequence()), undo_mode::skip); }); break;
        case 1: attempt([&] { act(); }); break;
        case 2: s->rebuild_total(roll.pick(definitions()).name); break;
        default: work();
      }
      compare(*s, "after round " + std::to_string(round));
      if (HasFatalFailure()) return;
    }
    if (keeps_content()) {
      reopen();
      compare(*s, "in the store opened again");
    }
    if (s->sequence() > 5) {
      session then = s->as_of(s->sequence() - 3);
      if (!::testing::Test::HasFatalFailure()) compare(then, "as of before");
    }
    for (const kith::damage& f : base->verify().found) ADD_FAILURE() << f.what;
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace kith::lab
