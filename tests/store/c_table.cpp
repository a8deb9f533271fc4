// SPDX-License-Identifier: Apache-2.0
//
// A C++ store behind C functions.
#include "c_table.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <mutex>

#include "kith/core/error.hpp"
#include "kith_plugin.h"
#include "storage/plugin/cells.hpp"

namespace kith::conformance {
namespace {

// ---------------------------------------------------------------------------------------- entities

// What the host described, as our own stores want it: one field for each column.
struct described {
  explicit described(const kith_store_entity& from) : name(from.name) {
    about.name = name;
    type.number = from.number;
    type.about = &about;
    for (std::uint32_t i = 0; i < from.column_count; ++i) {
      const kith_store_column& c = from.columns[i];
      type.columns.push_back({c.name, static_cast<storage>(c.type), static_cast<std::uint16_t>(i),
                              0, static_cast<part_role>(c.role)});
    }
    for (std::uint32_t i = 0; i < from.index_count; ++i) add(from.indexes[i]);
    for (std::uint32_t i = 0; i < from.retired_count; ++i) {
      type.retired_indexes.emplace_back(from.retired_indexes[i]);
    }
  }
  described(const described&) = delete;
  described& operator=(const described&) = delete;

  void add(const kith_store_index& from) {
    index_type& to = type.indexes.emplace_back();
    to.name = from.name;
    to.as = static_cast<index_def::shape>(from.shape);
    to.keys.assign(from.keys, from.keys + from.key_count);
    to.shown.assign(from.shown, from.shown + from.shown_count);
    // A field of the index's own name tells which index refused.
    field_def& def = fields.emplace_back();
    def.name = names.emplace_back(from.name);
    def.kind = kind_id::text;
    field_type& field = types.emplace_back();
    field.def = &def;
    field.slot = 0xff00;  // beyond every row: messages show no value
    field.owner = &type;
    to.fields.push_back(&field);
  }

  std::string name;
  entity_def about{};
  std::deque<std::string> names;
  std::deque<field_def> fields;
  std::deque<field_type> types;
  entity_type type;
};

program from_c(const kith_store_program& from) {
  static const auto fail = [](const std::string& what) { throw std::invalid_argument(what); };
  program to;
  for (std::size_t i = 0; i < from.count; ++i) {
    const kith_store_instruction& c = from.code[i];
    to.code.push_back({static_cast<op>(c.code), c.slot, c.entity, static_cast<storage>(c.type),
                       c.detail, c.count, c.count2, plugin::from_c(c.constant, fail)});
  }
  return to;
}
std::vector<program> from_c(const kith_store_program* from, std::size_t count) {
  std::vector<program> to;
  for (std::size_t i = 0; i < count; ++i) to.push_back(from_c(from[i]));
  return to;
}

// -------------------------------------------------------------------------- store, line and cursor

struct c_store {
  std::unique_ptr<store> kept;
  const kith_store_host* host = nullptr;
  std::string name;

  const entity_type& entity(const kith_store_entity& from) {
    const std::lock_guard lock(mutex);
    std::unique_ptr<described>& known = entities[from.layout];
    if (!known) known = std::make_unique<described>(from);
    return known->type;
  }

  std::mutex mutex;
  std::map<std::uint64_t, std::unique_ptr<described>> entities;  // by layout
};
struct c_connection {
  c_store& of;
  std::unique_ptr<connection> kept;
};
struct c_cursor {
  c_store& of;
  const entity_type& entity;
  std::vector<program> conditions;
  std::vector<order_term> order;
  std::vector<cell> after;
  std::vector<slot_number> slots;
  std::unique_ptr<cursor> kept;
};

c_store& store_of(void* p) { return *static_cast<c_store*>(p); }
c_connection& line_of(void* p) { return *static_cast<c_connection*>(p); }

// The host wants no more.
struct stopped {
  kith_status answer;
};

kith_status told(const kith_store_host& host, kith_store_call* call, const error& e,
                 const kith_store_entity* entity = nullptr) {
  const auto code = -static_cast<kith_status>(e.code());
  for (std::uint32_t i = 0; entity != nullptr && i < entity->index_count; ++i) {
    if (e.code() == error_code::exists && e.field() == entity->indexes[i].name) {
      return host.exists(call, i, e.record());
    }
  }
  return host.fail(call, code, e.message().c_str(), e.entity().c_str(), e.record(),
                   e.field().c_str());
}

template <class F>
kith_status guard(const kith_store_host& host, kith_store_call* call,
                  const kith_store_entity* entity, F work) {
  try {
    return work();
  } catch (const stopped& s) {
    return s.answer;
  } catch (const error& e) {
    return told(host, call, e, entity);
  } catch (const std::bad_alloc&) {
    return KITH_E_NO_MEMORY;
  } catch (const std::exception& e) {
    return host.fail(call, KITH_E_INTERNAL, e.what(), nullptr, 0, nullptr);
  }
}
template <class F>
kith_status on_store(kith_store_call* call, void* p, F work) {
  return guard(*store_of(p).host, call, nullptr, [&]() -> kith_status {
    work(*store_of(p).kept);
    return KITH_OK;
  });
}
template <class F>
kith_status on_line(kith_store_call* call, void* p, F work) {
  return guard(*line_of(p).of.host, call, nullptr, [&]() -> kith_status {
    work(*line_of(p).kept);
    return KITH_OK;
  });
}

void give(const kith_store_host& host, kith_store_call* call, const row& r,
          const entity_type& entity) {
  const plugin::row_in_c given(r, entity);
  if (const kith_status s = host.give_row(call, &given.row); s != KITH_OK) throw stopped{s};
}
group_sink giving(const kith_store_host& host, kith_store_call* call) {
  return [&host, call](std::span<const cell> cells) {
    std::vector<kith_cell> given;
    for (const cell& c : cells) given.push_back(plugin::to_c(c));
    if (const kith_status s = host.give_cells(call, given.data(), given.size()); s != KITH_OK) {
      throw stopped{s};
    }
  };
}

// ----------------------------------------------------------------------------------- open and
// close

struct registry {
  std::mutex mutex;
  std::map<std::string, exported_store> makers;
  std::map<std::string, std::unique_ptr<store>> copies;  // of backups, until they are looked at
  int copy = 0;
};
registry& places() {
  static registry all;
  return all;
}

std::uint64_t flags_of(const capabilities& can) {
  const std::pair<bool, std::uint64_t> all[] = {{can.many_processes, KITH_CAN_MANY_PROCESSES},
                                                {can.parallel_reads, KITH_CAN_PARALLEL_READS},
                                                {can.read_only_open, KITH_CAN_READ_ONLY_OPEN},
                                                {can.conditions, KITH_CAN_CONDITIONS},
                                                {can.paths, KITH_CAN_PATHS},
                                                {can.orders, KITH_CAN_ORDERS},
                                                {can.aggregates, KITH_CAN_AGGREGATES},
                                                {can.host_sql, KITH_CAN_HOST_SQL},
                                                {can.save, KITH_CAN_SAVE},
                                                {can.backup, KITH_CAN_BACKUP},
                                                {can.compact, KITH_CAN_COMPACT},
                                                {true, KITH_CAN_VERIFY}};
  std::uint64_t flags = 0;
  for (const auto& [has, bit] : all) flags |= has ? bit : 0;
  return flags;
}

std::unique_ptr<store> opened(const std::string& uri, const kith_store_options& how) {
  const std::string scheme = uri.substr(0, uri.find(':'));
  registry& all = places();
  const std::lock_guard lock(all.mutex);
  if (const auto copy = all.copies.find(uri); copy != all.copies.end()) {
    return std::move(copy->second);
  }
  plugin_options options;
  options.busy_timeout_ms = how.busy_timeout_ms;
  options.read_only = how.read_only != 0;
  return all.makers.at(scheme)(uri.substr(scheme.size() + 1), options);
}

kith_status open(kith_store_call* call, const kith_store_host* host, const char* uri,
                 const kith_store_options* how, kith_store_traits* traits, void** out) {
  return guard(*host, call, nullptr, [&]() -> kith_status {
    auto made = std::make_unique<c_store>();
    made->kept = opened(uri, *how);
    made->host = host;
    made->name = "c_" + std::string(made->kept->can().name);
    traits->name = made->name.c_str();
    traits->can = flags_of(made->kept->can());
    traits->durable = static_cast<std::uint32_t>(made->kept->can().durable);
    *out = made.release();
    return KITH_OK;
  });
}
void close(void* p) { delete &store_of(p); }
kith_status connect(kith_store_call* call, void* p, void** out) {
  return on_store(call, p, [&](store& s) { *out = new c_connection{store_of(p), s.connect()}; });
}
void disconnect(void* p) { delete &line_of(p); }

// ------------------------------------------------------------------------------------ transactions

kith_status begin(kith_store_call* call, void* p, uint32_t write) {
  return on_line(call, p, [&](connection& c) { c.begin(write ? access::write : access::read); });
}
kith_status commit(kith_store_call* call, void* p) {
  return on_line(call, p, [&](connection& c) { c.commit(); });
}
void rollback(void* p) { line_of(p).kept->rollback(); }
kith_status savepoint(kith_store_call* call, void* p, uint32_t verb, int32_t level) {
  return on_line(call, p, [&](connection& c) {
    if (verb == KITH_SAVEPOINT_SET) c.savepoint(level);
    if (verb == KITH_SAVEPOINT_RELEASE) c.release(level);
    if (verb == KITH_SAVEPOINT_ROLL_BACK) c.rollback_to(level);
  });
}
kith_status data_version(kith_store_call* call, void* p, uint64_t* version) {
  return on_line(call, p, [&](connection& c) { *version = c.data_version(); });
}

// ----------------------------------------------------------------------------------------- reading

kith_status get(kith_store_call* call, void* p, const kith_store_entity* entity, int64_t id) {
  c_connection& line = line_of(p);
  return guard(*line.of.host, call, entity, [&]() -> kith_status {
    const entity_type& e = line.of.entity(*entity);
    const row_ptr r = line.kept->get(e, {id}, needed_cells::with_keys);
    if (!r) return KITH_ABSENT;
    give(*line.of.host, call, *r, e);
    return KITH_OK;
  });
}

order_term id_order(bool descending) {
  instruction id;
  id.code = op::load;
  id.slot = id_slot;
  id.type = storage::integer;
  return {{{id}, nullptr}, storage::integer, descending};
}

kith_status scan(kith_store_call* call, void* p, const kith_store_scan* wanted,
                 kith_store_scan_answer* answer) {
  c_connection& line = line_of(p);
  static const auto fail = [](const std::string& what) { throw std::invalid_argument(what); };
  return guard(*line.of.host, call, nullptr, [&]() -> kith_status {
    auto made = std::make_unique<c_cursor>(
        c_cursor{line.of, line.of.entity(*wanted->entity), {}, {}, {}, {}, nullptr});
    made->conditions = from_c(wanted->conditions, wanted->condition_count);
    if (wanted->by_id != KITH_NOT_BY_ID) {
      const bool down = wanted->by_id == KITH_BY_ID_DESCENDING;
      if (down) made->order.push_back(id_order(true));
      if (wanted->after_id != 0) {
        made->after.assign(down ? 2 : 1, cell::integer(wanted->after_id));
      }
    } else {
      for (std::size_t i = 0; i < wanted->order_count; ++i) {
        const kith_store_order& t = wanted->order[i];
        made->order.push_back({from_c(t.key), static_cast<storage>(t.type), t.descending != 0});
      }
      for (std::size_t i = 0; i < wanted->after_count; ++i) {
        made->after.push_back(plugin::from_c(wanted->after[i], fail));
      }
    }
    made->slots.assign(wanted->slots, wanted->slots + wanted->slot_count);
    scan_request request;
    request.entity = &made->entity;
    request.rows = static_cast<lifecycle>(wanted->rows);
    request.conditions = made->conditions;
    request.order = made->order;
    request.any_order = wanted->any_order != 0;
    request.after = made->after;
    request.limit = wanted->limit;
    request.slots = made->slots;
    made->kept = line.kept->scan(request);
    answer->taken = made->kept->taken();
    answer->ordered = made->kept->ordered();
    answer->cursor = made.release();
    return KITH_OK;
  });
}
kith_status next(kith_store_call* call, void* p, uint32_t most) {
  c_cursor& from = *static_cast<c_cursor*>(p);
  return guard(*from.of.host, call, nullptr, [&]() -> kith_status {
    for (; most > 0; --most) {
      const row_ptr r = from.kept->next();
      if (!r) return KITH_DONE;
      give(*from.of.host, call, *r, from.entity);
    }
    return KITH_ROW;
  });
}
void end_scan(void* p) { delete static_cast<c_cursor*>(p); }

kith_status aggregated(kith_store_call* call, void* p, const kith_store_aggregate* wanted) {
  c_connection& line = line_of(p);
  return guard(*line.of.host, call, nullptr, [&]() -> kith_status {
    const auto conditions = from_c(wanted->conditions, wanted->condition_count);
    const auto groups = from_c(wanted->groups, wanted->group_count);
    std::vector<storage> types;
    for (std::size_t i = 0; i < wanted->group_count; ++i) {
      types.push_back(static_cast<storage>(wanted->group_types[i]));
    }
    std::vector<aggregate_request::measure> measures;
    for (std::size_t i = 0; i < wanted->measure_count; ++i) {
      const kith_store_measure& m = wanted->measures[i];
      measures.push_back({static_cast<aggregate>(m.what), from_c(m.of)});
    }
    const aggregate_request request{&line.of.entity(*wanted->entity),
                                    static_cast<lifecycle>(wanted->rows),
                                    conditions,
                                    groups,
                                    types,
                                    measures};
    const bool took = line.kept->aggregate(request, giving(*line.of.host, call));
    return took ? KITH_OK : KITH_E_UNSUPPORTED;
  });
}

// ----------------------------------------------------------------------------------------- writing

kith_status write(kith_store_call* call, void* p, const kith_store_change* change) {
  c_connection& line = line_of(p);
  static const auto fail = [](const std::string& what) { throw std::invalid_argument(what); };
  return guard(*line.of.host, call, change->entity, [&]() -> kith_status {
    const entity_type& e = line.of.entity(*change->entity);
    const row_ptr after = plugin::from_c(*change->row, e, fail);
    row_ptr before;
    if (change->is_new == 0) before = line.kept->get(e, after->id(), needed_cells::with_keys);
    line.kept->write({&e, before, after, {change->changed, change->changed_count}});
    return KITH_OK;
  });
}
kith_status erase(kith_store_call* call, void* p, const kith_store_entity* entity, int64_t id) {
  return on_line(call, p, [&](connection& c) { c.erase(line_of(p).of.entity(*entity), {id}); });
}
kith_status has(kith_store_call* call, void* p, const kith_store_entity* entity) {
  c_connection& line = line_of(p);
  return guard(*line.of.host, call, nullptr, [&]() -> kith_status {
    return line.kept->has(line.of.entity(*entity)) ? KITH_OK : KITH_ABSENT;
  });
}
kith_status apply(kith_store_call* call, void* p, const kith_store_entity* entity) {
  c_connection& line = line_of(p);
  return guard(*line.of.host, call, entity, [&]() -> kith_status {
    line.kept->apply(line.of.entity(*entity));
    return KITH_OK;
  });
}
kith_status host_sql(kith_store_call* call, void* p, kith_text text, const kith_cell* parameters,
                     size_t count) {
  static const auto fail = [](const std::string& what) { throw std::invalid_argument(what); };
  return on_line(call, p, [&](connection& c) {
    std::vector<cell> given;
    for (size_t i = 0; i < count; ++i) given.push_back(plugin::from_c(parameters[i], fail));
    c.host_sql({text.data, text.size}, given, giving(*line_of(p).of.host, call));
  });
}

// --------------------------------------------------------------------------------------- the whole

kith_status save(kith_store_call* call, void* p) {
  return on_store(call, p, [](store& s) { s.save(); });
}
kith_status compact(kith_store_call* call, void* p) {
  return on_store(call, p, [](store& s) { s.compact(); });
}
kith_status check(kith_store_call* call, void* p) {
  return on_store(call, p, [](store& s) { s.check(); });
}
kith_status verify(kith_store_call* call, void* p) {
  return on_store(call, p, [&](store& s) {
    s.verify([&](const std::string& what, const std::string& remedy) {
      const kith_status answer = store_of(p).host->give_damage(call, what.c_str(), remedy.c_str());
      if (answer != KITH_OK) throw stopped{answer};
    });
  });
}
// The copy is open already; the host opens it by a name that only we know.
kith_status backup(kith_store_call* call, void* p, const char* path) {
  return on_store(call, p, [&](store& s) {
    s.backup(path, [&](std::unique_ptr<store> copy) {
      registry& all = places();
      std::string uri;
      {
        const std::lock_guard lock(all.mutex);
        uri = "copy:" + std::to_string(++all.copy);
        all.copies[uri] = std::move(copy);
      }
      const kith_status answer = store_of(p).host->check_copy(call, uri.c_str());
      const std::lock_guard lock(all.mutex);
      all.copies.erase(uri);
      if (answer != KITH_OK) throw stopped{answer};
    });
  });
}

}  // namespace

void export_store(const std::string& scheme, exported_store maker) {
  const std::lock_guard lock(places().mutex);
  places().makers[scheme] = std::move(maker);
}

const ::kith_store_api* exported_table() {
  static const kith_store_api table = {
      sizeof table, KITH_STORE_ABI, 0,        open,      close,  connect,      disconnect,
      begin,        commit,         rollback, savepoint, get,    scan,         next,
      end_scan,     write,          erase,    has,       apply,  data_version, aggregated,
      host_sql,     save,           backup,   compact,   verify, check};
  return &table;
}

}  // namespace kith::conformance
