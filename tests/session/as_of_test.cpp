// SPDX-License-Identifier: Apache-2.0
//
// Reading the store as it stood: whatever a question was answered right after a commit, it is
// answered again by a session that was opened as of that commit, however much was done since.
#include <gtest/gtest.h>

#include "answers.hpp"
#include "core/session/state.hpp"
#include "environment.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using steps = std::vector<std::function<void()>>;

class as_of : public suite {
 protected:
  struct moment {
    std::int64_t sequence;
    instant at;
    answers seen;
  };
  void remember() { moments.push_back({s->sequence(), clock->now(), look(*s)}); }
  // Looks after each step, then once more as of each.
  void play(const steps& story) {
    moments.clear();
    remember();
    for (const auto& step : story) {
      clock->advance(duration::of_hours(1));
      step();
      remember();
    }
    for (const moment& m : moments) {
      session then = s->as_of(m.sequence);
      EXPECT_EQ(look(then), m.seen) << "as of " << m.sequence;
      session at = s->as_of(m.at);
      EXPECT_EQ(at.sequence(), m.sequence);
    }
  }

  record<client> client_of(const char* name) { return *s->find_one(client::name, name); }
  ref<node> node_of(const char* name) { return *s->find_one(node::name, name); }

  std::vector<moment> moments;
};
INSTANTIATE_TEST_SUITE_P(stores, as_of, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(as_of, answers_what_was_answered_then) {
  record<client> anna, boris;
  record<strict> one, two;
  record<link> l;
  const auto add_anna = [&] { anna = s->add(client::name = "Анна", client::employees = 10); };
  const auto add_boris = [&] {
    boris = s->add(client::name = "Борис", client::parent = anna, client::employees = 5,
                   client::city = "Омск");
  };
  struct row {
    const char* name;
    steps story;
  };
  const row table[] = {
      {"added later", {add_anna, add_boris}},
      {"updated twice",
       {add_anna, [&] { s->update(anna, client::name = "Яна"); },
        [&] { s->update(ref<client>(anna), client::name = "анна", client::employees = none); }}},
      {"deleted since", {add_anna, add_boris, [&] { s->remove(boris); }}},
      {"deleted then and restored since",
       {add_anna, [&] { s->remove(anna); }, [&] { s->restore(ref<client>(anna)); },
        [&] { s->remove(anna); }}},
      {"added, updated, deleted and restored in one transaction",
       {add_anna,
        [&] {
          transaction tx = s->write();
          add_boris();
          s->update(boris, client::employees = 6);
          s->update(ref<client>(boris), client::employees = 7);
          s->remove(boris);
          s->restore(ref<client>(boris));
          s->update(anna, client::employees = 1);
          s->remove(anna);
          tx.commit();
        },
        [&] { s->restore(ref<client>(anna)); }}},
      {"a reference that leads elsewhere since",
       {[&] { s->add(node::name = "a"); }, [&] { s->add(node::name = "b"); },
        [&] { l = s->add(link::name = "l", link::forgets = node_of("b")); },
        [&] { s->update(l, link::forgets = node_of("a"), link::holds = node_of("a")); },
        [&] { s->update(node_of("a"), node::name = "b", node::inside = node_of("b")); },
        [&] { s->update(ref<link>(l), link::forgets = none, link::holds = none); },
        [&] { s->query("lab_nodes", "").remove(); }}},
      {"who is above is called otherwise since",
       {add_anna, add_boris, [&] { s->update(anna, client::name = "Яна"); },
        [&] { s->update(boris, client::parent = none); },
        [&] { s->add(client::name = "Вера", client::parent = boris, client::employees = 5); }}},
      {"a unique value that another record has since",
       {[&] { one = s->add(strict::name = "1", strict::code = "a"); },
        [&] { two = s->add(strict::name = "2", strict::code = "B"); },
        [&] { s->update(one, strict::code = none); }, [&] { s->update(two, strict::code = "A"); },
        [&] { s->update(ref<strict>(one), strict::code = "b"); }}},
      {"what is computed and stored",
       {[&] { s->add(drawer::name = "d"); },
        [&] { s->add(folder::drawer = *s->find_one(drawer::name, "d"), folder::factor = 2); },
        [&] { s->add(file::folder = *s->all<folder>().first(), file::pages = 12); },
        [&] { s->add(file::folder = *s->all<folder>().first(), file::pages = 3); },
        [&] { s->update(ref<folder>(*s->all<folder>().first()), folder::factor = 5); },
        [&] { s->remove(*s->all<file>().first()); },
        [&] { s->remove(*s->find_one(drawer::name, "d")); }}},
      {"an order that folds letters, over several pages",
       {[&] {
          for (const char* name : {"берёза", "Берег", "ёлка", "Ель", "Анна", "яна", "Яков"}) {
            s->add(client::name = name, client::employees = 7);
          }
        },
        [&] { s->update(client_of("Ель"), client::name = "Ясень"); },
        [&] { s->update(client_of("яна"), client::name = "арбуз", client::employees = 1); },
        [&] { s->remove(client_of("берёза")); },
        [&] { s->add(client::name = "вяз", client::parent = client_of("Анна")); },
        [&] { s->update(client_of("ёлка"), client::name = "Юг", client::employees = none); }}},
      {"groups that records have left since",
       {add_anna, add_boris, [&] { s->update(anna, client::status = client_status::existing); },
        [&] { s->update(boris, client::status = client_status::former); },
        [&] { s->update(ref<client>(anna), client::employees = 100); }, [&] { s->remove(boris); }}},
      {"nothing but a changed model since",
       {add_anna, [&] { s->add_field("lab_gadgets", {.name = "x_more"}); }}},
  };
  for (const row& r : table) {
    SCOPED_TRACE(r.name);
    open();
    play(r.story);
  }
}

TEST_P(as_of, is_the_newest_state_for_what_is_to_come) {
  s->add(node::name = "a");
  const std::int64_t newest = s->sequence();
  EXPECT_EQ(s->as_of(newest).sequence(), newest);
  EXPECT_EQ(s->as_of(newest + 100).sequence(), newest);
  session then = s->as_of(clock->now() + duration::of_days(1));
  EXPECT_EQ(then.all<node>().count(), 1u);
  s->add(node::name = "b");
  EXPECT_EQ(then.all<node>().count(), 1u) << "the newest at the time of the call";
  EXPECT_EQ(then.sequence(), newest);
  session early = s->as_of(morning - duration::of_days(1));
  EXPECT_EQ(early.sequence(), 0);
  EXPECT_EQ(early.all<node>().count(), 0u);
  EXPECT_EQ(s->as_of(0).all<node>().count(), 0u);
  EXPECT_EQ(outcome([&] { s->as_of(-1); }), "misuse");
}

TEST_P(as_of, stays_what_it_is_while_others_write) {
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->add(node::name = "b");
  s->update(a, node::name = "c");
  session then = s->as_of(b.revision());
  const auto names = [&] {
    std::string all;
    for (const record<node>& n : then.all<node>().order_by(node::name)) {
      all += std::string(n[node::name]) + " ";
    }
    return all + std::to_string(then.sequence()) + " " +
           std::to_string(then.changes(0).back().sequence - then.sequence());
  };
  const std::string before = names();
  EXPECT_EQ(before.substr(0, 4), "a b ");
  s->update(ref<node>(a), node::name = "d");
  s->update(b, node::name = "e");
  s->add(node::name = "f");
  EXPECT_EQ(names(), before);
  s->remove(b);
  s->add_field("lab_nodes", {.name = "x_more"});
  s->restore(ref<node>(b));
  EXPECT_EQ(names(), before);
  EXPECT_EQ(then.get<node>(b.id()).revision(), b.revision());
}

TEST_P(as_of, shows_fields_that_were_added_since_empty) {
  const record<node> a = s->add(node::name = "a");
  s->add_field("lab_nodes", {.name = "x_size", .kind = kind_id::integer});
  s->add_entity({.name = "x_thing", .plural = "x_things", .fields = {{.name = "x_name"}}});
  any_draft d(s->get_row(entity("lab_node"), a.id()));
  put_text(d, entity("lab_node"), "x_size", "17");
  s->update_row(entity("lab_node"), a.id(), d);
  add("lab_node", {{"name", "b"}, {"x_size", "18"}});
  add("x_thing", {{"x_name", "t"}});
  session then = s->as_of(a.revision());
  EXPECT_EQ(then.model()->version(), s->model()->version()) << "the model is today's";
  EXPECT_TRUE(then.get("lab_nodes", a.id())["x_size"].is_null());
  EXPECT_EQ(then.query("lab_nodes", "x_size is null").count(), 1u);
  EXPECT_EQ(then.query("lab_nodes", "x_size > 0").count(), 0u);
  EXPECT_EQ(then.query("x_things", "").count(), 0u);
  s->retire_field("lab_nodes", "x_size");
  EXPECT_EQ(s->as_of(s->sequence() - 1).query("lab_nodes", "").count(), 2u);
}

TEST_P(as_of, goes_back_over_change_sets_in_chunks) {
  crm_options small;
  small.limits.change_chunk_bytes = 200;
  open(small);
  std::vector<record<client>> many;
  transaction tx = s->write();
  for (int i = 0; i < static_cast<int>(rounds(200, 4)); ++i) {
    many.push_back(
        s->add(client::name = "client " + std::to_string(1000 + i), client::employees = i));
  }
  tx.commit();
  play({[&] {
          transaction all = s->write();
          for (const record<client>& c : many) {
            s->update(c, client::name = "c " + std::to_string(c.id().value), client::employees = 1);
          }
          all.commit();
        },
        [&] { s->query("clients", "name like '%3'").remove(); }});
}

TEST_P(as_of, writes_nothing) {
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->add(node::name = "b");
  session then = s->as_of(a.revision());
  const steps table{
      [&] { then.add(node::name = "c"); },
      [&] { then.update(a, node::name = "c"); },
      [&] { then.remove(a); },
      [&] { then.restore(ref<node>(a)); },
      [&] { then.write(); },
      [&] { then.add_field("lab_nodes", {.name = "x_f"}); },
      [&] { then.all<node>().remove(); },
      [&] {
        const transaction tx = then.read();
        then.add(node::name = "c");
      },
  };
  for (const auto& call : table) {
    const auto e = refusal(call);
    ASSERT_TRUE(e);
    EXPECT_EQ(e->message(), "this session reads the store as it stood after sequence " +
                                std::to_string(a.revision()) +
                                "; write with a session of crm.open_session()");
    EXPECT_EQ(e->code(), error_code::read_only);
  }
  EXPECT_EQ(s->all<node>().count(), 2u);
  transaction tx = then.read();
  EXPECT_EQ(then.all<node>().count(), 1u);
  if (base->can().host_sql) {
    EXPECT_EQ(outcome([&] { tx.sql("select 1"); }), "read_only");
  }
}

TEST_P(as_of, does_not_see_what_is_not_committed) {
  const record<node> a = s->add(node::name = "a");
  transaction tx = s->write();
  s->update(a, node::name = "b");
  if (!base->can().parallel_reads) {
    EXPECT_EQ(outcome([&] { s->as_of(a.revision()); }), "misuse")
        << "readers and writers take turns";
    return;
  }
  EXPECT_EQ(s->as_of(tx.sequence()).get<node>(a.id())[node::name], "a");
  tx.commit();
  EXPECT_EQ(s->as_of(tx.sequence()).get<node>(a.id())[node::name], "b");
}

TEST_P(as_of, is_asked_of_a_session_of_the_past_too) {
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->add(node::name = "b");
  s->add(node::name = "c");
  session then = s->as_of(b.revision());
  EXPECT_EQ(then.as_of(a.revision()).all<node>().count(), 1u);
  EXPECT_EQ(then.as_of(s->sequence()).all<node>().count(), 2u) << "what is to come is not seen";
  EXPECT_EQ(then.options().actor, "anna");
}

TEST_P(as_of, ends_where_the_feed_was_trimmed) {
  std::vector<std::int64_t> sequences;
  for (const char* name : {"a", "b", "c", "d"}) {
    clock->advance(duration::of_hours(1));
    sequences.push_back(s->add(node::name = name).revision());
  }
  connection& c = s->internals().rows();
  c.begin(access::write);
  for (std::int64_t i = 1; i <= sequences[1]; ++i) c.erase(entity("change_set"), {i});
  c.commit();
  EXPECT_EQ(s->as_of(sequences[1]).all<node>().count(), 2u) << "nothing is missing behind it";
  EXPECT_EQ(s->as_of(sequences[2]).all<node>().count(), 3u);
  EXPECT_EQ(s->as_of(morning + duration::of_hours(3)).all<node>().count(), 3u);
  const steps table{[&] { s->as_of(sequences[0]); }, [&] { s->as_of(0); },
                    [&] { s->as_of(morning + duration::of_hours(2)); }};
  for (const auto& call : table) {
    const auto e = refusal(call);
    ASSERT_TRUE(e);
    EXPECT_EQ(e->code(), error_code::not_found);
    EXPECT_EQ(e->message(),
              "the changes since then were trimmed; the oldest instant that can be asked for is "
              "2026-03-02T12:00:00Z, sequence " +
                  std::to_string(sequences[2]));
  }
}

// Nothing erases or merges yet: the store and the feed are told so by hand.
TEST_P(as_of, does_not_show_what_was_erased_and_parts_what_was_merged) {
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->add(node::name = "b");
  const record<node> c = s->add(node::name = "c");
  const std::int64_t before = s->sequence();
  const entity_type& nodes = entity("lab_node");
  session::state& in = s->internals();
  s->update(a, node::name = "aa");

  in.begin(access::write, {});
  in.rows().erase(nodes, a.id());
  in.tx->pending.add(change_kind::erase, nodes.number, a.id(), before + 1);
  in.tx->wrote = true;
  in.commit();

  in.begin(access::write, {});
  const row_ptr current = in.rows().get(nodes, b.id(), needed_cells::with_keys);
  system_cells merged = current->system();
  merged.revision = merged.deleted = in.tx->sequence;
  merged.merged_into = c.id();
  const row_change change{&nodes, current, in.build(nodes, merged, any_draft(current)), {}};
  in.store_row(change, change_kind::merge);
  in.commit();

  EXPECT_EQ(s->get<node>(b.id())[node::name], "c");
  session then = s->as_of(before);
  EXPECT_EQ(then.all<node>().count(), 2u);
  EXPECT_FALSE(then.find_row(nodes, a.id()));
  EXPECT_EQ(then.get<node>(b.id())[node::name], "b");
  EXPECT_EQ(then.get<node>(b.id()).revision(), b.revision());
}

TEST_P(as_of, lasts_as_long_as_its_results) {
  for (const char* name : {"a", "b", "c"}) s->add(node::name = name);
  const std::int64_t then = s->sequence();
  s->query("lab_nodes", "").remove();
  std::optional<session> past(s->as_of(then));
  const auto all = past->all<node>();
  auto n = all.begin();
  std::string names(n->operator[](node::name));
  past.reset();
  for (++n; n != all.end(); ++n) names += (*n)[node::name];
  EXPECT_EQ(names, "abc");
}

}  // namespace
}  // namespace kith::lab
