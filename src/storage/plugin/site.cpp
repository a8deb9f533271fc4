// SPDX-License-Identifier: Apache-2.0
//
// Checking a plug-in's table, opening and closing its store.
#include "storage/plugin/site.hpp"

#include <algorithm>
#include <cstring>

#include "core/forks.hpp"
#include "kith/core/error.hpp"
#include "storage/plugin/call.hpp"

namespace kith::inline v1::plugin {

void broken(const std::string& plugin, std::string_view function, std::string_view what) {
  throw error(error_code::misuse, "the store plug-in " + plugin + ": " + std::string(function) +
                                      "() " + std::string(what) +
                                      "; this is a mistake in the plug-in");
}

namespace {

// As much of the table as the plug-in has and this host knows.
::kith_store_api copy_of(const ::kith_store_api* table) {
  if (table == nullptr) throw error(error_code::misuse, "the table of the store plug-in is NULL");
  if (table->struct_size < required_size) {
    throw error(error_code::misuse,
                "the table of the store plug-in has " + std::to_string(table->struct_size) +
                    " bytes; every store fills at least " + std::to_string(required_size));
  }
  ::kith_store_api known{};
  std::memcpy(&known, table, std::min(table->struct_size, sizeof known));
  if (known.abi < KITH_STORE_ABI_FIRST || known.abi > KITH_STORE_ABI) {
    throw error(error_code::misuse, "the table of the store plug-in is of interface " +
                                        std::to_string(known.abi) + ", this host knows " +
                                        std::to_string(KITH_STORE_ABI_FIRST) + " to " +
                                        std::to_string(KITH_STORE_ABI));
  }
  return known;
}

void check_required(const ::kith_store_api& t, const std::string& name) {
  const std::pair<const char*, bool> all[] = {
      {"open", t.open != nullptr},
      {"close", t.close != nullptr},
      {"connect", t.connect != nullptr},
      {"disconnect", t.disconnect != nullptr},
      {"begin", t.begin != nullptr},
      {"commit", t.commit != nullptr},
      {"rollback", t.rollback != nullptr},
      {"savepoint", t.savepoint != nullptr},
      {"get", t.get != nullptr},
      {"scan", t.scan != nullptr},
      {"next", t.next != nullptr},
      {"end_scan", t.end_scan != nullptr},
      {"write", t.write != nullptr},
      {"erase", t.erase != nullptr},
      {"has", t.has != nullptr},
      {"apply", t.apply != nullptr},
      {"data_version", t.data_version != nullptr},
  };
  for (const auto& [function, there] : all) {
    if (!there) broken(name, function, "is required, but NULL");
  }
}

// Bits and functions that belong together.
void check_optional(const ::kith_store_api& t, std::uint64_t can, const std::string& name) {
  const struct {
    std::uint64_t bit;
    const char* function;
    bool there;
  } all[] = {
      {KITH_CAN_AGGREGATES, "aggregate", t.aggregate != nullptr},
      {KITH_CAN_HOST_SQL, "host_sql", t.host_sql != nullptr},
      {KITH_CAN_SAVE, "save", t.save != nullptr},
      {KITH_CAN_BACKUP, "backup", t.backup != nullptr},
      {KITH_CAN_COMPACT, "compact", t.compact != nullptr},
      {KITH_CAN_VERIFY, "verify", t.verify != nullptr},
  };
  for (const auto& row : all) {
    if ((can & row.bit) != 0 && !row.there) {
      broken(name, row.function, "is declared (KITH_CAN_…), but NULL");
    }
  }
  if (can >= KITH_CAN_VERIFY << 1) broken(name, "open", "declares something that has no meaning");
  if ((can & KITH_CAN_PATHS) != 0 && (can & (KITH_CAN_CONDITIONS | KITH_CAN_ORDERS)) == 0) {
    broken(name, "open", "declares paths, but neither conditions nor orders");
  }
}

}  // namespace

site::site(const ::kith_store_api* from, std::string_view uri, plugin_options wanted)
    : table(copy_of(from)),
      original(from),
      options(std::move(wanted)),
      where(uri),
      name(uri.substr(0, uri.find(':'))),
      forks_(detail::fork_generation()) {
  check_required(table, name);
  if (where.find('\0') != std::string::npos) {
    throw error(error_code::invalid, "the place of the store has a zero byte in it");
  }
  const ::kith_store_options how{sizeof how, options.busy_timeout_ms, options.read_only ? 1u : 0u};
  ::kith_store_traits traits{};
  traits.struct_size = sizeof traits;
  call(*this, "open").tell(table.open, &host_table, where.c_str(), &how, &traits, &handle);
  try {
    adopt(traits);
  } catch (...) {
    if (handle != nullptr) table.close(handle);
    throw;
  }
}

void site::adopt(const ::kith_store_traits& traits) {
  if (handle == nullptr) broken(name, "open", "answered KITH_OK, but gave no store");
  if (traits.name == nullptr || *traits.name == '\0') broken(name, "open", "gives no name");
  name = traits.name;
  if (traits.durable > KITH_DURABLE_ON_COMMIT) {
    broken(name, "open", "declares a durability that has no meaning");
  }
  check_optional(table, traits.can, name);
  const auto has = [&](std::uint64_t bit) { return (traits.can & bit) != 0; };
  can.name = name;
  can.durable = static_cast<capabilities::durability>(traits.durable);
  can.many_processes = has(KITH_CAN_MANY_PROCESSES);
  can.parallel_reads = has(KITH_CAN_PARALLEL_READS);
  can.read_only_open = has(KITH_CAN_READ_ONLY_OPEN);
  can.host_sql = has(KITH_CAN_HOST_SQL);
  can.save = has(KITH_CAN_SAVE);
  can.backup = has(KITH_CAN_BACKUP);
  can.compact = has(KITH_CAN_COMPACT);
  can.conditions = has(KITH_CAN_CONDITIONS);
  can.paths = has(KITH_CAN_PATHS);
  can.orders = has(KITH_CAN_ORDERS);
  can.aggregates = has(KITH_CAN_AGGREGATES);
  verifies = has(KITH_CAN_VERIFY);
  if (options.read_only && !can.read_only_open) {
    throw error(error_code::unsupported,
                "the store plug-in " + name + " cannot open a store for reading only");
  }
}

site::~site() {
  if (handle == nullptr || of_parent()) return;
  table.close(handle);
}

bool site::of_parent() const noexcept { return detail::forks != forks_; }

void site::check() const {
  if (of_parent()) {
    throw error(error_code::forked,
                "the store was opened by the parent process; open it again in this one");
  }
  if (poisoned) {
    throw error(error_code::poisoned, "a write of the store plug-in " + name +
                                          " failed in a way that only opening it again mends");
  }
}

}  // namespace kith::inline v1::plugin
