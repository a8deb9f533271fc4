// SPDX-License-Identifier: Apache-2.0
//
// CSV import and export of the SQLite store against a hand-written loop over bare SQLite, which
// splits, binds and builds its indexes afterwards, and checks nothing.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "files.hpp"

namespace kith::bench {
namespace {

const std::string& csv_file() {
  static const std::string path = [] {
    const std::string file = scratch() + "/customers.csv";
    std::string text(csv_header);
    for (std::int64_t i = 1; i <= customer_count(); ++i) append_csv(text, make_customer(i));
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }();
  return path;
}

/// The cells of one line; quotes only where the file has them. Returns the next line's begin.
std::size_t split(const std::string& all, std::size_t at, std::vector<std::string>& cells) {
  std::size_t n = 0;
  for (;;) {
    if (cells.size() == n) cells.emplace_back();
    std::string& cell = cells[n++];
    cell.clear();
    if (all[at] == '"') {
      for (++at; all[at] != '"' || all[at + 1] == '"'; ++at) {
        if (all[at] == '"') ++at;
        cell += all[at];
      }
      ++at;
    } else {
      const std::size_t end = all.find_first_of(",\n", at);
      cell.assign(all, at, end - at);
      at = end;
    }
    if (all[at++] == '\n') return at;
  }
}

void raw_import(benchmark::State& state) {
  const std::string path = scratch() + "/import.db";
  csv_file();
  for (auto _ : state) {
    remove_file(path);
    raw_file f(path);
    f.run(raw_table);
    f.run("BEGIN");
    {
      raw_statement insert(f.raw(), raw_insert);
      std::ifstream in(csv_file(), std::ios::binary);
      const std::string all{std::istreambuf_iterator<char>(in), {}};
      std::vector<std::string> cells;
      for (std::size_t at = csv_header.size(); at < all.size();) {
        at = split(all, at, cells);
        for (int i = 0; i < 13; ++i) {
          const std::string& cell = cells[static_cast<std::size_t>(i)];
          if (i < 5 || i > 9) {
            std::int64_t number = 0;
            std::from_chars(cell.data(), cell.data() + cell.size(), number);
            insert.bind(i + 1, number);
          } else {
            insert.bind(i + 1, cell);
          }
        }
        insert.run();
      }
    }
    f.run(raw_indexes);
    f.run("COMMIT");
  }
}

void kith_import(benchmark::State& state) {
  const std::string path = scratch() + "/import.kith";
  csv_file();
  for (auto _ : state) {
    remove_file(path);
    crm base = open_kith(path);
    session s = base.open_session();
    import_options o{.entity = "bench_shoppers",
                     .columns = {{"id", ""}, {"email", "mail"}, {"phone", "tel"}}};
    const import_result r = import_csv(s, csv_file(), o);
    if (r.failed != 0) state.SkipWithError(r.errors.front().message.c_str());
  }
}

void raw_export(benchmark::State& state) {
  const std::string path = scratch() + "/import.db";
  if (!std::filesystem::exists(path)) {
    state.SkipWithError("needs the import's row");
    return;
  }
  raw_file f(path);
  raw_statement all(f.raw(), raw_select);
  customer c;
  for (auto _ : state) {
    std::ofstream out(scratch() + "/export-raw.csv", std::ios::binary);
    std::string text(csv_header);
    while (all.step()) {
      read(all, c);
      append_csv(text, c);
      if (text.size() > 1 << 16) {
        out << text;
        text.clear();
      }
    }
    out << text;
    all.reset();
  }
}

void kith_export(benchmark::State& state) {
  const std::string path = scratch() + "/import.kith";
  if (!std::filesystem::exists(path)) {
    state.SkipWithError("needs the import's row");
    return;
  }
  crm base = open_kith(path);
  session s = base.open_session();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        export_csv(s.query("bench_shoppers", ""), scratch() + "/export-kith.csv"));
  }
}

}  // namespace

std::vector<row> exchange_rows() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "csv, sqlite";
  return {
      {s, "import, per row", "<= 1.3", "us", all, false, raw_import, kith_import, 1},
      {s, "export, per row", "<= 1.3", "us", all, false, raw_export, kith_export, 1},
  };
}

}  // namespace kith::bench
