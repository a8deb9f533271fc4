// SPDX-License-Identifier: Apache-2.0
//
// An import is taken back as a whole: what it added goes, what it changed is as before; what was
// used since is named, or left.
#include <gtest/gtest.h>

#include "lab.hpp"

namespace kith::lab {
namespace {

class undoing_imports : public suite {
 protected:
  import_result import_by_name(const std::string& content, std::size_t chunk = 2) {
    import_options o;
    o.entity = "clients";
    o.match = {"name"};
    o.chunk_rows = chunk;
    return import(content, o);
  }
  std::string clients() { return list("clients", {"name", "industry"}); }
  static std::string told(const undo_result& r) {
    std::string text = std::to_string(r.records) + " records";
    for (const contested_change& c : r.contested) {
      text += "; " + std::string(c.entity->name()) + " " + c.field;
    }
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, undoing_imports, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(undoing_imports, takes_back_all_chunks_and_gives_them_again) {
  s->add(client::name = "Omega", client::industry = "food");
  const import_result r =
      import_by_name("name,industry\nOmega,wood\nAlfa,metal\nBeta,\nGamma,wood\nBeta,food\n");
  ASSERT_EQ(r.inserted, 3u);
  EXPECT_EQ(clients(), "Omega|wood; Alfa|metal; Beta|food; Gamma|wood");
  const undo_result undone = s->undo_batch(r.batch);
  EXPECT_EQ(undone.contested.size(), 0u);
  EXPECT_EQ(clients(), "Omega|food");
  const change_set set = s->changes(undone.sequence - 1).at(0);
  EXPECT_EQ(set.batch, r.batch);
  EXPECT_EQ(set.undoes, undone.sequence - 1) << "the newest of the batch";
  EXPECT_EQ(set.reason, "undo of batch " + std::to_string(r.batch.value));
  const undo_result again = s->undo(undone.sequence);
  EXPECT_EQ(again.contested.size(), 0u);
  EXPECT_EQ(clients(), "Omega|wood; Alfa|metal; Beta|food; Gamma|wood");
  EXPECT_EQ(s->undo_batch(r.batch).contested.size(), 0u);
  EXPECT_EQ(clients(), "Omega|food");
  EXPECT_EQ(s->undo_batch(r.batch).sequence, 0) << "it is taken back already";
}

TEST_P(undoing_imports, leaves_what_was_used_since) {
  s->add(client::name = "Omega", client::industry = "food");
  const import_result r =
      import_by_name("name,industry\nOmega,wood\nAlfa,metal\nBeta,\nGamma,wood\n");
  const auto of = [&](const char* name) { return *s->find_one(client::name, name); };
  s->update(of("Omega"), client::industry = "paper");
  s->update(of("Beta"), client::note = "звонил");
  s->add(sales_order::client = of("Gamma"));
  const std::int64_t before = s->sequence();
  const std::string refused = refusal([&] { s->undo_batch(r.batch); });
  EXPECT_EQ(refused.substr(0, 9), "conflict:") << refused;
  for (const char* part : {"client.industry", "was changed later, by change set", "is named by"}) {
    EXPECT_NE(refused.find(part), std::string::npos) << refused;
  }
  EXPECT_EQ(s->sequence(), before);
  const undo_result some = s->undo_batch(r.batch, undo_mode::skip);
  EXPECT_EQ(some.contested.size(), 3u);
  EXPECT_EQ(clients(), "Omega|paper; Beta|; Gamma|wood");
}

TEST_P(undoing_imports, takes_the_keys_of_other_systems_along) {
  import_options o;
  o.entity = "clients";
  o.match = {"@shop"};
  o.columns = {{"id", "@shop"}};
  const import_result r = import("id,name\n7,Omega\n8,Alfa\n", o);
  EXPECT_EQ(count("external_refs"), 2u);
  s->undo_batch(r.batch);
  EXPECT_EQ(count("clients") + count("external_refs"), 0u);
  EXPECT_EQ(import("id,name\n7,Omega\n8,Alfa\n", o).inserted, 2u) << "the keys are free again";
}

TEST_P(undoing_imports, needs_a_batch_that_was) {
  EXPECT_EQ(refusal([&] { s->undo_batch({77}); }).substr(0, 50),
            "not_found: no change set belongs to the batch 77; ");
}

}  // namespace
}  // namespace kith::lab
