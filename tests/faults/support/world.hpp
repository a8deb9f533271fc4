// SPDX-License-Identifier: Apache-2.0
//
// What the fault tests store: standard records, a journal of their own that says what each
// transaction did, a table of the host beside them. And how it is looked at afterwards.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>

#include "kith/core/entity.hpp"
#include "kith/kith.hpp"

namespace kith::faults {

/// One transaction of the workload.
struct journal {
  static constexpr entity_def about{.name = "test_journal", .plural = "test_journals"};
  static constexpr field<journal, integer> number{1, "number", unique, "From 0."};
  static constexpr field<journal, text> what{2, "what", "What it did."};
  static constexpr auto fields = list(number, what);
};

/// An entity that only some programs know.
struct extra {
  static constexpr entity_def about{.name = "test_extra", .plural = "test_extras"};
  static constexpr field<extra, text> name{1, "name", folded, "Anything."};
  static constexpr field<extra, ref<kith::client>> client{2, "client", indexed, "Whose."};
  static constexpr auto fields = list(name, client);
};

/// The ways to open a store, as kith::open() takes them; and in a host's database.
enum class medium { sqlite_file, memory_file, sqlite_memory, memory, sqlite_guest };
std::string name_of(medium m);
std::string place_of(medium m, const std::string& path);
bool in_file(medium m);

/// The same clock and chance every time.
crm_options options(bool with_extra = false);
crm open_world(medium m, const std::string& path, bool with_extra = false);
session open_session(crm& base);

/// The same for every medium: of a guest with the host's connection, which closes last.
class world {
 public:
  world(medium m, const std::string& path);

 private:
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> host_;

 public:
  crm base;
};

/// Everything that a caller can see, as text: records of all entities, deleted ones, fields, the
/// change feed, the host's table.
std::string contents(session& s);
/// What SQLite says of the file; empty: nothing is wrong.
std::string integrity(const std::string& path);

// ---------------------------------------------------------------------------------------- workload

enum class deed { order, change, bulk, field };
deed deed_of(std::int64_t number);
inline constexpr int bulk_records = 40;

/// Makes what the transactions below refer to: transaction 0.
void set_up(session& s);
/// Transaction `number`, not committed yet.
transaction begin_work(session& s, std::int64_t number);

/// What is wrong with the store when exactly the transactions 0 to `last` are to be there; empty:
/// nothing. -1: none at all.
std::string wrong(session& s, std::int64_t last);
/// What is wrong with the history of what the latest transactions touched: each field's changes
/// follow from each other and end with what the record has. Empty: nothing.
std::string wrong_history(session& s);
/// The number of the last transaction; -1 when there is none.
std::int64_t last_work(session& s);

}  // namespace kith::faults
