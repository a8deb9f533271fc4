// SPDX-License-Identifier: Apache-2.0
#include "lab.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "kith/analytics/standard.hpp"

namespace kith::lab {

std::vector<backend> indexed_backends() {
  std::vector<backend> some = backends();
  std::erase_if(some, [](const backend& b) { return b.name == "plain"; });
  return some;
}

byte_source bytes_of(std::string content, std::size_t piece) {
  const auto all = std::make_shared<std::string>(std::move(content));
  return [all, piece, at = std::size_t{0}](char* to, std::size_t room) mutable {
    const std::size_t size = std::min({room, piece, all->size() - at});
    std::memcpy(to, all->data() + at, size);
    at += size;
    return size;
  };
}

std::vector<std::string> rows_of(std::string content, csv_dialect known, std::size_t piece) {
  std::vector<std::string> rows;
  try {
    csv_reader reader(bytes_of(std::move(content), piece), known);
    std::vector<std::string_view> cells;
    while (reader.next(cells)) {
      std::string row;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) row += "¦";
        row += cells[i];
      }
      rows.push_back(std::move(row));
    }
  } catch (const error& e) {
    rows.push_back("!" + std::string(e.what()));
  }
  return rows;
}

std::string in_utf16(std::string_view utf8, bool big_endian) {
  std::string out;
  const auto put = [&](unsigned unit) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t i = 0; i < utf8.size();) {
    const auto b = static_cast<unsigned char>(utf8[i]);
    const unsigned size = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    unsigned c = size == 1 ? b : b & (0xffu >> (size + 1));
    for (unsigned k = 1; k < size; ++k)
      c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3f);
    i += size;
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xd800 + ((c - 0x10000) >> 10));
      put(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return out;
}

std::string told(const import_result& r) {
  std::string text = std::to_string(r.rows) + " rows:";
  const auto part = [&](std::uint64_t n, const char* what) {
    if (n != 0) text += (text.ends_with(':') ? " " : ", ") + std::to_string(n) + " " + what;
  };
  part(r.inserted, "inserted");
  part(r.updated, "updated");
  part(r.unchanged, "unchanged");
  part(r.failed, "refused");
  if (r.cancelled) text += ", cancelled";
  if (r.cut_short) text += ", cut short";
  for (const import_error& e : r.errors) {
    text += "\nrow " + std::to_string(e.row) + " (line " + std::to_string(e.line) + ")";
    if (!e.column.empty()) text += " " + e.column;
    if (!e.field.empty()) text += " → " + e.field;
    if (!e.value.empty()) text += " '" + e.value + "'";
    text += ": " + e.message;
  }
  return text;
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const error& e) {
    return e.what();
  }
  return {};
}

std::string real_data(const std::string& folder) {
  const std::filesystem::path found =
      std::filesystem::path(KITH_SOURCE_DIR).parent_path() / "shared" / "data" / folder;
  return std::filesystem::exists(found) ? found.string() : std::string();
}

void suite::open() {
  s.reset();
  base.reset();
  crm_options o;
  o.entities.assign(standard_entities.begin(), standard_entities.end());
  const auto reports = standard_reports();
  o.reports.assign(reports.begin(), reports.end());
  o.clock = clock;
  o.random = std::make_shared<seeded_random>(1);
  base.emplace(GetParam().fresh(), std::move(o));
  s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
}

import_result suite::import(std::string content, import_options options, csv_dialect known) {
  if (options.entity.empty()) options.entity = "clients";
  return import_csv(*s, bytes_of(std::move(content)), std::move(options), known);
}

std::string suite::list(std::string_view entity, const std::vector<std::string>& columns,
                        std::string_view where) {
  std::vector<std::pair<std::string, std::string>> named;
  for (const std::string& c : columns) named.emplace_back(c, c);
  const table found = s->query(entity, where).select(named);
  std::string text;
  for (const auto& row : found.rows) {
    if (!text.empty()) text += "; ";
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + row[i].to_string();
  }
  return text;
}

std::uint64_t suite::count(std::string_view entity, std::string_view where) {
  return s->query(entity, where).count();
}

value suite::total(std::string_view entity, const std::string& measure, std::string_view where) {
  return s->query(entity, where).aggregate({}, {{"total", measure}}).rows.at(0).at(0);
}

std::string suite::exported(std::string_view entity, csv_export_options options,
                            std::string_view where) {
  std::string text;
  export_csv(
      s->query(entity, where), [&](std::string_view bytes) { text += bytes; }, std::move(options));
  return text;
}

}  // namespace kith::lab
