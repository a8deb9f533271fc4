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

void engine::open() {
  entities_.assign(system::entities.begin(), system::entities.end());
  kith::model::source own{entities_, {}, 0};
  const model_ptr system_model = kith::model::build(std::move(own));
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
  if (!is_complete(*model_, *format) && !options_.read_only) adopt(*c, *system_model);
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
    const model_ptr first = kith::model::build({entities_, {}, 1})->with_described_totals();
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
    model_ptr wanted = stored_model(c, system_model, *format);  // others may have been here
    const auto lines = static_cast<std::int64_t>(wanted->entries().size());
    const std::vector<std::uint16_t> to_count = wanted->totals_to_count();
    const bool numbered = lines != format->integer(store_format::lines.slot()) || !to_count.empty();
    const store_head before = head_of(c, *wanted);
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

// The descriptions of this program with the numbers and lines of the store.
model_ptr engine::stored_model(connection& c, const kith::model& known, const row& format) {
  kith::model::source source;
  source.entities = entities_;
  source.version = format.integer(store_format::model_version.slot());
  if (format.integer(store_format::lines.slot()) > 0) source.entries = stored_lines(c, known);
  source.totals = total_lines(c, known);
  return kith::model::build(std::move(source));
}

std::vector<model_entry> engine::stored_lines(connection& c, const kith::model& known) {
  std::vector<model_entry> entries;
  scan_request all;
  all.entity = &known.entity<model_line>();
  const auto cursor = c.scan(all);
  while (const row_ptr r = cursor->next()) {
    const auto number = [&](const auto& f) {
      return static_cast<std::uint16_t>(r->integer(f.slot()));
    };
    entries.push_back({number(model_line::entity), number(model_line::field_number),
                       std::string(r->text(model_line::name.slot())),
                       std::string(r->text(model_line::definition.slot())),
                       number(model_line::retired) != 0});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.entity, a.field) < std::pair(b.entity, b.field);
  });
  return entries;
}

std::vector<total_entry> engine::total_lines(connection& c, const kith::model& known) {
  std::vector<total_entry> lines;
  scan_request all;
  all.entity = &known.entity<total_line>();
  if (!c.has(*all.entity)) return lines;  // of before totals
  const auto cursor = c.scan(all);
  while (const row_ptr r = cursor->next()) {
    const auto text = [&](const auto& f) { return std::string(r->text(f.slot())); };
    total_entry& line = lines.emplace_back();
    line.number = static_cast<std::uint16_t>(r->id().value);
    line.entity = static_cast<std::uint16_t>(r->integer(total_line::entity.slot()));
    line.name = text(total_line::name);
    line.where = text(total_line::condition);
    line.by = text(total_line::grouped_by);
    line.measures = text(total_line::measures);
    line.retired = r->integer(total_line::retired.slot()) != 0;
    line.stale = r->integer(total_line::stale.slot()) != 0;
    line.stored = true;
  }
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return lines;
}

model_ptr engine::reload(connection& c) {
  const model_ptr known = model();
  const row_ptr format = c.get(known->entity<store_format>(), {1});
  if (!format) throw error(error_code::damaged, "the store has lost its format record");
  if (is_newest(c, *known, *format)) return known;
  publish(stored_model(c, *known, *format));
  return model();
}

void engine::write_format(connection& c, const kith::model& now, row_ptr before) {
  const entity_type& formats = now.entity<store_format>();
  const cell cells[] = {cell::integer(system::format_version),
                        cell::integer(system::format_version),
                        cell::integer(system::format_version),
                        cell::integer(static_cast<std::int64_t>(now.layout_hash())),
                        cell::integer(static_cast<std::int64_t>(now.entries().size())),
                        cell::integer(now.version()),
                        cell::integer(1),
                        cell::integer(origin_number_),
                        cell::text("kith")};
  const row_ptr after =
      detail::internal_row(formats, {.id = {1}, .revision = now.version(), .created = 1}, cells);
  std::vector<slot_number> changed;
  for (slot_number s = 0; before && s < formats.columns.size(); ++s) changed.push_back(s);
  c.write({&formats, std::move(before), after, changed});
}

void engine::write_lines(connection& c, const kith::model& now) {
  const entity_type& lines = now.entity<model_line>();
  for (const model_entry& e : now.entries()) {
    const record_id id{static_cast<std::int64_t>(e.entity) << 16 | e.field};
    row_ptr before = c.get(lines, id);
    const bool same = before && before->text(model_line::definition.slot()) == e.definition &&
                      (before->integer(model_line::retired.slot()) != 0) == e.retired;
    if (same) continue;
    const cell cells[] = {cell::integer(e.entity), cell::integer(e.field), cell::text(e.name),
                          cell::text(e.definition), cell::integer(e.retired)};
    const std::int64_t created = before ? before->system().created : now.version();
    const row_ptr after = detail::internal_row(
        lines, {.id = id, .revision = now.version(), .created = created}, cells);
    std::vector<slot_number> changed;
    for (slot_number s = 0; before && s < lines.columns.size(); ++s) changed.push_back(s);
    c.write({&lines, std::move(before), after, changed});
  }
  write_total_lines(c, now);
}

void engine::write_total_lines(connection& c, const kith::model& now) {
  const entity_type& lines = now.entity<total_line>();
  for (const total_entry& t : now.made_from().totals) {
    if (!t.stored) continue;
    const cell cells[] = {cell::integer(t.entity), cell::text(t.name),     cell::text(t.where),
                          cell::text(t.by),        cell::text(t.measures), cell::integer(t.retired),
                          cell::integer(t.stale)};
    row_ptr before = c.get(lines, {t.number});
    system_cells system{.id = {t.number}, .revision = now.version(), .created = now.version()};
    if (before) system.created = before->system().created;
    const row_ptr after = detail::internal_row(lines, system, cells);
    std::vector<slot_number> changed;
    for (slot_number s = 0; before && s < lines.columns.size(); ++s) {
      const storage type = lines.columns[s].type;
      if (before->at(s, type) != after->at(s, type)) changed.push_back(s);
    }
    if (before && changed.empty()) continue;
    c.write({&lines, std::move(before), after, changed});
  }
}

void engine::write_model(connection& c, const kith::model& now) {
  write_lines(c, now);
  write_format(c, now, c.get(now.entity<store_format>(), {1}));
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

// ------------------------------------------------------------------------------------------- rules

namespace detail {
namespace {

bool reads_what(const rule& a, const rule& b) {  // does a read a field that b writes
  return std::any_of(b.writes.begin(), b.writes.end(), [&](const key_ref& w) {
    return std::any_of(a.reads.begin(), a.reads.end(), [&](const std::vector<key_ref>& path) {
      return !path.empty() && path.front().field == w.field && path.front().owner == w.owner;
    });
  });
}

}  // namespace

std::vector<const rule*> ordered(std::vector<const rule*> rules) {
  std::vector<const rule*> order;
  while (!rules.empty()) {
    // The first rule that waits for no other one.
    const auto next = std::find_if(rules.begin(), rules.end(), [&](const rule* r) {
      return std::none_of(rules.begin(), rules.end(),
                          [&](const rule* other) { return other != r && reads_what(*r, *other); });
    });
    if (next == rules.end()) {
      std::string names;
      for (const rule* r : rules) names += (names.empty() ? "" : ", ") + r->name;
      throw error(error_code::model, "these rules wait for each other: " + names);
    }
    order.push_back(*next);
    rules.erase(next);
  }
  return order;
}

}  // namespace detail

void engine::order_rules() {
  const auto add = [&](const rule& r) {
    rule_book& book = books_[r.entity];
    if (r.phase == rule_phase::complete) book.complete.push_back(&r);
    if (r.phase == rule_phase::check) book.check.push_back(&r);
    if (r.phase != rule_phase::react) return;
    book.react.push_back(&r);
    if (!r.also_on_undo) return;
    book.react_to_undo.push_back(&r);
    for (const key_ref& w : r.writes) kept_by_rules_.insert(w.owner);
  };
  for (const auto& e : model_->entities()) {
    for (const rule& r : e->rules) add(r);
  }
  for (const rule& r : options_.rules) add(r);
  for (auto& [type, book] : books_) book.complete = detail::ordered(std::move(book.complete));
}

const rule_book& engine::rules_of(const entity_type& entity) const {
  static const rule_book no_rules;
  const auto found = books_.find(entity.type);
  return found == books_.end() ? no_rules : found->second;
}

}  // namespace kith::inline v1
