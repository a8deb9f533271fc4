// SPDX-License-Identifier: Apache-2.0
//
// Many processes on one file, each opening it anew for every order, beside an import that fills it:
// nobody is refused, nothing is lost, and nobody waits long. The long form: 32 processes x 1,000
// orders beside 1,000,000 rows. KITH_CONTENTION=8x100x100000x5000 asks for other numbers, the last
// one the rows of a chunk.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "kith/exchange/csv.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

using std::chrono::steady_clock;

struct numbers {
  unsigned processes = 4, rounds = 25;
  unsigned long rows = 2000;
  unsigned long chunk = import_options().chunk_rows;
};

numbers wanted() {
  numbers n;
  if (long_form()) n = {32, 1000, 1'000'000};
  if (const char* const text = std::getenv("KITH_CONTENTION")) {
    std::sscanf(text, "%ux%ux%lux%lu", &n.processes, &n.rounds, &n.rows, &n.chunk);
  }
  return n;
}

constexpr unsigned most_rounds = 64 * 1000;

/// What the children report.
struct report {
  std::atomic<bool> go{false};
  std::atomic<bool> importing{false};
  std::atomic<unsigned> busy{0}, other{0};
  std::atomic<unsigned long> imported{0};
  std::atomic<unsigned long> import_us{0};
  std::atomic<unsigned> rounds{0};
  struct round {
    unsigned us = 0;
    bool beside_import = false;
  };
  round took[most_rounds];
  char said[300] = "";

  void note(const error& e) {
    ++(e.code() == error_code::busy ? busy : other);
    std::strncpy(said, e.what(), sizeof said - 1);
  }
};

unsigned long us_since(steady_clock::time_point begin) {
  return static_cast<unsigned long>(
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin).count());
}

// Everybody has chances of their own: operation keys must differ.
crm_options own_options() {
  crm_options o = options();
  o.random = {};
  o.clock = {};
  return o;
}

std::string name_of_order(unsigned process, unsigned round) {
  return "P" + std::to_string(process) + "-" + std::to_string(round);
}

// Open, an order with a line, three questions, close.
void one_round(const std::string& path, unsigned process, unsigned round) {
  kith::crm base = kith::open(path, own_options());
  session s = open_session(base);
  const std::string name = name_of_order(process, round);
  transaction tx = s.write({.reason = "order", .operation_key = name});
  const auto buyer = s.find_one(client::name, "Buyer").value();
  const auto order = s.add(sales_order::number = name, sales_order::client = buyer);
  s.add(order_line::sales_order = order, order_line::position = 1,
        order_line::description = "thing", order_line::quantity = decimal(1),
        order_line::unit_price = eur(10));
  tx.commit();
  const auto found = s.find_one(sales_order::number, name);
  if (!found || (*found)[sales_order::net] != eur(10)) {
    throw error(error_code::damaged, "the order is not as it was written");
  }
  if (s.find(order_line::sales_order == *found).count() != 1) {
    throw error(error_code::damaged, "the order's line is not there");
  }
  s.get(ref<client>(buyer));
}

void order_again_and_again(report& all, const std::string& path, unsigned process,
                           unsigned rounds) {
  while (!all.go) ::usleep(500);
  for (unsigned round = 0; round < rounds; ++round) {
    const bool beside = all.importing;
    const auto begin = steady_clock::now();
    try {
      one_round(path, process, round);
    } catch (const error& e) {
      all.note(e);
      continue;
    }
    const unsigned at = all.rounds++;
    all.took[at % most_rounds] = {static_cast<unsigned>(us_since(begin)), beside};
  }
}

void import_clients(report& all, const std::string& path, const numbers& n) {
  const unsigned long rows = n.rows;
  while (!all.go) ::usleep(500);
  const auto begin = steady_clock::now();
  all.importing = true;
  try {
    kith::crm base = kith::open(path, own_options());
    session s = open_session(base);
    unsigned long row = 0;
    std::string text = "name,city,note\n";
    import_options o;
    o.entity = "clients";
    o.chunk_rows = n.chunk;
    o.progress = [&](std::uint64_t done) { return all.imported = done, true; };
    import_csv(
        s,
        [&](char* to, std::size_t room) {
          while (text.size() < room && row < rows) {
            text += "Imported " + std::to_string(row++) + ",Tomsk,a note\n";
          }
          const std::size_t size = text.copy(to, room);
          text.erase(0, size);
          return size;
        },
        o);
  } catch (const error& e) {
    all.note(e);
  }
  all.importing = false;
  all.import_us = us_since(begin);
}

void print_waits(const char* what, std::vector<unsigned>& us) {
  if (us.empty()) return;
  std::sort(us.begin(), us.end());
  const auto ms = [&](double part) {
    const auto at = static_cast<std::size_t>(part * static_cast<double>(us.size() - 1));
    return us[at] / 1000.0;
  };
  std::printf("%s: %zu rounds, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms\n", what,
              us.size(), ms(0.5), ms(0.9), ms(0.99), ms(1));
}

void print(const report& all, const numbers& n) {
  std::vector<unsigned> beside, after;
  const unsigned rounds = std::min<unsigned>(all.rounds, most_rounds);
  for (unsigned i = 0; i < rounds; ++i) {
    (all.took[i].beside_import ? beside : after).push_back(all.took[i].us);
  }
  std::printf("%u processes x %u rounds beside %lu rows in %.1f s: %u busy, %u other errors %s\n",
              n.processes, n.rounds, n.rows, static_cast<double>(all.import_us) / 1e6,
              all.busy.load(), all.other.load(), all.said);
  print_waits("open..close beside the import", beside);
  print_waits("open..close after it", after);
}

std::uint64_t rows_of(session& s, const numbers& n, unsigned process) {
  std::uint64_t found = 0;
  for (unsigned round = 0; round < n.rounds; ++round) {
    found += s.find_one(sales_order::number, name_of_order(process, round)).has_value();
  }
  return found;
}

TEST(contention, many_processes_beside_an_import_lose_and_refuse_nothing) {
  const numbers n = wanted();
  ASSERT_LE(n.processes * n.rounds, most_rounds);
  const folder in("contention", folder::medium::disk);
  const std::string path = in.file("store");
  {
    kith::crm base = kith::open(path, own_options());
    session s = open_session(base);
    s.add(client::name = "Buyer", client::city = "Tomsk");
  }
  const shared<report> all;
  std::vector<int> children;
  for (unsigned p = 0; p < n.processes; ++p) {
    children.push_back(start_child([&] { order_again_and_again(*all, path, p, n.rounds); }));
  }
  children.push_back(start_child([&] { import_clients(*all, path, n); }));
  all->go = true;
  for (const int child : children) EXPECT_EQ(wait_for(child).signal, 0);
  print(*all, n);
  EXPECT_EQ(all->busy + all->other, 0u) << all->said;
  EXPECT_EQ(all->rounds, n.processes * n.rounds);

  kith::crm base = kith::open(path, own_options());
  session s = open_session(base);
  for (unsigned p = 0; p < n.processes; ++p) EXPECT_EQ(rows_of(s, n, p), n.rounds) << p;
  EXPECT_EQ(s.all<sales_order>().count(), n.processes * n.rounds);
  EXPECT_EQ(s.all<order_line>().count(), n.processes * n.rounds);
  EXPECT_EQ(s.all<client>().count(), n.rows + 1);
  EXPECT_EQ(integrity(path), "");
}

}  // namespace
}  // namespace kith::faults
