// SPDX-License-Identifier: Apache-2.0
//
// What the history costs on the disk: bytes in the pages of the change feed, its index of operation
// keys included, per order and per update. Counted, not timed.
#include <cstdio>

#include "files.hpp"
#include "kith/domain/standard.hpp"

namespace kith::bench {
namespace {

constexpr int times = 2000;

// Bytes used in pages whose table or index belongs to the feed, and in all others.
struct used_bytes {
  std::int64_t feed = 0, rest = 0;
};
used_bytes bytes_in(const std::string& path) {
  raw_file f(path);
  const auto sum = [&](const char* which) {
    raw_statement s(
        f.raw(), std::string("SELECT coalesce(sum(payload), 0) FROM dbstat WHERE name ") + which);
    s.step();
    return s.number(0);
  };
  constexpr const char* feed =
      "IN (SELECT name FROM sqlite_schema WHERE tbl_name IN ('kith_change_set', "
      "'kith_change_chunk'))";
  return {sum(feed), sum((std::string("NOT ") + feed).c_str())};
}

record<sales_order> add_order(session& s, const record<client>& of) {
  const record<sales_order> o = s.add(sales_order::client = of);
  for (int i = 1; i <= 3; ++i) {
    s.add(order_line::sales_order = o, order_line::position = i,
          order_line::description = "Фильтр масляный", order_line::quantity = decimal("2"),
          order_line::unit_price = money("640.50", "RUB"));
  }
  return o;
}

template <class Work>
void print(const char* what, const std::string& path, crm& base, Work work) {
  const used_bytes before = bytes_in(path);
  session s = base.open_session({.actor = "anna"});
  work(s);
  const used_bytes after = bytes_in(path);
  std::printf("| %s | %.0f | %.0f |\n", what, double(after.feed - before.feed) / times,
              double(after.rest - before.rest) / times);
}

}  // namespace

void print_history_bytes() {
  const std::string path = scratch() + "/history.kith";
  remove_file(path);
  crm base = open_kith(path);
  session s = base.open_session({.actor = "anna"});
  const record<client> anna = s.add(client::name = "Анна");
  std::printf("\n| history | bytes in the feed | bytes of the records |\n|---|---|---|\n");
  print("an order with 3 lines, one transaction each", path, base, [&](session& in) {
    for (int i = 0; i < times; ++i) {
      transaction tx = in.write();
      add_order(in, anna);
      tx.commit();
    }
  });
  print("an order with 3 lines, all in one transaction", path, base, [&](session& in) {
    transaction tx = in.write();
    for (int i = 0; i < times; ++i) add_order(in, anna);
    tx.commit();
  });
  print("an update of one field, one transaction each", path, base, [&](session& in) {
    for (int i = 0; i < times; ++i) in.update(ref<client>(anna), client::employees = i);
  });
  print("an update of one field, all in one transaction", path, base, [&](session& in) {
    transaction tx = in.write();
    for (int i = 0; i < times; ++i) in.update(ref<client>(anna), client::employees = times + i);
    tx.commit();
  });
  remove_file(path);
}

}  // namespace kith::bench
