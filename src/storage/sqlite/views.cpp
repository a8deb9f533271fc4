// SPDX-License-Identifier: Apache-2.0
//
// Views for reporting. Numbers stay exact: a decimal is text with its point in the right place.
#include "core/value/currencies.hpp"
#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {
namespace {

using column_of_view = view_definition::column;

std::string quoted(std::string_view text, char with) {
  std::string all(1, with);
  for (const char c : text) {
    all += c;
    if (c == with) all += c;
  }
  return all + with;
}
std::string name(std::string_view n) { return quoted(n, '"'); }
std::string literal(std::string_view t) { return quoted(t, '\''); }

// Taken apart before abs(), which has no answer for the least integer.
std::string decimal(const std::string& cell, unsigned scale) {
  if (scale == 0) return "CAST(" + cell + " AS TEXT)";
  const std::string unit = "1" + std::string(scale, '0');
  return "CASE WHEN " + cell + " < 0 THEN '-' ELSE '' END || abs(" + cell + " / " + unit +
         ") || '.' || substr(" + literal(std::string(scale, '0')) + " || abs(" + cell + " % " +
         unit + "), -" + std::to_string(scale) + ")";
}

// A scale that depends on the currency: two digits but for those that have others.
std::string decimal_of_currency(const std::string& cell, const std::string& currency,
                                unsigned more) {
  std::string text = "CASE";
  for (const int exponent : {0, 3, 4}) {
    text += " WHEN " + currency + " IN (";
    const char* between = "";
    for (const std::string_view code : detail::currencies_of_exponent(exponent)) {
      text += between + literal(code);
      between = ", ";
    }
    text += ") THEN " + decimal(cell, static_cast<unsigned>(exponent) + more);
  }
  return text + " ELSE " + decimal(cell, 2 + more) + " END";
}

std::string date_text(const std::string& cell) { return "date(" + cell + " * 86400, 'unixepoch')"; }

// Whole seconds are cut downwards, also before 1970.
std::string instant_text(const std::string& cell) {
  const std::string rest = "((" + cell + " % 1000000 + 1000000) % 1000000)";
  return "strftime('%Y-%m-%dT%H:%M:%S', (" + cell + " - " + rest +
         ") / 1000000, 'unixepoch') || CASE WHEN " + rest +
         " = 0 THEN '' ELSE '.' || substr('000000' || " + rest + ", -6) END || 'Z'";
}

std::string choice_text(const std::string& cell, std::span<const choice_option> choices) {
  if (choices.empty()) return cell;
  std::string text = "CASE " + cell;
  for (const choice_option& c : choices) {
    text += " WHEN " + std::to_string(c.number) + " THEN " + literal(c.name);
  }
  return text + " ELSE " + cell + " END";
}

std::string cell_of(const entity_type& e, slot_number slot) {
  return "t." + std::string(sql::column_name(e, slot));
}

std::string expression(const entity_type& e, const column_of_view& c) {
  const std::string cell = cell_of(e, c.slot);
  switch (c.as) {
    case column_of_view::shown::decimal:
      return c.scale_slot == no_slot ? decimal(cell, c.scale)
                                     : decimal_of_currency(cell, cell_of(e, c.scale_slot), c.scale);
    case column_of_view::shown::date: return date_text(cell);
    case column_of_view::shown::instant: return instant_text(cell);
    case column_of_view::shown::choice: return choice_text(cell, c.choices);
    case column_of_view::shown::name:
      return "(SELECT n." + std::string(sql::column_name(*c.of, c.name_slot)) + " FROM " +
             sql::table_name(*c.of) + " n WHERE n.id = " + cell + ")";
    case column_of_view::shown::plain: break;
  }
  return cell;
}

std::string statement_of(const view_definition& view) {
  std::string text = "CREATE VIEW " + name(view.name) + " AS " + view_mark + " SELECT ";
  const char* between = "";
  for (const column_of_view& c : view.columns) {
    text += between + expression(*view.entity, c) + " AS " + name(c.name);
    between = ", ";
  }
  return text + " FROM " + sql::table_name(*view.entity) + " t WHERE t.deleted IS NULL";
}

}  // namespace

void sqlite_connection::define_view(const view_definition& view) {
  require_writing();
  const std::string wanted = statement_of(view);
  std::string there;
  {
    const checked_out s = db_->statement(
        "SELECT type, name, sql FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE");
    bind(s.get(), 1, cell::text(view.name));
    running r(s.get());
    if (r.step("read the schema")) {
      const std::string type(cell_at(s.get(), 0).as_bytes());
      const cell as = cell_at(s.get(), 2);
      if (as.has_bytes()) there = as.as_bytes();
      if (type != "view" || there.find(view_mark) == std::string::npos) {
        throw error(error_code::exists,
                    "the view '" + view.name + "' cannot be written: the database has a " + type +
                        " of this name that is not Kith's; give that one another name",
                    {std::string(view.entity->name()), 0, {}});
      }
    }
  }
  if (there == wanted) return;
  db_->scope().before_write();
  if (!there.empty()) run(db_->raw(), ("DROP VIEW main." + name(view.name)).c_str());
  run(db_->raw(), wanted.c_str());
}

}  // namespace kith::inline v1::sqlite
