// SPDX-License-Identifier: Apache-2.0
//
// Where columns go: by header in two languages, by mapping, into references and into the records
// that belong to the row's own.
#include "lab.hpp"

namespace kith::lab {
namespace {

class import_mapping_test : public suite {
 protected:
  std::string mapping(const import_result& r) const {
    std::string text;
    for (const column_mapping& m : r.columns) text += m.column + "→" + m.to + " ";
    for (const std::string& c : r.ignored_columns) text += "(" + c + ") ";
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, import_mapping_test, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(import_mapping_test, headers_find_their_places) {
  struct line {
    const char* entity;
    const char* headers;
    const char* found;
  };
  const line table[] = {
      {"clients", "name,tax_id,city", "name→name tax_id→tax_id city→city "},
      {"clients", "Company Name,INN,Town,Web-Site",
       "Company Name→name INN→tax_id Town→city Web-Site→website "},
      {"clients", "Название,ИНН,Город,Индекс,Улица",
       "Название→name ИНН→tax_id Город→city Индекс→postal_code Улица→street "},
      {"clients", "Наименование,Телефон,Эл. почта,Комментарий",
       "Наименование→name Комментарий→note Телефон→phones Эл. почта→emails "},
      {"clients", "name,email,email,colour", "name→name email→emails email→emails (colour) "},
      {"clients", "CLIENT,Name", "Name→name (CLIENT) "},  // the surer one
      {"contacts", "Фамилия,Имя,Отчество", "Фамилия→last_name Имя→first_name Отчество→patronymic "},
      {"contacts", "Имя,Телефон", "Имя→name Телефон→phones "},
      {"contacts", "ФИО", "ФИО→name "},
      {"products", "SKU,Item Name,Price,Currency",
       "SKU→code Item Name→name Price→list_price (Currency) "},
      {"deals", "title,client.tax_id,Сумма,Валюта,Этап",
       "title→title client.tax_id→client.tax_id Сумма→amount Валюта→amount.currency Этап→stage "},
      {"sales_orders", "Order Number,Customer,client@shop,@web",
       "@web→@web Order Number→number client@shop→client@shop (Customer) "},
  };
  for (const line& l : table) {
    import_options o;
    o.entity = l.entity;
    EXPECT_EQ(mapping(import(std::string(l.headers) + "\n", o)), l.found);
  }
}

TEST_P(import_mapping_test, a_mapping_decides_and_others_are_found_or_ignored) {
  import_options o;
  o.columns = {{"who", "name"}, {"city", ""}};
  EXPECT_EQ(mapping(import("who,city,industry\na,b,c\n", o)), "who→name industry→industry (city) ");
  o.only_mapped = true;
  EXPECT_EQ(mapping(import("who,city,industry\na,b,c\n", o)), "who→name (city) (industry) ");
}

TEST_P(import_mapping_test, columns_without_names_have_numbers) {
  import_options o;
  o.columns = {{"1", "name"}, {"3", "city"}};
  csv_dialect known;
  known.header = false;
  EXPECT_EQ(told(import("Omega,x,Omsk\nAlfa,y,Tara\n", o, known)), "2 rows: 2 inserted");
  EXPECT_EQ(list("clients", {"name", "city"}), "Omega|Omsk; Alfa|Tara");
}

TEST_P(import_mapping_test, texts_are_translated_and_numbers_multiplied) {
  import_options o;
  o.columns = {{"sector", "industry", {.translate = {{"technolgy", "technology"}, {"-", ""}}}},
               {"revenue, mln",
                "annual_revenue",
                {.times = decimal("1000000"), .currency = currency_code::parse("USD")}},
               {"kind", "kind", {.translate = {{"F", "organisation"}, {"P", "person"}}}}};
  o.constants = {{"status", "existing"}};
  EXPECT_EQ(told(import("name;sector;revenue, mln;kind\nOmega;technolgy;1,5;F\nAnna; - ;;P\n", o)),
            "2 rows: 2 inserted");
  EXPECT_EQ(list("clients", {"name", "industry", "annual_revenue", "kind", "status"}),
            "Omega|technology|1500000.00 USD|organisation|existing; Anna|||person|existing");
}

TEST_P(import_mapping_test, an_amount_reads_the_currency_beside_it) {
  import_options o;
  o.entity = "products";
  EXPECT_EQ(
      told(import("name,list_price,list_price.currency\na,5.5,EUR\nb,7,\nc,,USD\nd,9 RUB,EUR\n"
                  "e,1,XXXX\n",
                  o)),
      "5 rows: 3 inserted, 2 refused\n"
      "row 2 (line 3) list_price → list_price '7': '7' has no currency; write it behind the "
      "amount, such as 1000 EUR\n"
      "row 5 (line 6) list_price → list_price '1': '1' has the currency 'XXXX', which ISO "
      "4217 does not list");
  EXPECT_EQ(list("products", {"name", "list_price"}), "a|5.5000 EUR; c|; d|9.0000 RUB");
}

// -------------------------------------------------------------------------------------- references

TEST_P(import_mapping_test, references_by_name_by_field_by_key_and_by_id) {
  import_options clients;
  clients.columns = {{"id", "@shop"}};
  import("id,name,tax_id\n7,Omega,5503012345\n8,Alfa,7700000000\n", clients);
  const std::string id = list("clients", {"id"}, "name = 'Alfa'");
  import_options o;
  o.entity = "sales_orders";
  o.columns = {{"shop", "client@shop"}};
  EXPECT_EQ(told(import("number,shop\n1,7\n2,9\n", o)),
            "2 rows: 1 inserted, 1 refused\nrow 2 (line 3) shop → client@shop '9': shop calls no "
            "client '9'; add it first, or set create_missing for this column");
  o.columns = {};
  EXPECT_EQ(told(import("number,client.tax_id\n3,7700000000\n", o)), "1 rows: 1 inserted");
  EXPECT_EQ(told(import("number,client\n4,omega\n5,7700000000\n6," + id + "\n7,Omegga\n", o)),
            "4 rows: 3 inserted, 1 refused\nrow 4 (line 5) client → client 'Omegga': no client is "
            "called 'Omegga'; did you mean Omega? Or add it first, or set create_missing for this "
            "column");
  EXPECT_EQ(list("sales_orders", {"number", "client.name"}),
            "1|Omega; 3|Alfa; 4|Omega; 5|Alfa; 6|Alfa");
}

TEST_P(import_mapping_test, a_name_that_several_have_is_not_guessed) {
  import("name,city\nOmega,Omsk\nOmega,Tomsk\n");
  import_options o;
  o.entity = "sales_orders";
  const std::string said = told(import("number,client\n1,Omega\n", o));
  EXPECT_NE(said.find("row 1 (line 2) client → client 'Omega': 'Omega' may be one of several"),
            std::string::npos)
      << said;
}

TEST_P(import_mapping_test, a_missing_record_is_added_when_that_is_wanted) {
  import_options o;
  o.entity = "sales_orders";
  o.columns = {{"client", "client", {.create_missing = true}}};
  EXPECT_EQ(told(import("number,client\n1,Omega\n2,Omega\n1,Alfa\n3,Alfa\n", o)).substr(0, 39),
            "4 rows: 3 inserted, 1 refused\nrow 3 (li");
  EXPECT_EQ(list("clients", {"name"}), "Omega; Alfa");
  EXPECT_EQ(list("sales_orders", {"number", "client.name"}), "1|Omega; 2|Omega; 3|Alfa");
}

TEST_P(import_mapping_test, rows_may_name_rows_to_come) {
  import_options o;
  o.match = {"name"};
  o.chunk_rows = 2;
  EXPECT_EQ(told(import("name,parent\na,b\nb,c\nc,d\nd,\ne,nobody\nf,g\ng,f\n", o)),
            "7 rows: 4 inserted, 3 refused\n"
            "row 5 (line 6) parent → parent 'nobody': no client is called 'nobody'; add it first, "
            "or set create_missing for this column\n"
            "row 6 (line 7) parent → parent 'g': no client is called 'g'; add it first, or set "
            "create_missing for this column\n"
            "row 7 (line 8) parent → parent 'f': no client is called 'f'; add it first, or set "
            "create_missing for this column");
  EXPECT_EQ(list("clients", {"name", "parent.name"}, "order by name"), "a|b; b|c; c|d; d|");
}

// Not without end: what waits is in memory.
TEST_P(import_mapping_test, rows_that_wait_are_so_many_at_most) {
  const std::string note(100'000, 'x');
  std::string file = "name,parent,note\n";
  for (int i = 0; i < 60; ++i) file += "c" + std::to_string(i) + ",last," + note + "\n";
  const import_result r = import(file + "last,,\nafter,last,\n");
  EXPECT_EQ(r.rows, 62u);
  EXPECT_EQ(r.inserted + r.failed, 62u);
  EXPECT_GT(r.inserted, 20u);
  EXPECT_GT(r.failed, 5u);
  for (const import_error& e : r.errors) {
    EXPECT_EQ(e.message,
              "no client is called 'last'; add it first, or set create_missing for this column");
  }
  EXPECT_EQ(count("clients", "name = 'after' and parent.name = 'last'"), 1u);
}

TEST_P(import_mapping_test, references_to_any_entity_name_it) {
  import("name\nOmega\n");
  import_options o;
  o.entity = "tags";
  EXPECT_EQ(told(import("record,name\nclient:Omega,vip\n20:omega,old\nOmega,x\nfoo:Omega,x\n", o))
                .substr(0, 29),
            "4 rows: 2 inserted, 2 refused");
  EXPECT_EQ(list("tags", {"name"}), "vip; old");
}

// ------------------------------------------------------------------------------------ owned
// records

TEST_P(import_mapping_test, a_row_of_a_client_brings_contact_numbers_and_tags) {
  import_options o;
  o.match = {"name"};
  o.columns = {{"Contact", "employments.contact", {.create_missing = true}},
               {"Job", "employments.title"}};
  o.constants = {{"phones.label", "office"}};
  const std::string file =
      "Company,Contact,Job,Phone,E-mail,E-mail,Tags\n"
      "Omega,Петрова Анна Ивановна,director,+7 (3812) 12-34-56,a@x.ru,b@x.ru,vip\n"
      "Alfa,,,,,,\n";
  EXPECT_EQ(told(import(file, o)), "2 rows: 2 inserted");
  EXPECT_EQ(told(import(file, o)), "2 rows: 2 unchanged");
  EXPECT_EQ(list("employments", {"client.name", "contact.last_name", "title"}),
            "Omega|Петрова|director");
  EXPECT_EQ(list("contact_points", {"channel", "address", "label"}, "order by address"),
            "phone|+7 (3812) 12-34-56|office; email|a@x.ru|; email|b@x.ru|");
  EXPECT_EQ(list("tags", {"name"}), "vip");
  EXPECT_EQ(told(import("Company,Contact,Job\nOmega,Петрова Анна Ивановна,owner\n", o)),
            "1 rows: 1 updated");
  EXPECT_EQ(list("employments", {"title"}), "owner");
}

TEST_P(import_mapping_test, what_is_wrong_with_an_owned_record_refuses_the_whole_row) {
  EXPECT_EQ(told(import("name,email\nOmega,nowhere\nAlfa,a@x.ru\n")),
            "2 rows: 1 inserted, 1 refused\nrow 1 (line 2) email → emails 'nowhere': 'nowhere' is "
            "not an e-mail address such as anna@example.org");
  EXPECT_EQ(list("clients", {"name"}), "Alfa");
}

// A flat file of lines: each row repeats the order. Two equal lines are two lines, once.
TEST_P(import_mapping_test, an_order_and_its_lines_from_one_table) {
  import("name\nOmega\n");
  import_options o;
  o.entity = "sales_orders";
  o.match = {"number"};
  o.columns = {{"what", "lines.description"},
               {"qty", "lines.quantity"},
               {"price", "lines.unit_price", {.currency = currency_code::parse("RUB")}}};
  const std::string file =
      "number,client,what,qty,price\n1,Omega,oil,2,100\n1,Omega,oil,2,100\n1,Omega,filter,1,50\n"
      "2,Omega,oil,1,100\n";
  EXPECT_EQ(told(import(file, o)), "4 rows: 2 inserted, 2 updated");
  EXPECT_EQ(told(import(file, o)), "4 rows: 4 unchanged");
  EXPECT_EQ(list("sales_orders", {"number", "net"}), "1|450.00 RUB; 2|100.00 RUB");
  EXPECT_EQ(count("order_lines"), 4u);
}

}  // namespace
}  // namespace kith::lab
