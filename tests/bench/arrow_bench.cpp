// SPDX-License-Identifier: Apache-2.0
//
// Arrow streams of the SQLite store against hand-written loops over bare SQLite that decode into
// column buffers of the same layout, and bind from them.
#include <algorithm>

#include "files.hpp"
#include "kith/exchange/arrow.hpp"

namespace kith::bench {
namespace {

constexpr std::int64_t batch_rows = 8192;
constexpr std::size_t columns = 13;
constexpr const char* names[columns] = {"id",     "kind",    "status", "owner", "source",
                                        "name",   "mail",    "tel",    "city",  "note",
                                        "opened", "updated", "balance"};
constexpr bool is_text(std::size_t column) { return column >= 5 && column <= 9; }

// Thirteen columns of rows in Arrow's layout: whole numbers, or offsets and bytes.
struct column_buffers {
  struct one {
    std::vector<std::int64_t> numbers;
    std::vector<std::int32_t> offsets{0};
    std::string bytes;
  };
  one column[columns];
  std::int64_t rows = 0;

  void clear() {
    rows = 0;
    for (one& c : column) {
      c.numbers.clear();
      c.offsets.resize(1);
      c.bytes.clear();
    }
  }
  void add_text(std::size_t at, const char* text, std::size_t size) {
    one& c = column[at];
    c.bytes.append(text, size);
    c.offsets.push_back(static_cast<std::int32_t>(c.bytes.size()));
  }
  std::string_view text(std::size_t at, std::int64_t row) const {
    const one& c = column[at];
    const auto from = static_cast<std::size_t>(c.offsets[static_cast<std::size_t>(row)]);
    const auto to = static_cast<std::size_t>(c.offsets[static_cast<std::size_t>(row) + 1]);
    return std::string_view(c.bytes).substr(from, to - from);
  }
};

void raw_scan(benchmark::State& state) {
  raw_file f(files().raw_path);
  sqlite3_stmt* all = nullptr;
  sqlite3_prepare_v2(f.raw(), raw_select.c_str(), -1, &all, nullptr);
  column_buffers batch;
  for (auto _ : state) {
    while (sqlite3_step(all) == SQLITE_ROW) {
      for (std::size_t i = 0; i < columns; ++i) {
        const int at = static_cast<int>(i);
        if (is_text(i)) {
          const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(all, at));
          batch.add_text(i, text, static_cast<std::size_t>(sqlite3_column_bytes(all, at)));
        } else {
          batch.column[i].numbers.push_back(sqlite3_column_int64(all, at));
        }
      }
      if (++batch.rows == batch_rows) {
        benchmark::DoNotOptimize(batch.column[5].bytes.data());
        batch.clear();
      }
    }
    sqlite3_reset(all);
    batch.clear();
  }
  sqlite3_finalize(all);
}

void kith_scan(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  for (auto _ : state) {
    ArrowArrayStream out{};
    export_arrow(s.query("bench_shoppers", ""), {}, out);
    for (;;) {
      ArrowArray batch{};
      if (out.get_next(&out, &batch) != 0) state.SkipWithError(out.get_last_error(&out));
      if (batch.release == nullptr) break;
      benchmark::DoNotOptimize(batch.children[5]->buffers[2]);
      batch.release(&batch);
    }
    out.release(&out);
  }
}

// ------------------------------------------------------------------------------------------ import

const std::vector<column_buffers>& prepared() {
  static const std::vector<column_buffers> batches = [] {
    std::vector<column_buffers> made;
    for (std::int64_t i = 1; i <= customer_count(); ++i) {
      if (made.empty() || made.back().rows == batch_rows) made.emplace_back();
      const customer c = make_customer(i);
      const std::int64_t numbers[] = {c.id, c.kind, c.status, c.owner,  c.source,  0,        0,
                                      0,    0,      0,        c.opened, c.updated, c.balance};
      const std::string* texts[] = {&c.name, &c.email, &c.phone, &c.city, &c.note};
      for (std::size_t k = 0; k < columns; ++k) {
        if (is_text(k)) {
          made.back().add_text(k, texts[k - 5]->data(), texts[k - 5]->size());
        } else {
          made.back().column[k].numbers.push_back(numbers[k]);
        }
      }
      ++made.back().rows;
    }
    return made;
  }();
  return batches;
}

// A stream over the prepared batches: nothing is copied, nothing is to be released.
struct prepared_stream {
  ArrowSchema schema{}, fields[columns]{};
  ArrowSchema* field_pointers[columns];
  ArrowArray arrays[columns]{};
  ArrowArray* array_pointers[columns];
  const void* buffers[columns][3]{};
  const void* root_buffers[1]{};
  std::size_t next = 0;

  static void nothing(ArrowSchema* s) { s->release = nullptr; }
  static void nothing(ArrowArray* a) { a->release = nullptr; }
  static void nothing(ArrowArrayStream* s) { s->release = nullptr; }
  static prepared_stream& of(ArrowArrayStream* s) {
    return *static_cast<prepared_stream*>(s->private_data);
  }
  static int get_schema(ArrowArrayStream* s, ArrowSchema* out) {
    prepared_stream& p = of(s);
    for (std::size_t i = 0; i < columns; ++i) {
      p.fields[i] = {
          is_text(i) ? "u" : "l", names[i], nullptr, 0, 0, nullptr, nullptr, nothing, nullptr};
      p.field_pointers[i] = &p.fields[i];
    }
    *out = {"+s", "", nullptr, 0, columns, p.field_pointers, nullptr, nothing, nullptr};
    return 0;
  }
  static int get_next(ArrowArrayStream* s, ArrowArray* out) {
    prepared_stream& p = of(s);
    *out = {};
    if (p.next == prepared().size()) return 0;
    const column_buffers& batch = prepared()[p.next++];
    for (std::size_t i = 0; i < columns; ++i) {
      const auto& c = batch.column[i];
      p.buffers[i][1] = is_text(i) ? static_cast<const void*>(c.offsets.data()) : c.numbers.data();
      p.buffers[i][2] = c.bytes.data();
      p.arrays[i] = {batch.rows, 0,       0,      is_text(i) ? 3 : 2, 0, p.buffers[i], nullptr,
                     nullptr,    nothing, nullptr};
      p.array_pointers[i] = &p.arrays[i];
    }
    *out = {batch.rows,       0,       0,       1,      columns, p.root_buffers,
            p.array_pointers, nullptr, nothing, nullptr};
    return 0;
  }
  static const char* get_last_error(ArrowArrayStream*) { return nullptr; }
};

void raw_import(benchmark::State& state) {
  const std::string path = scratch() + "/arrow.db";
  prepared();
  for (auto _ : state) {
    remove_file(path);
    raw_file f(path);
    f.run(raw_table);
    f.run("BEGIN");
    {
      raw_statement insert(f.raw(), raw_insert);
      std::string kept[columns];
      for (const column_buffers& batch : prepared()) {
        for (std::int64_t row = 0; row < batch.rows; ++row) {
          for (std::size_t i = 0; i < columns; ++i) {
            const int at = static_cast<int>(i) + 1;
            if (is_text(i)) {
              kept[i] = batch.text(i, row);
              insert.bind(at, kept[i]);
            } else {
              insert.bind(at, batch.column[i].numbers[static_cast<std::size_t>(row)]);
            }
          }
          insert.run();
        }
      }
    }
    f.run(raw_indexes);
    f.run("COMMIT");
  }
}

void kith_import(benchmark::State& state) {
  const std::string path = scratch() + "/arrow.kith";
  prepared();
  for (auto _ : state) {
    remove_file(path);
    crm base = open_kith(path);
    session s = base.open_session();
    prepared_stream from;
    ArrowArrayStream in{prepared_stream::get_schema, prepared_stream::get_next,
                        prepared_stream::get_last_error, prepared_stream::nothing, &from};
    const import_result r =
        import_arrow(s, in, {.entity = "bench_shoppers", .columns = {{"id", ""}}});
    if (r.failed != 0) state.SkipWithError(r.errors.front().message.c_str());
  }
}

}  // namespace

std::vector<row> arrow_rows() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "arrow, sqlite";
  return {
      {s, "scan to Arrow, per row", "<= 1.2", "us", all, false, raw_scan, kith_scan},
      {s, "import from Arrow, per row", "<= 1.5", "us", all, false, raw_import, kith_import, 1},
  };
}

}  // namespace kith::bench
