// SPDX-License-Identifier: Apache-2.0
//
// Stored computed fields: current in the transaction that changes what they depend on, in both
// directions, whatever happens to the records in between.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class computed_fields : public suite {
 protected:
  // `total/large` of a folder, `-` for null.
  std::string of(const record<folder>& f) {
    const record<folder> now = s->get<folder>(f.id());
    const auto total = now.find(folder::total);
    return (total ? std::to_string(*total) : "-") + "/" + std::to_string(now[folder::large]);
  }
  std::string of(const record<drawer>& d) {
    const auto total = s->get<drawer>(d.id()).find(drawer::total);
    return total ? std::to_string(*total) : "-";
  }
};
INSTANTIATE_TEST_SUITE_P(stores, computed_fields, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(computed_fields, follow_everything_that_happens_below) {
  const record<drawer> left = s->add(drawer::name = "left");
  const record<drawer> right = s->add(drawer::name = "right");
  const record<folder> a = s->add(folder::drawer = left);
  const record<folder> b = s->add(folder::drawer = right, folder::factor = 10);
  record<file> one;
  record<file> two;
  struct row {
    const char* what;
    std::function<void()> act;
    const char* sums;  // a, b, left, right
  };
  const row table[] = {
      {"nothing", [&] {}, "-/0 -/0 - -"},
      {"add", [&] { one = s->add(file::folder = a, file::pages = 3); }, "3/0 -/0 3 -"},
      {"add a long one", [&] { two = s->add(file::folder = a, file::pages = 12); },
       "15/1 -/0 15 -"},
      {"change", [&] { one = s->update(one, file::pages = 10); }, "22/2 -/0 22 -"},
      {"factor", [&] { s->update(ref<folder>(a), folder::factor = 2); }, "44/2 -/0 44 -"},
      {"move a file", [&] { one = s->update(ref<file>(one), file::folder = b); },
       "24/1 100/1 24 100"},
      {"move a folder", [&] { s->update(ref<folder>(b), folder::drawer = left); },
       "24/1 100/1 124 -"},
      {"take out", [&] { s->update(ref<file>(two), file::folder = none); }, "-/0 100/1 100 -"},
      {"put back", [&] { s->update(ref<file>(two), file::folder = a); }, "24/1 100/1 124 -"},
      {"delete", [&] { s->remove(two); }, "-/0 100/1 100 -"},
      {"restore", [&] { s->restore(ref<file>(two)); }, "24/1 100/1 124 -"},
      {"delete a folder", [&] { s->remove(b); }, "24/1 100/1 24 -"},
      {"restore it", [&] { s->restore(ref<folder>(b)); }, "24/1 100/1 124 -"},
      {"delete the drawer", [&] { s->remove(left); }, "24/1 100/1 124 -"},
      {"restore it", [&] { s->restore(ref<drawer>(left)); }, "24/1 100/1 124 -"},
      {"null", [&] { s->update(ref<file>(two), file::pages = none); }, "-/0 100/1 100 -"},
  };
  for (const row& r : table) {
    r.act();
    EXPECT_EQ(of(a) + " " + of(b) + " " + of(left) + " " + of(right), r.sums) << r.what;
    for (const record<file>& f : s->all<file>()) {
      EXPECT_EQ(f.has(file::twice), f.has(file::size)) << r.what;
      EXPECT_EQ(f[file::twice], 2 * f[file::size]) << r.what;
    }
  }
}

TEST_P(computed_fields, are_current_inside_the_transaction) {
  transaction tx = s->write();
  const record<drawer> d = s->add(drawer::name = "d");
  const record<folder> f = s->add(folder::drawer = d);
  for (int pages = 1; pages <= 4; ++pages) s->add(file::folder = f, file::pages = pages);
  EXPECT_EQ(of(f), "10/0");
  EXPECT_EQ(of(d), "10");
  EXPECT_EQ(s->find(drawer::total == 10).count(), 1u);
  transaction inner = s->write();
  s->all<file>().where(file::pages == 4).remove();
  EXPECT_EQ(of(d), "6");
  inner.rollback();
  EXPECT_EQ(of(d), "10");
  s->add(file::folder = f, file::pages = 5);
  tx.commit();
  EXPECT_EQ(of(d), "15");
}

TEST_P(computed_fields, are_computed_once_for_many_changes) {
  const record<drawer> d = s->add(drawer::name = "d");
  const record<folder> f = s->add(folder::drawer = d);
  const std::int64_t before = s->sequence();
  transaction tx = s->write();
  for (int i = 0; i < 5; ++i) s->add(file::folder = f);
  tx.commit();
  EXPECT_EQ(feed(before),
            std::vector<std::string>{"add lab_file; add lab_file; add lab_file; add lab_file; "
                                     "add lab_file; update lab_folder total; "
                                     "update lab_drawer total"});
}

TEST_P(computed_fields, restored_later_are_as_the_world_is_then) {
  const record<folder> f = s->add(folder::factor = 1);
  const record<file> one = s->add(file::folder = f, file::pages = 5);
  s->remove(one);
  s->update(ref<folder>(f), folder::factor = 3);
  EXPECT_EQ(s->restore(ref<file>(one))[file::size], 15);
  EXPECT_EQ(of(f), "15/0");
}

TEST_P(computed_fields, are_not_written_by_hand) {
  const record<folder> f = s->add(folder::factor = 1);
  s->add(file::folder = f, file::pages = 5);
  s->update(ref<folder>(f), folder::total = 99);
  EXPECT_EQ(of(f), "5/0");
  EXPECT_EQ(s->add(folder::total = 99).find(folder::total), std::nullopt);
}

TEST_P(computed_fields, reach_from_the_line_over_the_order_to_the_application) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<sales_order> order = s->add(sales_order::client = anna);
  const record<dossier> d = s->add(dossier::order = order);
  const auto net = [&] { return s->get<dossier>(d.id())[dossier::net].to_string(); };
  const record<order_line> line = s->add(order_line::sales_order = order, order_line::quantity = 3,
                                         order_line::unit_price = eur("1.10"));
  EXPECT_EQ(net(), "3.30 EUR");
  s->update(line, order_line::quantity = 4);
  EXPECT_EQ(net(), "4.40 EUR");
  s->remove(line);
  EXPECT_FALSE(s->get<dossier>(d.id()).has(dossier::net));
  const record<dossier> late = s->add(dossier::order = order);
  s->restore(ref<order_line>(line));
  EXPECT_EQ(net(), "4.40 EUR");
  EXPECT_EQ(s->get<dossier>(late.id())[dossier::net], eur("4.40"));
}

TEST_P(computed_fields, that_overflow_are_an_error_and_nothing_is_stored) {
  const record<folder> f = s->add(folder::factor = 1);
  const std::int64_t before = s->sequence();
  s->add(file::folder = f, file::pages = INT64_MAX / 2);
  s->add(file::folder = f, file::pages = INT64_MAX / 2);
  EXPECT_EQ(of(f), std::to_string(INT64_MAX - 1) + "/2");
  EXPECT_NE(outcome([&] { s->add(file::folder = f, file::pages = 2); }), "done")
      << "the folder's sum does not fit";
  EXPECT_NE(outcome([&] { s->add(file::pages = INT64_MAX / 2 + 1, file::folder = f); }), "done")
      << "twice its size does not fit";
  EXPECT_NE(outcome([&] { s->update(ref<folder>(f), folder::factor = 5); }), "done");
  EXPECT_EQ(s->sequence(), before + 2);
  EXPECT_EQ(of(f), std::to_string(INT64_MAX - 1) + "/2");
  transaction tx = s->write();
  s->update(ref<folder>(f), folder::factor = 5);
  EXPECT_NE(outcome([&] { tx.commit(); }), "done");
  EXPECT_TRUE(tx.open()) << "it can be put right";
  s->update(ref<folder>(f), folder::factor = 1);
  EXPECT_EQ(outcome([&] { tx.commit(); }), "done");
}

TEST_P(computed_fields, can_be_asked_like_any_other) {
  for (int i = 1; i <= 4; ++i) {
    const record<folder> f = s->add(folder::factor = i);
    s->add(file::folder = f, file::pages = 10);
  }
  EXPECT_EQ(
      s->query("lab_folders", "total >= 30 order by total desc").all()[0]["total"].to_string(),
      "40");
  EXPECT_EQ(s->query("lab_files", "folder.total = 20").count(), 1u);
}

}  // namespace
}  // namespace kith::lab
