// SPDX-License-Identifier: Apache-2.0
//
// What happens to records: deleting with what goes along, computing, leaving one out.
#include "model_check/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "model_check/naive.hpp"

namespace kith::model_check {

int entity_plan::field(std::string_view wanted) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const field_plan& f) { return f.name == wanted; });
  if (found == fields.end()) throw std::out_of_range(name + "." + std::string(wanted));
  return static_cast<int>(found - fields.begin());
}

const record_plan* world::find(int entity, std::int64_t handle) const {
  const auto& all = records[static_cast<std::size_t>(entity)];
  const auto found =
      std::lower_bound(all.begin(), all.end(), handle,
                       [](const record_plan& r, std::int64_t h) { return r.handle < h; });
  return found == all.end() || found->handle != handle ? nullptr : &*found;
}

const record_plan* world::find_anywhere(std::int64_t handle, int* entity) const {
  for (std::size_t e = 0; e < records.size(); ++e) {
    const record_plan* const r = find(static_cast<int>(e), handle);
    if (r == nullptr) continue;
    if (entity != nullptr) *entity = static_cast<int>(e);
    return r;
  }
  return nullptr;
}

int exponent_of(const std::string& currency) {
  return currency == "JPY" ? 0 : currency == "KWD" ? 3 : 2;
}

namespace {

// Calls visit(record, value) for every reference to a record.
template <class Visit>
void each_reference(world& w, std::int64_t handle, Visit visit) {
  for (std::size_t e = 0; e < w.entities.size(); ++e) {
    const auto& fields = w.entities[e].fields;
    for (record_plan& r : w.records[e]) {
      for (std::size_t f = 0; f < fields.size(); ++f) {
        if (!is_reference(fields[f].is.kind) || fields[f].computed) continue;
        if (!r.values[f].known || r.values[f].units != handle) continue;
        visit(static_cast<int>(e), fields[f], r, r.values[f]);
      }
    }
  }
}

}  // namespace

void remove_record(world& w, int entity, std::int64_t handle) {
  record_plan* const gone = w.find(entity, handle);
  if (gone == nullptr || gone->deleted) return;
  gone->deleted = true;
  std::vector<std::pair<int, std::int64_t>> along;
  each_reference(w, handle, [&](int e, const field_plan& f, record_plan& r, datum& value) {
    if (r.deleted) return;
    if (f.policy == delete_policy::clear) value = {};
    if (f.policy == delete_policy::cascade) along.emplace_back(e, r.handle);
  });
  for (const auto& [e, h] : along) remove_record(w, e, h);
}

void compute_stored(world& w) {
  const naive n(w);
  // Lines before documents: a document is computed from its lines.
  for (std::size_t e = w.entities.size(); e-- > 0;) {
    const auto& fields = w.entities[e].fields;
    for (std::size_t f = 0; f < fields.size(); ++f) {
      if (!fields[f].computed || fields[f].on_read) continue;
      for (record_plan& r : w.records[e]) {
        // What is deleted stays as it was when it was deleted.
        if (!r.deleted) r.values[f] = n.value(*fields[f].computed, r);
      }
    }
  }
}

world without(const world& w, std::int64_t handle) {
  world next = w;
  each_reference(next, handle,
                 [](int, const field_plan&, record_plan&, datum& value) { value = {}; });
  for (auto& all : next.records) {
    std::erase_if(all, [&](const record_plan& r) { return r.handle == handle; });
    for (record_plan& r : all) r.deleted = false;
  }
  compute_stored(next);
  for (const std::int64_t removed : next.removals) {
    int e = 0;
    if (next.find_anywhere(removed, &e) == nullptr) continue;
    remove_record(next, e, removed);
    compute_stored(next);
  }
  return next;
}

}  // namespace kith::model_check
