// SPDX-License-Identifier: Apache-2.0
//
// The standard reports on real data. The figures were computed from the CSV files by other means:
// exact decimals, each line rounded half up to the cent.
#include "../../examples/import_maven_crm.hpp"
#include "../../examples/import_northwind.hpp"
#include "kith/analytics/standard.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

class real_reports : public suite {
 protected:
  // The rows as lines, their values with bars between them.
  static std::string shown(const table& t, std::size_t most = 100) {
    std::string text;
    for (std::size_t r = 0; r < std::min(most, t.rows.size()); ++r) {
      for (std::size_t i = 0; i < t.rows[r].size(); ++i) {
        text += (i ? "|" : "") + t.rows[r][i].to_string();
      }
      text += "\n";
    }
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, real_reports, ::testing::ValuesIn(indexed_backends()),
                         name_of_backend);

TEST_P(real_reports, of_northwind) {
  const std::string folder = real_data("northwind");
  if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/northwind";
  examples::import_northwind(*s, folder);
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::year)),
            "1996|152|208083.99 USD\n1997|408|617085.35 USD\n1998|270|440623.95 USD\n");
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::quarter)),
            "1996-Q3|70|79728.58 USD\n1996-Q4|82|128355.41 USD\n1997-Q1|92|138288.95 USD\n"
            "1997-Q2|93|143177.07 USD\n1997-Q3|103|153937.83 USD\n1997-Q4|120|181681.50 USD\n"
            "1998-Q1|182|298491.61 USD\n1998-Q2|88|142132.34 USD\n");
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::owner)),
            "Andrew Fuller|96|166537.76 USD\nAnne Dodsworth|43|77308.09 USD\n"
            "Janet Leverling|127|202812.88 USD\nLaura Callahan|104|126862.30 USD\n"
            "Margaret Peacock|156|232890.89 USD\nMichael Suyama|67|73913.15 USD\n"
            "Nancy Davolio|123|192107.67 USD\nRobert King|72|124568.24 USD\n"
            "Steven Buchanan|42|68792.31 USD\n");
  const table products = s->report<sales_report>(sales_report::by = sales_by::product);
  EXPECT_EQ(products.rows.size(), 77u);
  money_sum all;
  for (const auto& row : products.rows) {
    all.add(row[2].as<money>());
    if (row[0].to_string() == "Côte de Blaye") {
      EXPECT_EQ(row[1].to_string(), "24");
      EXPECT_EQ(row[2].to_string(), "141396.74 USD");
    }
  }
  EXPECT_EQ(all.to_string(), "1265793.29 USD");
  EXPECT_EQ(shown(s->report<clients_report>(clients_report::limit = 3)),
            "QUICK-Stop|28|110277.32 USD|1996-08-05|1998-04-14\n"
            "Ernst Handel|30|104875.00 USD|1996-07-17|1998-05-05\n"
            "Save-a-lot Markets|31|104361.96 USD|1996-10-08|1998-05-01\n");
}

TEST_P(real_reports, of_maven_crm) {
  const std::string folder = real_data("maven-crm");
  if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/maven-crm";
  examples::import_maven_crm(*s, folder, {.product_names = {{"GTXPro", "GTX Pro"}}});
  EXPECT_EQ(shown(s->report<pipeline_report>()), "Prospecting|500||\nEngaging|1589||\n")
      << "an open deal has no amount there";
  EXPECT_EQ(shown(s->report<pipeline_report>(pipeline_report::by = pipeline_by::product)),
            "GTK 500|15||\nGTX Basic|430||\nGTX Plus Basic|332||\nGTX Plus Pro|223||\n"
            "GTX Pro|333||\nMG Advanced|328||\nMG Special|428||\n");
}

}  // namespace
}  // namespace kith::lab
