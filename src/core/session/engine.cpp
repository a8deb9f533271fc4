// SPDX-License-Identifier: Apache-2.0
//
// Opening a store: founding a new one, adopting an existing one, bringing its tables up to the
// model. All of it in one write transaction, or in none when nothing is to be done.
#include "core/session/engine.hpp"

#include <algorithm>

#include "core/checksum.hpp"
#include "core/system.hpp"
#include "core/totals/total_log.hpp"
#include "core/totals/total_rows.hpp"

namespace kith::inline v1 {

using system::change_set_row;
using system::model_line;
using system::store_format;
using system::total_line;

namespace detail {

row_ptr internal_row(const entity_type& entity, const system_cells& system,
                     std::span<const cell> cells) {
  std::vector<cell> all(entity.columns.size());
  std::size_t next = 0;
  for (std::size_t slot = 0; slot < all.size(); ++slot) {
    if (entity.columns[slot].role != part_role::value) continue;
    if (next < cells.size()) all[slot] = cells[next];  // fields at the end may be left out
    ++next;
  }
  system_cells complete = system;
  complete.checksum = checksum_of(entity, complete, all);
  return row_ptr::make(complete, all);
}

}  // namespace detail

engine::engine(std::unique_ptr<store> rows, crm_options options)
    : store_(std::move(rows)), options_(std::move(options)) {
  if (!options_.clock) options_.clock = std::make_shared<system_clock>();
  if (!options_.random) options_.random = std::make_shared<system_random>();
  if (options_.audit_key) audit_ = std::make_unique<detail::audit_key>(options_.audit_key());
  open();
  order_rules();
}

model_ptr engine::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

void engine::publish(model_ptr now) {
  store_->model_changed(*now);
  const std::lock_guard lock(mutex_);
  // After a commit nothing may fail any more: what retain() has taken needs no room.
  if (std::find(retained_.begin(), retained_.end(), now) == retained_.end()) {
    retained_.push_back(now);
  }
  const bool newer = model_ == nullptr || now->version() >= model_->version();
  if (newer || is_guest()) model_ = std::move(now);  // a host takes models back
}

void engine::retain(model_ptr made) {
  const std::lock_guard lock(mutex_);
  retained_.push_back(std::move(made));
}

engine::lease engine::connect() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<connection> c = std::move(idle_.back());
      idle_.pop_back();
      return {shared_from_this(), std::move(c)};
    }
  }
  return {shared_from_this(), store_->connect()};
}

engine::lease& engine::lease::operator=(lease&& other) noexcept {
  end();
  engine_ = std::move(other.engine_);
  connection_ = std::move(other.connection_);
  return *this;
}

void engine::lease::end() noexcept {
  if (!connection_) return;
  connection_->rollback();  // nothing to do when no transaction is open
  if (!engine_) return connection_.reset();
  const std::lock_guard lock(engine_->mutex_);
  try {
    engine_->idle_.push_back(std::move(connection_));
  } catch (...) {
    connection_.reset();  // no memory to keep it: closed instead
  }
}

std::string engine::random_key() const {
  std::uint8_t bytes[16];
  options_.random->fill(bytes);
  constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base 32
  std::string key;
  unsigned bits = 0;
  unsigned kept = 0;
  for (const std::uint8_t b : bytes) {
    kept = kept << 8 | b;
    for (bits += 8; bits >= 5; bits -= 5) key += digits[kept >> (bits - 5) & 31];
  }
  return key;
}

// ----------------------------------------------------------------------------------------- opening

namespace {

void check_format(const row& format, bool read_only) {
  const auto value = [&](const auto& f) { return format.integer(f.slot()); };
  const bool too_new = value(store_format::least_reader) > system::format_version ||
                       (!read_only && value(store_format::least_writer) > system::format_version);
  if (!too_new) return;
  throw error(error_code::newer,
              "the store was written by a newer Kith (format " +
                  std::to_string(value(store_format::format)) + "); this one knows format " +
                  std::to_string(system::format_version) + ": update the program");
}

// A store is not brought up to date on the word of a record that somebody changed.
void check_whole(const entity_type& formats, const row& format) {
  if (detail::checksum_of(formats, format) == format.system().checksum) return;
  throw error(
      error_code::damaged,
      "the record about the store itself is not what Kith wrote; open the store for reading "
      "to see what crm.verify() says, and restore a backup");
}

}  // namespace

namespace {

// By which a store is asked what it is: of constants, the same for all stores.
const model_ptr& own_model() {
  static const model_ptr made =
      kith::model::build({{system::entities.begin(), system::entities.end()}, {}, 0});
  return made;
}

}  // namespace

void engine::open() {
  entities_.assign(system::entities.begin(), system::entities.end());
  const model_ptr& system_model = own_model();
  entities_.insert(entities_.end(), options_.entities.begin(), options_.entities.end());

  idle_.push_back(store_->connect());  // the first session goes on with it
  connection* const c = idle_.back().get();
  const entity_type& formats = system_model->entity<store_format>();
  row_ptr format = c->has(formats) ? c->get(formats, {1}) : row_ptr();
  if (!format) {
    if (options_.read_only) {
      throw error(error_code::read_only, "the store is new: open it for writing first");
    }
    format = found(*c, *system_model);
    if (!format) return retain(model_);
  }
  check_format(*format, options_.read_only);
  if (!options_.read_only) check_whole(formats, *format);
  origin_number_ = static_cast<std::uint16_t>(format->integer(store_format::origin_number.slot()));
  model_ = stored_model(*c, *system_model, *format);
  check_audit_key(*c);
  const bool complete =
      options_.read_only || (is_complete(*model_, *format) && has_wanted(*model_));
  if (!complete) adopt(*c, *system_model);
  retain(model_);
}

bool engine::is_complete(const kith::model& m, const row& format) {
  const auto layout = static_cast<std::int64_t>(m.layout_hash());
  const auto lines = static_cast<std::int64_t>(m.entries().size());
  return layout == format.integer(store_format::layout.slot()) &&
         lines == format.integer(store_format::lines.slot()) && m.totals_to_count().empty();
}

// Makes a store that has nothing yet; answers the format record of a process that was faster.
row_ptr engine::found(connection& c, const kith::model& system_model) {
  c.begin(access::write);
  try {
    const entity_type& formats = system_model.entity<store_format>();
    if (row_ptr format = c.has(formats) ? c.get(formats, {1}) : row_ptr()) {
      c.rollback();
      return format;
    }
    origin_number_ = options_.origin_number;
    const model_ptr first = with_wanted(built({entities_, {}, 1}))->with_described_totals();
    for (const auto& e : first->entities()) c.apply(*e);
    write_lines(c, *first);
    write_format(c, *first, {});
    write_own_set(c, *first, {}, "the store was made");
    c.commit();
    model_ = first;
    return {};
  } catch (...) {
    c.rollback();
    throw;
  }
}

// A commit of the engine's own: it changes no record, but others see by it that the model changed.
void engine::write_own_set(connection& c, const kith::model& now, const store_head& before,
                           std::string_view reason) {
  const entity_type& sets = now.entity<change_set_row>();
  const std::int64_t sequence = before.sequence + 1;
  const cell cells[] = {cell::integer(std::max(this->now(), before.at).microseconds),
                        cell::text("kith"),
                        cell::integer(static_cast<int>(origin::user)),
                        cell::text(reason),
                        {},
                        {},
                        {},
                        cell::integer(before.last_id),
                        cell::integer(now.version()),
                        cell::integer(0),
                        {},
                        {},
                        {},
                        {}};
  row_ptr set = detail::internal_row(
      sets, {.id = {sequence}, .revision = sequence, .created = sequence}, cells);
  c.write({&sets, {}, in_chain(c, now, std::move(set)), {}});
}

// Brings the tables up to the model of this program.
void engine::adopt(connection& c, const kith::model& system_model) {
  c.begin(access::write);
  try {
    const row_ptr format = c.get(system_model.entity<store_format>(), {1});
    // Others may have been here.
    model_ptr wanted = with_wanted(stored_model(c, system_model, *format));
    const auto lines = static_cast<std::int64_t>(wanted->entries().size());
    const std::vector<std::uint16_t> to_count = wanted->totals_to_count();
    const bool numbered = lines != format->integer(store_format::lines.slot()) || !to_count.empty();
    const store_head before = head_of(c, *wanted);
    require_audit_key(c, *wanted, before.sequence);
    if (!to_count.empty()) wanted = wanted->with_described_totals();
    if (numbered) wanted = wanted->at_version(before.sequence + 1);
    for (const auto& e : wanted->entities()) c.apply(*e);
    write_lines(c, *wanted);
    write_format(c, *wanted, format);
    for (const std::uint16_t number : to_count) {
      const detail::total_type& t = *detail::kept_total(*wanted, number);
      detail::total_rows(c, *wanted).rebuild(t, before.sequence + 1);
    }
    if (numbered) write_own_set(c, *wanted, before, "the store got entities of a program");
    c.commit();
    if (c.provisional()) {
      before_adoption_ = std::pair(format->integer(store_format::layout.slot()),
                                   format->integer(store_format::lines.slot()));
    }
    model_ = wanted;
  } catch (...) {
    c.rollback();
    throw;
  }
}

store_head engine::head_of(connection& c, const kith::model& of) {
  const entity_type& sets = of.entity<change_set_row>();
  instruction by_id;
  by_id.code = op::load;
  by_id.slot = id_slot;
  by_id.type = storage::integer;
  const order_term newest{{{by_id}, nullptr}, storage::integer, true};
  const slot_number slots[] = {change_set_row::at.slot(), change_set_row::last_id.slot(),
                               change_set_row::model_version.slot()};
  scan_request request;
  request.entity = &sets;
  request.order = {&newest, 1};
  request.limit = 1;
  request.slots = slots;
  const row_ptr r = c.scan(request)->next();
  if (!r) return {};
  return {r->id().value, instant{r->integer(slots[0])}, r->integer(slots[1]), r->integer(slots[2])};
}

}  // namespace kith::inline v1
