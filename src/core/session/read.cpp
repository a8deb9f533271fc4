// SPDX-License-Identifier: Apache-2.0
//
// Reading single records, and what programs need of rows.
#include <algorithm>

#include "core/kept_cells.hpp"
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "core/visibility/sight.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

// Each thread has an address of its own.
const void* this_thread() {
  static thread_local char mark;
  return &mark;
}

}  // namespace

session::state::guard::guard(state& s) : state_(s) {
  const void* free = nullptr;
  const void* const me = this_thread();
  if (s.holder_.compare_exchange_strong(free, me, std::memory_order_acquire)) {
    if (!s.eng->is_guest()) return;
    try {
      s.look_at_host();
    } catch (...) {
      s.holder_.store(nullptr, std::memory_order_release);
      throw;
    }
    return;
  }
  if (free != me) {
    throw error(error_code::wrong_thread,
                "the session is in use by another thread; give each thread a session of its own");
  }
  if (!s.nesting_allowed) {
    throw error(error_code::reentrant,
                "a callback may not call the session that called it; use another session");
  }
  nested_ = true;
}

session::state::guard::~guard() {
  if (!nested_) state_.holder_.store(nullptr, std::memory_order_release);
}

connection& session::state::rows() {
  if (!connection_) {
    eng->rows().check();
    connection_ = connect();
  }
  return *connection_;
}

engine::lease session::state::connect() {
  if (past) return {nullptr, past->connect()};
  return eng->connect();
}

// Called after a read: others may have committed, and may have changed the model.
void session::state::saw_new_data() {
  const std::uint64_t version = rows().data_version();
  if (version == data_version_) return;
  data_version_ = version;
  head_known_ = false;
  const store_head now = head();
  if (tx != nullptr && tx->model_before != nullptr) return;
  // Where a host takes models back, one version may have been given to two of them.
  if (now.model_version == model->version() && !eng->is_guest()) return;
  model = eng->reload(rows());
}

bool session::state::refresh_model() {
  if (tx != nullptr || past) return false;  // a transaction keeps to one instant, so does as_of
  const store_head now = engine::head_of(rows(), *model);
  if (now.model_version == model->version()) return false;
  model = eng->reload(rows());
  return true;
}

std::shared_ptr<char> session::state::running() {
  std::shared_ptr<char> token = running_.lock();
  if (token) return token;
  interrupted->store(false);
  token = std::make_shared<char>();
  running_ = token;
  return token;
}

store_head session::state::head() {
  if (!head_known_) {
    head_ = engine::head_of(rows(), *model);
    head_known_ = true;
  }
  return head_;
}

row_ptr session::state::read(const entity_type& e, record_id id, needed_cells cells) {
  settle();
  row_ptr r = rows().get(e, id, cells);
  if (tx == nullptr) saw_new_data();
  return r;
}

// A merged record answers its survivor; chains are as long as the merges were.
row_ptr session::state::read_survivor(const entity_type& e, record_id id) {
  if (is_limited()) return seen_survivor(e, id);
  row_ptr r = read(e, id);
  for (int steps = 0; r && r->system().merged_into && steps < 100; ++steps) {
    r = read(e, r->system().merged_into);
  }
  return r;
}

detail::bind_context session::state::binding(const parameters& values) const {
  return {*model, values, eng->now(), options.zone};
}

// The row with its keys: a store may leave them out of what it reads for people.
row_ptr session::state::with_keys(const entity_type& e, const row_ptr& r) {
  const auto lacks_key = [&](const field_type& f) {
    if (!f.is_stored() || f.kind().derive == nullptr) return false;
    const auto parts = f.parts();
    for (unsigned i = 1; i < parts.size(); ++i) {
      const bool is_key = parts[i].role == part_role::key;
      if (is_key && r->has(f.slot + i - 1u) && !r->has(f.slot + i)) return true;
    }
    return false;
  };
  if (std::none_of(e.fields.begin(), e.fields.end(), lacks_key)) return r;
  any_draft d(r);
  for (const field_type& f : e.fields) {
    if (!lacks_key(f)) continue;
    std::array<cell, max_parts> views;  // of the row, which stays
    const auto parts = f.parts();
    for (unsigned i = 0; i < parts.size(); ++i) {
      views[i] = r->at(static_cast<slot_number>(f.slot + i), parts[i].type);
    }
    draft_sink sink(d, f.slot);
    f.kind().derive(f.def->options, views.data(), sink);
  }
  return build(e, r->system(), d);
}

value session::state::compute(const entity_type& e, const row_ptr& given, const expression& of) {
  const row_ptr complete = with_keys(e, given);
  const row& r = *complete;
  const parameters none_given;
  const detail::bound_value bound = detail::bind_value(showing(none_given), e, of);
  detail::connection_reader reader(seen(), *model, options.zone, false);
  detail::evaluator run(&reader, options.zone);
  return detail::value_on(run, bound, r);
}

// ---------------------------------------------------------------------------------------- look-ups

std::vector<row_ptr> session::state::find_all_by(const entity_type& e, const field_type& f,
                                                 std::span<const cell> cells, std::uint64_t most) {
  return find_all_by(rows(), e, f, cells, most);
}

std::vector<row_ptr> session::state::find_all_by(connection& through, const entity_type& e,
                                                 const field_type& f, std::span<const cell> cells,
                                                 std::uint64_t most) {
  std::vector<program> conditions;
  for (const std::uint8_t part : f.comparison()) {
    if (cells[part].is_null()) return {};
    conditions.push_back(
        detail::equals(static_cast<slot_number>(f.slot + part), f.parts()[part].type, cells[part]));
  }
  return find_all(through, e, conditions, most);
}

std::vector<row_ptr> session::state::find_all(const entity_type& e,
                                              std::span<const program> conditions,
                                              std::uint64_t most) {
  return find_all(rows(), e, conditions, most);
}

std::vector<row_ptr> session::state::find_all(connection& through, const entity_type& e,
                                              std::span<const program> conditions,
                                              std::uint64_t most) {
  scan_request request;
  request.entity = &e;
  request.conditions = conditions;
  request.any_order = true;
  const auto cursor = through.scan(request);
  detail::evaluator filter(nullptr, options.zone);
  std::vector<row_ptr> found;
  while (row_ptr r = cursor->next()) {
    if (!detail::passes(conditions, cursor->taken(), filter, *r)) continue;
    found.push_back(std::move(r));
    if (found.size() == most) break;
  }
  return found;
}

row_ptr session::state::find_by(const entity_type& e, const field_type& f,
                                std::span<const cell> cells) {
  settle();
  require_readable(e, f);
  return only_one(e, f, find_all_by(seen(), e, f, cells, 2));
}

row_ptr session::state::find_by(const entity_type& e,
                                std::span<const std::pair<slot_number, cell>> cells) {
  settle();
  std::vector<program> conditions;
  for (const auto& [slot, c] : cells) {
    require_readable(e, e.field_at(slot));
    if (c.is_null()) return {};
    conditions.push_back(detail::equals(slot, e.columns[slot].type, c));
  }
  std::vector<row_ptr> found = find_all(seen(), e, conditions, 1);
  return found.empty() ? row_ptr() : std::move(found[0]);
}

row_ptr session::state::find_by_slot(const entity_type& e, const field_type& f, slot_number slot,
                                     storage type, const cell& c) {
  settle();
  require_readable(e, f);
  if (c.is_null()) return {};
  const program condition = detail::equals(slot, type, c);
  return only_one(e, f, find_all(seen(), e, {&condition, 1}, 2));
}

row_ptr session::state::only_one(const entity_type& e, const field_type& f,
                                 std::vector<row_ptr> found) {
  if (found.size() > 1) {
    throw error(error_code::invalid,
                "several live " + std::string(e.plural()) + " have this " + std::string(f.name()) +
                    ", such as " + std::to_string(found[0]->id().value) + " and " +
                    std::to_string(found[1]->id().value) + "; use an id",
                {std::string(e.name()), found[0]->id().value, std::string(f.name())});
  }
  return found.empty() ? row_ptr() : std::move(found[0]);
}

std::vector<row_ptr> session::state::referring(const entity_type& e, const field_type& by,
                                               record_id id, std::uint64_t most) {
  const cell cells[] = {cell::integer(id.value), cell::null()};
  return find_all_by(e, by, cells, most);
}

row_ptr session::state::find_natural(const entity_type& e, std::string_view text) {
  if (e.natural_keys.empty()) {
    throw error(error_code::misuse, std::string(e.plural()) + " have no natural key; use an id");
  }
  text_format format;
  format.zone = options.zone;
  bool tried = false;
  for (const field_type* f : e.natural_keys) {
    if (is_limited() && sees()->masks(e, *f)) continue;
    tried = true;
    detail::kept_cells parsed;
    if (f->kind().parse(f->def->options, text, format, parsed)) continue;  // not such a value
    parsed.derive(f->kind(), f->def->options);
    if (row_ptr r = find_by(e, *f, parsed.views())) return r;
  }
  if (!tried) require_readable(e, *e.natural_keys.front());
  return {};
}

row_ptr session::state::find_like(const entity_type& e, const key_ref& key, const any_draft& d) {
  const field_type& f = *e.field(key.field);
  detail::kept_cells value(f, d);
  value.derive(f);
  const auto parts = f.parts();
  if (key.part == whole_value) return find_by(e, f, value.views());
  // A part: compared by its key where it has one.
  const bool keyed = key.part + 1u < parts.size() && parts[key.part + 1u].role == part_role::key;
  const unsigned compared = keyed ? key.part + 1u : key.part;
  return find_by_slot(e, f, static_cast<slot_number>(f.slot + compared), parts[compared].type,
                      value[compared]);
}

}  // namespace kith::inline v1
