// SPDX-License-Identifier: Apache-2.0
//
// Writing, reading and showing rows.
#include "suite.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <numeric>

#include "core/checksum.hpp"
#include "kith/core/text.hpp"

namespace kith::conformance {

// ------------------------------------------------------------------------------------------
// writing

std::int64_t version::next_sequence() {
  static std::atomic<std::int64_t> last{0};
  return ++last;
}

version::version(const entity_type& entity, std::int64_t id)
    : entity_(&entity), cells_(entity.columns.size()) {
  system_.id = {id};
  system_.created = next_sequence();
}

version::version(const entity_type& entity, row_ptr before)
    : entity_(&entity), before_(std::move(before)), system_(before_->system()) {
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    cells_.emplace_back(before_->at(s, entity.columns[s].type));
  }
}

version& version::set(slot_number slot, const cell& c) {
  if (c == cells_[slot].view()) return *this;
  const auto change = [&](slot_number s, const cell& next) {
    cells_[s] = next;
    if (before_) changed_.push_back(s);
  };
  change(slot, c);
  const bool keyed =
      slot + 1u < cells_.size() && entity_->columns[slot + 1u].role == part_role::key;
  if (!keyed) return *this;
  const std::string key = c.is_null() ? std::string() : fold(c.as_bytes());
  change(static_cast<slot_number>(slot + 1), c.is_null() ? c : cell::text(key));
  return *this;
}

version& version::set_price(const field<sample, money>& field, std::int64_t amount,
                            std::string_view code) {
  set(field.slot(), cell::integer(amount));
  return set(static_cast<slot_number>(field.slot() + 1), cell::text(code));
}

version& version::set_deleted(std::int64_t sequence) {
  system_.deleted = sequence;
  return *this;
}

version& version::merge_into(std::int64_t survivor) {
  system_.merged_into = {survivor};
  return *this;
}

row_ptr version::write(connection& through) {
  const std::vector<cell> cells(cells_.begin(), cells_.end());
  system_.revision = next_sequence();
  system_.checksum = detail::checksum_of(*entity_, system_, cells);
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  const row_ptr after = row_ptr::make(system_, cells);
  through.write({entity_, before_, after, changed_});
  return after;
}

scan_request scan_of(const entity_type& entity, lifecycle rows) {
  scan_request request;
  request.entity = &entity;
  request.rows = rows;
  return request;
}

void transaction(connection& through, const std::function<void()>& work) {
  through.begin(access::write);
  try {
    work();
    through.commit();
  } catch (...) {
    through.rollback();
    throw;
  }
}

// ------------------------------------------------------------------------------------------
// reading

std::string shown(const cell& c) {
  switch (c.type()) {
    case storage::null: return "null";
    case storage::integer: return std::to_string(c.as_integer());
    case storage::real: {
      char digits[32];
      const double value = c.as_real() == 0 ? 0.0 : c.as_real();  // -0 and 0 are one value
      return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
    }
    default: break;
  }
  const std::string_view bytes = c.as_bytes();
  const std::string quote = c.type() == storage::text ? "'" : "\"";
  if (bytes.size() <= 40) return quote + std::string(bytes) + quote;
  return quote + std::string(bytes.substr(0, 20)) + "…" + quote + " of " +
         std::to_string(bytes.size()) + " bytes, hash " +
         std::to_string(std::hash<std::string_view>()(bytes));
}

std::string shown(const entity_type& entity, const row_ptr& r, bool keys) {
  if (!r) return "nothing";
  const system_cells& s = r->system();
  std::string text = std::to_string(s.id.value) + (s.deleted == 0 ? " live" : " deleted");
  if (s.merged_into) text += " merged into " + std::to_string(s.merged_into.value);
  text += " {";
  for (slot_number slot = 0; slot < entity.columns.size(); ++slot) {
    const column& c = entity.columns[slot];
    if (!r->has(slot) || (c.role == part_role::key && !keys)) continue;
    text += (text.back() == '{' ? "" : ", ") + c.name + "=" + shown(r->at(slot, c.type));
  }
  return text + "}";
}

std::vector<row_ptr> rest_of(cursor& rows) {
  std::vector<row_ptr> all;
  while (row_ptr r = rows.next()) all.push_back(std::move(r));
  return all;
}

std::vector<std::int64_t> ids_of(const std::vector<row_ptr>& rows) {
  std::vector<std::int64_t> ids;
  for (const row_ptr& r : rows) ids.push_back(r->id().value);
  return ids;
}

std::vector<std::string> all_shown(connection& through, const entity_type& entity, lifecycle rows) {
  scan_request request = scan_of(entity, rows);
  std::vector<std::string> all;
  const auto found = through.scan(request);
  while (const row_ptr r = found->next()) all.push_back(shown(entity, r));
  return all;
}

std::vector<slot_number> all_slots(const entity_type& entity) {
  std::vector<slot_number> slots(entity.columns.size());
  std::iota(slots.begin(), slots.end(), slot_number{0});
  for (const slot_number s : {id_slot, revision_slot, created_slot, deleted_slot, merged_slot}) {
    slots.push_back(s);
  }
  return slots;
}

std::string outcome(const std::function<void()>& call) {
  const std::optional<error> e = refusal(call);
  return e ? std::string(name_of(e->code())) : "done";
}

// ---------------------------------------------------------------------------------------- the
// suite

void suite::SetUp() {
  kept = of().fresh();
  rows = kept->connect();
  transaction(*rows, [&] {
    for (const auto& e : model->entities()) rows->apply(*e);
  });
}

void suite::put(connection& through, std::int64_t id, std::int64_t whole) {
  transaction(through, [&] {
    const row_ptr before = through.get(samples(), {id});
    version next = before ? version(samples(), before) : version(samples(), id);
    next.set(sample::whole, whole).write(through);
  });
}

std::optional<std::int64_t> suite::whole_of(connection& through, std::int64_t id) {
  const row_ptr r = through.get(samples(), {id});
  if (!r) return {};
  return r->integer(sample::whole.slot());
}

bool suite::keeps_content() const {
  return of().reopen && (can().save || can().durable == capabilities::durability::on_commit);
}

void suite::reopen() {
  if (can().save) kept->save();
  rows.reset();
  kept.reset();
  kept = of().reopen();
  rows = kept->connect();
}

}  // namespace kith::conformance
