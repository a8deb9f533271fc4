// SPDX-License-Identifier: Apache-2.0
//
// Fills the files under comparison.
#include "files.hpp"

#include <filesystem>

namespace kith::bench {

void remove_file(const std::string& path) {
  for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(path + more);
}

crm open_kith(const std::string& where) {
  return kith::open(where, {.entities = {describe<shopper>(), describe<happening>()}});
}

prepared_files::prepared_files() {
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
    h.set(
        happening::shopper_ref = ref<shopper>{ids[static_cast<std::size_t>(i % timeline_shoppers)]},
        happening::at = 1'500'000'000 + i * 30, happening::kind = i % 6,
        happening::subject = customers[static_cast<std::size_t>(i) % customers.size()].note);
    s.add(h);
  }
  tx.commit();
}

const prepared_files& files() {
  static const prepared_files all;
  return all;
}

}  // namespace kith::bench
