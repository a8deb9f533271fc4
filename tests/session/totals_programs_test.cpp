// SPDX-License-Identifier: Apache-2.0
//
// Live totals and the programs that share a store: each keeps all of them, described by it or not,
// and what one of them cannot keep is never answered wrong.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "core/session/state.hpp"
#include "core/totals/total_rows.hpp"
#include "kith/kith.hpp"
#include "scratch.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

constexpr entity_def about_item{.name = "shop_item", .plural = "shop_items"};

/// One entity in the words of four programs.
struct plain {
  static constexpr entity_def about = about_item;
  static constexpr field<plain, text> label{1, "label", "What it is."};
  static constexpr field<plain, integer> size{2, "size", "How big."};
  static constexpr auto fields = list(label, size);
};
struct first {
  static constexpr entity_def about = about_item;
  static constexpr field<first, text> label{1, "label", "What it is."};
  static constexpr field<first, integer> size{2, "size", "How big."};
  static constexpr auto fields = list(label, size);
  static constexpr auto totals =
      list(total_def{.name = "sizes", .by = "label", .measures = "sum(size) as sum"});
};
struct wider {
  static constexpr entity_def about = about_item;
  static constexpr field<wider, text> label{1, "label", "What it is."};
  static constexpr field<wider, integer> size{2, "size", "How big."};
  static constexpr field<wider, integer> extra{3, "extra", "What first does not know."};
  static constexpr auto fields = list(label, size, extra);
  static constexpr auto totals =
      list(total_def{.name = "sizes", .by = "label", .measures = "sum(size) as sum"},
           total_def{.name = "extras", .by = "label", .measures = "count(extra) as n"});
};
struct other {
  static constexpr entity_def about = about_item;
  static constexpr field<other, text> label{1, "label", "What it is."};
  static constexpr field<other, integer> size{2, "size", "How big."};
  static constexpr auto fields = list(label, size);
  static constexpr auto totals =
      list(total_def{.name = "sizes", .where = "size > 2", .measures = "count() as n"});
};
struct wrong {
  static constexpr entity_def about = about_item;
  static constexpr field<wrong, text> label{1, "label", "What it is."};
  static constexpr auto fields = list(label);
  static constexpr auto totals =
      list(total_def{.name = "sizes", .by = "label", .measures = "sum(nothing) as sum"});
};

class totals_of_programs : public suite {
 protected:
  template <class Item>
  static crm_options program() {
    return {.entities = {describe<Item>()}};
  }
  void item(const char* label, const char* size) {
    add("shop_item", {{"label", label}, {"size", size}});
  }
  std::string now(std::string_view name = "sizes") {
    std::string text;
    for (const auto& row : s->total(name).rows) {
      for (const value& v : row) text += v.to_string() + " ";
    }
    return text;
  }
  std::string wrong_things() {
    std::string text;
    for (const kith::damage& d : base->verify().found) text += d.what + "\n";
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, totals_of_programs, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(totals_of_programs, are_counted_when_a_program_brings_them) {
  if (!keeps_content()) GTEST_SKIP();
  open(program<plain>());
  item("a", "1");
  item("a", "2");
  EXPECT_EQ(outcome([&] { s->total("sizes"); }), "not_found");
  const std::int64_t before = s->sequence();
  reopen(program<first>());
  EXPECT_EQ(now(), "a 3 ");
  EXPECT_EQ(s->sequence(), before + 1) << "a commit of its own tells others";
  item("a", "3");
  reopen(program<first>());
  EXPECT_EQ(now(), "a 6 ");
  EXPECT_EQ(s->sequence(), before + 2) << "counted once";
  EXPECT_EQ(wrong_things(), "");
}

TEST_P(totals_of_programs, are_kept_by_those_that_do_not_describe_them) {
  if (!keeps_content()) GTEST_SKIP();
  open(program<first>());
  item("a", "1");
  reopen(program<plain>());
  item("a", "2");
  item("b", "5");
  EXPECT_EQ(now(), "a 3 b 5 ") << "and they can ask for them";
  reopen(program<first>());
  EXPECT_EQ(now(), "a 3 b 5 ");
  EXPECT_EQ(wrong_things(), "");
  reopen(program<plain>());
  s->remove_total("sizes");
  item("a", "2");
  reopen(program<first>());
  EXPECT_EQ(now(), "a 5 b 5 ") << "described again, counted again";
  EXPECT_EQ(wrong_things(), "");
}

TEST_P(totals_of_programs, are_stale_where_a_field_is_missing) {
  if (!keeps_content()) GTEST_SKIP();
  open(program<wider>());
  add("shop_item", {{"label", "a"}, {"extra", "1"}});
  EXPECT_EQ(now("extras"), "a 1 ");
  reopen(program<first>());
  EXPECT_EQ(outcome([&] { s->total("extras"); }), "model");
  reopen(program<wider>());
  EXPECT_EQ(s->model()->total("extras").stale, false) << "nothing was written";
  reopen(program<first>());
  item("a", "2");
  EXPECT_TRUE(s->model()->total("extras").stale);
  EXPECT_EQ(now(), "a 2 ");
  crm_options reading = program<wider>();
  reading.read_only = true;
  if (base->can().read_only_open) {
    reopen(reading);
    EXPECT_EQ(now("extras"), "a 1 ") << "counted when it is asked for";
  }
  reopen(program<wider>());
  EXPECT_FALSE(s->model()->total("extras").stale);
  add("shop_item", {{"label", "a"}, {"extra", "1"}});
  EXPECT_EQ(now("extras"), "a 2 ");
  EXPECT_EQ(wrong_things(), "");
}

TEST_P(totals_of_programs, change_with_the_program_that_opens_last) {
  if (!keeps_content()) GTEST_SKIP();
  open(program<first>());
  item("a", "1");
  item("a", "3");
  reopen(program<other>());
  EXPECT_EQ(now(), "1 ");
  item("a", "4");
  reopen(program<first>());
  EXPECT_EQ(now(), "a 8 ");
  EXPECT_EQ(wrong_things(), "");
}

TEST_P(totals_of_programs, that_make_no_sense_do_not_open) {
  EXPECT_EQ(outcome([&] { open(program<wrong>()); }), "model");
}

TEST_P(totals_of_programs, that_were_damaged_are_found_and_rebuilt) {
  open(program<first>());
  item("a", "1");
  item("b", "2");
  {
    session::state& inside = s->internals();
    transaction tx = s->write();
    const std::uint16_t number = s->model()->total("sizes").number;
    detail::total_rows(inside.rows(), *inside.model).clear(number);
    item("c", "3");
    tx.commit();
  }
  EXPECT_EQ(now(), "c 3 ");
  const verification v = base->verify();
  ASSERT_EQ(v.found.size(), 2u);
  EXPECT_EQ(v.found[0].what, "the total sizes says of label a: sum (none); the records say: sum 1");
  EXPECT_EQ(v.found[0].remedy, "call session.rebuild_total(\"sizes\")");
  item("a", "2");
  EXPECT_EQ(now(), "a 2 c 3 ");
  s->rebuild_total("sizes");
  EXPECT_EQ(now(), "a 3 b 2 c 3 ");
  EXPECT_EQ(wrong_things(), "");
}

// ------------------------------------------------------------------------------ several processes

std::string write_orders(const std::string& path, int many) {
  crm base = kith::open(path);
  session s = base.open_session();
  const ref<client> buyer = *s.all<client>().first();
  for (int i = 0; i < many; ++i) {
    transaction tx = s.write();
    const record<sales_order> order =
        s.add(sales_order::client = buyer, sales_order::status = order_status::confirmed,
              sales_order::ordered = date{2026, 1, 1}.plus_days(i), sales_order::freight = eur(1));
    if (i % 3 == 2) s.update(order, sales_order::status = order_status::cancelled);
    tx.commit();
  }
  return {};
}

TEST(totals_of_processes, that_write_at_once_are_those_of_all) {
  const scratch_folder folder("totals");
  const std::string path = folder.file("shop.kith");
  {
    crm base = kith::open(path);
    session s = base.open_session();
    s.add(client::name = "Анна");
    s.add_total({"freight", "sales_orders", "", "status", "count() as n, sum(freight) as f"});
  }
  std::vector<int> children;
  for (int i = 0; i < 3; ++i) {
    const int process = ::fork();
    if (process == 0) {
      try {
        write_orders(path, 40);
        ::_exit(0);
      } catch (...) {
        ::_exit(1);
      }
    }
    children.push_back(process);
  }
  for (const int c : children) {
    int status = 1;
    ::waitpid(c, &status, 0);
    EXPECT_EQ(status, 0);
  }
  crm base = kith::open(path);
  session s = base.open_session();
  EXPECT_EQ(s.total("freight").to_string(),
            s.query("sales_orders", "")
                .aggregate({{"status", "status"}}, {{"n", "count()"}, {"f", "sum(freight)"}})
                .to_string());
  EXPECT_EQ(s.total("purchases").at(0, "orders").as<std::int64_t>(), 3 * 27);
  EXPECT_TRUE(base.verify().sound());
}

}  // namespace
}  // namespace kith::lab
