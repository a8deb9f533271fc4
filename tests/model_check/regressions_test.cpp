// SPDX-License-Identifier: Apache-2.0
//
// What the random questions and writes once found, each as small as it can be, on every store.
#include <gtest/gtest.h>

#include "kith/core/crm.hpp"
#include "kith/core/error.hpp"
#include "model_check/entities.hpp"
#include "store/backends.hpp"

namespace kith::model_check {
namespace {

class regressions : public ::testing::TestWithParam<conformance::backend> {
 protected:
  regressions()
      : crm_(GetParam().fresh(), options()),
        s(crm_.open_session({.actor = "check", .actor_id = {}, .zone = {}})) {
    const auto root = s.add(node::label = "AB", node::rank = 1);
    s.add(node::label = "a%b", node::parent = ref<node>(root));
    const auto first = s.add(doc::title = "AB", doc::total = eur("5"), doc::amount = 3,
                             doc::node = ref<node>(root), doc::contact = "BOB@y.example",
                             doc::state = phase::open);
    s.add(doc::title = "a%b", doc::ratio = 0.5, doc::factor = decimal("2.5"));
    s.add(line::doc = ref<doc>(first), line::price = eur("3"));
    s.add(tag::word = "x", tag::weight = 1);
  }
  static crm_options options() {
    crm_options o;
    o.entities = {describe<node>(), describe<doc>(), describe<line>(), describe<tag>()};
    o.clock = std::make_shared<manual_clock>(instant::parse("2026-03-04T09:00:00Z").value());
    return o;
  }
  /// The first column of a result, joined.
  static std::string column(const table& t) {
    std::string all;
    for (const auto& row : t.rows) all += (all.empty() ? "" : ", ") + row.at(0).to_string();
    return all;
  }

  kith::crm crm_;
  kith::session s;
};

struct condition_case {
  const char* entity;
  const char* where;
  std::uint64_t found;
};
// `:none` is null.
constexpr condition_case conditions[] = {
    {"lines", "price * quantity is null and net is null and net.currency is null", 1},
    {"lines", "coalesce(price * quantity, 5 RUB) = 5 RUB", 1},
    {"lines", "coalesce(price / :none, 5 RUB) = 5 RUB", 1},
    {"lines", "coalesce(price / pieces, 5 RUB) = 5 RUB", 1},
    {"docs", "coalesce(amount, :none, 7) = 7", 1},
    {"docs", "coalesce(:none, amount) = 3", 1},
    {"docs", "coalesce(title, :none) = 'ab'", 1},
    {"docs", "coalesce(state, :none) <= 'paused'", 1},
    {"docs", "not (total in (7 EUR, :none))", 0},
    {"docs", "not (amount in (7, :none))", 0},
    {"docs", ":none in (1, 2)", 0},
    {"docs", "3 in (amount, 8)", 1},
    {"docs", "amount + :none is null", 2},
    {"docs", "abs(:none) is null and round(:none) is null", 2},
    {"docs", "date('2026-03-01') < today()", 2},
    {"docs", "'2026-03-01' < today() and '2026-03-04T09:00:00Z' = now()", 2},
    {"docs", "'2026-03-01' in (today(), day) or id is not null", 2},
    {"docs", "peer.line_count is null", 2},
    {"docs", "node.deleted is null", 1},
    {"docs", "not node.deleted < false", 1},
    {"docs", "deleted <= true", 2},
    {"docs", "created >= '2026-03-04T09:00:00Z'", 2},
    {"docs", "coalesce(at, date('2026-03-04')) = '2026-03-04T00:00:00Z'", 2},
    {"docs", "coalesce(ratio, factor) = 0.5", 1},
    {"docs", "coalesce(factor, ratio) = 2.5", 1},
    {"tags", "coalesce(subject, :none) is null", 1},
};

TEST_P(regressions, conditions_find_what_they_say) {
  for (const condition_case& c : conditions) {
    parameters values;
    values.named.emplace("none", value());
    try {
      EXPECT_EQ(s.query(c.entity, c.where, values).count(), c.found) << c.where;
      EXPECT_EQ(s.query(c.entity, c.where, values).all().size(), c.found) << c.where;
    } catch (const error& e) {
      ADD_FAILURE() << c.where << ": " << e.what();
    }
  }
}

TEST_P(regressions, an_aggregation_of_nothing_in_particular_is_one_row) {
  EXPECT_EQ(s.query("docs", "").aggregate(aggregation{}).rows.size(), 1u);
}

TEST_P(regressions, groups_are_shown_as_written_and_compared_by_their_keys) {
  const auto docs = [this] { return s.query("docs", ""); };
  EXPECT_EQ(column(docs().aggregate({{"t", "title"}}, {}, {}, {{"t", true}})), "AB, a%b");
  EXPECT_EQ(column(docs().aggregate({{"c", "contact"}}, {}, "c is not null")), "BOB@y.example");
  EXPECT_EQ(column(docs().aggregate({{"t", "title"}}, {}, "t = 'ab'")), "AB");
  EXPECT_EQ(column(docs().aggregate({{"t", "title"}}, {{"m", "max(contact)"}}, "m like 'bob%'")),
            "AB");
}

TEST_P(regressions, sums_of_one_currency_come_before_sums_of_that_and_more) {
  s.add(line::words = "one", line::price = eur("3"));
  s.add(line::words = "two", line::price = eur("3"));
  s.add(line::words = "two", line::price = rub("1"));
  const table t = s.query("lines", "words is not null")
                      .aggregate({{"w", "words"}}, {{"m", "sum(price)"}}, {}, {{"m", true}});
  EXPECT_EQ(column(t), "two, one");
}

TEST_P(regressions, having_compares_sums_in_the_digits_of_their_column) {
  const table t =
      s.query("lines", "")
          .aggregate({}, {{"m", "sum(round_even(price, 0))"}}, "m < 50 EUR and m = 3 EUR");
  EXPECT_EQ(t.rows.size(), 1u);
}

TEST_P(regressions, related_records_know_their_revisions) {
  EXPECT_EQ(s.query("docs", "min(lines.revision) > 0 and sum(lines.revision) > 0").count(), 1u);
  EXPECT_EQ(s.query("docs", "exists(lines where revision != 0)").count(), 1u);
}

TEST_P(regressions, a_field_that_was_taken_back_is_not_read_any_more) {
  {
    transaction tx = s.write();
    s.add_field("tag", {.name = "x_gone", .kind = kind_id::integer});
    EXPECT_EQ(s.query("tags", "x_gone is null").all().size(), 1u);
    tx.rollback();
  }
  s.add_field("tag", {.name = "x_stays", .kind = kind_id::integer});
  const auto all = s.query("tags", "x_stays is null").all();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(s.get("tag", all[0].id())["x_stays"].is_null());
}

TEST_P(regressions, retired_references_neither_refuse_a_deletion_nor_go_along) {
  s.add_field("tag", {.name = "x_node", .kind = kind_id::ref, .target = "node"});
  s.add_field("tag", {.name = "x_above",
                      .kind = kind_id::ref,
                      .target = "node",
                      .on_delete = delete_policy::cascade});
  const auto root = s.query("nodes", "rank = 1").all().at(0);
  const entity_type& tags = s.model()->entity("tag");
  any_draft d;
  d.put(tags.field("x_node").field->slot, cell::integer(root.id().value));
  d.put(tags.field("x_above").field->slot, cell::integer(root.id().value));
  s.add_row(tags, d);
  s.retire_field("tag", "x_node");
  s.retire_field("tag", "x_above");
  EXPECT_NO_THROW(s.remove_row(s.model()->entity("node"), root.id()));
  EXPECT_EQ(s.query("tags", "").count(), 2u);
}

TEST_P(regressions, a_value_with_a_key_is_cleared_by_its_value_alone) {
  const auto of = s.query("docs", "contact is not null").all().at(0);
  any_draft d;
  d.put(s.model()->entity("doc").field("contact").field->slot, cell::null());
  s.update_row(s.model()->entity("doc"), of.id(), d);
  EXPECT_EQ(s.query("docs", "contact is null").count(), 2u);
  EXPECT_EQ(s.query("docs", "contact = 'bob@y.example'").count(), 0u);
}

INSTANTIATE_TEST_SUITE_P(stores, regressions, ::testing::ValuesIn(conformance::backends()),
                         conformance::name_of_backend);

}  // namespace
}  // namespace kith::model_check
