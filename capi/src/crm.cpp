// SPDX-License-Identifier: Apache-2.0
//
// Stores: opened, closed, and what is done to the whole of one.
#include <algorithm>

#include "handles.hpp"
#include "kith/storage/plugin.hpp"
#include "kith/storage/sqlite.hpp"
#include "tables.hpp"

namespace kith::capi {
namespace {

const kith_config& config_of(const kith_config* given, const kith_config& defaults) {
  return given == nullptr ? defaults : use(given);
}

// A store of the host's, which is opened with the settings that all stores have.
store_scheme scheme_of(const std::string& name, const kith_store_api* table, const log_hook& log) {
  return {name, [table, log](std::string_view place, const crm_options& o) {
            return open_plugin(table, place,
                               {.busy_timeout_ms = o.busy_timeout_ms,
                                .read_only = o.read_only,
                                .log = [log](std::string_view m) { log(KITH_LOG_NOTE, m); }});
          }};
}

crm_options options_of(const kith_config& c) {
  crm_options options = c.options;
  for (const auto& [name, table] : c.stores) {
    options.stores.push_back(scheme_of(name, table, c.log));
  }
  return options;
}

bool is_sqlite(std::string_view place, const crm_options& options) {
  const std::string_view scheme = place.substr(0, place.find(':'));
  const bool foreign = std::any_of(options.stores.begin(), options.stores.end(),
                                   [&](const store_scheme& s) { return s.name == scheme; });
  return !foreign && !place.starts_with("memory:") && place != ":memory:";
}

// A danger that no call fails of: the host's log is told.
void tell_of_second_sqlite(const log_hook& log) {
  if (log.tell == nullptr) return;  // milliseconds for nobody
  const std::vector<std::string> copies = sqlite_copies();
  for (std::size_t i = 1; i < copies.size(); ++i) {
    log(KITH_LOG_WARNING, "Kith uses the SQLite of " + copies[0] + ", and " + copies[i] +
                              " has another one: open no file with both, or each takes the "
                              "other's locks away");
  }
}

crm open_place(std::string_view place, const kith_config& c) {
  crm_options options = options_of(c);
  if (is_sqlite(place, options) && !place.ends_with(":memory:")) tell_of_second_sqlite(c.log);
  const bool plain = c.durability == sqlite_durability::full && !c.allow_network_file_system;
  if (plain) return kith::open(place, std::move(options));
  if (!is_sqlite(place, options)) {
    throw error(error_code::unsupported,
                "durability and allow_network_file_system are settings of SQLite files");
  }
  const std::string path(place == "sqlite::memory:" ? ":memory:" : place);
  auto rows = open_sqlite({.path = path,
                           .read_only = c.options.read_only,
                           .busy_timeout_ms = c.options.busy_timeout_ms,
                           .durability = c.durability,
                           .allow_network_file_system = c.allow_network_file_system});
  return kith::open(std::move(rows), std::move(options));
}

kith_crm* handle_of(crm_ptr box) {
  auto made = std::make_unique<kith_crm>();
  made->box = std::move(box);
  return made.release();
}

}  // namespace

kith::table table_of_damages(const std::vector<damage>& found) {
  table_builder t({"entity", "id", "what", "remedy"});
  for (const damage& d : found)
    t.row({text_value(d.entity), id_value(d.id), text_value(d.what), text_value(d.remedy)});
  return t.done();
}

}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_open(kith_text place, const kith_config* config, kith_crm** crm,
                      kith_error** err) {
  return guard(err, outs(crm), [&] {
    need(crm, "crm");
    const kith_config defaults;
    const kith_config& c = config_of(config, defaults);
    *crm = handle_of(std::make_shared<crm_box>(
        crm_box{c.log, open_place(text_of(place, "the place of the store"), c)}));
    return KITH_OK;
  });
}

kith_status kith_open_on_sqlite(struct sqlite3* database, const kith_config* config, kith_crm** crm,
                                kith_error** err) {
  return guard(err, outs(crm), [&] {
    need(crm, "crm");
    const kith_config defaults;
    const kith_config& c = config_of(config, defaults);
    tell_of_second_sqlite(c.log);
    *crm = handle_of(std::make_shared<crm_box>(crm_box{
        c.log,
        open_guest(database, c.options, {.accept_weak_durability = c.accept_weak_durability})}));
    return KITH_OK;
  });
}

void kith_close(kith_crm* crm) { dispose(crm); }

kith_status kith_crm_save(const kith_crm* crm, kith_error** err) {
  return guard(err, nothing, [&] {
    crm_of(crm).save();
    return KITH_OK;
  });
}

kith_status kith_crm_backup(const kith_crm* crm, kith_text path, kith_error** err) {
  return guard(err, nothing, [&] {
    crm_of(crm).backup(string_of(path, "the path"));
    return KITH_OK;
  });
}

kith_status kith_crm_verify(const kith_crm* crm, kith_verified* verified, kith_table** damages,
                            kith_error** err) {
  return guard(err, outs(verified, damages), [&] {
    const verification found = crm_of(crm).verify();
    auto table = table_of({}, table_of_damages(found.found));
    kith_verified v{};
    v.records = found.records;
    v.change_sets = found.change_sets;
    v.damages = found.found.size() + found.more;
    give(verified, v);
    if (damages != nullptr) *damages = table.release();
    return KITH_OK;
  });
}

kith_status kith_crm_compact(const kith_crm* crm, kith_error** err) {
  return guard(err, nothing, [&] {
    crm_of(crm).compact();
    return KITH_OK;
  });
}

kith_status kith_crm_write_views(const kith_crm* crm, kith_error** err) {
  return guard(err, nothing, [&] {
    crm_of(crm).write_views();
    return KITH_OK;
  });
}

kith_status kith_crm_host_committed(const kith_crm* crm, kith_error** err) {
  return guard(err, nothing, [&] {
    crm_of(crm).host_committed();
    return KITH_OK;
  });
}

kith_status kith_crm_outcome(const kith_crm* crm, kith_text operation_key, kith_error** err) {
  return guard(err, nothing, [&] {
    const auto found = crm_of(crm).outcome_of(bytes_of(operation_key, "the operation key"));
    return found == outcome::committed ? KITH_OK : KITH_ABSENT;
  });
}

kith_status kith_crm_capabilities(const kith_crm* crm, kith_capabilities* capabilities,
                                  kith_error** err) {
  return guard(err, outs(capabilities), [&] {
    need(capabilities, "capabilities");
    const kith::capabilities& can = crm_of(crm).can();
    kith_capabilities c{};
    c.name = to_c(can.name);
    c.durability = static_cast<std::int32_t>(can.durable);
    c.many_processes = can.many_processes;
    c.parallel_reads = can.parallel_reads;
    c.read_only_open = can.read_only_open;
    c.host_sql = can.host_sql;
    c.save = can.save;
    c.backup = can.backup;
    c.compact = can.compact;
    c.views = can.views;
    c.guest = can.guest;
    c.conditions = can.conditions;
    c.paths = can.paths;
    c.orders = can.orders;
    c.aggregates = can.aggregates;
    give(capabilities, c);
    return KITH_OK;
  });
}

kith_status kith_crm_anchor(const kith_crm* crm, kith_anchor* anchor, kith_error** err) {
  return guard(err, outs(anchor), [&] {
    need(anchor, "anchor");
    const audit_anchor newest = crm_of(crm).newest_anchor();
    kith_anchor a{};
    a.count = newest.count;
    std::copy_n(newest.head.begin(), std::min(newest.head.size(), sizeof a.head), a.head);
    give(anchor, a);
    return KITH_OK;
  });
}

kith_status kith_crm_check_audit(const kith_crm* crm, const kith_anchor* kept, uint64_t* sets,
                                 kith_table** damages, kith_error** err) {
  return guard(err, outs(sets, damages), [&] {
    audit_anchor anchor;
    if (kept != nullptr) {
      const kith_anchor k = taken(kept, "kept");
      anchor.count = k.count;
      anchor.head.assign(reinterpret_cast<const char*>(k.head), sizeof k.head);
    }
    const audit_check found = crm_of(crm).check_audit(anchor);
    auto table = table_of({}, table_of_damages(found.found));
    if (sets != nullptr) *sets = found.sets;
    if (damages != nullptr) *damages = table.release();
    return KITH_OK;
  });
}

kith_status kith_crm_model(const kith_crm* crm, kith_model** model, kith_error** err) {
  return guard(err, outs(model), [&] {
    need(model, "model");
    auto made = std::make_unique<kith_model>();
    made->model = crm_of(crm).model();
    *model = made.release();
    return KITH_OK;
  });
}
