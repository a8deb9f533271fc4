// SPDX-License-Identifier: Apache-2.0
//
// A question to a store, not yet asked: which records, in which order, how many. It is built from
// typed keys or read from text; session.find() and session.query() ask it.
//
//   stage.category = 'open' and amount > 1000 EUR and client.city = 'Омск'
//     and not exists(interactions where at > today() - 30d) order by closes desc limit 50
//
// The grammar is docs/query-language.md. Values are always bound, never pasted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kith/core/expression.hpp"
#include "kith/core/model.hpp"
#include "kith/core/record.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1 {

/// Values for `?` (in their order) and `:name`.
struct parameters {
  std::vector<value> placed;
  std::map<std::string, value, std::less<>> named;

  parameters() = default;
  parameters(std::initializer_list<value> values) : placed(values) {}
};

/// One key of an order.
struct order_key {
  expression by;
  bool descending = false;
};

/// Where a page ended: give it to the next page's after().
struct page_mark {
  std::int64_t sequence = 0;      ///< of the instant that the page showed
  std::vector<owned_cell> cells;  ///< of the order, then the id
  bool empty() const noexcept { return cells.empty(); }
};

/// The question.
struct query_spec {
  const entity_type* entity = nullptr;
  expression where;  ///< empty: all
  std::vector<order_key> order;
  std::uint64_t limit = 0;  ///< 0: all
  lifecycle rows = lifecycle::live;
  page_mark after;
  bool same_instant = false;  ///< error_code::stale unless `after` is still the newest instant
  parameters values;
};

/// A measure of an aggregation.
struct measure {
  std::string name;
  aggregate what = aggregate::count;
  expression of;     ///< empty for count: records
  expression where;  ///< empty: all
};

/// What to compute over the records of a query, by groups.
struct aggregation {
  struct group {
    std::string name;
    expression by;
  };
  std::vector<group> groups;
  std::vector<measure> measures;
  std::string having;                               ///< over the names of groups and measures
  std::vector<std::pair<std::string, bool>> order;  ///< name, descending; then the groups
};

/// A result in rows and columns.
struct table {
  struct column {
    std::string name;
    kind_id kind = kind_id::text;
    kind_options options;
  };
  std::vector<column> columns;
  std::vector<std::vector<value>> rows;

  /// The column of this name; error_code::not_found with near names.
  std::size_t column_at(std::string_view name) const;
  const value& at(std::size_t row, std::string_view name) const {
    return rows[row][column_at(name)];
  }
  /// Aligned text for people, by characters, not bytes.
  std::string to_string() const;
};

// ------------------------------------------------------------------------------------------- text

/// Reads `condition order by … limit n` about an entity. error_code::query shows the position, what
/// was expected and near names.
query_spec parse_query(const model& of, const entity_type& entity, std::string_view text);
/// Reads one expression.
expression parse_expression(const model& of, const entity_type& entity, std::string_view text);
/// Reads a measure: `sum(amount)`, `count()`, `sum(amount where stage.category = 'won')`.
measure parse_measure(const model& of, const entity_type& entity, std::string_view name,
                      std::string_view text);

// ---------------------------------------------------------------------------------------- running

/// Rows of a question, one by one.
class row_stream {
 public:
  virtual ~row_stream() = default;
  virtual row_ptr next() = 0;  ///< null at the end
};

/// A page of records and where it ended.
template <class Record>
struct page_of {
  std::vector<Record> records;
  page_mark next;  ///< empty: this was the last page
};

class session;

/// Goes through a stream: `for (const record<deal>& d : session.find(…))`.
template <class Record>
class row_iterator {
 public:
  using value_type = Record;
  using difference_type = std::ptrdiff_t;
  using make_record = std::function<Record(row_ptr)>;

  row_iterator() = default;
  row_iterator(std::shared_ptr<row_stream> rows, make_record make)
      : rows_(std::move(rows)), make_(std::move(make)) {
    ++*this;
  }
  const Record& operator*() const { return current_; }
  const Record* operator->() const { return &current_; }
  row_iterator& operator++() {
    row_ptr r = rows_->next();
    if (r) {
      current_ = make_(std::move(r));
    } else {
      rows_.reset();
    }
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const row_iterator& i, std::default_sentinel_t) { return !i.rows_; }

 private:
  std::shared_ptr<row_stream> rows_;
  make_record make_;
  Record current_;
};

/// Some values of each record, and no more: `for (auto [at, subject] : q.columns(a, b))`. Reads
/// less than whole records, from an index alone where one has these fields. Texts live until the
/// next.
template <class E, class... Keys>
class projection {
 public:
  using value_type = std::tuple<detail::reading_t<typename Keys::value_type>...>;

  projection(std::shared_ptr<row_stream> rows, const Keys&... keys)
      : rows_(std::move(rows)), keys_(keys...) {}

  class iterator {
   public:
    using value_type = projection::value_type;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(const projection& of) : of_(&of) { ++*this; }
    value_type operator*() const {
      return std::apply([this](const Keys&... keys) { return value_type(read(keys)...); },
                        of_->keys_);
    }
    iterator& operator++() {
      row_ = of_->rows_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) { return !i.row_; }

   private:
    template <class Key>
    detail::reading_t<typename Key::value_type> read(const Key& key) const {
      if constexpr (std::same_as<Key, id_key<E>>) {
        return ref<E>{row_->id()};
      } else {
        return detail::read<typename Key::value_type>(*row_, key.def(), key.slot());
      }
    }
    const projection* of_ = nullptr;
    row_ptr row_;
  };
  iterator begin() const { return iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<row_stream> rows_;
  std::tuple<Keys...> keys_;
};

/// What query<E> and any_query share.
class query_base {
 public:
  query_base(kith::session& asked, query_spec spec) : session_(&asked), spec_(std::move(spec)) {}
  const query_spec& spec() const noexcept { return spec_; }

  /// How many records there are; limit and after do not count.
  std::uint64_t count() const;
  bool exists() const;
  /// Groups and measures from text: `aggregate({{"stage", "stage"}}, {{"total", "sum(amount)"}})`.
  table aggregate(const std::vector<std::pair<std::string, std::string>>& by,
                  const std::vector<std::pair<std::string, std::string>>& measures,
                  std::string having = {},
                  std::vector<std::pair<std::string, bool>> order = {}) const;
  table aggregate(const aggregation& what) const;
  /// A column for each expression, a row for each record.
  table select(const std::vector<std::pair<std::string, std::string>>& columns) const;
  table select(std::vector<aggregation::group> columns) const;
  /// Deletes all records found, one by one, in one transaction; how many.
  std::uint64_t remove() const;

 protected:
  std::shared_ptr<row_stream> run() const;
  std::shared_ptr<row_stream> run_columns(std::span<const key_ref> keys) const;
  page_of<row_ptr> run_page(std::uint64_t rows) const;

  template <class Query>
  static Query with_limit(Query q, std::uint64_t rows) {
    q.spec_.limit = rows;
    return q;
  }
  template <class Query>
  static Query with_lifecycle(Query q, lifecycle rows) {
    q.spec_.rows = rows;
    return q;
  }
  template <class Query>
  static Query with_mark(Query q, page_mark mark, bool same_instant) {
    q.spec_.after = std::move(mark);
    q.spec_.same_instant = same_instant;
    return q;
  }

  kith::session* session_;
  query_spec spec_;
};

/// `descending(deal::amount)`.
template <detail::queryable X>
struct descending_key {
  const X& key;
};
template <detail::queryable X>
descending_key<X> descending(const X& key) {
  return {key};
}

/// A question about records of entity E. Asked when iterated, each time anew.
template <class E>
class query : public query_base {
 public:
  using query_base::query_base;
  friend query_base;

  // Each gives a new question and leaves this one as it is.
  query where(condition<E> more) const {
    query next = *this;
    next.spec_.where = spec_.where.empty() ? std::move(more).tree()
                                           : expression::binary(expression::code::and_, spec_.where,
                                                                std::move(more).tree());
    return next;
  }
  template <class... Keys>
  query order_by(const Keys&... keys) const {
    query next = *this;
    (next.add_order(keys), ...);
    return next;
  }
  query limit(std::uint64_t rows) const { return with_limit(*this, rows); }
  query including(lifecycle rows) const { return with_lifecycle(*this, rows); }
  query after(page_mark mark, bool same_instant = false) const {
    return with_mark(*this, std::move(mark), same_instant);
  }

  /// Only these values of each record; see projection.
  template <detail::single_key... Keys>
    requires(std::same_as<typename Keys::owner_type, E> && ...)
  projection<E, Keys...> columns(const Keys&... keys) const {
    const key_ref wanted[] = {keys.key()...};
    return {run_columns(wanted), keys...};
  }

  row_iterator<record<E>> begin() const {
    return {run(), [](row_ptr r) { return record<E>(std::move(r)); }};
  }
  std::default_sentinel_t end() const { return {}; }
  std::vector<record<E>> all() const {
    std::vector<record<E>> records;
    const auto rows = run();
    while (row_ptr r = rows->next()) records.emplace_back(std::move(r));
    return records;
  }
  std::optional<record<E>> first() const {
    query one = *this;
    one.spec_.limit = 1;
    if (row_ptr r = one.run()->next()) return record<E>(std::move(r));
    return std::nullopt;
  }
  /// At most `rows` records and the mark for the next page.
  page_of<record<E>> page(std::uint64_t rows) const {
    page_of<row_ptr> plain = run_page(rows);
    page_of<record<E>> result;
    result.next = std::move(plain.next);
    for (row_ptr& r : plain.records) result.records.emplace_back(std::move(r));
    return result;
  }

 private:
  template <detail::queryable X>
  void add_order(const X& key) {
    spec_.order.push_back({detail::tree_of(key), false});
  }
  template <detail::queryable X>
  void add_order(const descending_key<X>& key) {
    spec_.order.push_back({detail::tree_of(key.key), true});
  }
};

/// A question about records of an entity known at run time.
class any_query : public query_base {
 public:
  friend query_base;
  any_query(kith::session& asked, model_ptr of, query_spec spec)
      : query_base(asked, std::move(spec)), model_(std::move(of)) {}

  any_query limit(std::uint64_t rows) const { return with_limit(*this, rows); }
  any_query including(lifecycle rows) const { return with_lifecycle(*this, rows); }
  any_query after(page_mark mark, bool same_instant = false) const {
    return with_mark(*this, std::move(mark), same_instant);
  }
  row_iterator<any_record> begin() const {
    return {run(), [of = model_, entity = spec_.entity](row_ptr r) {
              return any_record(of, *entity, std::move(r));
            }};
  }
  std::default_sentinel_t end() const { return {}; }
  std::vector<any_record> all() const;
  std::optional<any_record> first() const;
  page_of<any_record> page(std::uint64_t rows) const;

 private:
  model_ptr model_;
};

}  // namespace kith::inline v1
