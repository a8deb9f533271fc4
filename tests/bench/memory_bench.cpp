// SPDX-License-Identifier: Apache-2.0
//
// The memory store against bare Boost.MultiIndex.
#include <filesystem>

#include "files.hpp"
#include "limit_memory.hpp"

namespace kith::bench {
namespace {

std::vector<record_id> fill_kith(crm& base, const std::vector<customer>& customers) {
  std::vector<record_id> ids;
  session s = base.open_session();
  transaction tx = s.write();
  draft<shopper> d;
  for (const customer& c : customers) {
    fill(d, c);
    ids.push_back(s.add(d).id());
  }
  tx.commit();
  return ids;
}

struct prepared_stores {
  std::vector<customer> customers = make_customers(customer_count());
  raw_customers raw{customers.begin(), customers.end()};
  crm base = open_kith(":memory:");
  std::vector<record_id> ids = fill_kith(base, customers);

  std::size_t any(random& r) const { return r.below(static_cast<std::uint32_t>(ids.size())); }
};

prepared_stores& stores() {
  static prepared_stores all;
  return all;
}

void raw_bulk(benchmark::State& state) {
  for (auto _ : state) {
    raw_customers all;
    for (const customer& c : stores().customers) all.insert(all.end(), c);
    benchmark::DoNotOptimize(all.size());
  }
}

void kith_bulk(benchmark::State& state) {
  for (auto _ : state) {
    crm base = open_kith(":memory:");
    benchmark::DoNotOptimize(fill_kith(base, stores().customers).size());
  }
}

void raw_get(benchmark::State& state) {
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      benchmark::DoNotOptimize(stores().raw.find(stores().customers[stores().any(r)].id)->balance);
    }
  }
}

void kith_get(benchmark::State& state) {
  session s = stores().base.open_session();
  transaction tx = s.read();
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const record<shopper> found = s.get<shopper>(stores().ids[stores().any(r)]);
      benchmark::DoNotOptimize(found[shopper::balance]);
    }
  }
}

void raw_look_up(benchmark::State& state) {
  random r(5);
  const auto& by_email = stores().raw.get<1>();
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const customer c = *by_email.find(stores().customers[stores().any(r)].email);
      benchmark::DoNotOptimize(c.balance);
    }
  }
}

void kith_look_up(benchmark::State& state) {
  session s = stores().base.open_session();
  transaction tx = s.read();
  random r(5);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const auto found = s.find_one(shopper::mail, stores().customers[stores().any(r)].email);
      benchmark::DoNotOptimize((*found)[shopper::balance]);
    }
  }
}

void raw_page(benchmark::State& state) {
  random r(8);
  const auto& by_list = stores().raw.get<3>();
  for (auto _ : state) {
    const auto [from, to] =
        by_list.equal_range(std::make_tuple(std::int64_t{r.below(5)}, cities()[r.below(5)]));
    std::vector<customer> page;
    for (auto i = to; i != from && page.size() < 50;) page.push_back(*--i);
    benchmark::DoNotOptimize(page.size());
  }
}

void kith_page(benchmark::State& state) {
  session s = stores().base.open_session();
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

void raw_update(benchmark::State& state) {
  random r(3);
  raw_customers& all = stores().raw;
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const auto place = all.find(stores().customers[stores().any(r)].id);
      all.modify(place, [&](customer& c) {
        c.status = r.below(5);
        ++c.updated;
      });
    }
  }
}

void kith_update(benchmark::State& state) {
  session s = stores().base.open_session();
  random r(3);
  for (auto _ : state) {
    transaction tx = s.write();
    for (int i = 0; i < look_ups; ++i) {
      const record<shopper> c = s.get<shopper>(stores().ids[stores().any(r)]);
      s.update(c, shopper::status = r.below(5), shopper::updated = c[shopper::updated] + 1);
    }
    tx.commit();
  }
}

void raw_scan(benchmark::State& state) {
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const customer& c : stores().raw) sum += c.balance;
    benchmark::DoNotOptimize(sum);
  }
}

void kith_scan(benchmark::State& state) {
  session s = stores().base.open_session();
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const record<shopper>& c : s.all<shopper>()) sum += c[shopper::balance];
    benchmark::DoNotOptimize(sum);
  }
}

void raw_save(benchmark::State& state) {
  const std::string path = scratch() + "/raw.snapshot";
  for (auto _ : state) save(stores().raw, path);
}

void kith_save(benchmark::State& state) {
  const std::string path = scratch() + "/kith.snapshot";
  std::filesystem::remove(path);
  crm base = open_kith("memory:" + path);
  fill_kith(base, stores().customers);
  for (auto _ : state) base.save();
}

void raw_load(benchmark::State& state) {
  const std::string path = scratch() + "/raw.snapshot";
  save(stores().raw, path);
  for (auto _ : state) {
    raw_customers all;
    load(all, path);
    benchmark::DoNotOptimize(all.size());
  }
}

void kith_load(benchmark::State& state) {
  const std::string path = scratch() + "/kith.snapshot";
  {
    std::filesystem::remove(path);
    crm base = open_kith("memory:" + path);
    fill_kith(base, stores().customers);
    base.save();
  }
  for (auto _ : state) {
    crm base = open_kith("memory:" + path);
    benchmark::DoNotOptimize(base.model().get());
  }
}

}  // namespace

std::vector<row> memory_rows() {
  const auto all = static_cast<double>(customer_count());
  const std::string s = "memory";
  return {
      {s, "bulk load, 1 transaction", "<= 1.3", "us", all, false, raw_bulk, kith_bulk, 1},
      {s, "get by id, in a read transaction", "<= 60 ns", "ns", look_ups, false, raw_get, kith_get},
      {s, "look-up by e-mail (limit copies)", "<= 1.3", "ns", look_ups, false, raw_look_up,
       kith_look_up},
      {s, "list: filter and sort by index, 50 rows", "-", "us", 1, false, raw_page, kith_page},
      {s, "update 2 fields, 5,000 in a transaction", "-", "us", look_ups, false, raw_update,
       kith_update},
      {s, "scan, per row", "-", "ns", all, false, raw_scan, kith_scan},
      {s, "snapshot save, per row", "-", "us", all, false, raw_save, kith_save, 1},
      {s, "snapshot load, per row", "<= 1", "us", all, false, raw_load, kith_load, 1},
  };
}

}  // namespace kith::bench
