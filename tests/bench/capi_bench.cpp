// SPDX-License-Identifier: Apache-2.0
//
// The C API against the C++ one: the same work on the same file; the limit is what C++ takes.
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "customers.hpp"
#include "kith.h"
#include "kith/kith.hpp"
#include "kith_model.h"
#include "table.hpp"

namespace kith::bench {
namespace {

constexpr std::int64_t clients = 20'000;
constexpr int look_ups = 5000;

std::string path_of(const char* name) { return scratch() + "/" + name; }

void remove_store(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
}

crm open_shop(const std::string& path) { return kith::open(path); }

void add_clients(session& s, std::int64_t count) {
  transaction tx = s.write();
  draft<client> d;
  for (std::int64_t i = 1; i <= count; ++i) {
    const customer c = make_customer(i);
    d.clear();
    d.set(client::name = c.name, client::city = c.city, client::note = c.note);
    s.add(d);
  }
  tx.commit();
}

// Made once: the file, and the ids of its clients.
const std::vector<record_id>& shop() {
  static const std::vector<record_id> ids = [] {
    crm base = open_shop(path_of("c.kith"));
    session s = base.open_session();
    add_clients(s, clients);
    std::vector<record_id> all;
    for (const auto& c : s.all<client>()) all.push_back(c.id());
    return all;
  }();
  return ids;
}

void must(kith_status status) {
  if (status < 0) throw std::runtime_error(kith_status_name(status));
}

struct c_host {
  kith_crm* crm = nullptr;
  kith_session* session = nullptr;
  explicit c_host(const std::string& path) {
    must(kith_open({path.data(), path.size()}, nullptr, &crm, nullptr));
    must(kith_session_open(crm, nullptr, &session, nullptr));
  }
  ~c_host() {
    kith_session_free(session);
    kith_close(crm);
  }
  c_host(const c_host&) = delete;
  kith_transaction* begin(std::int32_t mode) const {
    const kith_transaction_options options{sizeof options, mode, 0, {}, {}, 0};
    kith_transaction* tx = nullptr;
    must(kith_begin(session, &options, &tx, nullptr));
    return tx;
  }
};

void cpp_get(benchmark::State& state) {
  const auto& ids = shop();
  crm base = open_shop(path_of("c.kith"));
  session s = base.open_session();
  transaction tx = s.read();
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      const auto found = s.get<client>(ids[r.below(clients)]);
      benchmark::DoNotOptimize(found[client::name]);
    }
  }
}

void c_get(benchmark::State& state) {
  const auto& ids = shop();
  const c_host h(path_of("c.kith"));
  kith_transaction* const tx = h.begin(KITH_READ);
  random r(4);
  for (auto _ : state) {
    for (int i = 0; i < look_ups; ++i) {
      kith_record* found = nullptr;
      kith_value name;
      must(kith_get(h.session, KITH_CLIENT, ids[r.below(clients)].value, &found, nullptr));
      must(kith_record_get(found, KITH_CLIENT_NAME, &name, nullptr));
      benchmark::DoNotOptimize(name.text.data);
      kith_record_free(found);
    }
  }
  kith_transaction_free(tx);
}

void cpp_scan(benchmark::State& state) {
  shop();
  crm base = open_shop(path_of("c.kith"));
  session s = base.open_session();
  for (auto _ : state) {
    for (const auto& c : s.all<client>()) benchmark::DoNotOptimize(c[client::name]);
  }
}

void c_scan(benchmark::State& state) {
  shop();
  const c_host h(path_of("c.kith"));
  kith_query* q = nullptr;
  must(kith_query_parse(h.session, KITH_CLIENT, {}, &q, nullptr));
  for (auto _ : state) {
    kith_cursor* c = nullptr;
    const kith_record* found = nullptr;
    must(kith_query_run(q, &c, nullptr));
    while (kith_cursor_next(c, &found, nullptr) == KITH_ROW) {
      kith_value name;
      must(kith_record_get(found, KITH_CLIENT_NAME, &name, nullptr));
      benchmark::DoNotOptimize(name.text.data);
    }
    kith_cursor_free(c);
  }
  kith_query_free(q);
}

void cpp_insert(benchmark::State& state) {
  const std::string path = path_of("c-insert.kith");
  for (auto _ : state) {
    state.PauseTiming();
    remove_store(path);
    {
      crm base = open_shop(path);
      session s = base.open_session();
      state.ResumeTiming();
      add_clients(s, look_ups);
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
}

void c_add_clients(const c_host& h, std::int64_t count) {
  kith_transaction* const tx = h.begin(KITH_WRITE);
  for (std::int64_t i = 1; i <= count; ++i) {
    const customer c = make_customer(i);
    kith_record* r = nullptr;
    kith_value v{};
    v.kind = KITH_KIND_TEXT;
    must(kith_record_new(h.session, KITH_CLIENT, 0, &r, nullptr));
    v.text = {c.name.data(), c.name.size()};
    must(kith_record_set(r, KITH_CLIENT_NAME, &v, nullptr));
    v.text = {c.city.data(), c.city.size()};
    must(kith_record_set(r, KITH_CLIENT_CITY, &v, nullptr));
    v.text = {c.note.data(), c.note.size()};
    must(kith_record_set(r, KITH_CLIENT_NOTE, &v, nullptr));
    must(kith_put(h.session, r, nullptr));
    kith_record_free(r);
  }
  must(kith_transaction_commit(tx, nullptr));
  kith_transaction_free(tx);
}

void c_insert(benchmark::State& state) {
  const std::string path = path_of("c-insert.kith");
  for (auto _ : state) {
    state.PauseTiming();
    remove_store(path);
    {
      const c_host h(path);
      state.ResumeTiming();
      c_add_clients(h, look_ups);
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
}

}  // namespace

std::vector<row> capi_rows() {
  const std::string s = "sqlite, C against C++";
  return {
      {s, "get by id and read the name, in a read transaction", "<= 1.1", "us", look_ups, false,
       cpp_get, c_get},
      {s, "scan and read the name, per row", "<= 1.1", "us", clients, false, cpp_scan, c_scan},
      {s, "insert, 5,000 in a transaction", "<= 1.1", "us", look_ups, false, cpp_insert, c_insert,
       3},
  };
}

}  // namespace kith::bench
