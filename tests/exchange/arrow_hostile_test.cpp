// SPDX-License-Identifier: Apache-2.0
//
// Streams that lie, fail and stop: refused with the column that is wrong, what was read before
// kept, everything released once. Run under the address sanitizer, nothing is read that is not
// there, as far as the C interface says what is.
#include <cerrno>

#include "arrow_write.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

class arrow_hostile : public suite {
 protected:
  // A good batch, then this one.
  std::string behind_a_good_row(std::vector<made_array> bad) {
    std::vector<made_array> good;
    for (const made_array& b : bad) {
      made_array g = b;
      g.offset = 0;
      g.length = 1;
      g.null_count = 0;
      g.n_buffers.reset();
      g.n_children.reset();
      g.null_buffers = g.no_dictionary = g.released = false;
      g.buffers = b.name == "name" ? texts("name", {"good"}).buffers : good_buffers(b);
      for (made_array& d : g.dictionary) d = texts("", {"Омск"});
      good.push_back(std::move(g));
    }
    counted_stream from({good, bad});
    return outcome(from);
  }
  std::string outcome(counted_stream& from, import_options options = {}) {
    options.entity = "clients";
    std::string text;
    try {
      text = told(import_arrow(*s, from.stream, options));
    } catch (const error& e) {
      text = e.what();
    }
    EXPECT_EQ(from.kept(), "");
    return text;
  }

 private:
  static std::vector<std::optional<std::string>> good_buffers(const made_array& like) {
    if (!like.dictionary.empty()) return {std::nullopt, std::string(8, '\0')};
    if (like.format == "u") return texts("", {"Омск"}).buffers;
    if (like.format == "U") return large_texts("", {"Омск"}).buffers;
    if (like.format == "vu") return view_texts("", {"Омск"}).buffers;
    return {std::nullopt, std::string(32, '\0')};
  }
};
INSTANTIATE_TEST_SUITE_P(stores, arrow_hostile, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(arrow_hostile, arrays_that_cannot_be) {
  const made_array name = texts("name", {"bad"});
  const std::string before = "1 rows: 1 inserted, cut short\nrow 2 (line 1): ";
  const auto changed = [&](auto change) {
    made_array city = texts("city", {"Тара"});
    change(city);
    return behind_a_good_row({name, std::move(city)});
  };
  struct row {
    void (*change)(made_array&);
    const char* why;
  };
  const row table[] = {
      {[](made_array& a) { a.released = true; }, "has an array that was released"},
      {[](made_array& a) { a.length = 0; }, "has 0 values where its batch has 1"},
      {[](made_array& a) { a.length = -1; }, "has an array of length -1 at offset 0"},
      {[](made_array& a) { a.offset = -1; }, "has an array of length 1 at offset -1"},
      {[](made_array& a) { a.offset = INT64_MAX; },
       "has an array of length 1 at offset 9223372036854775807"},
      {[](made_array& a) { a.n_buffers = 2; }, "has 2 buffers, not 3"},
      {[](made_array& a) { a.n_buffers = -1; }, "has -1 buffers, not 3"},
      {[](made_array& a) { a.null_buffers = true; }, "has no buffers"},
      {[](made_array& a) { a.buffers[1].reset(); }, "has values without a buffer that holds them"},
      {[](made_array& a) { a.null_count = 1; },
       "has nulls, but does not say which values are null"},
      {[](made_array& a) { a.null_count = 2; }, "has 2 nulls among 1 values"},
      {[](made_array& a) { a.null_count = -2; }, "has -2 nulls among 1 values"},
  };
  for (const row& r : table) {
    open();
    EXPECT_EQ(changed(r.change), before + "behind row 1: column 'city' " + r.why);
    EXPECT_EQ(list("clients", {"name", "city"}), "good|Омск");
  }
}

TEST_P(arrow_hostile, values_that_are_not_there) {
  const made_array name = texts("name", {"bad"});
  struct row {
    made_array city;
    const char* why;
  };
  made_array backwards = texts("city", {"Тара"});
  backwards.buffers[1] = bytes_of_values<std::int32_t>({5, 2});
  made_array negative = texts("city", {"Тара"});
  negative.buffers[1] = bytes_of_values<std::int32_t>({-4, 2});
  made_array large = large_texts("city", {"Тара"});
  large.buffers[1] = bytes_of_values<std::int64_t>({0, INT64_MAX});
  made_array empty = texts("city", {"Тара"});
  empty.buffers[2].reset();
  made_array view = view_texts("city", {"a text of more than twelve bytes"});
  view.buffers[0].reset();
  made_array far = view, other = view, sizeless = view, negative_view = view;
  far.buffers[1]->replace(12, 4, bytes_of_values<std::int32_t>({1}));
  other.buffers[1]->replace(8, 4, bytes_of_values<std::int32_t>({1}));
  sizeless.buffers[3].reset();
  negative_view.buffers[1]->replace(0, 4, bytes_of_values<std::int32_t>({-1}));
  const made_array words = texts("", {"Тара"});
  const row table[] = {
      {backwards, "has a value from byte 5 to byte 2"},
      {negative, "has a value from byte -4 to byte 2"},
      {large, "has a value of 9223372036854775807 bytes; 1 MiB is the most"},
      {empty, "has texts without a buffer that holds them"},
      {far, "has a value that is in none of its buffers"},
      {other, "has a value that is in none of its buffers"},
      {sizeless, "has a value that is in none of its buffers"},
      {negative_view, "has a value of -1 bytes"},
      {places<std::int32_t>("city", "i", {1}, words), "names place 1 of a dictionary of 1"},
      {places<std::int8_t>("city", "c", {-1}, words), "names place -1 of a dictionary of 1"},
      {places<std::uint64_t>("city", "L", {UINT64_MAX}, words),
       "names place 2^63 or more of a dictionary of 1"},
  };
  for (const row& r : table) {
    open();
    EXPECT_EQ(behind_a_good_row({name, r.city}),
              std::string("1 rows: 1 inserted, cut short\nrow 2 (line 1): row 2: column 'city' ") +
                  r.why);
    EXPECT_EQ(list("clients", {"name", "city"}), "good|Омск");
  }
}

TEST_P(arrow_hostile, dictionaries_that_come_and_go) {
  const made_array name = texts("name", {"bad"});
  made_array gone = places<std::int32_t>("city", "i", {0}, texts("", {"Тара"}));
  gone.no_dictionary = true;
  EXPECT_EQ(behind_a_good_row({name, gone}),
            "1 rows: 1 inserted, cut short\nrow 2 (line 1): behind row 1: column 'city' has no "
            "dictionary in this batch");
  made_array released = places<std::int32_t>("city", "i", {0}, texts("", {"Тара"}));
  released.dictionary[0].released = true;
  counted_stream from({{name, released}});
  EXPECT_EQ(outcome(from),
            "0 rows:, cut short\nrow 1 (line 0): behind row 0: column 'city' has an array that was "
            "released");
}

TEST_P(arrow_hostile, structs_that_do_not_hold_together) {
  const auto root = [](auto change) {
    made_array r = structure("", {texts("name", {"a", "b"})});
    change(r);
    return r;
  };
  struct row {
    made_array root;
    const char* why;
  };
  made_array deep = structure("address", {texts("city", {"Омск", "Тара"})});
  deep.length = 1;
  const row table[] = {
      {root([](made_array& r) { r.length = 3; }),
       "column 'name' has 2 values where its batch has 3"},
      {root([](made_array& r) { r.offset = 1; }),
       "column 'name' has 2 values where its batch has 3"},
      {root([](made_array& r) { r.length = -2; }), "the batch has -2 rows"},
      {root([](made_array& r) { r.length = INT64_MAX; }),
       "column 'name' is in a batch of more rows than memory has"},
      {root([](made_array& r) { r.offset = INT64_MIN; }),
       "column 'name' is in a struct of 2 rows at offset -9223372036854775808, where 2 are needed"},
      {root([](made_array& r) { r.null_count = 1; }),
       "column 'name' is in a struct that has nulls, but does not say where"},
      {root([](made_array& r) { r.n_buffers = 0; }), "column 'name' is in a struct of 0 buffers"},
      {root([](made_array& r) { r.null_buffers = true; }),
       "column 'name' is in a struct of 1 buffers"},
      {root([&](made_array& r) { r.children.push_back(deep); }),
       "column 'address.city' is in a struct of 1 rows at offset 0, where 2 are needed"},
  };
  for (const row& r : table) {
    open();
    auto from = counted_stream::of_roots({r.root});
    EXPECT_EQ(outcome(from),
              std::string("0 rows:, cut short\nrow 1 (line 0): behind row 0: ") + r.why);
  }
  made_array fewer = root([](made_array&) {});
  fewer.children.clear();
  auto second = counted_stream::of_roots({root([](made_array&) {}), fewer});
  EXPECT_EQ(outcome(second),
            "2 rows: 2 inserted, cut short\nrow 3 (line 2): behind row 2: column 'name' is missing "
            "in a batch");
}

TEST_P(arrow_hostile, schemas_that_cannot_be) {
  const auto with = [&](auto change) {
    made_array r = structure("", {texts("name", {"a"})});
    change(r);
    auto from = counted_stream::of_roots({r});
    return outcome(from);
  };
  const std::string map = ", or map the column to nowhere (format '";
  const auto format = [&](const char* f) {
    return with([&](made_array& r) { r.children[0].format = f; });
  };
  EXPECT_EQ(with([](made_array& r) { r.format = "u"; }),
            "invalid: a stream of rows is a struct ('+s'), this one is 'u'; give a table, not a "
            "single column");
  EXPECT_EQ(with([](made_array& r) { r.null_format = true; }),
            "invalid: a stream of rows is a struct ('+s'), this one is ''; give a table, not a "
            "single column");
  EXPECT_EQ(with([](made_array& r) { r.schema_released = true; }),
            "invalid: the stream gives a schema that was released");
  EXPECT_EQ(with([](made_array& r) { r.children[0].schema_released = true; }),
            "invalid: the stream's schema has a part that was released");
  EXPECT_EQ(with([](made_array& r) { r.children[0].null_format = true; }),
            "invalid: the stream's schema has a part without a format");
  EXPECT_EQ(with([](made_array& r) { r.null_children = true; }),
            "invalid: the stream's schema has parts that are not there");
  EXPECT_EQ(with([](made_array& r) { r.n_children = -1; }),
            "invalid: the stream's schema has parts that are not there");
  EXPECT_EQ(with([](made_array& r) { r.n_children = INT64_MAX; }),
            "invalid: the stream's schema has more than 10,000 columns");
  EXPECT_EQ(format("+l"),
            "invalid: column 'name' is a list; give each item a row of its own" + map + "+l')");
  EXPECT_EQ(format("e"),
            "invalid: column 'name' has 16-bit numbers; cast them to float64" + map + "e')");
  EXPECT_EQ(
      format("ttu"),
      "invalid: column 'name' has times of day without a date; cast them to text" + map + "ttu')");
  EXPECT_EQ(format("+r"),
            "invalid: column 'name' is neither a struct nor a plain value" + map + "+r')");
  for (const char* f :
       {"", "x", "uu", "tsu", "tsx:", "tDuu", "d:", "d:38", "d:38,99", "d:0,0", "d:38,2,100",
        "d:38,2,128,", "d:,38,2", "w:", "w:0", "w:-3", "w:9999999", "w:3x", "\xff"}) {
    EXPECT_NE(format(f).find("column 'name' has a type that no value of Kith can be"),
              std::string::npos)
        << f;
  }
  EXPECT_EQ(with([](made_array& r) { r.children[0].name = "\xff\xfe"; }),
            "invalid: a column's name is no text of 1,000 bytes at most; rename it");
  EXPECT_EQ(with([](made_array& r) { r.children[0].name = std::string(2000, 'n'); }),
            "invalid: a column's name is no text of 1,000 bytes at most; rename it");
  EXPECT_EQ(with([](made_array& r) {
              for (int i = 0; i < 12; ++i) r = structure("s", {r});
            }),
            "invalid: column 's.s.s.s.s.s.s.s' nests structs more than 8 deep");
  EXPECT_EQ(with([](made_array& r) { r.children[0].dictionary.push_back(texts("", {"a"})); }),
            "invalid: column 'name' is a dictionary whose places are no integers ('u')");
  made_array nested = places<std::int32_t>("", "i", {0}, texts("", {"a"}));
  EXPECT_EQ(
      with([&](made_array& r) { r.children[0] = places<std::int32_t>("name", "i", {0}, nested); }),
      "invalid: column 'name' is a dictionary of dictionaries");
}

TEST_P(arrow_hostile, what_nobody_wants_may_be_anything) {
  made_array list = texts("tags", {"x"});
  list.format = "+l";
  list.children.push_back(texts("item", {"x"}));
  counted_stream mapped({{texts("name", {"a"}), list}});
  EXPECT_EQ(outcome(mapped, {.columns = {{"tags", ""}}}), "1 rows: 1 inserted");
  counted_stream only({{texts("name", {"b"}), list}});
  EXPECT_EQ(outcome(only, {.columns = {{"name", "name"}}, .only_mapped = true}),
            "1 rows: 1 inserted");
  counted_stream wanted({{texts("name", {"b"}), list}});
  EXPECT_EQ(outcome(wanted, {.columns = {{"name", "name"}, {"tags", "note"}}, .only_mapped = true})
                .substr(0, 32),
            "invalid: column 'tags' is a list");
}

TEST_P(arrow_hostile, streams_that_fail) {
  counted_stream at_once({{texts("name", {"a"})}});
  at_once.fail_schema(EIO, "disk on fire");
  EXPECT_EQ(outcome(at_once), "invalid: the stream gives no schema: disk on fire");
  counted_stream silent({{texts("name", {"a"})}});
  silent.fail_schema(ENOMEM, nullptr);
  EXPECT_EQ(outcome(silent), "invalid: the stream gives no schema: Cannot allocate memory");
  counted_stream later({{texts("name", {"a", "b"})}, {texts("name", {"c"})}});
  later.fail_after(1, EIO, "connection lost");
  EXPECT_EQ(outcome(later),
            "2 rows: 2 inserted, cut short\nrow 3 (line 2): the stream failed behind row 2: "
            "connection lost");
  counted_stream garbled({{texts("name", {"a"})}});
  garbled.fail_after(0, EINVAL, "\xff\xff");
  EXPECT_EQ(outcome(garbled),
            "0 rows:, cut short\nrow 1 (line 0): the stream failed behind row 0: Invalid argument");
}

TEST_P(arrow_hostile, streams_that_are_none) {
  ArrowArrayStream none{};
  EXPECT_EQ(refusal([&] { import_arrow(*s, none, {.entity = "clients"}); }),
            "misuse: the stream was released, or has been read before");
  counted_stream lacking({{texts("name", {"a"})}});
  lacking.stream.get_next = nullptr;
  EXPECT_EQ(outcome(lacking), "misuse: the stream lacks get_schema or get_next");
  counted_stream mute({{texts("name", {"a"})}});
  mute.fail_after(0, EIO, "never asked");
  mute.stream.get_last_error = nullptr;
  EXPECT_EQ(
      outcome(mute),
      "0 rows:, cut short\nrow 1 (line 0): the stream failed behind row 0: Input/output error");
}

TEST_P(arrow_hostile, errors_of_the_import_release_everything) {
  const std::vector<made_array> good = {texts("name", {"a"})};
  counted_stream nowhere({good});
  EXPECT_EQ(outcome(nowhere, {.columns = {{"name", "nmae"}}}).substr(0, 9), "not_found");
  counted_stream no_match({good});
  EXPECT_EQ(outcome(no_match, {.match = {"city"}}).substr(0, 7), "invalid");
  counted_stream thrown({good});
  import_options o;
  o.each_row = [](import_row&) { throw error(error_code::misuse, "stop"); };
  EXPECT_EQ(outcome(thrown, o), "misuse: stop");
}

TEST_P(arrow_hostile, texts_that_are_no_text) {
  counted_stream from({{texts("name", {"ok", "a\xff"}), texts("city", {"\xc3\x28", "Омск"})}});
  EXPECT_EQ(outcome(from),
            "2 rows: 2 refused\nrow 1 (line 1) city: byte 1 of the cell is not UTF-8 text; correct "
            "it, or name the file's encoding\nrow 2 (line 2) name 'a': byte 2 of the cell is not "
            "UTF-8 text; correct it, or name the file's encoding");
}

}  // namespace
}  // namespace kith::lab
