// SPDX-License-Identifier: Apache-2.0
//
// Transactions, look-ups and writes through the table of a plug-in.
#include "storage/plugin/connection.hpp"

#include <algorithm>

#include "kith/core/error.hpp"

namespace kith::inline v1::plugin {

complaint complaint_of(const site& of, const char* function) {
  return [&of, function](const std::string& what) {
    throw error(error_code::damaged, "the store plug-in " + of.name + ": " + function + "() gave " +
                                         what + "; restore a backup, or mend it");
  };
}

plugin_connection::plugin_connection(std::shared_ptr<site> to)
    : line_(std::make_shared<line>(std::move(to))) {}

plugin_connection::~plugin_connection() {
  rollback();
  line_->end_cursors();
}

// ------------------------------------------------------------------------------------ transactions

void plugin_connection::begin(access mode) {
  line_->of->check();
  if (open_ != open::nothing) throw error(error_code::misuse, "a transaction is open already");
  if (mode == access::write && line_->of->options.read_only) {
    throw error(error_code::read_only, "the store was opened for reading; open it for writing");
  }
  line_->end_cursors();
  call(*line_->of, "begin").tell(table().begin, line_->handle, mode == access::write ? 1u : 0u);
  open_ = mode == access::write ? open::to_write : open::to_read;
}

void plugin_connection::commit() {
  if (open_ == open::nothing) {
    throw error(error_code::misuse, "there is no transaction: begin() one");
  }
  line_->of->check();
  line_->end_cursors();
  call c(*line_->of, "commit");
  kith_status answer = KITH_E_INTERNAL;  // of one that throws
  c.said_last = &answer;
  try {
    c.tell(table().commit, line_->handle);
  } catch (...) {
    rollback();
    if (call::is_clear(answer)) throw;
    line_->of->poisoned = true;
    throw error(error_code::outcome_unknown,
                "the store plug-in " + line_->of->name + ": commit() answered " +
                    std::to_string(answer) +
                    ", which has no meaning; open the store again and ask what became of the "
                    "transaction");
  }
  open_ = open::nothing;
  depth_ = 0;
}

void plugin_connection::rollback() noexcept {
  if (open_ == open::nothing) return;
  line_->end_cursors();
  if (!line_->of->of_parent()) {
    try {
      table().rollback(line_->handle);
    } catch (...) {
      line_->of->poisoned = true;
    }
  }
  open_ = open::nothing;
  depth_ = 0;
}

void plugin_connection::writes() {
  if (open_ == open::nothing) {
    throw error(error_code::misuse, "there is no transaction: begin() one");
  }
  if (open_ == open::to_read) throw error(error_code::read_only, "this is a read transaction");
  line_->of->check();
  line_->end_cursors();
}

void plugin_connection::move_savepoint(std::uint32_t verb, int level) {
  writes();
  const bool set = verb == KITH_SAVEPOINT_SET;
  if (set ? level != depth_ + 1 : level < 1 || level > depth_) {
    throw error(error_code::misuse, "there is no savepoint " + std::to_string(level));
  }
  call(*line_->of, "savepoint").tell(table().savepoint, line_->handle, verb, level);
  depth_ = verb == KITH_SAVEPOINT_RELEASE ? level - 1 : level;
}
void plugin_connection::savepoint(int level) { move_savepoint(KITH_SAVEPOINT_SET, level); }
void plugin_connection::release(int level) { move_savepoint(KITH_SAVEPOINT_RELEASE, level); }
void plugin_connection::rollback_to(int level) { move_savepoint(KITH_SAVEPOINT_ROLL_BACK, level); }

std::uint64_t plugin_connection::data_version() {
  line_->of->check();
  std::uint64_t version = 0;
  call(*line_->of, "data_version").tell(table().data_version, line_->handle, &version);
  return version;
}

// ----------------------------------------------------------------------------------------- reading

row_ptr plugin_connection::get(const entity_type& entity, record_id id, needed_cells) {
  line_->of->check();
  const layout_ptr as = line_->layout_of(entity);
  const complaint refuse = complaint_of(*line_->of, "get");
  row_ptr found;
  call c(*line_->of, "get");
  c.rows = [&](const ::kith_store_row& r) {
    if (found) refuse("two rows for one record");
    if (r.id != id.value) {
      refuse("the record " + std::to_string(r.id) + " instead of " + std::to_string(id.value));
    }
    found = from_c(r, entity, refuse);
  };
  const bool absent = c.ask_whether(KITH_ABSENT, table().get, line_->handle, as->get(), id.value);
  if (absent && found) refuse("a row, and answered that there is none");
  if (!absent && !found) refuse("no row, but answered that there is one");
  return found;
}

std::unique_ptr<cursor> plugin_connection::scan(const scan_request& request) {
  line_->of->check();
  return open_cursor(line_, request);
}

bool plugin_connection::has(const entity_type& entity) {
  line_->of->check();
  const layout_ptr as = line_->layout_of(entity);
  return !call(*line_->of, "has").ask_whether(KITH_ABSENT, table().has, line_->handle, as->get());
}

bool plugin_connection::aggregate(const aggregate_request& request, const group_sink& sink) {
  line_->of->check();
  if (!line_->of->can.aggregates) return false;
  const layout_ptr as = line_->layout_of(*request.entity);
  programs_in_c code;
  const auto conditions = code.add(request.conditions);
  const auto groups = code.add(request.groups);
  std::vector<std::uint32_t> types;
  for (const storage t : request.group_types) types.push_back(static_cast<std::uint32_t>(t));
  std::vector<::kith_store_measure> measures;
  for (const auto& m : request.measures) {
    measures.push_back({code.add(m.of), static_cast<std::uint32_t>(m.what), 0});
  }
  const ::kith_store_aggregate wanted{sizeof wanted,
                                      as->get(),
                                      static_cast<std::uint32_t>(request.rows),
                                      0,
                                      conditions.data(),
                                      conditions.size(),
                                      groups.data(),
                                      types.data(),
                                      groups.size(),
                                      measures.data(),
                                      measures.size()};
  const complaint refuse = complaint_of(*line_->of, "aggregate");
  bool given = false;
  std::vector<cell> cells;
  call c(*line_->of, "aggregate");
  c.cells = [&](const ::kith_cell* from, std::size_t count) {
    given = true;
    cells.clear();
    if (count != groups.size() + measures.size()) {
      refuse(std::to_string(count) + " cells for a group of " +
             std::to_string(groups.size() + measures.size()));
    }
    for (std::size_t i = 0; i < count; ++i) cells.push_back(from_c(from[i], refuse));
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (!cells[i].is_null() && from[i].type != types[i]) refuse("a group key of another class");
    }
    sink(cells);
  };
  bool took = true;
  try {
    c.tell(table().aggregate, line_->handle, &wanted);
  } catch (const error& e) {
    if (e.code() != error_code::unsupported) throw;
    took = false;
  }
  if (!took && given) refuse("groups of a request that it does not take");
  return took;
}

// ----------------------------------------------------------------------------------------- writing

row_ptr plugin_connection::complete(const row_change& change) {
  const entity_type& entity = *change.entity;
  const auto missing = [&](slot_number s) {
    return entity.columns[s].role == part_role::key && !is_changed(change, s) &&
           !change.after->has(s) && (s == 0 || change.after->has(s - 1u));
  };
  row_ptr stored;
  std::vector<cell> cells;
  for (slot_number s = 0; change.before && s < entity.columns.size(); ++s) {
    if (!missing(s)) continue;
    if (!stored) stored = get(entity, change.after->id(), needed_cells::with_keys);
    if (!stored) break;
    if (cells.empty()) {
      for (slot_number i = 0; i < entity.columns.size(); ++i) {
        cells.push_back(change.after->at(i, entity.columns[i].type));
      }
    }
    cells[s] = stored->at(s, entity.columns[s].type);
  }
  return cells.empty() ? change.after : row_ptr::make(change.after->system(), cells);
}

void plugin_connection::write(const row_change& change) {
  writes();
  const entity_type& entity = *change.entity;
  const row_ptr after = complete(change);
  const layout_ptr as = line_->layout_of(entity);
  const row_in_c version(*after, entity);
  const ::kith_store_change in_c{sizeof in_c,
                                 as->get(),
                                 &version.row,
                                 change.changed.data(),
                                 change.changed.size(),
                                 change.before ? 0u : 1u,
                                 0};
  call c(*line_->of, "write");
  c.taken = [&](std::uint32_t index, std::int64_t other) {
    if (index >= entity.indexes.size() || entity.indexes[index].fields.empty()) {
      broken(line_->of->name, "exists", "names an index that the entity does not have");
    }
    return exists_already(entity, entity.indexes[index], *after, other);
  };
  c.tell(table().write, line_->handle, &in_c);
}

void plugin_connection::erase(const entity_type& entity, record_id id) {
  writes();
  const layout_ptr as = line_->layout_of(entity);
  call(*line_->of, "erase").tell(table().erase, line_->handle, as->get(), id.value);
}

void plugin_connection::apply(const entity_type& entity) {
  writes();
  const layout_ptr as = line_->layout_of(entity);
  call c(*line_->of, "apply");
  c.taken = [&](std::uint32_t index, std::int64_t other) {
    if (index >= entity.indexes.size() || entity.indexes[index].fields.empty()) {
      broken(line_->of->name, "exists", "names an index that the entity does not have");
    }
    const std::string field(entity.indexes[index].fields[0]->name());
    return error(error_code::exists,
                 "records of " + std::string(entity.name()) + " have the same " + field +
                     ", so that it cannot become unique; one is " + std::to_string(other),
                 {std::string(entity.name()), other, field});
  };
  c.tell(table().apply, line_->handle, as->get());
}

void plugin_connection::host_sql(std::string_view text, std::span<const cell> parameters,
                                 const host_row_sink& sink) {
  if (!line_->of->can.host_sql) return connection::host_sql(text, parameters, sink);
  if (open_ == open::nothing) {
    throw error(error_code::misuse, "there is no transaction: begin() one");
  }
  line_->of->check();
  line_->end_cursors();
  std::vector<::kith_cell> given;
  for (const cell& p : parameters) given.push_back(to_c(p));
  const complaint refuse = complaint_of(*line_->of, "host_sql");
  std::vector<cell> cells;
  call c(*line_->of, "host_sql");
  c.cells = [&](const ::kith_cell* from, std::size_t count) {
    cells.clear();
    for (std::size_t i = 0; i < count; ++i) cells.push_back(from_c(from[i], refuse));
    if (sink) sink(cells);
  };
  c.tell(table().host_sql, line_->handle, ::kith_text{text.data(), text.size()},
         static_cast<const ::kith_cell*>(given.data()), given.size());
}

}  // namespace kith::inline v1::plugin
