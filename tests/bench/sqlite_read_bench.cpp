// SPDX-License-Identifier: Apache-2.0
//
// Reading the SQLite store against bare SQLite.
#include "files.hpp"

namespace kith::bench {
namespace {

template <bool in_transaction>
void raw_get(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement get(f.raw(), raw_select + "WHERE id = ?");
  customer c;
  random r(4);
  if (in_transaction) f.run("BEGIN");
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      get.bind(1, files().any(r).id);
      if (get.step()) read(get, c);
      get.reset();
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

template <bool in_transaction>
void kith_get(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  std::optional<transaction> tx;
  if (in_transaction) tx = s.read();
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const record<shopper> found = s.get<shopper>(files().any_id(r));
      benchmark::DoNotOptimize(found[shopper::balance]);
    }
  }
}

void raw_look_up(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement get(f.raw(), raw_select + "WHERE email = ?");
  customer c;
  random r(5);
  f.run("BEGIN");
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      get.bind(1, files().any(r).email);
      if (get.step()) read(get, c);
      get.reset();
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

void kith_look_up(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(5);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const auto found = s.find_one(shopper::mail, files().any(r).email);
      benchmark::DoNotOptimize((*found)[shopper::balance]);
    }
  }
}

void raw_page(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement list(f.raw(),
                     raw_select + "WHERE status = ? AND city = ? ORDER BY updated DESC LIMIT 50");
  std::vector<customer> page(50);
  random r(8);
  f.run("BEGIN");
  for (auto _ : state) {
    list.bind(1, r.below(5));
    list.bind(2, cities()[r.below(5)]);
    for (std::size_t i = 0; list.step(); ++i) read(list, page[i % 50]);
    list.reset();
  }
}

void kith_page(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(8);
  for (auto _ : state) {
    const auto page = s.find(shopper::status == r.below(5) && shopper::city == cities()[r.below(5)])
                          .order_by(descending(shopper::updated))
                          .limit(50)
                          .all();
    benchmark::DoNotOptimize(page.size());
  }
}

void raw_timeline(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement list(f.raw(),
                     "SELECT id, at, kind, subject FROM happening WHERE shopper = ? ORDER BY "
                     "at DESC LIMIT 50");
  std::vector<std::string> subjects(50);
  random r(6);
  f.run("BEGIN");
  for (auto _ : state) {
    list.bind(1, 1 + r.below(timeline_shoppers));
    for (std::size_t i = 0; list.step(); ++i) {
      benchmark::DoNotOptimize(list.number(0) + list.number(1) + list.number(2));
      list.text(3, subjects[i % 50]);
    }
    list.reset();
  }
}

void kith_timeline(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(6);
  for (auto _ : state) {
    const ref<shopper> of{files().ids[r.below(timeline_shoppers)]};
    std::int64_t sum = 0;
    for (const auto [id, at, kind, subject] :
         s.find(happening::shopper_ref == of)
             .order_by(descending(happening::at))
             .limit(50)
             .columns(id_of<happening>, happening::at, happening::kind, happening::subject)) {
      sum += id.id.value + at + kind + static_cast<std::int64_t>(subject.size());
    }
    benchmark::DoNotOptimize(sum);
  }
}

void raw_scan(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement all(f.raw(), raw_select);
  customer c;
  for (auto _ : state) {
    while (all.step()) {
      read(all, c);
      benchmark::DoNotOptimize(c.balance);
    }
    all.reset();
  }
}

void kith_scan(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const record<shopper>& c : s.all<shopper>()) sum += c[shopper::balance];
    benchmark::DoNotOptimize(sum);
  }
}

void raw_count(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement count(f.raw(), "SELECT count(*) FROM customer WHERE status = ? AND balance > ?");
  for (auto _ : state) {
    count.bind(1, 2);
    count.bind(2, 1'200'000);
    count.run();
  }
}

void kith_count(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  for (auto _ : state) {
    benchmark::DoNotOptimize(s.find(shopper::status == 2 && shopper::balance > 1'200'000).count());
  }
}

// The same file for both: what a schema of this size costs SQLite is not Kith's doing.
void raw_open(benchmark::State& state) {
  const std::string path = files().kith_path;
  for (auto _ : state) {
    raw_file f(path, 2);
    raw_statement get(f.raw(), "SELECT * FROM kith_bench_shopper WHERE id = ?");
    get.bind(1, files().ids[77].value);
    get.step();
    benchmark::DoNotOptimize(get.number(0));
  }
}

void kith_open(benchmark::State& state) {
  for (auto _ : state) {
    crm base = open_kith(files().kith_path);
    session s = base.open_session();
    benchmark::DoNotOptimize(s.get<shopper>(files().ids[77])[shopper::balance]);
  }
}

}  // namespace

std::vector<row> sqlite_reads() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "sqlite";
  return {
      {s, "open, get 1, close", "<= 1.5", "us", 1, false, raw_open, kith_open},
      {s, "get by id, in a read transaction", "<= 1.15", "us", look_ups, false, raw_get<true>,
       kith_get<true>},
      {s, "get by id, alone", "<= 1.15", "us", look_ups, false, raw_get<false>, kith_get<false>},
      {s, "look-up by e-mail", "<= 1.15", "us", look_ups, false, raw_look_up, kith_look_up},
      {s, "list: filter and sort by index, 50 rows", "<= 1.15", "us", 1, false, raw_page,
       kith_page},
      {s, "timeline: 50 newest of one client", "<= 1.2", "us", 1, false, raw_timeline,
       kith_timeline},
      {s, "scan, per row", "<= 1.2", "us", all, false, raw_scan, kith_scan},
      {s, "count with a filter without index", "-", "ms", 1, false, raw_count, kith_count},
  };
}

}  // namespace kith::bench
