// SPDX-License-Identifier: Apache-2.0
//
// Records into files that an import reads back.
#include <unistd.h>
#include <filesystem>

#include "lab.hpp"

namespace kith::lab {
namespace {

using export_test = suite;
INSTANTIATE_TEST_SUITE_P(stores, export_test, ::testing::ValuesIn(backends()), name_of_backend);

constexpr const char* clients_file =
    "name,kind,tax_id,annual_revenue,city,parent,note\n"
    "Головная,organisation,0100,1000000 RUB,Омск,,\"a, \"\"b\"\"\n second\"\n"
    "Филиал,organisation,,,Тара,Головная,=1+1\n"
    "Анна,person,,,,,-5.00\n"
    "Пётр,person,,,,,+7 (3812) 12-34-56\n"
    "Ключ,organisation,,,,,''=quoted\n";

TEST_P(export_test, columns_are_fields_parts_and_paths) {
  import(clients_file);
  EXPECT_EQ(
      exported("clients", {.columns = {"name", "city", "parent", "parent.city", "annual_revenue"}},
               "order by id limit 2"),
      "name,city,parent,parent.city,annual_revenue\n"
      "Головная,Омск,,,1000000.00 RUB\n"
      "Филиал,Тара,Головная,Омск,\n");
  EXPECT_EQ(exported("clients", {.columns = {"name", "city"}, .delimiter = ';', .labels = true},
                     "order by id limit 1"),
            "Название;Город\nГоловная;Омск\n");
  EXPECT_EQ(refusal([&] { exported("clients", {.columns = {"nmae"}}); }).substr(0, 5), "query");
}

TEST_P(export_test, formulas_are_disarmed) {
  import(clients_file);
  EXPECT_EQ(exported("clients", {.columns = {"note"}}, "name != 'Головная' order by id"),
            "note\n\"'=1+1\"\n-5.00\n+7 (3812) 12-34-56\n\"''=quoted\"\n");
}

// Everything that people gave comes back, from names and from labels, in every delimiter.
TEST_P(export_test, an_import_reads_an_export_back) {
  const std::vector<std::string> all = {"name", "kind",        "tax_id", "annual_revenue",
                                        "city", "parent.name", "note",   "status"};
  import(clients_file);
  const std::string before = list("clients", all);
  for (const bool labels : {false, true}) {
    for (const char delimiter : {',', ';', '\t'}) {
      const std::string file = exported(
          "clients", {.delimiter = delimiter, .byte_order_mark = labels, .labels = labels});
      open();
      const import_result r = import(file);
      EXPECT_EQ(told(r), "5 rows: 5 inserted");
      EXPECT_EQ(list("clients", all), before) << file;
    }
  }
}

TEST_P(export_test, names_dates_amounts_and_references_come_back) {
  import("name\nОмега\n");
  import_options o;
  o.entity = "contacts";
  import("last_name,first_name,patronymic,birth_date\nПетрова,Анна,Ивановна,1990-02-01\n,Bo,,\n",
         o);
  const std::string contacts = exported("contacts");
  EXPECT_EQ(contacts.substr(0, contacts.find('\n')),
            "last_name,first_name,patronymic,salutation,birth_date,language,owner,note");
  o.entity = "sales_orders";
  import(
      "number,client,contact,ordered,freight,ship_to.city\n1,Омега,Петрова Анна "
      "Ивановна,2026-03-01,"
      "12.50 EUR,Омск\n",
      o);
  const std::string orders = exported("sales_orders");
  open();
  import("name\nОмега\n");
  o.entity = "contacts";
  EXPECT_EQ(told(import(contacts, o)), "2 rows: 2 inserted");
  o.entity = "sales_orders";
  EXPECT_EQ(told(import(orders, o)), "1 rows: 1 inserted");
  EXPECT_EQ(exported("contacts"), contacts);
  EXPECT_EQ(exported("sales_orders"), orders);
}

TEST_P(export_test, a_file_is_whole_or_not_there) {
  import(clients_file);
  const std::string path = std::filesystem::temp_directory_path() /
                           ("kith-export-" + std::to_string(::getpid()) + ".csv");
  EXPECT_EQ(export_csv(s->query("clients", ""), path, {.columns = {"name"}}), 5u);
  EXPECT_EQ(std::filesystem::file_size(path), exported("clients", {.columns = {"name"}}).size());
  std::filesystem::remove(path);
  for (int i = 0; i < 60; ++i) {
    std::string file = "name\n";
    for (int k = 0; k < 100; ++k) file += "c" + std::to_string(i * 100 + k) + "\n";
    import(file);
  }
  const auto cancelled = refusal([&] {
    export_csv(s->query("clients", ""), path,
               {.columns = {"name"}, .progress = [](std::uint64_t) { return false; }});
  });
  EXPECT_EQ(cancelled, "interrupted: the export was cancelled");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_NE(refusal([&] { export_csv(s->query("clients", ""), "/nowhere/x.csv"); }), "");
}

}  // namespace
}  // namespace kith::lab
