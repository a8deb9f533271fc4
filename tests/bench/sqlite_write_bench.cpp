// SPDX-License-Identifier: Apache-2.0
//
// Writing to the SQLite store against bare SQLite.
#include "files.hpp"

namespace kith::bench {
namespace {

void raw_bulk(benchmark::State& state) {
  const auto& customers = files().customers;
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
  const auto& customers = files().customers;
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

void raw_update(benchmark::State& state) {
  raw_file f(files().raw_path);
  raw_statement up(f.raw(), "UPDATE customer SET status = ?2, updated = ?3 WHERE id = ?1");
  random r(3);
  std::int64_t tick = 0;
  for (auto _ : state) {
    f.run("BEGIN");
    for (int i = 0; i < look_ups; ++i) {
      up.bind(1, files().any(r).id);
      up.bind(2, r.below(5));
      up.bind(3, ++tick);
      up.run();
    }
    f.run("COMMIT");
  }
}

void kith_update(benchmark::State& state) {
  crm base = open_kith(files().kith_path);
  session s = base.open_session();
  random r(3);
  std::int64_t tick = 0;
  for (auto _ : state) {
    transaction tx = s.write();
    for (int i = 0; i < look_ups; ++i) {
      s.update(ref<shopper>{files().any_id(r)}, shopper::status = r.below(5),
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

}  // namespace

std::vector<row> sqlite_writes() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "sqlite";
  return {
      {s, "bulk load, 1 transaction", "<= 1.5", "us", all, false, raw_bulk, kith_bulk, 1},
      {s, "durable insert", "<= 1.10", "us", 1, true, raw_durable, kith_durable, 300},
      {s, "update 2 fields, 5,000 in a transaction", "<= 1.4", "us", look_ups, false, raw_update,
       kith_update},
  };
}

}  // namespace kith::bench
