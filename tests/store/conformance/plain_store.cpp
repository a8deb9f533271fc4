// SPDX-License-Identifier: Apache-2.0
//
// One writer or many readers; a write transaction works on a copy of everything, and so does each
// savepoint.
#include "plain_store.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "kith/core/error.hpp"

namespace kith::conformance {
namespace {

// -------------------------------------------------------------------------------------- the
// content

struct unique_rule {
  std::string name;
  std::string field;  // for messages
  std::vector<std::pair<slot_number, storage>> keys;
};

struct table {
  std::vector<column> columns;
  std::vector<unique_rule> unique;
  std::map<record_id, row_ptr> rows;
};

struct content {
  std::map<std::uint16_t, table> tables;  // by the entity's number
  std::uint64_t version = 0;              // of the last commit
};
using instant_of_content = std::shared_ptr<const content>;

// What the connections share. Everything is guarded by the mutex; an instant never changes.
struct shared_content {
  std::mutex mutex;
  std::condition_variable left;
  std::chrono::milliseconds timeout{};
  instant_of_content newest = std::make_shared<const content>();
  int readers = 0;
  int waiting_writers = 0;
  bool writer = false;
};

// The row that has the same unique values, or null. Null equals nothing.
const row* holder_of(const table& t, const unique_rule& rule, const row& wanted) {
  const auto value = [](const row& r, const auto& key) { return r.at(key.first, key.second); };
  for (const auto& key : rule.keys) {
    if (value(wanted, key).is_null()) return nullptr;
  }
  for (const auto& [id, r] : t.rows) {
    if (id == wanted.id() || !r->live()) continue;
    const row& other = *r;
    const bool same = std::all_of(rule.keys.begin(), rule.keys.end(), [&](const auto& key) {
      return value(other, key) == value(wanted, key);
    });
    if (same) return &other;
  }
  return nullptr;
}

void check_unique(const entity_type& e, const table& t, const unique_rule& rule, const row& r) {
  const row* const other = r.live() ? holder_of(t, rule, r) : nullptr;
  if (other == nullptr) return;
  for (const index_type& index : e.indexes) {
    if (index.name == rule.name) throw exists_already(e, index, r, other->id().value);
  }
  throw error(error_code::exists, "a unique value is taken",  // by an index that `e` does not know
              {std::string(e.name()), other->id().value, rule.field});
}

// The new version. Keys that did not change may be missing in it, and columns that the writer's
// description is too old to know always are: both stay as they were.
row_ptr complete(const table& t, const row_change& change, const row_ptr& before) {
  std::vector<cell> cells;
  for (slot_number s = 0; s < t.columns.size(); ++s) {
    const bool may_be_missing =
        t.columns[s].role == part_role::key || s >= change.entity->columns.size();
    const bool kept = before && may_be_missing && !is_changed(change, s);
    cells.push_back((kept ? before : change.after)->at(s, t.columns[s].type));
  }
  return row_ptr::make(change.after->system(), cells);
}

// ---------------------------------------------------------------------------------------- the
// cursor

class plain_cursor final : public cursor {
 public:
  plain_cursor(std::vector<row_ptr> rows, bool ordered)
      : rows_(std::move(rows)), ordered_(ordered) {}
  std::uint64_t taken() const noexcept override { return 0; }
  bool ordered() const noexcept override { return ordered_; }
  row_ptr next() override { return next_ < rows_.size() ? rows_[next_++] : row_ptr(); }

 private:
  std::vector<row_ptr> rows_;
  std::size_t next_ = 0;
  bool ordered_;
};

bool is_by_id(std::span<const order_term> order) {
  return order.empty() || (order[0].key.is_load() && order[0].key.code[0].slot == id_slot);
}

// ------------------------------------------------------------------------------------ the
// connection

class plain_connection final : public connection {
 public:
  explicit plain_connection(std::shared_ptr<shared_content> all) : all_(std::move(all)) {}
  ~plain_connection() override { rollback(); }

  void begin(access mode) override {
    if (seen_) throw error(error_code::misuse, "a transaction is open already");
    std::unique_lock lock(all_->mutex);
    const bool writes = mode == access::write;
    all_->waiting_writers += writes;
    const bool came = all_->left.wait_for(lock, all_->timeout, [&] {
      return !all_->writer && (writes ? all_->readers == 0 : all_->waiting_writers == 0);
    });
    all_->waiting_writers -= writes;
    if (!came) {
      all_->left.notify_all();  // readers waited for this writer
      throw error(error_code::busy, "somebody else uses the store");
    }
    (writes ? all_->writer = true : all_->readers += 1);
    seen_ = all_->newest;
    if (writes) own_ = std::make_shared<content>(*seen_);
  }
  void commit() override {
    if (!seen_) no_transaction();
    {
      const std::lock_guard lock(all_->mutex);
      if (own_) {
        own_->version += 1;
        all_->newest = own_;
      }
    }
    rollback();
  }
  void rollback() noexcept override {
    if (!seen_) return;
    const std::lock_guard lock(all_->mutex);
    (own_ ? all_->writer = false : all_->readers -= 1);
    all_->left.notify_all();
    seen_.reset();
    own_.reset();
    saved_.clear();
  }

  void savepoint(int level) override {
    content& now = writable();
    if (level != depth() + 1) wrong_level(level);
    saved_.push_back(now);
  }
  void release(int level) override {
    writable();
    if (level < 1 || level > depth()) wrong_level(level);
    saved_.resize(static_cast<std::size_t>(level) - 1);
  }
  void rollback_to(int level) override {
    content& now = writable();
    if (level < 1 || level > depth()) wrong_level(level);
    saved_.resize(static_cast<std::size_t>(level));
    now = saved_.back();
  }
  std::uint64_t data_version() override { return visible()->version; }

  row_ptr get(const entity_type& entity, record_id id, needed_cells) override {
    const instant_of_content now = visible();
    const table& t = table_of(*now, entity);
    const auto found = t.rows.find(id);
    return found == t.rows.end() ? row_ptr() : found->second;
  }

  std::unique_ptr<cursor> scan(const scan_request& request) override {
    const instant_of_content now = visible();
    const bool ordered = is_by_id(request.order);
    const bool descending = ordered && !request.order.empty() && request.order[0].descending;
    std::vector<row_ptr> rows;
    for (const auto& [id, r] : table_of(*now, *request.entity).rows) {
      if (request.rows != lifecycle::all && r->live() != (request.rows == lifecycle::live))
        continue;
      rows.push_back(r);
    }
    if (descending) std::reverse(rows.begin(), rows.end());
    if (ordered && !request.after.empty()) {
      const record_id last{request.after.back().as_integer()};
      std::erase_if(
          rows, [&](const row_ptr& r) { return descending ? r->id() >= last : r->id() <= last; });
    }
    const bool counts = ordered && request.conditions.empty() && request.limit != 0;
    if (counts && rows.size() > request.limit) rows.resize(request.limit);
    return std::make_unique<plain_cursor>(std::move(rows), ordered);
  }

  void write(const row_change& change) override {
    table& t = own_table(*change.entity);
    const auto found = t.rows.find(change.after->id());
    const row_ptr r = complete(t, change, found == t.rows.end() ? row_ptr() : found->second);
    for (const unique_rule& rule : t.unique) check_unique(*change.entity, t, rule, *r);
    t.rows[r->id()] = r;
  }
  void erase(const entity_type& entity, record_id id) override { own_table(entity).rows.erase(id); }

  bool has(const entity_type& entity) override { return visible()->tables.contains(entity.number); }

  void apply(const entity_type& e) override {
    content& now = writable();
    table t = now.tables.contains(e.number) ? now.tables[e.number] : table{};  // changed at the end
    for (std::size_t s = 0; s < e.columns.size(); ++s) {
      if (s == t.columns.size()) t.columns.push_back(e.columns[s]);
      if (t.columns[s].name == e.columns[s].name && t.columns[s].type == e.columns[s].type)
        continue;
      throw error(error_code::model, std::string(e.name()) + "." + e.columns[s].name +
                                         " contradicts the column " + t.columns[s].name);
    }
    for (const index_type& i : e.indexes) {
      const bool known = std::any_of(t.unique.begin(), t.unique.end(),
                                     [&](const unique_rule& u) { return u.name == i.name; });
      if (i.as != index_def::shape::exclusive || known) continue;
      unique_rule& rule = t.unique.emplace_back();
      rule.name = i.name;
      rule.field = i.fields.front()->name();
      for (const slot_number s : i.keys) rule.keys.emplace_back(s, e.columns[s].type);
      for (const auto& [id, r] : t.rows) check_unique(e, t, rule, *r);
    }
    std::erase_if(t.unique, [&](const unique_rule& u) {
      return std::find(e.retired_indexes.begin(), e.retired_indexes.end(), u.name) !=
             e.retired_indexes.end();
    });
    now.tables[e.number] = std::move(t);
  }

 private:
  [[noreturn]] static void no_transaction() {
    throw error(error_code::misuse, "there is no transaction: begin() one");
  }
  [[noreturn]] static void wrong_level(int level) {
    throw error(error_code::misuse, "there is no savepoint " + std::to_string(level));
  }
  int depth() const { return static_cast<int>(saved_.size()); }

  content& writable() {
    if (!seen_) no_transaction();
    if (!own_) throw error(error_code::read_only, "this is a read transaction");
    return *own_;
  }
  instant_of_content visible() {
    if (own_) return own_;
    if (seen_) return seen_;
    const std::lock_guard lock(all_->mutex);
    return all_->newest;
  }
  static const table& table_of(const content& now, const entity_type& entity) {
    const auto found = now.tables.find(entity.number);
    if (found != now.tables.end()) return found->second;
    throw error(error_code::misuse, std::string(entity.name()) + " has no table: apply() it");
  }
  table& own_table(const entity_type& e) { return const_cast<table&>(table_of(writable(), e)); }

  std::shared_ptr<shared_content> all_;
  instant_of_content seen_;       // what the open transaction began with
  std::shared_ptr<content> own_;  // what the open write transaction has made of it
  std::vector<content> saved_;    // by its savepoints
};

class plain_store final : public store {
 public:
  explicit plain_store(std::chrono::milliseconds timeout) {
    can_.name = "plain";
    all_->timeout = timeout;
  }
  const capabilities& can() const noexcept override { return can_; }
  std::unique_ptr<connection> connect() override {
    return std::make_unique<plain_connection>(all_);
  }
  void check() const override {}

 private:
  capabilities can_;
  std::shared_ptr<shared_content> all_ = std::make_shared<shared_content>();
};

}  // namespace

std::unique_ptr<store> make_plain_store(int wait_ms) {
  return std::make_unique<plain_store>(std::chrono::milliseconds(wait_ms));
}

}  // namespace kith::conformance
