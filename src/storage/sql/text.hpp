// SPDX-License-Identifier: Apache-2.0
//
// Programs as SQL. The text depends on the shape of the request only: every value is bound. What
// has no exact SQL meaning is not written, and the core does it.
//
// Tables are kith_<entity> with the system columns and one column for each cell; see
// docs/decisions/0009-sqlite-file.md. A dialect says what differs between databases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kith/core/store.hpp"

namespace kith::inline v1::sql {

/// What differs between databases.
struct dialect {
  /// Text that matches a LIKE pattern, case-sensitively and by code points: `{0} GLOB {1}`.
  std::string (*like)(std::string_view text, std::string_view pattern);
  /// The bound pattern for it, made from one with % _ and \.
  std::string (*like_pattern)(std::string_view pattern);
};

/// What a `?` stands for: a cell of the request, or the dialect's form of the pattern in it.
struct parameter {
  const cell* value = nullptr;
  bool is_pattern = false;
};

/// A piece of SQL with its parameters in order.
struct text {
  std::string sql;
  std::vector<parameter> values;
  const entity_type* names = nullptr;  ///< whose records it names, when it is a reference or an id

  text& operator+=(std::string_view more) {
    sql += more;
    return *this;
  }
  text& operator+=(text more) {
    sql += more.sql;
    values.insert(values.end(), more.values.begin(), more.values.end());
    return *this;
  }
};

std::string table_name(const entity_type& entity);
std::string index_name(const entity_type& entity, std::string_view index);
/// The column of a slot, system slots included.
std::string_view column_name(const entity_type& entity, slot_number slot);

/// Writes requests.
class writer {
 public:
  explicit writer(const dialect& for_database) : dialect_(for_database) {}

  /// Null when the program has an instruction that SQL cannot do exactly.
  std::optional<text> expression(const entity_type& entity, const program& code);
  /// ` WHERE …` of a lifecycle and the conditions that can be written; sets their bits in `taken`.
  text where(const entity_type& entity, lifecycle rows, std::span<const program> conditions,
             std::uint64_t& taken);
  /// ` ORDER BY …`, always ending with the id; null when a term cannot be written.
  std::optional<text> order(const entity_type& entity, std::span<const order_term> terms);
  /// The condition for rows behind a place in that order.
  text behind(const entity_type& entity, std::span<const order_term> terms,
              std::span<const cell> place);

 private:
  std::optional<text> run(const entity_type& entity, std::string_view alias,
                          std::span<const instruction> code);
  std::optional<text> related(const instruction& i, text id, std::span<const instruction> rest);
  text path(std::string_view alias, const entity_type& from, const instruction& i,
            std::span<const instruction> hops);

  const dialect& dialect_;
  int aliases_ = 0;
};

}  // namespace kith::inline v1::sql
