// SPDX-License-Identifier: Apache-2.0
//
// Real data: a sales pipeline with people, products, a tree of accounts, and mistakes.
#include "../../examples/import_maven_crm.hpp"

#include <unistd.h>
#include <filesystem>

#include "lab.hpp"

namespace kith::lab {
namespace {

class maven_crm_test : public suite {
 protected:
  void SetUp() override {
    folder = real_data("maven-crm");
    if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/maven-crm";
  }
  std::string share(std::uint64_t part, std::uint64_t whole) const {
    return (decimal::quotient(decimal(static_cast<std::int64_t>(part) * 100),
                              decimal(static_cast<std::int64_t>(whole)), 2, rounding::half_up))
        .to_string();
  }
  std::string mean_days(std::string_view where) {
    const duration mean = total("deals", "avg(cycle)", where).as<duration>();
    return decimal::quotient(decimal(mean.microseconds), decimal(86'400'000'000), 3,
                             rounding::half_up)
        .to_string();
  }
  std::string folder;
};
INSTANTIATE_TEST_SUITE_P(stores, maven_crm_test, ::testing::ValuesIn(indexed_backends()),
                         name_of_backend);

TEST_P(maven_crm_test, the_figures) {
  const auto r = examples::import_maven_crm(*s, folder, {.product_names = {{"GTXPro", "GTX Pro"}}});
  EXPECT_EQ(told(r.managers), "35 rows: 6 inserted, 29 unchanged");
  EXPECT_EQ(told(r.teams), "35 rows: 6 inserted, 29 unchanged");
  EXPECT_EQ(told(r.agents), "35 rows: 35 inserted");
  EXPECT_EQ(told(r.products), "7 rows: 7 inserted");
  EXPECT_EQ(told(r.accounts), "85 rows: 85 inserted");
  EXPECT_EQ(told(r.deals), "8800 rows: 8800 inserted");
  EXPECT_EQ(count("deals", "stage.category = 'won'"), 4238u);
  EXPECT_EQ(count("deals", "stage.category = 'lost'"), 2473u);
  EXPECT_EQ(count("deals", "stage.name = 'Engaging'"), 1589u);
  EXPECT_EQ(count("deals", "stage.name = 'Prospecting'"), 500u);
  EXPECT_EQ(total("deals", "sum(amount)", "stage.category = 'won'").to_string(), "10005534.00 USD");
  EXPECT_EQ(share(4238, 4238 + 2473), "63.15");
  EXPECT_EQ(total("deals", "avg(amount)", "stage.category = 'won'").to_string(), "2360.91 USD");
  EXPECT_EQ(mean_days("stage.category = 'won'"), "51.782");
  EXPECT_EQ(mean_days("stage.category = 'lost'"), "41.479");
  EXPECT_EQ(mean_days("stage.category in ('won', 'lost')"), "47.985");
  EXPECT_EQ(count("deals", "client is null"), 1425u);
  EXPECT_EQ(count("deals", "client is null and stage.category != 'open'"), 0u);
  EXPECT_EQ(count("clients", "industry = 'technolgy'"), 0u);
}

TEST_P(maven_crm_test, the_tree_of_accounts_and_of_people) {
  examples::import_maven_crm(*s, folder);
  EXPECT_EQ(
      list("clients", {"name", "parent.name"}, "parent.name = 'Acme Corporation' order by name"),
      "Bluth Company|Acme Corporation; Codehow|Acme Corporation; Donquadtech|Acme "
      "Corporation; Iselectrics|Acme Corporation");
  EXPECT_EQ(count("users", "team is not null and manager.name = team.lead.name"), 35u);
}

TEST_P(maven_crm_test, names_that_nobody_has_are_reported_and_repaired) {
  const std::string todo =
      std::filesystem::temp_directory_path() / ("kith-maven-" + std::to_string(getpid()) + ".csv");
  const auto r = examples::import_maven_crm(*s, folder, {.rejected_file = todo});
  EXPECT_EQ(r.deals.inserted, 7320u);
  EXPECT_EQ(r.deals.failed, 1480u);
  ASSERT_EQ(r.deals.errors.size(), 1480u);
  const import_error& first = r.deals.errors.front();
  EXPECT_EQ(first.row, 2u);
  EXPECT_EQ(first.line, 3u);
  EXPECT_EQ(first.column, "product");
  EXPECT_EQ(first.value, "GTXPro");
  EXPECT_EQ(first.message,
            "no product is called 'GTXPro'; did you mean GTX Pro? Or add it first, or set "
            "create_missing for this column");
  for (const import_error& e : r.deals.errors) EXPECT_EQ(e.value, "GTXPro");
  const import_result repaired =
      examples::import_maven_deals(*s, todo, {.product_names = {{"GTXPro", "GTX Pro"}}});
  std::filesystem::remove(todo);
  EXPECT_EQ(told(repaired), "1480 rows: 1480 inserted");
  EXPECT_EQ(count("deals"), 8800u);
}

}  // namespace
}  // namespace kith::lab
