// SPDX-License-Identifier: Apache-2.0
//
// Reading schemas that others wrote: nothing in them is believed.
#include "exchange/arrow/incoming.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::int64_t most_columns = 10'000;
constexpr int deepest = 8;

[[noreturn]] void refuse(const std::string& why) { throw error(error_code::invalid, why); }

std::string in_quotes(std::string_view name) { return "column '" + shortened(name) + "'"; }

std::optional<int> number_in(std::string_view& text) {
  if (text.starts_with(',')) text.remove_prefix(1);
  int n = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
  if (read.ec != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return n;
}

struct plain_format {
  std::string_view text;
  arrow_form form;
  std::uint8_t width;
};
constexpr auto plain_formats = std::to_array<plain_format>({
    {"n", arrow_form::nothing, 0},
    {"b", arrow_form::boolean, 0},
    {"c", arrow_form::whole, 1},
    {"s", arrow_form::whole, 2},
    {"i", arrow_form::whole, 4},
    {"l", arrow_form::whole, 8},
    {"C", arrow_form::natural, 1},
    {"S", arrow_form::natural, 2},
    {"I", arrow_form::natural, 4},
    {"L", arrow_form::natural, 8},
    {"f", arrow_form::real, 4},
    {"g", arrow_form::real, 8},
    {"u", arrow_form::text, 4},
    {"U", arrow_form::text, 8},
    {"z", arrow_form::bytes, 4},
    {"Z", arrow_form::bytes, 8},
    {"tdD", arrow_form::days, 4},
});

bool read_decimal(std::string_view format, arrow_leaf& to) {
  if (format.starts_with(',')) return false;
  const auto precision = number_in(format);
  const auto scale = number_in(format);
  const auto bits = format.empty() ? std::optional<int>(128) : number_in(format);
  if (!precision || !scale || !bits || !format.empty()) return false;
  if (*bits != 32 && *bits != 64 && *bits != 128 && *bits != 256) return false;
  if (*precision < 1 || *precision > 76 || *scale < -76 || *scale > 76) return false;
  to.form = arrow_form::decimal;
  to.width = static_cast<std::uint8_t>(*bits / 8);
  to.scale = *scale;
  return true;
}

bool read_unit(char unit, arrow_leaf& to) {
  switch (unit) {
    case 's': to.per_second = 1; return true;
    case 'm': to.per_second = 1'000; return true;
    case 'u': to.per_second = 1'000'000; return true;
    case 'n': to.per_second = 1'000'000'000; return true;
    default: return false;
  }
}

// `tsu:UTC`, `tDn`, `tdm`.
bool read_time(std::string_view format, arrow_leaf& to) {
  to.width = 8;
  if (format == "tdm") {
    to.form = arrow_form::moments;
    to.per_second = 1'000;
    return true;
  }
  if (format.size() < 3 || !read_unit(format[2], to)) return false;
  if (format.starts_with("tD")) {
    to.form = arrow_form::length;
    return format.size() == 3;
  }
  if (!format.starts_with("ts") || format.size() < 4 || format[3] != ':') return false;
  to.form = arrow_form::moments;
  to.zoned = format.size() > 4;
  return true;
}

bool read_form(std::string_view format, arrow_leaf& to) {
  for (const plain_format& p : plain_formats) {
    if (p.text != format) continue;
    to.form = p.form;
    to.width = p.width;
    return true;
  }
  if (format == "vu" || format == "vz") {
    to.form = format == "vu" ? arrow_form::text : arrow_form::bytes;
    to.views = true;
    return true;
  }
  if (format.starts_with("w:")) {
    std::string_view rest = format.substr(2);
    const auto size = number_in(rest);
    if (!size || *size < 1 || *size > 1 << 20 || !rest.empty()) return false;
    to.form = arrow_form::bytes;
    to.size = *size;
    return true;
  }
  if (format.starts_with("d:")) return read_decimal(format.substr(2), to);
  return format.starts_with('t') && read_time(format, to);
}

std::string remedy_for(std::string_view format) {
  std::string_view what = "has a type that no value of Kith can be";
  if (format.starts_with("+l") || format.starts_with("+L") || format.starts_with("+w") ||
      format.starts_with("+v")) {
    what = "is a list; give each item a row of its own";
  } else if (format.starts_with("+")) {
    what = "is neither a struct nor a plain value";
  } else if (format == "e") {
    what = "has 16-bit numbers; cast them to float64";
  } else if (format.starts_with("tt")) {
    what = "has times of day without a date; cast them to text";
  } else if (format.starts_with("ti")) {
    what = "has calendar intervals; cast them to durations";
  }
  return std::string(what) + ", or map the column to nowhere (format '" + shortened(format) + "')";
}

arrow_leaf read_leaf(const ArrowSchema& s, std::string name) {
  arrow_leaf leaf;
  leaf.name = std::move(name);
  const std::string_view format = s.format;
  if (!read_form(format, leaf)) {
    leaf.form = arrow_form::refused;
    leaf.why = in_quotes(leaf.name) + " " + remedy_for(format);
    return leaf;
  }
  if (s.dictionary == nullptr) return leaf;
  if (leaf.form != arrow_form::whole && leaf.form != arrow_form::natural) {
    refuse(in_quotes(leaf.name) + " is a dictionary whose places are no integers ('" +
           shortened(format) + "')");
  }
  if (s.dictionary->format == nullptr || s.dictionary->release == nullptr) {
    refuse(in_quotes(leaf.name) + " has a dictionary without a type");
  }
  arrow_leaf words = read_leaf(*s.dictionary, leaf.name);
  if (words.form == arrow_form::refused || words.is_dictionary()) {
    leaf.form = arrow_form::refused;
    leaf.why =
        words.why.empty() ? in_quotes(leaf.name) + " is a dictionary of dictionaries" : words.why;
    return leaf;
  }
  leaf.words.push_back(std::move(words));
  return leaf;
}

class column_list {
 public:
  void add(const ArrowSchema& s, const std::string& above, const std::vector<std::int64_t>& path) {
    check(s, above);
    const std::string_view own = s.name != nullptr ? s.name : "";
    if (own.size() > 1000 || invalid_utf8(own)) {
      refuse("a column's name is no text of 1,000 bytes at most; rename it");
    }
    const std::string name = above.empty() ? std::string(own) : above + "." + std::string(own);
    if (std::string_view(s.format) != "+s") {
      arrow_leaf leaf = read_leaf(s, name);
      leaf.path = path;
      return add(std::move(leaf));
    }
    add_struct(s, name, path);
  }
  std::vector<arrow_leaf> take() { return std::move(columns_); }

 private:
  static void check(const ArrowSchema& s, const std::string& above) {
    const std::string in = above.empty() ? "the stream's schema" : in_quotes(above);
    if (s.release == nullptr) refuse(in + " has a part that was released");
    if (s.format == nullptr) refuse(in + " has a part without a format");
    if (s.n_children < 0 || (s.n_children > 0 && s.children == nullptr)) {
      refuse(in + " has parts that are not there");
    }
    if (s.n_children > most_columns) refuse(in + " has more than 10,000 columns");
    for (std::int64_t i = 0; i < s.n_children; ++i) {
      if (s.children[i] == nullptr) refuse(in + " has parts that are not there");
    }
  }

  void add(arrow_leaf leaf) {
    columns_.push_back(std::move(leaf));
    if (columns_.size() > most_columns) refuse("the stream has more than 10,000 columns");
  }

  static bool has_parts(const ArrowSchema& s, std::string_view first, std::string_view second) {
    const auto is = [&](std::int64_t i, std::string_view name) {
      const ArrowSchema& part = *s.children[i];
      return part.release != nullptr && part.format != nullptr && part.name != nullptr &&
             part.name == name && part.format[0] != '+';
    };
    return s.n_children == 2 && is(0, first) && is(1, second);
  }

  void add_struct(const ArrowSchema& s, const std::string& name,
                  const std::vector<std::int64_t>& path) {
    if (path.size() >= static_cast<std::size_t>(deepest)) {
      refuse(in_quotes(name) + " nests structs more than 8 deep");
    }
    const auto part_path = [&](std::int64_t i) {
      std::vector<std::int64_t> p = path;
      p.push_back(i);
      return p;
    };
    if (!path.empty() && has_parts(s, "amount", "currency")) {
      arrow_leaf amount = read_leaf(*s.children[0], name);
      amount.path = part_path(0);
      add(std::move(amount));
      return add(*s.children[1], name, part_path(1));
    }
    if (!path.empty() && has_parts(s, "entity", "id")) {
      arrow_leaf id = read_leaf(*s.children[1], name);
      id.path = part_path(1);
      id.entity.push_back(read_leaf(*s.children[0], name));
      id.entity_path = part_path(0);
      return add(std::move(id));
    }
    // The rows themselves may have a name, too: it is no part of a column's.
    const std::string above = path.empty() ? std::string() : name;
    for (std::int64_t i = 0; i < s.n_children; ++i) add(*s.children[i], above, part_path(i));
  }

  std::vector<arrow_leaf> columns_;
};

}  // namespace

std::vector<arrow_leaf> read_columns(const ArrowSchema& rows) {
  if (rows.format == nullptr || std::string_view(rows.format) != "+s") {
    refuse("a stream of rows is a struct ('+s'), this one is '" +
           shortened(rows.format != nullptr ? rows.format : "") +
           "'; give a table, not a single column");
  }
  column_list columns;
  columns.add(rows, {}, {});
  return columns.take();
}

}  // namespace kith::inline v1::detail
