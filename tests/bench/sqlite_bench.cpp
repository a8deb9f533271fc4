// SPDX-License-Identifier: Apache-2.0
//
// The SQLite store against bare SQLite.
#include <filesystem>

#include "entities.hpp"
#include "kith/kith.hpp"
#include "kith/storage/sqlite.hpp"
#include "limit_sqlite.hpp"
#include "table.hpp"

namespace kith::bench {
namespace {

constexpr int look_ups = 5000;
constexpr int happenings_per_shopper = 100;
constexpr std::int64_t timeline_shoppers = 2000;

void remove_file(const std::string& path) {
  for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(path + more);
}

crm open_kith(const std::string& path) {
  return kith::open(path, {.entities = {describe<shopper>(), describe<happening>()}});
}

// ------------------------------------------------------------------------ the stores under test

struct prepared_stores {
  std::vector<customer> customers = make_customers(customer_count());
  std::string raw_path = scratch() + "/raw.db";
  std::string kith_path = scratch() + "/base.kith";
  std::vector<record_id> ids;

  prepared_stores() {
    {
      raw_file f(raw_path);
      f.run(raw_table);
      f.run(raw_indexes);
      f.run(
          "CREATE TABLE happening(shopper INT NOT NULL, at INT NOT NULL, id INT NOT NULL, kind INT "
          "NOT NULL, subject TEXT NOT NULL, PRIMARY KEY(shopper, at, id)) WITHOUT ROWID; BEGIN");
      raw_statement s(f.raw(), raw_insert);
      for (const customer& c : customers) {
        bind(s, c);
        s.run();
      }
      raw_statement h(f.raw(), "INSERT INTO happening VALUES(?,?,?,?,?)");
      for (std::int64_t i = 0; i < timeline_shoppers * happenings_per_shopper; ++i) {
        const std::string subject = customers[static_cast<std::size_t>(i) % customers.size()].note;
        h.bind(1, 1 + i % timeline_shoppers);
        h.bind(2, 1'500'000'000 + i * 30);
        h.bind(3, i + 1);
        h.bind(4, i % 6);
        h.bind(5, subject);
        h.run();
      }
      f.run("COMMIT; ANALYZE");
    }
    crm base = open_kith(kith_path);
    session s = base.open_session();
    transaction tx = s.write();
    draft<shopper> d;
    for (const customer& c : customers) {
      fill(d, c);
      ids.push_back(s.add(d).id());
    }
    draft<happening> h;
    for (std::int64_t i = 0; i < timeline_shoppers * happenings_per_shopper; ++i) {
      h.clear();
      h.set(happening::shopper_ref =
                ref<shopper>{ids[static_cast<std::size_t>(i % timeline_shoppers)]},
            happening::at = 1'500'000'000 + i * 30, happening::kind = i % 6,
            happening::subject = customers[static_cast<std::size_t>(i) % customers.size()].note);
      s.add(h);
    }
    tx.commit();
  }

  const customer& any(random& r) const {
    return customers[r.below(static_cast<std::uint32_t>(customers.size()))];
  }
  record_id any_id(random& r) const { return ids[r.below(static_cast<std::uint32_t>(ids.size()))]; }
};

const prepared_stores& stores() {
  static const prepared_stores all;
  return all;
}

// --------------------------------------------------------------------------------------- the rows

void raw_bulk(benchmark::State& state) {
  const auto& customers = stores().customers;
  const std::string path = scratch() + "/bulk.db";
  for (auto _ : state) {
    state.PauseTiming();
    remove_file(path);
    state.ResumeTiming();
    raw_file f(path);
    f.run(raw_table);
    f.run(raw_indexes);
    f.run("BEGIN");
    {
      raw_statement s(f.raw(), raw_insert);
      for (const customer& c : customers) {
        bind(s, c);
        s.run();
      }
    }
    f.run("COMMIT");
  }
  remove_file(path);
}

void kith_bulk(benchmark::State& state) {
  const auto& customers = stores().customers;
  const std::string path = scratch() + "/bulk.kith";
  for (auto _ : state) {
    state.PauseTiming();
    remove_file(path);
    state.ResumeTiming();
    crm base = open_kith(path);
    session s = base.open_session();
    transaction tx = s.write();
    draft<shopper> d;
    for (const customer& c : customers) {
      fill(d, c);
      s.add(d);
    }
    tx.commit();
  }
  remove_file(path);
}

void raw_get(benchmark::State& state) {
  raw_file f(stores().raw_path);
  raw_statement get(f.raw(), raw_select + "WHERE id = ?");
  customer c;
  random r(4);
  f.run("BEGIN");
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      get.bind(1, stores().any(r).id);
      if (get.step()) read(get, c);
      get.reset();
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

void kith_get(benchmark::State& state) {
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const record<shopper> found = s.get<shopper>(stores().any_id(r));
      benchmark::DoNotOptimize(found[shopper::balance]);
    }
  }
}

void raw_get_alone(benchmark::State& state) {
  raw_file f(stores().raw_path);
  raw_statement get(f.raw(), raw_select + "WHERE id = ?");
  customer c;
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      get.bind(1, stores().any(r).id);
      if (get.step()) read(get, c);
      get.reset();
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

void kith_get_alone(benchmark::State& state) {
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const record<shopper> found = s.get<shopper>(stores().any_id(r));
      benchmark::DoNotOptimize(found[shopper::balance]);
    }
  }
}

void raw_look_up(benchmark::State& state) {
  raw_file f(stores().raw_path);
  raw_statement get(f.raw(), raw_select + "WHERE email = ?");
  customer c;
  random r(5);
  f.run("BEGIN");
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      get.bind(1, stores().any(r).email);
      if (get.step()) read(get, c);
      get.reset();
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

void kith_look_up(benchmark::State& state) {
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(5);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const auto found = s.find_one(shopper::mail, stores().any(r).email);
      benchmark::DoNotOptimize((*found)[shopper::balance]);
    }
  }
}

void raw_update(benchmark::State& state) {
  raw_file f(stores().raw_path);
  raw_statement up(f.raw(), "UPDATE customer SET status = ?2, updated = ?3 WHERE id = ?1");
  random r(3);
  std::int64_t tick = 0;
  for (auto _ : state) {
    f.run("BEGIN");
    for (int i = 0; i < look_ups; ++i) {
      up.bind(1, stores().any(r).id);
      up.bind(2, r.below(5));
      up.bind(3, ++tick);
      up.run();
    }
    f.run("COMMIT");
  }
}

void kith_update(benchmark::State& state) {
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  random r(3);
  std::int64_t tick = 0;
  for (auto _ : state) {
    transaction tx = s.write();
    for (int i = 0; i < look_ups; ++i) {
      s.update(ref<shopper>{stores().any_id(r)}, shopper::status = r.below(5),
               shopper::updated = ++tick);
    }
    tx.commit();
  }
}

void raw_durable(benchmark::State& state) {
  const std::string path = scratch() + "/durable.db";
  remove_file(path);
  raw_file f(path, 2);
  f.run(raw_table);
  f.run(raw_indexes);
  raw_statement begin(f.raw(), "BEGIN IMMEDIATE");
  raw_statement insert(f.raw(), raw_insert);
  raw_statement commit(f.raw(), "COMMIT");
  std::int64_t next = 0;
  for (auto _ : state) {
    const customer c = make_customer(++next);
    begin.run();
    bind(insert, c);
    insert.run();
    commit.run();
  }
}

void kith_durable(benchmark::State& state) {
  const std::string path = scratch() + "/durable.kith";
  remove_file(path);
  crm base = open_kith(path);
  session s = base.open_session();
  draft<shopper> d;
  std::int64_t next = 0;
  for (auto _ : state) {
    fill(d, make_customer(++next));
    s.add(d);
  }
}

void raw_page(benchmark::State& state) {
  raw_file f(stores().raw_path);
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
  crm base = open_kith(stores().kith_path);
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
  raw_file f(stores().raw_path);
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
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  transaction tx = s.read();
  random r(6);
  for (auto _ : state) {
    const ref<shopper> of{stores().ids[r.below(timeline_shoppers)]};
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
  raw_file f(stores().raw_path);
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
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const record<shopper>& c : s.all<shopper>()) sum += c[shopper::balance];
    benchmark::DoNotOptimize(sum);
  }
}

void raw_count(benchmark::State& state) {
  raw_file f(stores().raw_path);
  raw_statement count(f.raw(), "SELECT count(*) FROM customer WHERE status = ? AND balance > ?");
  for (auto _ : state) {
    count.bind(1, 2);
    count.bind(2, 1'200'000);
    count.run();
  }
}

void kith_count(benchmark::State& state) {
  crm base = open_kith(stores().kith_path);
  session s = base.open_session();
  for (auto _ : state) {
    benchmark::DoNotOptimize(s.find(shopper::status == 2 && shopper::balance > 1'200'000).count());
  }
}

// The same file for both: what a schema of this size costs SQLite is not Kith's doing.
void raw_open(benchmark::State& state) {
  const std::string path = stores().kith_path;
  for (auto _ : state) {
    raw_file f(path, 2);
    raw_statement get(f.raw(), "SELECT * FROM kith_bench_shopper WHERE id = ?");
    get.bind(1, stores().ids[77].value);
    get.step();
    benchmark::DoNotOptimize(get.number(0));
  }
}

void kith_open(benchmark::State& state) {
  for (auto _ : state) {
    crm base = open_kith(stores().kith_path);
    session s = base.open_session();
    benchmark::DoNotOptimize(s.get<shopper>(stores().ids[77])[shopper::balance]);
  }
}

}  // namespace

std::vector<row> sqlite_rows() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "sqlite";
  return {
      {s, "open, get 1, close", "<= 1.5", "us", 1, false, raw_open, kith_open},
      {s, "get by id, in a read transaction", "<= 1.15", "us", look_ups, false, raw_get, kith_get},
      {s, "get by id, alone", "<= 1.15", "us", look_ups, false, raw_get_alone, kith_get_alone},
      {s, "look-up by e-mail", "<= 1.15", "us", look_ups, false, raw_look_up, kith_look_up},
      {s, "bulk load, 1 transaction", "<= 1.5", "us", all, false, raw_bulk, kith_bulk, 1},
      {s, "durable insert", "<= 1.10", "us", 1, true, raw_durable, kith_durable, 300},
      {s, "update 2 fields, 5,000 in a transaction", "<= 1.4", "us", look_ups, false, raw_update,
       kith_update},
      {s, "list: filter and sort by index, 50 rows", "<= 1.15", "us", 1, false, raw_page,
       kith_page},
      {s, "timeline: 50 newest of one client", "<= 1.2", "us", 1, false, raw_timeline,
       kith_timeline},
      {s, "scan, per row", "<= 1.2", "us", all, false, raw_scan, kith_scan},
      {s, "count with a filter without index", "-", "ms", 1, false, raw_count, kith_count},
  };
}

}  // namespace kith::bench
