// SPDX-License-Identifier: Apache-2.0
//
// Random work on every store: transactions of several changes, savepoints taken back, cascades,
// computed fields. After each commit all records are noted as they are read; every history,
// replayed forward, must give each of these states, and every difference must be that of two of
// them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "environment.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

/// A record as it was read, or as its history tells it.
struct seen {
  bool live = false;
  std::map<std::string, std::string> fields;  // without null ones
  friend bool operator==(const seen&, const seen&) = default;
};
using key = std::pair<std::string, std::int64_t>;
using states = std::map<key, seen>;

std::ostream& operator<<(std::ostream& out, const seen& s) {
  out << (s.live ? "live" : "deleted");
  for (const auto& [name, text] : s.fields) out << ", " << name << " " << text;
  return out;
}

struct choice_of {
  const char* entity;
  const char* field;
  std::vector<const char*> texts;  // empty: a record of `target`
  const char* target = "";
};
const std::vector<choice_of> writable = {
    {"lab_gadget", "exact", {"", "a", "Ёж", "long enough to stand beside the row, not in it"}},
    {"lab_gadget", "words", {"", "Слово", "слово", "word"}},
    {"lab_gadget", "whole", {"", "0", "-7", "9000000000"}},
    {"lab_gadget", "ratio", {"", "0.5", "-1e300"}},
    {"lab_gadget", "flag", {"", "true", "false"}},
    {"lab_gadget", "day", {"", "2026-03-02", "1999-12-31"}},
    {"lab_gadget", "amount", {"", "12.50 EUR", "12.50 USD", "900 JPY"}},
    {"lab_gadget", "price", {"", "0.0001 EUR", "1 RUB"}},
    {"lab_gadget", "shade", {"", "red", "blue"}},
    {"lab_gadget", "maker", {"", "Иванова Анна", "Петров Пётр Петрович"}},
    {"lab_gadget", "maker.first_name", {"Мария", "Анна"}},
    {"lab_gadget", "place.city", {"Омск", "омск", "Тара"}},
    {"lab_gadget", "mail", {"", "a@b.example", "A@b.example"}},
    {"lab_node", "name", {"", "1", "2", "3"}},
    {"lab_node", "inside", {}, "lab_node"},
    {"lab_link", "forgets", {}, "lab_node"},
    {"lab_link", "follows", {}, "lab_node"},
    {"lab_link", "holds", {}, "lab_node"},
    {"lab_folder", "factor", {"", "1", "2", "3"}},
    {"lab_folder", "drawer", {}, "lab_drawer"},
    {"lab_file", "pages", {"", "1", "11", "30"}},
    {"lab_file", "folder", {}, "lab_folder"},
    {"lab_drawer", "name", {"", "d"}},
};
const std::vector<const char*> entities = {"lab_gadget", "lab_node", "lab_link",
                                           "lab_folder", "lab_file", "lab_drawer"};

class history_random : public suite {
 protected:
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice);
  }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  record_id any(const char* of) {
    std::vector<record_id> found;
    for (const key& k : known) {
      if (k.first == of) found.push_back({k.second});
    }
    return found.empty() ? record_id{} : one_of(found);
  }

  any_draft draft_of(const char* of) {
    any_draft d;
    for (std::size_t n = 1 + below(3), tries = 0; n > 0 && tries < 100; ++tries) {
      const choice_of& c = one_of(writable);
      if (std::string(c.entity) != of) continue;
      --n;
      if (!c.texts.empty()) {
        put_text(d, entity(of), c.field, one_of(c.texts));
      } else {
        const record_id target = any(c.target);
        d.put(entity(of).field(c.field).field->slot,
              target && below(4) != 0 ? cell::integer(target.value) : cell::null());
      }
    }
    return d;
  }

  /// One change; what is refused changes nothing.
  void change() {
    const char* of = one_of(entities);
    const record_id id = any(of);
    const std::size_t what = below(12);
    (void)outcome([&] {
      if (what < 3 || !id) {
        any_draft d = draft_of(of);
        known.emplace_back(of, s->add_row(entity(of), d)->id().value);
      } else if (what < 9) {
        any_draft d = draft_of(of);
        s->update_row(entity(of), id, d);
      } else if (what < 10) {
        s->remove_row(entity(of), id);
      } else {
        s->restore_row(entity(of), id);
      }
    });
  }

  void work(int depth) {
    for (std::size_t n = 1 + below(5); n > 0; --n) {
      if (depth < 3 && below(4) == 0) {
        transaction inner = s->write();
        work(depth + 1);
        if (below(3) != 0) inner.commit();
      } else {
        change();
      }
    }
  }

  seen read(const any_record& r) {
    seen found;
    found.live = !r.deleted();
    for (const field_type& f : r.entity().fields) {
      if (!f.is_stored()) continue;
      const value v = r[f];
      if (!v.is_null()) found.fields[std::string(f.name())] = v.to_string();
    }
    return found;
  }
  states now() {
    states all;
    for (const key& k : known) {
      const entity_type& e = entity(k.first);
      const row_ptr r = s->find_row(e, {k.second});
      if (r) all[k] = read(any_record(s->model(), e, r));
    }
    return all;
  }

  /// The states of a record after each change set, as its history tells them.
  std::map<std::int64_t, seen> replayed(const key& k) {
    std::vector<history_entry> entries = s->history_of(entity(k.first), {k.second});
    std::map<std::int64_t, seen> after;
    seen at;
    for (auto h = entries.rbegin(); h != entries.rend(); ++h) {
      EXPECT_EQ(h->what == change_kind::add, after.empty() && h == entries.rbegin());
      EXPECT_TRUE(after.empty() || h->sequence >= after.rbegin()->first);
      for (const field_change& f : h->fields) {
        const std::string name(f.field->name());
        const auto old = at.fields.find(name);
        EXPECT_EQ(f.before.to_string(), old == at.fields.end() ? "" : old->second) << name;
        EXPECT_FALSE(f.before == f.after) << name;
        if (f.after.is_null()) {
          at.fields.erase(name);
        } else {
          at.fields[name] = f.after.to_string();
        }
      }
      EXPECT_EQ(h->what == change_kind::update && h->fields.empty(), false);
      if (h->what == change_kind::add || h->what == change_kind::restore) at.live = true;
      if (h->what == change_kind::remove) at.live = false;
      after[h->sequence] = at;
    }
    return after;
  }

  void check_histories(const std::map<std::int64_t, states>& noted) {
    for (const key& k : gone) {
      if (noted.rbegin()->second.contains(k)) continue;  // its number was free again
      EXPECT_EQ(outcome([&] { (void)replayed(k); }), "not_found");
    }
    for (const key& k : known) {
      const auto told = replayed(k);
      for (const auto& [sequence, all] : noted) {
        const auto there = all.find(k);
        const auto later = told.upper_bound(sequence);
        ASSERT_EQ(there == all.end(), later == told.begin()) << k.first << " at " << sequence;
        if (there == all.end()) continue;
        ASSERT_EQ(std::prev(later)->second, there->second) << k.first << " at " << sequence;
      }
    }
  }

  void check_difference(std::int64_t from, const states& before, std::int64_t to,
                        const states& after) {
    std::map<key, std::pair<seen, seen>> expected;
    for (const key& k : known) {
      const auto at = [&](const states& all) {
        const auto found = all.find(k);
        return found != all.end() && found->second.live ? found->second : seen{};
      };
      if (at(before) != at(after)) expected[k] = {at(before), at(after)};
    }
    std::map<key, std::pair<seen, seen>> found;
    for (const record_difference& d : s->difference(from, to)) {
      const any_record& r = d.before ? d.before : d.after;
      found[{std::string(r.entity().name()), r.id().value}] = {d.before ? read(d.before) : seen{},
                                                               d.after ? read(d.after) : seen{}};
    }
    ASSERT_EQ(found, expected) << from << " to " << to;
  }

  void forget_what_was_taken_back(const states& there) {
    const auto lost = [&](const key& k) { return !there.contains(k); };
    std::copy_if(known.begin(), known.end(), std::back_inserter(gone), lost);
    std::erase_if(known, lost);
  }

  void run(unsigned seed) {
    dice.seed(seed);
    known.clear();
    gone.clear();
    crm_options small;
    small.limits.change_chunk_bytes = 150;  // change sets in pieces
    open(small);
    std::map<std::int64_t, states> noted{{s->sequence(), {}}};
    for (int round = 0; round < 60; ++round) {
      clock->advance(duration{static_cast<std::int64_t>(below(10'000'000))});
      transaction tx = s->write();
      work(1);
      if (round % 8 == 0 && !known.empty()) {
        const key& k = one_of(known);  // in the middle of the transaction
        const states here = now();
        if (here.contains(k)) {
          ASSERT_EQ(replayed(k).rbegin()->second, here.at(k)) << k.first;
        }
      }
      if (below(5) == 0) tx.rollback();
      if (tx.open()) tx.commit();
      noted[s->sequence()] = now();
      forget_what_was_taken_back(noted.rbegin()->second);
    }
    ASSERT_GT(noted.size(), 25u);
    ASSERT_GT(noted.rbegin()->second.size(), 20u);
    check_histories(noted);
    for (int pair = 0; pair < 60; ++pair) {
      auto a = std::next(noted.begin(), static_cast<std::ptrdiff_t>(below(noted.size())));
      auto b = std::next(noted.begin(), static_cast<std::ptrdiff_t>(below(noted.size())));
      if (a->first == b->first) continue;
      if (a->first > b->first) std::swap(a, b);
      check_difference(a->first, a->second, b->first, b->second);
    }
  }

  std::mt19937 dice;
  std::vector<key> known;
  std::vector<key> gone;  // were taken back
};
INSTANTIATE_TEST_SUITE_P(stores, history_random, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(history_random, replays_every_state) {
  for (unsigned seed = 1; seed <= rounds(4, 4) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run(seed);
  }
}

}  // namespace
}  // namespace kith::lab
