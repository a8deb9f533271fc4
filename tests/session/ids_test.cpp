// SPDX-License-Identifier: Apache-2.0
//
// Ids: ordered by time, unique across entities, never reused, whatever the clock does.
#include <gtest/gtest.h>

#include "core/ids.hpp"
#include "core/session/state.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class ids : public suite {
 protected:
  record_id next() { return s->add(node::name = "n").id(); }
  static std::int64_t milliseconds(record_id id) {
    return (id.value >> detail::id_time_shift) + detail::id_epoch_ms;
  }
  static std::int64_t origin_of(record_id id) {
    return id.value & ((1 << detail::id_origin_bits) - 1);
  }
};
INSTANTIATE_TEST_SUITE_P(stores, ids, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(ids, carry_the_millisecond_of_their_transaction) {
  clock->set(morning);
  EXPECT_EQ(milliseconds(next()), morning.microseconds / 1000);
  clock->advance(duration{1'999});
  EXPECT_EQ(milliseconds(next()), morning.microseconds / 1000 + 1);
}

TEST_P(ids, are_unique_across_entities_and_ordered) {
  std::int64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    for (const record_id id : {s->add(node::name = "n").id(), s->add(client::name = "c").id(),
                               s->add(entry::what = "e").id()}) {
      EXPECT_GT(id.value, last);
      last = id.value;
    }
    clock->advance(duration{300});
  }
}

TEST_P(ids, grow_when_the_clock_steps_back) {
  const record_id before = next();
  clock->set(morning - duration::of_days(365));
  const record_id after = next();
  EXPECT_GT(after, before);
  clock->set(instant{0});
  EXPECT_GT(next(), after);
  clock->set(morning + duration::of_days(1));
  EXPECT_EQ(milliseconds(next()), (morning + duration::of_days(1)).microseconds / 1000);
}

TEST_P(ids, borrow_ahead_within_one_millisecond) {
  constexpr int count = 100'000;  // 4,096 in each millisecond
  const transaction tx = s->write();
  std::int64_t last = 0;
  for (int i = 0; i < count; ++i) {
    const std::int64_t id = s->internals().next_id().value;
    ASSERT_GT(id, last);
    last = id;
  }
  EXPECT_EQ(milliseconds({last}), morning.microseconds / 1000 + (count - 1) / 4096);
}

TEST_P(ids, of_a_rolled_back_transaction_are_not_owed) {
  const record_id before = next();
  {
    const transaction tx = s->write();
    next();
  }
  EXPECT_GT(next(), before);
}

TEST_P(ids, end_with_the_number_of_their_origin) {
  crm_options wanted;
  wanted.origin_number = 1023;
  open(wanted);
  EXPECT_EQ(origin_of(next()), 1023);
  if (!keeps_content()) return;
  reopen();  // kept by the store
  EXPECT_EQ(origin_of(next()), 1023);
}

TEST_P(ids, grow_after_the_store_was_opened_again) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  const record_id before = next();
  clock->set(instant{0});
  reopen();
  EXPECT_GT(next(), before);
}

TEST_P(ids, tell_when_a_record_was_made) {
  clock->set(morning);
  next();
  clock->advance(duration::of_days(40));
  next();
  EXPECT_EQ(s->query("lab_nodes", "created < date('2026-04-01')").count(), 1u);
  EXPECT_EQ(s->query("lab_nodes", "created > now() - 30d").count(), 1u);
}

TEST_P(ids, end_in_2089) {
  clock->set(*instant::parse("2089-09-06T15:47:36Z"));
  EXPECT_EQ(outcome([&] { next(); }), "limit");
  clock->set(*instant::parse("2089-09-06T15:40:00Z"));
  EXPECT_EQ(outcome([&] { next(); }), "done");
}

}  // namespace
}  // namespace kith::lab
