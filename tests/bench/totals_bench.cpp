// SPDX-License-Identifier: Apache-2.0
//
// Live totals against what a firm would keep by hand in bare SQLite: a board that is read from a
// table of sums, the same board by GROUP BY, and what keeping two totals adds to a bulk load.
#include <filesystem>

#include "entities.hpp"
#include "kith/kith.hpp"
#include "limit_sqlite.hpp"
#include "table.hpp"

namespace kith::bench {
namespace {

constexpr std::int64_t stages = 10;
constexpr std::int64_t buyers = 2000;

template <bool Kept>
struct sale_of {
  static constexpr entity_def about{.name = "bench_sale", .plural = "bench_sales"};
  static constexpr field<sale_of, integer> stage{1, "stage", required};
  static constexpr field<sale_of, integer> buyer{2, "buyer", required, indexed};
  static constexpr field<sale_of, money> amount{3, "amount", required};
  static constexpr field<sale_of, integer> day{4, "day", required};
  static constexpr auto fields = list(stage, buyer, amount, day);
  static constexpr auto indexes = list(index(stage, amount));
  static constexpr std::array<total_def, Kept ? 2 : 0> totals = [] {
    std::array<total_def, Kept ? 2 : 0> all{};
    if constexpr (Kept) {
      all[0] = {"sales_board", "", "stage", "count() as deals, sum(amount) as amount", ""};
      all[1] = {"sales_of_buyer", "", "buyer",
                "count() as n, sum(amount) as amount, max(day) as last", ""};
    }
    return all;
  }();
};

std::int64_t cents(std::int64_t i) { return i * 7919 % 1'000'000; }

template <bool Kept>
void add_sales(session& s, std::int64_t count) {
  using sale = sale_of<Kept>;
  transaction tx = s.write();
  draft<sale> d;
  for (std::int64_t i = 0; i < count; ++i) {
    d.clear();
    d.set(sale::stage = i % stages, sale::buyer = i % buyers,
          sale::amount = money(decimal(cents(i), 2), currency_code("EUR")), sale::day = i / 100);
    s.add(d);
  }
  tx.commit();
}

struct prepared_sales {
  crm base = kith::open(scratch() + "/sales.kith", {.entities = {describe<sale_of<true>>()}});
  session asked = base.open_session();
  raw_file raw{scratch() + "/sales.db"};

  prepared_sales() {
    add_sales<true>(asked, customer_count());
    raw.run(
        "CREATE TABLE sale(id INTEGER PRIMARY KEY, stage INT NOT NULL, buyer INT NOT NULL, amount "
        "INT NOT NULL, day INT NOT NULL);"
        "CREATE INDEX sale_stage ON sale(stage, amount); CREATE INDEX sale_buyer ON sale(buyer);"
        "CREATE TABLE board(stage INT, currency TEXT, deals INT NOT NULL, amount INT NOT NULL, "
        "PRIMARY KEY(stage, currency)) WITHOUT ROWID; BEGIN");
    raw_statement s(raw.raw(), "INSERT INTO sale VALUES(?,?,?,?,?)");
    for (std::int64_t i = 0; i < customer_count(); ++i) {
      const std::int64_t cells[] = {i + 1, i % stages, i % buyers, cents(i), i / 100};
      for (int c = 0; c < 5; ++c) s.bind(c + 1, cells[c]);
      s.run();
    }
    raw.run(
        "INSERT INTO board SELECT stage, 'EUR', count(*), sum(amount) FROM sale GROUP BY stage;"
        "COMMIT; ANALYZE");
  }
};

prepared_sales& sales() {
  static prepared_sales all;
  return all;
}

void read_raw(benchmark::State& state, const char* sql) {
  raw_statement s(sales().raw.raw(), sql);
  std::string currency;
  for (auto _ : state) {
    std::int64_t sum = 0;
    while (s.step()) {
      s.text(1, currency);
      sum += s.number(0) + s.number(2) + s.number(3);
    }
    s.reset();
    benchmark::DoNotOptimize(sum);
  }
}

void raw_board(benchmark::State& state) {
  read_raw(state, "SELECT stage, currency, deals, amount FROM board ORDER BY stage");
}
void raw_group_by(benchmark::State& state) {
  read_raw(state, "SELECT stage, 'EUR', count(*), sum(amount) FROM sale GROUP BY stage");
}
void kith_board(benchmark::State& state) {
  session& s = sales().asked;
  for (auto _ : state) benchmark::DoNotOptimize(s.total("sales_board"));
}

template <bool Kept>
void bulk(benchmark::State& state) {
  const std::string path = scratch() + "/sales_bulk.kith";
  for (auto _ : state) {
    state.PauseTiming();
    for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(path + more);
    crm base = kith::open(path, {.entities = {describe<sale_of<Kept>>()}});
    session s = base.open_session();
    state.ResumeTiming();
    add_sales<Kept>(s, customer_count());
  }
}

template <bool Kept>
void single(benchmark::State& state) {
  crm base = kith::open("sqlite::memory:", {.entities = {describe<sale_of<Kept>>()}});
  session s = base.open_session();
  add_sales<Kept>(s, 10'000);
  for (auto _ : state) add_sales<Kept>(s, 1);
}

}  // namespace

std::vector<row> totals_rows() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "sqlite";
  return {
      {s, "board of 10 stages, kept", "<= 2", "us", 1, false, raw_board, kith_board},
      {s, "board of 10 stages, by GROUP BY", "-", "us", 1, false, raw_group_by, kith_board},
      {s, "bulk load, without and with two totals", "<= 1.5", "us", all, false, bulk<false>,
       bulk<true>, 1},
      {s, "one record, without and with two totals", "-", "us", 1, false, single<false>,
       single<true>},
  };
}

}  // namespace kith::bench
