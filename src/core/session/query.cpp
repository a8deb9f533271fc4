// SPDX-License-Identifier: Apache-2.0
//
// Asking: what queries of both sorts share, and tables.
#include "kith/core/query.hpp"

#include <algorithm>

#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

using guard = session::state::guard;

std::shared_ptr<row_stream> query_base::run() const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.run(spec_);
}

std::shared_ptr<row_stream> query_base::run_columns(std::span<const key_ref> keys) const {
  session::state& s = session_->internals();
  const guard inside(s);
  detail::slot_set read(*spec_.entity);
  for (const key_ref& key : keys) {
    if (is_system_slot(key.field)) {
      read.add(key.field);
      continue;
    }
    const field_type& f = *spec_.entity->field(key.field);
    if (!f.is_stored()) detail::throw_no_slot(*f.def);
    const auto parts = f.parts();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool wanted =
          key.part == whole_value ? parts[i].role == part_role::value : key.part == i;
      if (wanted) read.add(static_cast<slot_number>(f.slot + i));
    }
  }
  return s.run(spec_, &read);
}

page_of<row_ptr> query_base::run_page(std::uint64_t rows) const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.page(spec_, rows);
}

std::uint64_t query_base::count() const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.count(spec_);
}

bool query_base::exists() const {
  query_spec one = spec_;
  one.limit = 1;
  one.order.clear();
  session::state& s = session_->internals();
  const guard inside(s);
  return static_cast<bool>(s.run(one)->next());
}

table query_base::aggregate(const aggregation& what) const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.aggregate(spec_, what);
}

namespace {

std::vector<aggregation::group> parsed(
    const model& of, const entity_type& entity,
    const std::vector<std::pair<std::string, std::string>>& list) {
  std::vector<aggregation::group> groups;
  for (const auto& [name, text] : list)
    groups.push_back({name, parse_expression(of, entity, text)});
  return groups;
}

}  // namespace

table query_base::aggregate(const std::vector<std::pair<std::string, std::string>>& by,
                            const std::vector<std::pair<std::string, std::string>>& measures,
                            std::string having,
                            std::vector<std::pair<std::string, bool>> order) const {
  const model& of = *session_->model();
  aggregation what;
  what.groups = parsed(of, *spec_.entity, by);
  for (const auto& [name, text] : measures) {
    what.measures.push_back(parse_measure(of, *spec_.entity, name, text));
  }
  what.having = std::move(having);
  what.order = std::move(order);
  return aggregate(what);
}

table query_base::select(std::vector<aggregation::group> columns) const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.select(spec_, columns);
}

table query_base::select(const std::vector<std::pair<std::string, std::string>>& columns) const {
  return select(parsed(*session_->model(), *spec_.entity, columns));
}

std::uint64_t query_base::remove() const {
  session::state& s = session_->internals();
  const guard inside(s);
  return s.in_transaction(true, [&] {
    std::vector<record_id> ids;
    const auto rows = s.run(spec_);
    while (const row_ptr r = rows->next()) ids.push_back(r->id());
    for (const record_id id : ids) s.answered([&] { s.remove(*spec_.entity, id); });
    return ids.size();
  });
}

// --------------------------------------------------------------------------------------- any_query

std::vector<any_record> any_query::all() const {
  std::vector<any_record> records;
  const auto rows = run();
  while (row_ptr r = rows->next()) records.emplace_back(model_, *spec_.entity, std::move(r));
  return records;
}

std::optional<any_record> any_query::first() const {
  any_query one = *this;
  one.spec_.limit = 1;
  if (row_ptr r = one.run()->next()) return any_record(model_, *spec_.entity, std::move(r));
  return std::nullopt;
}

page_of<any_record> any_query::page(std::uint64_t rows) const {
  page_of<row_ptr> plain = run_page(rows);
  page_of<any_record> result;
  result.next = std::move(plain.next);
  for (row_ptr& r : plain.records) result.records.emplace_back(model_, *spec_.entity, std::move(r));
  return result;
}

// ------------------------------------------------------------------------------------------- table

std::size_t table::column_at(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const column& c) { return c.name == name; });
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  std::vector<std::string_view> names;
  for (const column& c : columns) names.push_back(c.name);
  const std::string hint = did_you_mean(name, names);
  throw error(error_code::not_found, "the table has no column '" + shortened(name) + "'" +
                                         (hint.empty() ? "" : "; " + hint));
}

std::string table::to_string() const {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> texts(rows.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::size_t width = length_of(columns[c].name);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      texts[r].push_back(rows[r][c].to_string());
      width = std::max(width, length_of(texts[r][c]));
    }
    widths.push_back(width);
  }
  const auto is_number = [&](std::size_t c) {
    const kind_id k = columns[c].kind;
    return k == kind_id::integer || k == kind_id::decimal || k == kind_id::money ||
           k == kind_id::real;
  };
  std::string out;
  const auto put = [&](std::size_t c, const std::string& text) {
    const std::string pad(widths[c] - length_of(text), ' ');
    out += c == 0 ? "" : "  ";
    out += is_number(c) ? pad + text : text + pad;
  };
  const auto end_line = [&] {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
  };
  for (std::size_t c = 0; c < columns.size(); ++c) put(c, columns[c].name);
  end_line();
  for (const auto& row : texts) {
    for (std::size_t c = 0; c < columns.size(); ++c) put(c, row[c]);
    end_line();
  }
  return out;
}

}  // namespace kith::inline v1
