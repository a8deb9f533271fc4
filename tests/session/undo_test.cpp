// SPDX-License-Identifier: Apache-2.0
//
// Undo: a change set is taken back by another one, unless later work stands in its way.
#include <gtest/gtest.h>

#include "core/session/state.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class undoing : public suite {
 protected:
  // Runs a change and answers its sequence.
  std::int64_t did(const std::function<void()>& work) {
    work();
    return s->sequence();
  }
  std::int64_t together(const std::function<void()>& work) {
    transaction tx = s->write();
    work();
    tx.commit();
    return s->sequence();
  }
  // `field, field` of what was contested, or `record`; `done` and `nothing` where nothing was.
  static std::string told(const undo_result& r) {
    std::string text;
    for (const contested_change& c : r.contested) {
      text += text.empty() ? "" : ", ";
      text += c.field.empty() ? std::string(c.entity->name()) : c.field;
    }
    if (text.empty()) return r.sequence == 0 ? "nothing" : "done";
    return text + (r.sequence == 0 ? "" : "; the rest is done");
  }
  std::string taken_back(std::int64_t sequence, undo_mode mode = undo_mode::all) {
    std::string text;
    const std::string refused = outcome([&] { text = told(s->undo(sequence, mode)); });
    return refused == "done" ? text : refused;
  }
  std::string skipping(std::int64_t sequence) { return taken_back(sequence, undo_mode::skip); }

  record<client> now(const record<client>& r) { return s->get<client>(r.id()); }
  record<strict> now(const record<strict>& r) { return s->get<strict>(r.id()); }
  template <class E>
  bool live(const record<E>& r) {
    return !s->get<E>(r.id()).deleted();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, undoing, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(undoing, is_a_change_set_that_names_the_one_it_takes_back) {
  const record<client> anna = s->add(client::name = "Анна", client::city = "Омск");
  const std::int64_t moved = did([&] { s->update(anna, client::city = "Тара"); });
  clock->advance(duration::of_hours(1));
  session petr = base->open_session({.actor = "пётр", .actor_id = {}, .zone = {}});
  const undo_result r = petr.undo(moved);
  EXPECT_EQ(r.sequence, moved + 1);
  EXPECT_EQ(r.records, 1u);
  EXPECT_TRUE(r.contested.empty());
  EXPECT_EQ(now(anna)[client::city], "Омск");
  const change_set set = s->changes(moved).at(0);
  EXPECT_EQ(set.undoes, moved);
  EXPECT_EQ(set.from, origin::undo);
  EXPECT_EQ(set.actor, "пётр");
  EXPECT_EQ(set.reason, "undo of " + std::to_string(moved));
  EXPECT_EQ(set.at, clock->now());
  EXPECT_EQ(feed(moved), std::vector<std::string>{"update client city"});
}

}  // namespace
}  // namespace kith::lab
