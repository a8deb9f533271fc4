// SPDX-License-Identifier: Apache-2.0
//
// Arrow streams into records: all that Kith gives comes back, what others give is read as it is
// meant, and what cannot be read is refused with its column.
#include "arrow_read.hpp"
#include "arrow_things.hpp"
#include "arrow_write.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

class arrow_import : public suite {
 protected:
  import_result take(counted_stream& from, import_options options = {}) {
    if (options.entity.empty()) options.entity = "clients";
    import_result r = import_arrow(*s, from.stream, std::move(options));
    EXPECT_EQ(from.kept(), "");
    return r;
  }
  std::string told_of(std::vector<made_array> columns, import_options options = {}) {
    counted_stream from({std::move(columns)});
    return told(take(from, std::move(options)));
  }
};
INSTANTIATE_TEST_SUITE_P(stores, arrow_import, ::testing::ValuesIn(backends()), name_of_backend);

// As DuckDB does.
TEST_P(arrow_import, takes_no_name_of_the_rows_for_a_part_of_a_columns) {
  auto from = counted_stream::of_roots({structure("result", {texts("name", {"Омега"})})});
  EXPECT_EQ(told(take(from, {.entity = "clients"})), "1 rows: 1 inserted");
  EXPECT_EQ(list("clients", {"name"}), "Омега");
}

TEST_P(arrow_import, reads_back_what_was_exported) {
  const std::vector<std::string> all = {"x_text", "x_mail",  "x_tel",    "x_site", "x_count",
                                        "x_real", "x_ratio", "x_yes",    "x_day",  "x_at",
                                        "x_long", "x_price", "x_fee",    "x_size", "x_bytes",
                                        "x_who",  "x_home",  "x_client", "x_about"};
  add_things(*s);
  import("name\nОмега\n");
  EXPECT_EQ(told(import(things_file, {.entity = "x_things"})), "3 rows: 3 inserted");
  const std::string before = list("x_things", all, "order by id");
  const std::uint64_t last = s->sequence();
  for (const std::size_t size : {1u, 2u, 100u}) {
    ArrowArrayStream out{};
    export_arrow(s->query("x_things", "order by id limit 3"), {.batch_rows = size}, out);
    EXPECT_EQ(told(import_arrow(*s, out, {.entity = "x_things"})), "3 rows: 3 inserted") << size;
    EXPECT_EQ(out.release, nullptr);
    EXPECT_EQ(list("x_things", all, "order by id desc limit 3"),
              list("x_things", all, "order by id desc limit 3"));
  }
  EXPECT_GT(s->sequence(), static_cast<std::int64_t>(last));
  const std::string after = list("x_things", all, "order by id");
  EXPECT_EQ(after, before + "; " + before + "; " + before + "; " + before);
}

TEST_P(arrow_import, reads_back_all_that_a_client_has) {
  import(
      "name,kind,tax_id,annual_revenue,city,parent,note\nГоловная,organisation,0100,1000000 "
      "RUB,Омск,,"
      "\"a, b\"\nФилиал,organisation,,,Тара,Головная,=1+1\nАнна,person,,,,,\n");
  const std::vector<std::string> all = {"name", "kind",        "tax_id", "annual_revenue",
                                        "city", "parent.name", "note",   "status"};
  const std::string before = list("clients", all, "order by id");
  ArrowArrayStream out{};
  export_arrow(s->query("clients", "order by id"), {}, out);
  const import_result r = import_arrow(*s, out, {.entity = "clients", .match = {"name"}});
  EXPECT_EQ(told(r), "3 rows: 3 unchanged");
  EXPECT_EQ(list("clients", all, "order by id"), before);
}

TEST_P(arrow_import, integers_of_every_width_and_sign) {
  add_things(*s);
  const import_options o{.entity = "x_things", .columns = {{"n", "x_count"}}};
  EXPECT_EQ(told_of({fixed<std::int8_t>("n", "c", {-128, 127})}, o), "2 rows: 2 inserted");
  EXPECT_EQ(told_of({fixed<std::int16_t>("n", "s", {-32768})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::int32_t>("n", "i", {INT32_MIN})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::int64_t>("n", "l", {INT64_MIN})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::uint8_t>("n", "C", {255})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::uint16_t>("n", "S", {65535})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::uint32_t>("n", "I", {UINT32_MAX})}, o), "1 rows: 1 inserted");
  EXPECT_EQ(told_of({fixed<std::uint64_t>("n", "L", {7, UINT64_MAX})}, o),
            "2 rows: 1 inserted, 1 refused\nrow 2 (line 2) n → x_count '18446744073709551615': "
            "'18446744073709551615' is not a whole number such as 42");
  EXPECT_EQ(list("x_things", {"x_count"}, "order by id"),
            "-128; 127; -32768; -2147483648; -9223372036854775808; 255; 65535; 4294967295; 7");
}

TEST_P(arrow_import, numbers_into_decimals_and_amounts) {
  add_things(*s);
  const auto ratio = [&](made_array column) {
    column.name = "x_ratio";
    return told_of({std::move(column)}, {.entity = "x_things"});
  };
  const std::string units = bytes_of_values<std::int64_t>({-12345, -1, 10, 0});
  EXPECT_EQ(ratio({"", "d:38,4", 2, {std::nullopt, units}}),
            "2 rows: 1 inserted, 1 refused\nrow 1 (line 1) x_ratio → x_ratio '-1.2345': '-1.2345' "
            "has more "
            "than 3 digits behind the point; round it");
  EXPECT_EQ(ratio({"", "d:38,3", 1, {std::nullopt, units}}), "1 rows: 1 inserted");
  EXPECT_EQ(ratio(fixed<std::int32_t>("", "d:9,1,32", {25})), "1 rows: 1 inserted");
  EXPECT_EQ(ratio(fixed<std::int64_t>("", "d:18,0,64", {-3})), "1 rows: 1 inserted");
  const std::string wide = bytes_of_values<std::int64_t>({1500, 0, 0, 0});
  EXPECT_EQ(ratio({"", "d:76,3,256", 1, {std::nullopt, wide}}), "1 rows: 1 inserted");
  const std::string huge = bytes_of_values<std::int64_t>({0, 0, 0, 1});
  EXPECT_EQ(ratio({"", "d:76,0,256", 1, {std::nullopt, huge}}).substr(0, 85),
            "1 rows: 1 refused\nrow 1 (line 1) x_ratio → x_ratio '6277101735386680763835789423207")
      << "2^192";
  EXPECT_EQ(ratio(fixed<double>("", "g", {0.25, 1e300, 0.1})).substr(0, 36),
            "3 rows: 2 inserted, 1 refused\nrow 2 ");
  EXPECT_EQ(ratio(fixed<float>("", "f", {0.1F})), "1 rows: 1 inserted");
  EXPECT_EQ(ratio({"", "d:5,-2", 1, {std::nullopt, bytes_of_values<std::int64_t>({7, 0})}}),
            "1 rows: 1 inserted");
  EXPECT_EQ(list("x_things", {"x_ratio"}, "order by id"),
            "0.001; -12.345; 2.500; -3.000; 1.500; 0.250; 0.100; 0.100; 700.000");
}

TEST_P(arrow_import, times_of_every_unit) {
  add_things(*s);
  const auto at = [&](const char* format, std::int64_t n) {
    return told_of({fixed<std::int64_t>("x_at", format, {n})}, {.entity = "x_things"});
  };
  const std::string in = "1 rows: 1 inserted";
  EXPECT_EQ(at("tss:UTC", -1), in);
  EXPECT_EQ(at("tsm:Europe/Moscow", 1500), in);
  EXPECT_EQ(at("tsu:+03:00", 1), in);
  EXPECT_EQ(at("tsn:UTC", 1'000), in);
  EXPECT_EQ(at("tsu:", 86'400'000'000), in) << "a wall clock, read in the zone of the import";
  EXPECT_EQ(at("tss:", 1), in);
  EXPECT_EQ(at("tdm", 86'400'000), in);
  EXPECT_EQ(list("x_things", {"x_at"}, "order by id"),
            "1969-12-31T23:59:59Z; 1970-01-01T00:00:01.5Z; 1970-01-01T00:00:00.000001Z; "
            "1970-01-01T00:00:00.000001Z; 1970-01-02T00:00:00Z; 1970-01-01T00:00:01Z; "
            "1970-01-02T00:00:00Z");
  for (const auto& [format, n, shown] :
       std::vector<std::tuple<const char*, std::int64_t, const char*>>{
           {"tsn:UTC", 1, "1970-01-01T00:00:00.000000001Z"},
           {"tss:UTC", INT64_MAX, "moment 9223372036854775807"},
           {"tsn:UTC", INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
           {"tss:", INT64_MIN, "moment -9223372036854775808"}}) {
    EXPECT_EQ(at(format, n), std::string("1 rows: 1 refused\nrow 1 (line 1) x_at → x_at '") +
                                 shown + "': '" + shown +
                                 "' is not a moment such as 2026-03-31T15:00:00Z");
  }
  const auto of = [&](made_array column) {
    return told_of({std::move(column)}, {.entity = "x_things"});
  };
  EXPECT_EQ(of(fixed<std::int32_t>("x_day", "tdD", {-1, 19'782})), "2 rows: 2 inserted");
  EXPECT_EQ(of(fixed<std::int64_t>("x_day", "tsn:", {86'400'000'000'000})), in)
      << "midnight is its day";
  EXPECT_EQ(of(fixed<std::int32_t>("x_day", "tdD", {INT32_MAX})).substr(0, 17),
            "1 rows: 1 refused");
  EXPECT_EQ(of(fixed<std::int64_t>("x_long", "tDs", {90})), in);
  EXPECT_EQ(of(fixed<std::int64_t>("x_long", "tDn", {-1'500})),
            "1 rows: 1 refused\nrow 1 (line 1) x_long → x_long '-1500 nanoseconds': '-1500 "
            "nanoseconds' is not a length of time such as 90min, 2h or 30d");
  EXPECT_EQ(of(fixed<std::int64_t>("x_long", "tDs", {INT64_MAX})).substr(0, 17),
            "1 rows: 1 refused");
  EXPECT_EQ(list("x_things", {"x_day", "x_long"}, "x_at is null order by id"),
            "1969-12-31|; 2024-02-29|; 1970-01-02|; |1min 30s");
}

TEST_P(arrow_import, texts_in_every_layout) {
  const std::string in = "3 rows: 3 inserted";
  const std::vector<const char*> names = {"Ёлка", "ООО «Ромашка и партнёры»", "в"};
  const std::vector<const char*> towns = {nullptr, "Омск", ""};
  EXPECT_EQ(told_of({texts("name", names), texts("city", towns)}), in);
  EXPECT_EQ(told_of({large_texts("name", names), large_texts("city", towns)}), in);
  EXPECT_EQ(told_of({view_texts("name", names), view_texts("city", towns)}), in);
  EXPECT_EQ(told_of({places<std::int8_t>("name", "c", {0, 1, 2}, texts("", names)),
                     with_nulls(places<std::uint64_t>("city", "L", {9, 1, 0},
                                                      view_texts("", {"", "Омск"})),
                                {false, true, true})}),
            in);
  EXPECT_EQ(told_of({places<std::int16_t>("name", "s", {0, 1, 2}, large_texts("", names)),
                     places<std::int32_t>("city", "i", {0, 1, 0}, texts("", {nullptr, "Омск"}))}),
            in);
  const std::string once = "Ёлка|; ООО «Ромашка и партнёры»|Омск; в|";
  EXPECT_EQ(list("clients", {"name", "city"}, "order by id"),
            once + "; " + once + "; " + once + "; " + once + "; " + once);
}

TEST_P(arrow_import, truths_bytes_and_choices) {
  add_things(*s);
  EXPECT_EQ(told_of({with_nulls(truths("x_yes", {true, false, true}), {true, true, false}),
                     texts("x_bytes", {"\x01\xff", nullptr, ""}, "z"),
                     places<std::int32_t>("x_size", "i", {1, 0, 1}, texts("", {"малый", "large"})),
                     texts("x_text", {"a", "b", "c"})},
                    {.entity = "x_things"}),
            "3 rows: 3 inserted");
  made_array plates{"x_bytes", "w:2", 2, {std::nullopt, std::string("abcd")}};
  EXPECT_EQ(told_of({plates}, {.entity = "x_things"}), "2 rows: 2 inserted");
  EXPECT_EQ(list("x_things", {"x_yes", "x_bytes", "x_size"}, "order by id"),
            "true|01ff|large; false||small; ||large; |6162|; |6364|");
}

TEST_P(arrow_import, structs_are_their_parts) {
  made_array home = structure(
      "address", {texts("city", {"Омск", "Тара"}), texts("postal_code", {"644000", nullptr})});
  made_array revenue = structure("annual_revenue", {fixed<double>("amount", "g", {12.5, 3}),
                                                    texts("currency", {"EUR", "JPY"})});
  EXPECT_EQ(told_of({texts("name", {"a", "b"}), with_nulls(home, {true, false}), revenue}),
            "2 rows: 2 inserted");
  EXPECT_EQ(list("clients", {"name", "city", "postal_code", "annual_revenue"}, "order by id"),
            "a|Омск|644000|12.50 EUR; b|||3 JPY");
}

TEST_P(arrow_import, slices_at_every_level) {
  made_array name = texts("name", {"x", "a", "b", "c"});
  name.offset = 1;
  name.length = 3;
  made_array city = texts("city", {"Омск", nullptr, "Тара"});
  made_array home = structure("address", {city});
  home.offset = 1;
  home.length = 2;
  made_array root = structure("", {name, home});
  root.length = 2;
  auto from = counted_stream::of_roots({root});
  EXPECT_EQ(told(take(from)), "2 rows: 2 inserted");
  EXPECT_EQ(list("clients", {"name", "city"}, "order by id"), "a|; b|Тара");
  made_array rest = structure("", {texts("name", {"d", "e", "f"})});
  rest.offset = 1;
  rest.length = 2;
  auto second = counted_stream::of_roots({rest});
  EXPECT_EQ(told(take(second)), "2 rows: 2 inserted");
  EXPECT_EQ(list("clients", {"name"}, "name > 'c' order by id"), "e; f");
}

TEST_P(arrow_import, references_by_id_by_name_and_by_field) {
  import("name,tax_id\nОмега,0100\n");
  const std::int64_t id = s->query("clients", "").first()->id().value;
  const auto child = [&](made_array parent, const char* to) {
    parent.name = "p";
    const auto n = static_cast<std::size_t>(parent.length);
    return told_of({texts("name", std::vector<const char*>(n, "child")), parent},
                   {.columns = {{"p", to}}});
  };
  EXPECT_EQ(child(fixed<std::int64_t>("", "l", {id}), "parent"), "1 rows: 1 inserted");
  EXPECT_EQ(child(texts("", {"Омега"}), "parent"), "1 rows: 1 inserted");
  EXPECT_EQ(child(fixed<std::int32_t>("", "i", {100}), "parent.tax_id"),
            "1 rows: 1 refused\nrow 1 (line 1) p → parent.tax_id '100': no client has the tax_id "
            "'100'; add it first, or set create_missing for this column");
  EXPECT_EQ(child(texts("", {"0100"}), "parent.tax_id"), "1 rows: 1 inserted");
  EXPECT_EQ(child(fixed<std::int64_t>("", "l", {id + 1}), "parent").substr(0, 17),
            "1 rows: 1 refused");
  EXPECT_EQ(count("clients", "parent.name = 'Омега'"), 3u);
}

// Rows that name rows to come, matched and changed: as from a file.
TEST_P(arrow_import, is_an_import_like_any_other) {
  EXPECT_EQ(told_of({texts("name", {"b", "a", "c"}), texts("parent", {"a", nullptr, "b"})}),
            "3 rows: 3 inserted");
  EXPECT_EQ(list("clients", {"name", "parent.name"}, "order by name"), "a|; b|a; c|b");
  EXPECT_EQ(
      told_of({texts("name", {"a", "b"}), texts("city", {"Омск", nullptr})}, {.match = {"name"}}),
      "2 rows: 1 updated, 1 unchanged");
  std::vector<std::string> refused;
  import_options o{
      .columns = {{"kind", "kind", {.translate = {{"1", "person"}, {"2", "organisation"}}}}}};
  o.rejected = [&](std::span<const std::string_view> cells, const std::string&) {
    refused.push_back(std::string(cells[0]) + "|" + std::string(cells[1]));
  };
  EXPECT_EQ(
      told_of({texts("name", {"d", "e", "f"}), fixed<std::int32_t>("kind", "i", {1, 2, 3})}, o)
          .substr(0, 70),
      "3 rows: 2 inserted, 1 refused\nrow 3 (line 3) kind → kind '3': '3' is");
  EXPECT_EQ(refused, std::vector<std::string>{"f|3"});
  const import_result dry = [&] {
    counted_stream from({{texts("name", {"g"})}});
    return take(from, {.dry_run = true});
  }();
  EXPECT_EQ(dry.inserted, 1u);
  EXPECT_EQ(count("clients"), 5u);
  counted_stream several(
      {{texts("name", {"h"})}, {texts("name", {})}, {texts("name", {"i", "j"})}});
  std::vector<std::uint64_t> seen;
  EXPECT_EQ(told(take(several, {.chunk_rows = 2,
                                .progress =
                                    [&](std::uint64_t n) {
                                      seen.push_back(n);
                                      return true;
                                    }})),
            "3 rows: 3 inserted");
  EXPECT_EQ(seen.front(), 2u);
  counted_stream one({{texts("name", {"k"})}, {texts("name", {"l"})}});
  EXPECT_EQ(told(take(one, {.chunk_rows = 1, .progress = [](std::uint64_t) { return false; }})),
            "1 rows: 1 inserted, cancelled");
}

TEST_P(arrow_import, nothing_and_no_columns) {
  counted_stream none({{texts("name", {})}});
  EXPECT_EQ(told(take(none)), "0 rows:");
  EXPECT_EQ(refusal([&] { told_of({texts("colour", {"red"})}); }),
            "invalid: no column is known to be anything of a client; map the columns");
  EXPECT_EQ(refusal([&] { told_of({}); }),
            "invalid: no column is known to be anything of a client; map the columns");
}

}  // namespace
}  // namespace kith::lab
