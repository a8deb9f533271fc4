// SPDX-License-Identifier: Apache-2.0
//
// Results as Arrow streams: every kind has its type, every batch its size, and nothing is lost or
// released twice, whatever the consumer does.
#include <cerrno>

#include "arrow_read.hpp"
#include "arrow_things.hpp"
#include "kith/core/report.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

using arrow_test = suite;
INSTANTIATE_TEST_SUITE_P(stores, arrow_test, ::testing::ValuesIn(backends()), name_of_backend);

stream_text streamed(const any_query& what, arrow_options options = {},
                     std::size_t most = SIZE_MAX) {
  ArrowArrayStream out{};
  export_arrow(what, options, out);
  return read_stream(out, most);
}

stream_text streamed(table rows) {
  ArrowArrayStream out{};
  export_arrow(std::move(rows), out);
  return read_stream(out);
}

std::vector<std::string> lines(std::initializer_list<const char*> texts) {
  return {texts.begin(), texts.end()};
}

TEST_P(arrow_test, each_kind_has_its_type) {
  add_things(*s);
  import("name\nОмега\n");
  EXPECT_EQ(told(import(things_file, {.entity = "x_things"})), "3 rows: 3 inserted");
  std::vector<std::string> columns;
  for (const char* c :
       {"x_text", "x_mail", "x_tel", "x_site", "x_count", "x_real", "x_ratio", "x_yes", "x_day",
        "x_at", "x_long", "x_price", "x_fee", "x_size", "x_bytes"}) {
    columns.emplace_back(c);
  }
  const stream_text t = streamed(s->query("x_things", "order by id"), {.columns = columns});
  EXPECT_EQ(t.schema,
            "x_text: u, x_mail: u, x_tel: u, x_site: u, x_count: l, x_real: g, x_ratio: d:38,3, "
            "x_yes: b, x_day: tdD, x_at: tsu:UTC, x_long: tDu, "
            "x_price: {amount: d:38,4, currency: u}, x_fee: {amount: d:38,2, currency: u}, "
            "x_size: i<u>, x_bytes: z");
  EXPECT_EQ(
      t.rows,
      lines({"Ёлка|a@b.ru|+7 3812 "
             "12-34-56|https://kith.example|9223372036854775807|-0.5|-12.345|true|"
             "0001-01-01|2026-03-31T09:00:00.25Z|5400000000us|{12500.5000, EUR}|{-0.01, "
             "USD}|large|x00ff",
             "∅|∅|∅|∅|∅|∅|∅|∅|∅|∅|∅|∅|∅|∅|∅",
             "b|∅|∅|∅|-1|1e+300|0.000|false|9999-12-31|1969-12-31T23:59:59.999999Z|-1000000us|"
             "{7.0000, JPY}|{0.00, KWD}|small|∅"}));
  EXPECT_EQ(t.error, "");
}

TEST_P(arrow_test, references_names_and_addresses) {
  add_things(*s);
  import("name\nОмега\n");
  EXPECT_EQ(told(import(things_file, {.entity = "x_things"})), "3 rows: 3 inserted");
  const std::string client = list("clients", {"id"});
  const stream_text t = streamed(s->query("x_things", "order by id"),
                                 {.columns = {"x_who", "x_who.first_name", "x_home", "x_home.city",
                                              "x_client", "x_client.name", "x_about"}});
  EXPECT_EQ(t.schema,
            "x_who: {last_name: u, first_name: u, patronymic: u}, x_who.first_name: u, "
            "x_home: {street: u, city: u, region: u, postal_code: u, country: u}, x_home.city: u, "
            "x_client: l, x_client.name: u, x_about: {entity: i<u>, id: l}");
  EXPECT_EQ(t.rows[0], "{Иванова, Анна, ∅}|Анна|{∅, Омск, ∅, 644000, ∅}|Омск|" + client +
                           "|Омега|{client, " + client + "}");
  EXPECT_EQ(t.rows[1], "∅|∅|∅|∅|∅|∅|∅");
}

TEST_P(arrow_test, by_default_the_id_and_every_value_in_its_parts) {
  import("name,city,annual_revenue\nОмега,Омск,5 EUR\n");
  const stream_text t = streamed(s->query("clients", ""));
  EXPECT_EQ(t.schema.substr(0, 26), "id: l, name: u, kind: i<u>");
  for (const char* part : {", street: u, city: u, region: u, postal_code: u, country: u",
                           ", annual_revenue: {amount: d:38,4, currency: u}", ", parent: l"}) {
    EXPECT_NE(t.schema.find(part), std::string::npos) << part << " in " << t.schema;
  }
  EXPECT_EQ(t.rows.size(), 1u);
}

TEST_P(arrow_test, fields_of_users_choices_and_what_is_computed) {
  s->add_field("clients", {.name = "x_card", .kind = kind_id::text});
  import("name,kind,x_card\nОмега,organisation,17\nАнна,person,\n");
  const stream_text t = streamed(
      s->query("clients", "order by name desc"),
      {.columns = {"x_card", "kind", "name || '!'", "length(name) * 2.5", "x_card is null"}});
  EXPECT_EQ(t.schema,
            "x_card: u, kind: i<u>, name || '!': u, length(name) * 2.5: d:38,1, x_card is null: b");
  EXPECT_EQ(t.rows, lines({"17|organisation|Омега!|12.5|false", "∅|person|Анна!|10.0|true"}));
}

TEST_P(arrow_test, batches_of_any_size) {
  std::string file = "name,city\n";
  for (int i = 100; i < 300; ++i)
    file += "c" + std::to_string(i) + (i % 3 == 0 ? ",\n" : ",Омск\n");
  import(file);
  const any_query all = s->query("clients", "order by name");
  const stream_text whole = streamed(all, {.columns = {"name", "city"}});
  EXPECT_EQ(whole.batches, std::vector<std::size_t>{200});
  EXPECT_EQ(whole.rows.front(), "c100|Омск");
  EXPECT_EQ(whole.rows.back(), "c299|Омск");
  for (const std::size_t size : {1u, 7u, 63u, 64u, 65u, 199u, 200u, 201u, 100'000u}) {
    const stream_text t = streamed(all, {.columns = {"name", "city"}, .batch_rows = size});
    EXPECT_EQ(t.rows, whole.rows) << size;
    EXPECT_EQ(t.batches.size(), (200 + size - 1) / size) << size;
    EXPECT_EQ(t.batches.front(), std::min<std::size_t>(size, 200)) << size;
  }
  EXPECT_EQ(refusal([&] { streamed(all, {.batch_rows = 0}); }), "misuse: batch_rows is at least 1");
}

TEST_P(arrow_test, nothing_is_a_schema_without_batches) {
  const stream_text t = streamed(s->query("clients", "name = 'nobody'"), {.columns = {"name"}});
  EXPECT_EQ(t.schema, "name: u");
  EXPECT_TRUE(t.batches.empty());
  const stream_text none = streamed(table{{{"n", kind_id::integer, {}}}, {}});
  EXPECT_EQ(none.schema, "n: l");
  EXPECT_TRUE(none.batches.empty());
}

TEST_P(arrow_test, a_batch_ends_when_it_is_large) {
  const std::string note(1 << 20, 'n');
  const transaction tx = s->write();
  for (int i = 0; i < 40; ++i) {
    any_draft d;
    const entity_type& clients = s->model()->entity("clients");
    d.put(clients.field("name").field->slot, cell::text("c" + std::to_string(i)));
    d.put(clients.field("note").field->slot, cell::text(note));
    s->add_row(clients, d);
  }
  const stream_text t = streamed(s->query("clients", ""), {.columns = {"note"}, .batch_rows = 16});
  EXPECT_EQ(t.batches, (std::vector<std::size_t>{16, 16, 8}));
  const stream_text large =
      streamed(s->query("clients", ""), {.columns = {"name", "note"}, .batch_rows = 1000});
  EXPECT_EQ(large.rows.size(), 40u);
}

TEST_P(arrow_test, one_instant_whatever_is_written_meanwhile) {
  import("name\na\nb\nc\n");
  ArrowArrayStream out{};
  export_arrow(s->query("clients", "order by name"),
               {.columns = {"name", "name || parent.name"}, .batch_rows = 1}, out);
  import("name\nd\n");
  s->remove_row(s->model()->entity("clients"), s->query("clients", "name = 'c'").first()->id());
  EXPECT_EQ(read_stream(out).rows, lines({"a|∅", "b|∅", "c|∅"}));
}

TEST_P(arrow_test, in_a_transaction_that_writes) {
  transaction tx = s->write();
  import("name,parent\na,\nb,a\n");
  ArrowArrayStream out{};
  export_arrow(s->query("clients", "order by name"),
               {.columns = {"name", "parent.name"}, .batch_rows = 1}, out);
  import("name\nc\n");
  EXPECT_EQ(read_stream(out).rows, lines({"a|∅", "b|a"}));
}

TEST_P(arrow_test, what_a_consumer_may_do) {
  import("name\na\nb\nc\n");
  const any_query all = s->query("clients", "order by name");
  EXPECT_EQ(streamed(all, {.columns = {"name"}, .batch_rows = 1}, 1).rows, lines({"a"})) << "half";
  EXPECT_EQ(streamed(all, {.columns = {"name"}}, 0).rows, lines({})) << "only the schema";

  ArrowArrayStream out{};
  export_arrow(all, {.columns = {"name"}, .batch_rows = 2}, out);
  ArrowSchema one{}, two{};
  EXPECT_EQ(out.get_schema(&out, &one), 0);
  EXPECT_EQ(out.get_schema(&out, &two), 0) << "the schema twice";
  one.release(&one);
  ArrowArray first{}, second{}, none{};
  EXPECT_EQ(out.get_next(&out, &first), 0);
  EXPECT_EQ(out.get_next(&out, &second), 0);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(out.get_next(&out, &none), 0) << "the end, again";
    EXPECT_EQ(none.release, nullptr);
  }
  out.release(&out);
  EXPECT_EQ(out.release, nullptr);

  ArrowArray name = *first.children[0];  // taken out: it outlives its batch
  first.children[0]->release = nullptr;
  first.release(&first);
  EXPECT_EQ(value_text(*two.children[0], name, 1), "b");
  EXPECT_EQ(value_text(*two.children[0], *second.children[0], 0), "c");
  name.release(&name);
  second.release(&second);
  ArrowSchema field = *two.children[0];
  two.children[0]->release = nullptr;
  two.release(&two);
  EXPECT_STREQ(field.name, "name");
  field.release(&field);
}

TEST_P(arrow_test, errors_while_it_is_read_are_the_streams) {
  import("name\na\nb\nc\n");
  ArrowArrayStream out{};
  std::optional<transaction> tx(s->read());
  export_arrow(s->query("clients", "order by name"), {.columns = {"name"}, .batch_rows = 1}, out);
  tx.reset();
  const stream_text t = read_stream(out);
  if (t.rows.empty()) {
    EXPECT_EQ(t.error, std::to_string(EIO) +
                           ": closed: the transaction that this result belongs to has ended");
  } else {
    EXPECT_EQ(t.rows.size(), 3u) << "a store that keeps no instant has read everything";
  }
  for (const char* wrong : {"nmae", "name +", "client.name"}) {
    EXPECT_EQ(
        refusal([&] { streamed(s->query("clients", ""), {.columns = {wrong}}); }).substr(0, 5),
        "query")
        << wrong;
  }
}

TEST_P(arrow_test, an_interruption_ends_the_stream) {
  import("name\na\nb\nc\n");
  ArrowArrayStream out{};
  export_arrow(s->query("clients", ""), {.columns = {"name"}, .batch_rows = 1}, out);
  s->interrupt();
  const stream_text t = read_stream(out);
  if (t.rows.size() != 3) {
    EXPECT_EQ(t.error, std::to_string(EINTR) + ": interrupted: the query was interrupted");
  }
}

// ------------------------------------------------------------------------------------------ tables

TEST_P(arrow_test, tables_by_what_they_hold) {
  import("name,city,annual_revenue\na,Омск,5 EUR\nb,Омск,2 USD\nc,Тара,1.5 EUR\nd,,\n");
  const any_query all = s->query("clients", "");
  const stream_text t = streamed(
      all.aggregate({{"city", "city"}}, {{"n", "count()"}, {"total", "sum(annual_revenue)"}}));
  EXPECT_EQ(t.schema, "city: u, n: l, total: [item: {amount: d:38,4, currency: u}]");
  EXPECT_EQ(t.rows,
            lines({"∅|1|∅", "Омск|2|[{5.0000, EUR}, {2.0000, USD}]", "Тара|1|[{1.5000, EUR}]"}));
  const stream_text one = streamed(
      s->query("clients", "city = 'Тара'")
          .aggregate({}, {{"total", "sum(annual_revenue)"}, {"mean", "avg(length(name))"}}));
  EXPECT_EQ(one.schema.substr(0, 43), "total: {amount: d:38,4, currency: u}, mean:");
  EXPECT_EQ(one.rows[0].substr(0, 15), "{1.5000, EUR}|1");
}

TEST_P(arrow_test, tables_made_by_hand) {
  table t;
  t.columns = {{"mixed", kind_id::integer, {}},
               {"numbers", kind_id::integer, {}},
               {"reals", kind_id::decimal, {}},
               {"anyone", kind_id::any_ref, {}}};
  t.rows = {{value("x"), value(1), value(decimal("0.5")), value(any_ref{20, {7}})},
            {value(2), value(decimal("2.25")), value(0.25), value()},
            {value(), value(), value(3), value()}};
  const stream_text got = streamed(t);
  EXPECT_EQ(got.schema, "mixed: u, numbers: d:38,2, reals: g, anyone: {entity: i<u>, id: l}");
  EXPECT_EQ(got.rows, lines({"x|1.00|0.5|{20, 7}", "2|2.25|0.25|∅", "∅|∅|3|∅"}));
}

}  // namespace
}  // namespace kith::lab
