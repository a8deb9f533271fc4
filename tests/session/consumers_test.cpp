// SPDX-License-Identifier: Apache-2.0
//
// Readers of the change feed: whose changes they skip, how far they have come, what may be trimmed.
#include <gtest/gtest.h>

#include <limits>

#include "core/session/engine.hpp"
#include "core/system.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class consumers : public suite {
 protected:
  std::int64_t put(const char* name, origin from = origin::user) {
    transaction tx = s->write({.from = from});
    s->add(node::name = name);
    tx.commit();
    return tx.sequence();
  }
  std::vector<std::int64_t> sequences(std::int64_t since, std::size_t most = 1000,
                                      std::optional<origin> except = {}) {
    std::vector<std::int64_t> found;
    for (const change_set& set : s->changes(since, most, except)) found.push_back(set.sequence);
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, consumers, ::testing::ValuesIn(backends()), name_of_backend);

using numbers = std::vector<std::int64_t>;

TEST_P(consumers, skip_the_changes_of_one_origin) {
  const std::int64_t n = s->sequence();
  put("1");
  put("2", origin::sync);
  put("3", origin::sync);
  put("4", origin::import);
  put("5");
  EXPECT_EQ(sequences(n, 1000, origin::sync), (numbers{n + 1, n + 4, n + 5}));
  EXPECT_EQ(sequences(n, 2, origin::sync), (numbers{n + 1, n + 4})) << "two, however many between";
  EXPECT_EQ(sequences(n + 1, 1, origin::sync), numbers{n + 4});
  EXPECT_EQ(sequences(n, 0, origin::sync), numbers{});
  EXPECT_EQ(sequences(n, 2), (numbers{n + 1, n + 2}));
}

TEST_P(consumers, find_the_sequence_of_an_instant) {
  const std::int64_t n = s->sequence();
  const instant begin = clock->now();
  clock->advance(duration::of_hours(1));
  put("1");
  put("2");
  clock->advance(duration::of_hours(1));
  put("3");
  const auto at = [&](std::int64_t hours) {
    return s->sequence_at({begin.microseconds + hours * 3'600'000'000});
  };
  EXPECT_EQ(s->sequence_at({begin.microseconds - 1}), 0);
  EXPECT_EQ(at(0), n);
  EXPECT_EQ(at(1), n + 2);
  EXPECT_EQ(s->sequence_at({begin.microseconds + 3'600'000'000 - 1}), n);
  EXPECT_EQ(at(2), n + 3);
  EXPECT_EQ(at(1000), n + 3);
}

TEST_P(consumers, note_how_far_they_have_come) {
  put("1");
  const std::int64_t n = put("2");
  EXPECT_EQ(s->consumed("mailer"), 0);
  s->consume("mailer", n - 1);
  s->consume("Другой", n);
  EXPECT_EQ(s->consumed("mailer"), n - 1);
  EXPECT_EQ(s->consumed("Mailer"), 0) << "another one";
  EXPECT_EQ(s->consumed("Другой"), n);
  s->consume("mailer", n);
  s->consume("mailer", n);
  EXPECT_EQ(s->consumed("mailer"), n);
  EXPECT_EQ(s->query("feed_consumers", "").count(), 2u);
  EXPECT_EQ(outcome([&] { s->consume("mailer", n - 1); }), "misuse: position") << "back";
  EXPECT_EQ(outcome([&] { s->consume("mailer", n + 1); }), "misuse: position") << "not there yet";
  EXPECT_EQ(outcome([&] { s->consume("new", -1); }), "misuse: position");
  for (const char* name : {"", "\xff"}) {
    EXPECT_EQ(outcome([&] { s->consume(name, n); }), "invalid: name");
    EXPECT_EQ(outcome([&] { (void)s->consumed(name); }), "invalid: name");
  }
  EXPECT_EQ(outcome([&] { s->consume(std::string(201, 'a'), n); }), "invalid: name");
  EXPECT_EQ(s->consumed("mailer"), n);
}

TEST_P(consumers, leave_no_change_set_of_their_own) {
  const std::int64_t n = put("1");
  s->consume("mailer", n);
  EXPECT_EQ(s->sequence(), n);
  EXPECT_TRUE(s->changes(n).empty());
  EXPECT_EQ(put("2"), n + 1) << "numbers without gaps";
  transaction tx = s->write();
  s->consume("mailer", n + 1);
  s->add(node::name = "3");
  tx.commit();
  EXPECT_EQ(feed(n + 1), std::vector<std::string>{"add lab_node"}) << "nothing of the note";
  session other = base->open_session();
  EXPECT_EQ(other.consumed("mailer"), n + 1);
}

TEST_P(consumers, come_and_go_with_the_transaction) {
  const std::int64_t n = put("1");
  {
    transaction tx = s->write();
    s->consume("mailer", n);
    EXPECT_EQ(s->consumed("mailer"), n);
  }
  EXPECT_EQ(s->consumed("mailer"), 0);
  transaction tx = s->write();
  {
    transaction inner = s->write();
    s->consume("mailer", n);
  }
  EXPECT_EQ(s->consumed("mailer"), 0);
  s->consume("other", n - 1);
  transaction inner = s->write();
  s->consume("other", n);
  inner.rollback();
  tx.commit();
  EXPECT_EQ(s->consumed("mailer"), 0);
  EXPECT_EQ(s->consumed("other"), n - 1);
  const transaction reading = s->read();
  EXPECT_EQ(s->consumed("other"), n - 1);
  EXPECT_EQ(outcome([&] { s->consume("other", n); }), "read_only");
}

TEST_P(consumers, may_count_the_transaction_they_are_in) {
  const std::int64_t n = put("1");
  transaction tx = s->write();
  s->consume("mailer", tx.sequence());
  EXPECT_EQ(outcome([&] { s->consume("mailer", tx.sequence() + 1); }), "misuse: position");
  s->add(node::name = "2");
  tx.commit();
  EXPECT_EQ(s->consumed("mailer"), n + 1);
  // One that writes nothing has no sequence: what comes next is somebody else's, and not read yet.
  transaction empty = s->write();
  s->consume("mailer", empty.sequence());
  s->consume("new", empty.sequence());
  empty.commit();
  EXPECT_EQ(s->consumed("mailer"), n + 1);
  EXPECT_EQ(s->consumed("new"), n + 1);
  put("3");
  EXPECT_EQ(sequences(s->consumed("mailer")), numbers{n + 2});
}

TEST_P(consumers, outlive_the_process) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  const std::int64_t n = put("1");
  s->consume("mailer", n);
  reopen();
  EXPECT_EQ(s->consumed("mailer"), n);
  s->consume("mailer", put("2"));
  EXPECT_EQ(s->consumed("mailer"), n + 1);
}

// What the engine wrote when it did not know of consumers yet.
void found_without_consumers(store& rows) {
  std::vector<entity_description> described(system::entities.begin(), system::entities.end());
  std::erase_if(described, [](const auto& d) { return d.about->name == "feed_consumer"; });
  for (const entity_description& d : all_entities()) described.push_back(d);
  const model_ptr m = model::build({described, {}, 1});
  const auto c = rows.connect();
  c->begin(access::write);
  for (const auto& e : m->entities()) c->apply(*e);
  const auto write = [&](const entity_type& e, std::vector<cell> cells) {
    const system_cells first{.id = {1}, .revision = 1, .created = 1};
    c->write({&e, {}, detail::internal_row(e, first, cells), {}});
  };
  const cell one = cell::integer(1);
  write(m->entity<system::store_format>(),
        {one, one, one, cell::integer(static_cast<std::int64_t>(m->layout_hash())),
         cell::integer(0), one, one, cell::integer(0), cell::text("kith")});
  write(m->entity<system::change_set_row>(), {cell::integer(morning.microseconds),
                                              cell::text("kith"),
                                              one,
                                              cell::text("made"),
                                              {},
                                              {},
                                              {},
                                              cell::integer(0),
                                              one,
                                              cell::integer(0),
                                              {}});
  c->commit();
}

TEST_P(consumers, come_to_stores_of_before_them) {
  s.reset();
  base.reset();
  std::unique_ptr<store> rows = GetParam().fresh();
  found_without_consumers(*rows);
  base.emplace(std::move(rows), completed({}));
  s.emplace(base->open_session({.actor = "anna"}));
  EXPECT_EQ(s->consumed("mailer"), 0);
  const std::int64_t n = put("1");
  s->consume("mailer", n);
  EXPECT_EQ(s->consumed("mailer"), n);
  if (!keeps_content()) return;
  reopen();
  EXPECT_EQ(s->consumed("mailer"), n);
}

TEST_P(consumers, are_unknown_to_stores_of_before_them_that_are_only_read) {
  if (!GetParam().reopen_read_only) GTEST_SKIP() << "no such opening";
  s.reset();
  base.reset();
  {
    const std::unique_ptr<store> rows = GetParam().fresh();
    found_without_consumers(*rows);
    if (rows->can().save) rows->save();
  }
  crm_options reading;
  reading.read_only = true;
  base.emplace(GetParam().reopen_read_only(), completed(std::move(reading)));
  s.emplace(base->open_session());
  EXPECT_EQ(s->consumed("mailer"), 0);
  EXPECT_EQ(outcome([&] { s->consume("mailer", 0); }), "read_only");
  EXPECT_EQ(outcome([&] { (void)s->trim(clock->now()); }), "read_only");
  EXPECT_EQ(s->changes(0).size(), 1u);
}

// ------------------------------------------------------------------------------------------- trim

TEST_P(consumers, trim_what_is_old) {
  const std::int64_t n = put("1");
  clock->advance(duration::of_hours(1));
  const instant later = clock->now();
  put("2");
  put("3");
  EXPECT_EQ(s->trim({later.microseconds}), static_cast<std::uint64_t>(n));
  EXPECT_EQ(s->trim({later.microseconds}), 0u) << "done already";
  EXPECT_EQ(sequences(n), (numbers{n + 1, n + 2}));
  EXPECT_EQ(outcome([&] { (void)s->changes(n - 1); }), "not_found");
  try {
    (void)s->changes(0);
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.record(), n + 1) << "the oldest that is kept";
    EXPECT_NE(e.message().find("before " + std::to_string(n + 1)), std::string::npos);
  }
  EXPECT_EQ(s->sequence_at(later), n + 2);
  EXPECT_EQ(outcome([&] { (void)s->sequence_at({later.microseconds - 1}); }), "not_found");
  EXPECT_EQ(s->trim({std::numeric_limits<std::int64_t>::min()}), 0u);
}

TEST_P(consumers, trim_never_the_newest_set) {
  const auto a = s->add(node::name = "a");
  const std::int64_t n = s->sequence();
  clock->advance(duration::of_hours(1));
  EXPECT_EQ(s->trim(clock->now()), static_cast<std::uint64_t>(n - 1));
  EXPECT_EQ(s->trim({std::numeric_limits<std::int64_t>::max()}), 0u);
  EXPECT_EQ(s->sequence(), n);
  const auto b = s->add(node::name = "b");
  EXPECT_EQ(b.revision(), n + 1);
  EXPECT_GT(b.id().value, a.id().value);
  if (keeps_content()) {
    reopen();
    EXPECT_EQ(s->sequence(), n + 1);
    EXPECT_EQ(s->all<node>().count(), 2u);
  }
}

TEST_P(consumers, trim_nothing_that_a_reader_needs) {
  const std::int64_t n = put("1");
  put("2");
  put("3");
  s->consume("fast", n + 2);
  s->consume("slow", n);
  clock->advance(duration::of_hours(1));
  EXPECT_EQ(s->trim(clock->now()), static_cast<std::uint64_t>(n));
  EXPECT_EQ(sequences(s->consumed("slow")), (numbers{n + 1, n + 2}));
  s->consume("new", 0);  // wants all there is, from now on
  s->consume("slow", n + 1);
  EXPECT_EQ(s->trim(clock->now()), 0u);
}

TEST_P(consumers, trim_pieces_and_operation_keys_too) {
  crm_options small;
  small.limits.change_chunk_bytes = 100;
  open(small);
  transaction tx = s->write({.operation_key = "big"});
  for (int i = 0; i < 50; ++i) s->add(node::name = "n");
  tx.commit();
  EXPECT_GT(s->query("change_chunks", "").count(), 3u);
  EXPECT_EQ(base->outcome_of("big"), outcome::committed);
  clock->advance(duration::of_hours(1));
  put("newest");
  s->trim(clock->now());
  EXPECT_EQ(s->query("change_chunks", "").count(), 0u);
  EXPECT_EQ(s->query("change_sets", "").count(), 1u);
  EXPECT_EQ(base->outcome_of("big"), outcome::absent);
  EXPECT_EQ(s->all<node>().count(), 51u) << "records stay";
}

TEST_P(consumers, trim_within_a_transaction) {
  const std::int64_t n = put("1");
  put("2");
  clock->advance(duration::of_hours(1));
  {
    transaction tx = s->write();
    EXPECT_EQ(s->trim(clock->now()), static_cast<std::uint64_t>(n));
  }
  EXPECT_EQ(sequences(0).size(), static_cast<std::size_t>(n + 1)) << "taken back";
  transaction tx = s->write();
  s->add(node::name = "3");
  EXPECT_EQ(s->trim(clock->now()), static_cast<std::uint64_t>(n)) << "not its own, not the newest";
  tx.commit();
  EXPECT_EQ(sequences(n), (numbers{n + 1, n + 2}));
  const transaction reading = s->read();
  EXPECT_EQ(outcome([&] { (void)s->trim(clock->now()); }), "read_only");
}

}  // namespace
}  // namespace kith::lab
