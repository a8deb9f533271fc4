// SPDX-License-Identifier: Apache-2.0
//
// The composition root: the only place that knows both the stores and the domain.
#include "kith/kith.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"

namespace kith::inline v1 {
namespace {

// The scheme of `own:file.dat`, if it is one of those that the host brings; a drive's letter is
// none.
const store_scheme* scheme_of(std::string_view where, const crm_options& options) {
  const std::string_view name = where.substr(0, where.find(':'));
  if (name.size() == where.size()) return nullptr;
  for (const store_scheme& s : options.stores) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

void check_schemes(const crm_options& options) {
  for (const store_scheme& s : options.stores) {
    const bool well_formed =
        s.name.size() >= 2 &&
        s.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string::npos;
    if (!well_formed || !s.open || s.name == "memory" || s.name == "sqlite") {
      throw error(error_code::invalid,
                  "the store scheme '" + s.name +
                      "' cannot be used: it needs a function and a name of two or more of a-z, "
                      "0-9, +, -, . that is not memory or sqlite");
    }
  }
}

std::unique_ptr<store> store_of(std::string_view where, const crm_options& options) {
  check_schemes(options);
  constexpr std::string_view memory = "memory:";
  if (where.empty()) {
    throw error(error_code::invalid, "the place of the store is empty; give a path or :memory:");
  }
  if (const store_scheme* own = scheme_of(where, options)) {
    std::unique_ptr<store> made = own->open(where, options);
    if (made) return made;
    throw error(error_code::misuse, "the store scheme " + own->name + " made no store");
  }
  if (where == ":memory:" || where.starts_with(memory)) {
    const std::string_view path = where == ":memory:" ? "" : where.substr(memory.size());
    return open_memory({.path = std::string(path),
                        .busy_timeout_ms = options.busy_timeout_ms,
                        .read_only = options.read_only});
  }
  const std::string_view path = where == "sqlite::memory:" ? ":memory:" : where;
  return open_sqlite({.path = std::string(path),
                      .read_only = options.read_only,
                      .busy_timeout_ms = options.busy_timeout_ms});
}

crm with_standard_entities(std::unique_ptr<store> rows, crm_options options) {
  options.entities.insert(options.entities.begin(), standard_entities.begin(),
                          standard_entities.end());
  const auto actions = standard_actions();
  options.actions.insert(options.actions.begin(), actions.begin(), actions.end());
  const auto reports = standard_reports();
  options.reports.insert(options.reports.begin(), reports.begin(), reports.end());
  return crm(std::move(rows), std::move(options));
}

}  // namespace

crm open(std::string_view where, crm_options options) {
  std::unique_ptr<store> rows = store_of(where, options);
  return with_standard_entities(std::move(rows), std::move(options));
}

crm open(std::unique_ptr<store> rows, crm_options options) {
  return with_standard_entities(std::move(rows), std::move(options));
}

crm open_guest(::sqlite3* database, crm_options options, sqlite_guest_options guest) {
  return with_standard_entities(open_sqlite_guest(database, guest), std::move(options));
}

}  // namespace kith::inline v1
