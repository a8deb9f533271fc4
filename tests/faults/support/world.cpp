// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <map>
#include <set>

namespace kith::faults {
namespace {

constexpr instant morning{1'772'442'000'000'000};  // 2026-03-02T09:00:00Z

std::string key_of(std::int64_t number) { return "work " + std::to_string(number); }
std::string order_name(std::int64_t number) { return "W-" + std::to_string(number); }
int lines_of(std::int64_t number) { return 1 + static_cast<int>(number % 4); }

void note_in_host_table(transaction& tx, session& s, std::int64_t number) {
  if (!s.model()) return;
  try {
    tx.sql("INSERT INTO host_journal(number, note) VALUES(?, ?)",
           {value(number), value("as transaction " + std::to_string(number))});
  } catch (const error& e) {
    if (e.code() != error_code::unsupported) throw;
  }
}

void add_order(session& s, std::int64_t number, ref<client> buyer) {
  const auto order =
      s.add(sales_order::number = order_name(number), sales_order::client = buyer,
            sales_order::note = std::string(static_cast<std::size_t>(number % 50) * 20, 'n'));
  for (int i = 0; i < lines_of(number); ++i) {
    s.add(order_line::sales_order = order, order_line::position = i + 1,
          order_line::description = "thing " + std::to_string(i),
          order_line::quantity = decimal(number % 7 + 1), order_line::unit_price = eur(10 + i));
  }
}

// Another quantity in each line of the newest order, so that its stored sum changes.
void change_order(session& s, std::int64_t number) {
  const auto order = s.all<sales_order>().order_by(descending(id_of<sales_order>)).first();
  if (!order) return;
  for (const auto& line : s.find(order_line::sales_order == *order).all()) {
    s.update(line, order_line::quantity = decimal(number));
  }
}

void add_clients(session& s, std::int64_t number) {
  std::vector<draft<client>> many(bulk_records);
  for (int i = 0; i < bulk_records; ++i) {
    many[static_cast<std::size_t>(i)].set(
        client::name = "Bulk " + std::to_string(number) + "." + std::to_string(i),
        client::city = "Омск", client::source = "bulk " + std::to_string(number));
  }
  s.add_many<client>(many);
}

void add_field(session& s, std::int64_t number) {
  custom_field f;
  f.name = "x_f" + std::to_string(number);
  f.kind = kind_id::text;
  f.indexed = number % 20 == 9;
  s.add_field("client", f);
}

}  // namespace

std::string name_of(medium m) {
  switch (m) {
    case medium::sqlite_file: return "sqlite_file";
    case medium::memory_file: return "memory_snapshot";
    case medium::sqlite_memory: return "sqlite_memory";
    case medium::memory: return "memory";
    case medium::sqlite_guest: return "sqlite_guest";
  }
  return {};
}

std::string place_of(medium m, const std::string& path) {
  switch (m) {
    case medium::sqlite_file: return path;
    case medium::memory_file: return "memory:" + path;
    case medium::sqlite_memory: return "sqlite::memory:";
    case medium::memory: return ":memory:";
    case medium::sqlite_guest: break;  // the host's connection is its place
  }
  return {};
}

bool in_file(medium m) { return m != medium::sqlite_memory && m != medium::memory; }

crm_options options(bool with_extra) {
  crm_options o;
  o.entities.push_back(describe<journal>());
  if (with_extra) o.entities.push_back(describe<extra>());
  o.clock = std::make_shared<manual_clock>(morning);
  o.random = std::make_shared<seeded_random>(1);
  return o;
}

crm open_world(medium m, const std::string& path, bool with_extra) {
  return kith::open(place_of(m, path), options(with_extra));
}

session open_session(crm& base) {
  return base.open_session({.actor = "anna", .actor_id = {}, .zone = {}});
}

namespace {

// What a host makes of what SQLite tells it; here it speaks as Kith does.
void require_done(sqlite3* host, int code) {
  if (code == SQLITE_OK) return;
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  throw error(code == SQLITE_FULL ? error_code::full : error_code::storage,
              std::string("the host: ") + (host == nullptr ? "" : sqlite3_errmsg(host)));
}

std::unique_ptr<sqlite3, int (*)(sqlite3*)> open_host(medium m, const std::string& path) {
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> host(nullptr, sqlite3_close);
  if (m != medium::sqlite_guest) return host;
  sqlite3* made = nullptr;
  const int code = sqlite3_open(path.c_str(), &made);
  host.reset(made);
  require_done(made, code);
  require_done(made, sqlite3_extended_result_codes(made, 1));
  require_done(made, sqlite3_exec(made,
                                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                                  "PRAGMA wal_autocheckpoint = 0",
                                  nullptr, nullptr, nullptr));
  return host;
}

}  // namespace

world::world(medium m, const std::string& path)
    : host_(open_host(m, path)),
      base(m == medium::sqlite_guest ? open_guest(host_.get(), options()) : open_world(m, path)) {}

// ------------------------------------------------------------------------------------------
// looking

namespace {

void append_records(std::string& all, session& s, const entity_type& e) {
  query_spec spec;
  spec.entity = &e;
  spec.rows = lifecycle::all;
  for (const any_record& r : any_query(s, s.model(), spec)) {
    all += std::string(e.name()) + " " + std::to_string(r.id().value) + " r" +
           std::to_string(r.revision()) + (r.deleted() ? " deleted" : "");
    for (const field_type& f : e.fields) {
      if (f.parts().empty() || f.slot >= e.columns.size()) continue;
      try {
        all += "|" + r[f].to_string();
      } catch (const error& x) {
        if (x.code() != error_code::misuse) throw;  // computed on read
      }
    }
    all += '\n';
  }
}

void append_feed(std::string& all, session& s) {
  for (const change_set& set : s.changes(0, 1'000'000)) {
    all += "set " + std::to_string(set.sequence) + " " + set.operation_key + " " + set.actor;
    for (const record_change& c : set.changes) {
      all += " " + std::to_string(static_cast<int>(c.what)) + ":" + std::to_string(c.entity) + "." +
             std::to_string(c.id.value) + "<" + std::to_string(c.previous);
      for (const cell_before& b : c.before) {
        all += "," + std::to_string(b.field) + "/" + std::to_string(b.part);
      }
    }
    all += '\n';
  }
}

void append_host_table(std::string& all, session& s) {
  transaction tx = s.read();
  try {
    tx.sql("SELECT number, note, length(note) FROM host_journal ORDER BY number", {},
           [&](std::span<const cell> row) {
             all += "host " + std::to_string(row[0].as_integer()) + " " +
                    std::string(row[1].as_bytes()).substr(0, 60) + " " +
                    std::to_string(row[2].as_integer()) + "\n";
           });
  } catch (const error& e) {
    if (e.code() != error_code::unsupported && e.code() != error_code::query) throw;
  }
}

}  // namespace

std::string contents(session& s) {
  std::string all;
  for (const auto& e : s.model()->entities()) {
    if (e->about->internal) continue;
    all += "entity " + std::string(e->name());
    for (const field_type& f : e->fields) all += " " + std::string(f.name());
    all += '\n';
    append_records(all, s, *e);
  }
  append_feed(all, s);
  append_host_table(all, s);
  return all;
}

std::string integrity(const std::string& path) {
  sqlite3* db = nullptr;
  std::string said;
  if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    said = "SQLite cannot open it";
  } else {
    const auto take = [](void* to, int, char** texts, char**) {
      if (std::string(texts[0]) != "ok") *static_cast<std::string*>(to) += texts[0];
      return 0;
    };
    if (sqlite3_exec(db, "PRAGMA integrity_check", take, &said, nullptr) != SQLITE_OK) {
      said += sqlite3_errmsg(db);
    }
  }
  sqlite3_close(db);
  return said;
}

// -----------------------------------------------------------------------------------------
// workload

deed deed_of(std::int64_t number) {
  switch (number % 10) {
    case 3: return deed::change;
    case 7: return deed::bulk;
    case 9: return deed::field;
    default: return deed::order;
  }
}

void set_up(session& s) {
  transaction tx = s.write({.operation_key = key_of(0)});
  s.add(client::name = "Buyer", client::city = "Томск");
  s.add(journal::number = 0, journal::what = "set up");
  try {
    tx.sql("CREATE TABLE host_journal(number INTEGER PRIMARY KEY, note TEXT)");
    note_in_host_table(tx, s, 0);
  } catch (const error& e) {
    if (e.code() != error_code::unsupported) throw;
  }
  tx.commit();
}

transaction begin_work(session& s, std::int64_t number) {
  transaction tx = s.write({.reason = "workload", .operation_key = key_of(number)});
  s.add(journal::number = number, journal::what = "work");
  const auto buyer = s.find_one(client::name, "Buyer").value();
  switch (deed_of(number)) {
    case deed::order: add_order(s, number, buyer); break;
    case deed::change: change_order(s, number); break;
    case deed::bulk: add_clients(s, number); break;
    case deed::field: add_field(s, number); break;
  }
  s.update(buyer, client::employees = number);
  note_in_host_table(tx, s, number);
  return tx;
}

std::int64_t last_work(session& s) {
  const auto last = s.all<journal>().order_by(descending(journal::number)).first();
  return last ? (*last)[journal::number] : -1;
}

namespace {

// What must be there after the transactions 0 to `last`.
struct expectation {
  std::int64_t orders = 0, lines = 0, clients = 0;
  std::set<std::string> fields;

  explicit expectation(std::int64_t last) {
    if (last >= 0) clients = 1;
    for (std::int64_t n = 1; n <= last; ++n) {
      const deed d = deed_of(n);
      if (d == deed::order) ++orders, lines += lines_of(n);
      if (d == deed::bulk) clients += bulk_records;
      if (d == deed::field) fields.insert("x_f" + std::to_string(n));
    }
  }
};

std::string wrong_sums(session& s) {
  std::map<std::int64_t, money> sums;
  for (const auto& line : s.all<order_line>()) {
    const auto net = line[order_line::net];
    const std::int64_t order = line[order_line::sales_order].id.value;
    const auto [at, fresh] = sums.emplace(order, net);
    if (!fresh) at->second = at->second + net;
  }
  for (const auto& order : s.all<sales_order>()) {
    const auto found = sums.find(order.id().value);
    if (found == sums.end()) return "an order has no lines";
    if (order[sales_order::net] != found->second) return "an order's sum is not that of its lines";
    sums.erase(found);
  }
  return sums.empty() ? "" : "lines without an order";
}

std::string wrong_feed(session& s, std::int64_t last) {
  std::int64_t at = 0;
  std::int64_t work = -1;
  for (const change_set& set : s.changes(0, 1'000'000)) {
    if (set.sequence != ++at) return "the feed has a gap before " + std::to_string(set.sequence);
    // The store was made, or got an entity; or it is work of another kind.
    if (!set.operation_key.starts_with("work ")) continue;
    if (set.operation_key != key_of(++work)) return "the feed says " + set.operation_key;
    if (set.changes.size() < 2) return "change set " + std::to_string(set.sequence) + " is short";
  }
  if (work != last) return "the feed ends with work " + std::to_string(work);
  if (s.sequence() != at) return "the sequence is not that of the feed";
  return {};
}

std::string wrong_host_table(session& s, std::int64_t last) {
  std::int64_t rows = -1;
  std::int64_t most = -1;
  try {
    transaction tx = s.read();
    tx.sql("SELECT count(*), max(number) FROM host_journal", {}, [&](std::span<const cell> row) {
      rows = row[0].as_integer();
      most = row[1].as_integer();
    });
  } catch (const error& e) {
    if (e.code() == error_code::unsupported) return {};
    if (e.code() == error_code::query && last < 0) return {};
    throw;
  }
  return rows == last + 1 && most == last ? "" : "the host's table has " + std::to_string(rows);
}

std::string wrong_count(const char* what, std::uint64_t is, std::int64_t wanted) {
  if (is == static_cast<std::uint64_t>(wanted)) return {};
  return std::to_string(is) + " " + what + " instead of " + std::to_string(wanted);
}

}  // namespace

std::string wrong(session& s, std::int64_t last) {
  const expectation wanted(last);
  std::string found = wrong_count("journal entries", s.all<journal>().count(), last + 1);
  if (found.empty()) found = wrong_count("orders", s.all<sales_order>().count(), wanted.orders);
  if (found.empty()) found = wrong_count("lines", s.all<order_line>().count(), wanted.lines);
  if (found.empty()) found = wrong_count("clients", s.all<client>().count(), wanted.clients);
  if (found.empty()) found = wrong_sums(s);
  if (found.empty()) found = wrong_feed(s, last);
  if (found.empty()) found = wrong_host_table(s, last);
  std::set<std::string> fields;
  for (const field_type& f : s.model()->entity<client>().fields) {
    if (f.name().starts_with("x_")) fields.insert(std::string(f.name()));
  }
  if (found.empty() && fields != wanted.fields) found = "the fields are not those that were added";
  if (found.empty() && last >= 0) {
    const auto buyer = s.find_one(client::name, "Buyer");
    if (!buyer) return "the buyer is gone";
    if ((*buyer)[client::employees] != last) found = "the buyer is of another moment";
  }
  return found;
}

namespace {

std::string wrong_history_of(session& s, const entity_type& e, record_id id) {
  const std::vector<history_entry> all = s.history_of(e, id);
  std::map<const field_type*, std::string> now;
  const std::string name = std::string(e.name()) + " " + std::to_string(id.value);
  for (auto h = all.rbegin(); h != all.rend(); ++h) {
    if ((h == all.rbegin()) != (h->what == change_kind::add)) return name + " was not added first";
    for (const field_change& f : h->fields) {
      const auto at = now.try_emplace(f.field, value().to_string()).first;
      if (at->second != f.before.to_string()) {
        return name + "." + std::string(f.field->name()) + " was '" + at->second +
               "', its history says '" + f.before.to_string() + "'";
      }
      at->second = f.after.to_string();
    }
  }
  const any_record is = s.get(e.name(), id);
  for (const auto& [field, last] : now) {
    if (is[*field].to_string() == last) continue;
    return name + "." + std::string(field->name()) + " is '" + is[*field].to_string() +
           "', its history ends with '" + last + "'";
  }
  return now.empty() ? name + " has no history" : "";
}

}  // namespace

std::string wrong_history(session& s) {
  const std::int64_t newest = s.sequence();
  std::set<std::pair<std::uint16_t, std::int64_t>> touched;
  for (const change_set& set : s.changes(std::max<std::int64_t>(0, newest - 3))) {
    for (const record_change& c : set.changes) touched.emplace(c.entity, c.id.value);
  }
  for (const auto& e : s.model()->entities()) {
    if (e->about->internal) continue;
    int most = 12;  // of a large transaction
    for (auto at = touched.lower_bound({e->number, 0});
         at != touched.end() && at->first == e->number && most-- > 0; ++at) {
      const std::string problem = wrong_history_of(s, *e, {at->second});
      if (!problem.empty()) return problem;
    }
  }
  return {};
}

}  // namespace kith::faults
