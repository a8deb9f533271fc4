// SPDX-License-Identifier: Apache-2.0
//
// Run-time descriptions as text for the model table: one `word` or `word=value` per line, values
// without line breaks. Unknown words are an error: they come from a newer version.
#include <algorithm>
#include <charconv>

#include "core/model/build.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

void put(std::string& out, std::string_view word, std::string_view text) {
  if (!text.empty()) out += std::string(word) + "=" + one_line(text) + "\n";
}
void put(std::string& out, std::string_view word, bool is) {
  if (is) out += std::string(word) + "\n";
}

[[noreturn]] void damaged(std::string_view name, std::string_view line) {
  throw error(error_code::damaged, "the model table describes " + std::string(name) + " with '" +
                                       shortened(line) + "', which has no meaning");
}

std::int64_t number_in(std::string_view name, std::string_view text) {
  std::int64_t n = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) damaged(name, text);
  return n;
}

// Calls `take(word, value)` for each line.
template <class F>
void each_line(std::string_view definition, F take) {
  while (!definition.empty()) {
    const std::size_t end = definition.find('\n');
    const std::string_view line = definition.substr(0, end);
    definition = end == std::string_view::npos ? std::string_view{} : definition.substr(end + 1);
    const std::size_t equals = line.find('=');
    take(line.substr(0, equals),
         equals == std::string_view::npos ? std::string_view{} : line.substr(equals + 1));
  }
}

constexpr std::pair<std::string_view, delete_policy> policies[] = {
    {"restrict", delete_policy::restrict},
    {"clear", delete_policy::clear},
    {"cascade", delete_policy::cascade},
    {"keep", delete_policy::keep}};

}  // namespace

std::string encode(const custom_field& f) {
  std::string out;
  put(out, "kind", kind_of(f.kind).name);
  put(out, "folded", f.options.folded);
  if (f.options.scale != 0) put(out, "scale", std::to_string(f.options.scale));
  if (f.options.max_length != 0) put(out, "max_length", std::to_string(f.options.max_length));
  if (f.options.least) put(out, "least", std::to_string(*f.options.least));
  if (f.options.most) put(out, "most", std::to_string(*f.options.most));
  for (const auto& [name, ru] : f.choices) put(out, "choice", name + " " + ru);
  put(out, "target", f.target);
  put(out, "required", f.required);
  put(out, "unique", f.unique);
  put(out, "indexed", f.indexed);
  put(out, "searchable", f.searchable);
  put(out, "personal", f.personal);
  put(out, "on_delete", policies[static_cast<std::size_t>(f.on_delete)].first);
  put(out, "label", f.label);
  put(out, "ru", f.ru);
  put(out, "doc", f.doc);
  return out;
}

std::string encode(const custom_entity& e) {
  std::string out;
  put(out, "plural", e.plural);
  put(out, "title", e.title);
  put(out, "ru", e.ru);
  put(out, "ru_plural", e.ru_plural);
  put(out, "doc", e.doc);
  return out;
}

custom_field decode_field(std::string_view name, std::string_view definition) {
  custom_field f;
  f.name = name;
  each_line(definition, [&](std::string_view word, std::string_view text) {
    if (word == "kind") {
      const kind* k = find_kind(text);
      if (k == nullptr) damaged(name, text);
      f.kind = k->id;
    } else if (word == "folded") {
      f.options.folded = true;
    } else if (word == "scale") {
      f.options.scale = static_cast<std::int8_t>(number_in(name, text));
    } else if (word == "max_length") {
      f.options.max_length = static_cast<std::uint32_t>(number_in(name, text));
    } else if (word == "least") {
      f.options.least = number_in(name, text);
    } else if (word == "most") {
      f.options.most = number_in(name, text);
    } else if (word == "choice") {
      const std::size_t blank = text.find(' ');
      f.choices.emplace_back(text.substr(0, blank),
                             blank == std::string_view::npos ? "" : text.substr(blank + 1));
    } else if (word == "target") {
      f.target = text;
    } else if (word == "required") {
      f.required = true;
    } else if (word == "unique") {
      f.unique = true;
    } else if (word == "indexed") {
      f.indexed = true;
    } else if (word == "searchable") {
      f.searchable = true;
    } else if (word == "personal") {
      f.personal = true;
    } else if (word == "on_delete") {
      const auto p = std::find_if(std::begin(policies), std::end(policies),
                                  [&](const auto& row) { return row.first == text; });
      if (p == std::end(policies)) damaged(name, text);
      f.on_delete = p->second;
    } else if (word == "label") {
      f.label = text;
    } else if (word == "ru") {
      f.ru = text;
    } else if (word == "doc") {
      f.doc = text;
    } else {
      damaged(name, word);
    }
  });
  return f;
}

custom_entity decode_entity(std::string_view name, std::string_view definition) {
  custom_entity e;
  e.name = name;
  each_line(definition, [&](std::string_view word, std::string_view text) {
    if (word == "plural") {
      e.plural = text;
    } else if (word == "title") {
      e.title = text;
    } else if (word == "ru") {
      e.ru = text;
    } else if (word == "ru_plural") {
      e.ru_plural = text;
    } else if (word == "doc") {
      e.doc = text;
    } else {
      damaged(name, word);
    }
  });
  return e;
}

}  // namespace kith::inline v1::detail
