// SPDX-License-Identifier: Apache-2.0
//
// The way through a store that is verified: its own structure, every entity's rows, unique values,
// the model's lines; then the feed.
#include "core/session/verify.hpp"

#include <algorithm>

#include "core/change/feed_reader.hpp"
#include "core/remedies.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::size_t most_findings = 1000;

// Errors that say something about the store's content. The others stop a verification.
bool tells_of_damage(error_code c) {
  switch (c) {
    case error_code::busy:
    case error_code::interrupted:
    case error_code::poisoned:
    case error_code::closed:
    case error_code::forked:
    case error_code::wrong_thread:
    case error_code::reentrant:
    case error_code::misuse: return false;
    default: return true;
  }
}

}  // namespace

void findings::add(std::string_view entity, record_id id, std::string what, std::string remedy) {
  if (to_.found.size() == most_findings) {
    ++to_.more;
    return;
  }
  to_.found.push_back({std::string(entity), id, std::move(what), std::move(remedy)});
}

order_term by_slot(slot_number slot, storage type, bool descending) {
  instruction load;
  load.code = op::load;
  load.slot = slot;
  load.type = type;
  return {{{load}, nullptr}, type, descending};
}

bool verifier::guarded(std::string_view entity, record_id id, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const error& e) {
    if (!tells_of_damage(e.code())) throw;
    found_.add(entity, id, "cannot be read: " + e.message(), restore_backup);
    return false;
  }
}

void verifier::run() {
  guarded({}, {}, [&] { structure(); });
  guarded({}, {}, [&] {
    state_.begin(access::read, {});
    content();
  });
  state_.rollback();
}

void verifier::structure() {
  state_.eng->rows().verify([&](std::string what, std::string remedy) {
    found_.add({}, {}, std::move(what), std::move(remedy));
  });
}

void verifier::content() {
  head_ = engine::head_of(state_.rows(), *state_.model);
  oldest_ = feed_reader(state_.rows(), *state_.model).oldest();
  const entity_type& formats = state_.model->entity<system::store_format>();
  const row_ptr format = state_.rows().get(formats, {1});
  older_ = state_.eng->options().read_only && format &&
           format->integer(system::store_format::layout.slot()) !=
               static_cast<std::int64_t>(state_.model->layout_hash());
  for (const auto& e : state_.model->entities()) {
    if (!guarded(e->name(), {}, [&] { entity(*e); })) seen_[e->number].unreadable = true;
  }
  guarded({}, {}, [&] { model_lines(); });
  guarded("change_set", {}, [&] { feed(); });
  if (scope_.computed) guarded("total_row", {}, [&] { totals(); });
}

// ---------------------------------------------------------------------------------------- entities

void verifier::entity(const entity_type& e) {
  if (!state_.rows().has(e)) {
    if (older_) return;
    found_.add(e.name(), {}, "the store has no place for " + std::string(e.plural()),
               "restore the newest backup; or, if no record was lost, open the store for writing "
               "with a program that describes them");
    seen_[e.number].unreadable = true;
    return;
  }
  each_row(e, [&](const row_ptr& r) {
    ++result_.records;
    guarded(e.name(), r->id(), [&] { record(e, r); });
  });
  for (const index_type& index : e.indexes) {
    if (index.as != index_def::shape::exclusive) continue;
    guarded(e.name(), {}, [&] { unique_values(e, index); });
  }
}

// Where reading breaks off, it goes on from the other end: what lies between is what is lost.
void verifier::each_row(const entity_type& e, const visitor& visit) {
  const stretch up = walk(e, visit);
  if (!up.broken) return;
  seen_[e.number].unreadable = true;
  const stretch down = walk_back(e, up.last, visit);
  const auto name = [](record_id id, const char* none) {
    return id ? std::to_string(id.value) : std::string(none);
  };
  found_.add(e.name(), up.last,
             "records between " + name(up.last, "the first") + " and " +
                 name(down.last, "the last") + " cannot be read: " + up.why,
             restore_backup);
}

verifier::stretch verifier::walk(const entity_type& e, const visitor& visit) {
  return walk(e, false, [&](const row_ptr& r) {
    visit(r);
    return true;
  });
}

verifier::stretch verifier::walk_back(const entity_type& e, record_id stop, const visitor& visit) {
  return walk(e, true, [&](const row_ptr& r) {
    if (r->id() <= stop) return false;
    visit(r);
    return true;
  });
}

verifier::stretch verifier::walk(const entity_type& e, bool descending,
                                 const std::function<bool(const row_ptr&)>& visit) {
  std::vector<slot_number> slots{revision_slot, created_slot, deleted_slot, merged_slot,
                                 checksum_slot};
  for (slot_number s = 0; s < e.columns.size(); ++s) slots.push_back(s);
  const order_term by_id = by_slot(id_slot, storage::integer, descending);
  scan_request request;
  request.entity = &e;
  request.rows = lifecycle::all;
  request.order = {&by_id, 1};
  request.slots = slots;
  stretch came;
  bool any = false;
  try {
    const auto cursor = state_.rows().scan(request);
    while (const row_ptr r = cursor->next()) {
      const record_id id = r->id();
      if (any && (descending ? id >= came.last : id <= came.last)) {
        return {came.last, true, "behind it comes " + std::to_string(id.value)};
      }
      if (!visit(r)) break;
      came.last = id;
      any = true;
    }
  } catch (const error& x) {
    if (!tells_of_damage(x.code())) throw;
    came.broken = true;
    came.why = x.message();
  }
  return came;
}

// ------------------------------------------------------------------------------------------ unique

void verifier::unique_values(const entity_type& e, const index_type& index) {
  std::vector<order_term> order;
  for (const slot_number s : index.keys) order.push_back(by_slot(s, e.columns[s].type));
  scan_request request;
  request.entity = &e;
  request.order = order;
  request.slots = index.keys;
  const auto same = [&](const row& a, const row& b) {
    return std::all_of(index.keys.begin(), index.keys.end(), [&](slot_number s) {
      return a.at(s, e.columns[s].type) == b.at(s, e.columns[s].type);
    });
  };
  const auto report = [&](const row& one, const row& other) {
    std::string fields;
    for (const field_type* f : index.fields)
      fields += (fields.empty() ? "" : ", ") + std::string(f->name());
    found_.add(e.name(), one.id(),
               "has the same " + fields + " as " + std::to_string(other.id().value) +
                   ", though it is unique",
               "change or remove one of the two records, or restore the newest backup");
  };
  const auto less = [&](const row_ptr& a, const row_ptr& b) {
    return std::lexicographical_compare(index.keys.begin(), index.keys.end(), index.keys.begin(),
                                        index.keys.end(), [&](slot_number s, slot_number t) {
                                          return a->at(s, e.columns[s].type) <
                                                 b->at(t, e.columns[t].type);
                                        });
  };
  std::set<row_ptr, decltype(less)> all(less);  // of a store that keeps no order
  const auto cursor = state_.rows().scan(request);
  row_ptr before;
  while (row_ptr r = cursor->next()) {
    const bool has_null = std::any_of(index.keys.begin(), index.keys.end(),
                                      [&](slot_number s) { return !r->has(s); });
    if (has_null) continue;
    if (cursor->ordered()) {
      if (before && same(*before, *r)) report(*r, *before);
      before = std::move(r);
    } else if (const auto [at, is_new] = all.insert(r); !is_new) {
      report(*r, **at);
    }
  }
}

// ------------------------------------------------------------------------------------------- model

void verifier::model_lines() {
  using system::store_format;
  const entity_type& formats = state_.model->entity<store_format>();
  const row_ptr format = state_.rows().get(formats, {1});
  if (!format) {
    found_.add(formats.name(), {1}, "the record about the store itself is gone", restore_backup);
    return;
  }
  (void)state_.eng->stored_model(state_.rows(), *format);  // throws what it cannot read
  std::int64_t lines = 0;
  walk(state_.model->entity<system::model_line>(), [&](const row_ptr&) { ++lines; });
  if (lines != format->integer(store_format::lines.slot())) {
    found_.add("model_line", {},
               "there are " + std::to_string(lines) + " lines of the model instead of " +
                   std::to_string(format->integer(store_format::lines.slot())),
               "entities or fields that users added are lost: restore the newest backup");
  }
  if (format->integer(store_format::model_version.slot()) != head_.model_version) {
    found_.add(formats.name(), {1}, "it is not of the model that the newest change set names",
               restore_backup);
  }
}

// ---------------------------------------------------------------------------------------- the ways

verification verify(session::state& through, verify_scope scope) {
  verification result;
  std::make_unique<verifier>(through, result, scope)->run();
  return result;
}

void check_copy(const engine& of, std::unique_ptr<store> copy, const std::string& path) {
  crm_options options = of.options();
  options.read_only = true;
  const auto other = std::make_shared<engine>(std::move(copy), std::move(options));
  session::state through(other, {});
  const verification found = verify(through, {.computed = false});
  if (found.sound()) return;
  const damage& first = found.found.front();
  throw error(error_code::damaged,
              "the copy for '" + path + "' does not verify, and was removed: " + first.entity +
                  (first.entity.empty() ? "" : " " + std::to_string(first.id.value) + " ") +
                  first.what + (found.found.size() > 1 ? ", and more" : "") +
                  "; see what crm.verify() says of the store itself",
              {first.entity, first.id.value, {}});
}

}  // namespace kith::inline v1::detail
