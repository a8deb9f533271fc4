// SPDX-License-Identifier: Apache-2.0
//
// Matching of headers. A column may mean several places; the surest one counts, and when two are
// equally sure, none: an import does not guess.
#include "exchange/import/headers.hpp"

#include <algorithm>
#include <map>

#include "exchange/import/place.hpp"
#include "exchange/import/synonyms.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

// How sure a header is, from surest.
enum class rank : std::uint8_t { name, label, path, with_entity, synonym };

struct meaning {
  std::string to;
  rank how;
  const field_type* field = nullptr;  // of the record itself
  const relation_type* relation = nullptr;
  bool part = false;
};

class dictionary {
 public:
  explicit dictionary(const entity_type& e) : entity_(e) {
    for (const field_type& f : e.fields) {
      if (is_writable(f)) add_field(f);
    }
    for (const relation_type& r : e.relations) {
      if (r.def->owned) add_relation(r);
    }
  }

  std::vector<meaning> of(std::string_view header) const {
    std::vector<meaning> found;
    if (header.find('@') != std::string_view::npos) {  // `@shop`, `client@shop`: as in a mapping
      try {
        const place p = parse_place(entity_, header);
        found.push_back({std::string(header), rank::name, p.field, p.relation, false});
      } catch (const error&) {
        // an ordinary header
      }
      return found;
    }
    const auto word = words_.find(plain_word(header));
    if (word == words_.end()) return found;
    for (const meaning& m : word->second) {
      const auto same = [&](const meaning& other) { return other.to == m.to; };
      const auto known = std::find_if(found.begin(), found.end(), same);
      if (known == found.end()) {
        found.push_back(m);
      } else {
        known->how = std::min(known->how, m.how);
      }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const meaning& a, const meaning& b) { return a.how < b.how; });
    return found;
  }

 private:
  void add(std::string_view word, meaning m) {
    std::string key = plain_word(word);
    if (!key.empty()) words_[std::move(key)].push_back(std::move(m));
  }

  void add_synonyms(std::string_view name, meaning m) {
    m.how = rank::synonym;
    for (const synonym_line& line : synonym_lines) {
      std::string_view place = line.place;
      const std::size_t dot = place.find('.');
      if (dot != std::string_view::npos) {
        if (place.substr(0, dot) != entity_.name()) continue;
        place.remove_prefix(dot + 1);
      }
      if (place != name) continue;
      add(line.ru, m);
      for (std::string_view rest = line.words; !rest.empty();) {
        const std::size_t end = std::min(rest.find('|'), rest.size());
        add(rest.substr(0, end), m);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  void add_field(const field_type& f) {
    meaning m{std::string(f.name()), rank::name, &f, nullptr, false};
    add(f.name(), m);
    m.how = rank::label;
    add(f.def->label, m);
    add(f.def->ru, m);
    m.how = rank::with_entity;
    add(std::string(entity_.name()) + std::string(f.name()), m);
    add_synonyms(f.name(), m);
    for (std::uint8_t i = 0; i < f.parts().size(); ++i) {
      if (has_own_name(f, f.parts()[i])) add_part(f, i);
    }
    if (f.target == nullptr) return;
    for (const field_type& by : f.target->fields) {
      if (!by.is_stored() || !(by.def->natural_key || by.def->unique)) continue;
      const std::string path = std::string(f.name()) + "." + std::string(by.name());
      add(path, {path, rank::path, &f, nullptr, false});
    }
  }

  void add_part(const field_type& f, std::uint8_t i) {
    const part_def& p = f.parts()[i];
    meaning m{part_place(f, p), rank::name, &f, nullptr, true};
    add(m.to, m);
    add(std::string(f.name()) + "." + std::string(p.name), m);
    m.how = rank::path;
    add(russian_label(f, i), m);
    if (f.def->flat || f.def->kind == kind_id::money) add_synonyms(p.name, m);
  }

  void add_relation(const relation_type& r) {
    if (r.shorthand != nullptr) {
      meaning m{std::string(r.def->name), rank::name, nullptr, &r, false};
      add(r.def->name, m);
      m.how = rank::label;
      add(r.def->ru, m);
      add_synonyms(r.def->name, m);
    }
    for (const field_type& f : r.child->fields) {
      if (!is_writable(f) || &f == r.by || &f == r.only) continue;
      const std::string path = std::string(r.def->name) + "." + std::string(f.name());
      add(path, {path, rank::name, nullptr, &r, false});
    }
  }

  const entity_type& entity_;
  std::map<std::string, std::vector<meaning>> words_;
};

// One column's meanings, and which of them counts so far.
struct column_meaning {
  std::vector<meaning> all;
  std::size_t chosen = 0;
  bool taken = false;  // decided before

  const meaning* now() const { return chosen < all.size() ? &all[chosen] : nullptr; }
};

// `Имя` is the whole name, unless `Фамилия` stands beside it: then it is the first name.
void prefer_parts(std::vector<column_meaning>& columns) {
  for (column_meaning& c : columns) {
    const meaning* whole = c.now();
    if (whole == nullptr || c.taken || whole->field == nullptr || whole->part ||
        whole->field->def->kind != kind_id::person_name) {
      continue;
    }
    const field_type* const name = whole->field;
    const bool in_parts =
        std::any_of(columns.begin(), columns.end(), [&](const column_meaning& other) {
          const meaning* m = other.now();
          return m != nullptr && m->part && m->field == name;
        });
    if (!in_parts) continue;
    const auto part = std::find_if(c.all.begin(), c.all.end(),
                                   [&](const meaning& m) { return m.part && m.field == name; });
    c.chosen = static_cast<std::size_t>(part - c.all.begin());  // or none
  }
}

// Two meanings of one column that are equally sure.
bool is_ambiguous(const column_meaning& c) {
  return c.chosen + 1 < c.all.size() && c.all[c.chosen + 1].how == c.all[c.chosen].how;
}

bool may_repeat(const meaning& m) { return m.relation != nullptr; }

// Whether two meanings fill the same cells: one place, or a reference by two keys.
bool collide(const meaning& a, const meaning& b) {
  if (a.to == b.to) return true;
  return a.field != nullptr && a.field == b.field && !a.part && !b.part;
}

}  // namespace

std::string plain_word(std::string_view text) {
  std::string word;
  for (const char c : fold(text)) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    const bool counts = !ascii || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (counts) word += c;
  }
  const std::string io = fold("ё");
  const std::string ie = fold("е");
  for (const std::string& from : {io, std::string("\u00a0")}) {
    const std::string_view to = from == io ? std::string_view(ie) : std::string_view{};
    for (std::size_t at = word.find(from); at != std::string::npos; at = word.find(from, at)) {
      word.replace(at, from.size(), to);
    }
  }
  return word;
}

std::vector<std::string> places_by_header(const entity_type& entity,
                                          const std::vector<std::string>& headers,
                                          const std::vector<decided_column>& decided) {
  const dictionary words(entity);
  std::vector<column_meaning> columns(headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i) {
    columns[i].taken = decided[i].decided;
    if (!decided[i].decided) {
      columns[i].all = words.of(headers[i]);
      continue;
    }
    if (decided[i].to.empty()) continue;
    const place p = parse_place(entity, decided[i].to);
    columns[i].all.push_back({decided[i].to, rank::name, p.relation ? nullptr : p.field, p.relation,
                              p.part != whole_value});
  }
  prefer_parts(columns);
  std::vector<std::string> places(headers.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const meaning* mine = columns[i].now();
    if (columns[i].taken || mine == nullptr || is_ambiguous(columns[i])) continue;
    const bool beaten = std::any_of(columns.begin(), columns.end(), [&](const column_meaning& c) {
      const meaning* other = c.now();
      if (&c == &columns[i] || other == nullptr || !collide(*mine, *other)) return false;
      if (may_repeat(*mine)) return false;
      return c.taken || (!is_ambiguous(c) && other->how <= mine->how);
    });
    if (!beaten) places[i] = mine->to;
  }
  return places;
}

std::string russian_label(const field_type& f, std::uint8_t part) {
  if (part == whole_value) return std::string(f.def->ru);
  const std::string_view name = f.parts()[part].name;
  std::string label;
  for (const synonym_line& line : synonym_lines) {
    if (line.place == name) label = line.ru;
  }
  if (label.empty() || f.def->flat) return label;
  return std::string(f.def->ru) + ": " + label;
}

}  // namespace kith::inline v1::detail
