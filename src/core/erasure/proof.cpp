// SPDX-License-Identifier: Apache-2.0
//
// The proofs of erasures, as rows of the engine's own. Categories are lines of words between tabs:
// entity, how many were erased, how many emptied, the fields.
#include <charconv>

#include "core/erasure/erase.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {

using system::erasure_row;

namespace {

std::string text_of(const std::vector<erased_category>& categories) {
  std::string lines;
  for (const erased_category& c : categories) {
    lines += c.entity + "\t" + std::to_string(c.erased) + "\t" + std::to_string(c.emptied);
    for (const std::string& f : c.fields) lines += "\t" + f;
    lines += "\n";
  }
  return lines;
}

std::string_view take_until(std::string_view& from, char end) {
  const std::size_t at = from.find(end);
  const std::string_view taken = from.substr(0, at);
  from.remove_prefix(at == std::string_view::npos ? from.size() : at + 1);
  return taken;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::vector<erased_category> categories_of(std::string_view lines) {
  std::vector<erased_category> all;
  while (!lines.empty()) {
    std::string_view line = take_until(lines, '\n');
    erased_category& c = all.emplace_back();
    c.entity = take_until(line, '\t');
    c.erased = number_in(take_until(line, '\t'));
    c.emptied = number_in(take_until(line, '\t'));
    while (!line.empty()) c.fields.emplace_back(take_until(line, '\t'));
  }
  return all;
}

}  // namespace

void write_proof(session::state& s, const erasure_report& r, std::uint16_t entity) {
  const entity_type& e = s.model->entity<erasure_row>();
  const std::string categories = text_of(r.categories);
  const auto text = [](const std::string& t) { return t.empty() ? cell::null() : cell::text(t); };
  const cell cells[] = {cell::integer(entity),
                        cell::integer(r.subject.value),
                        cell::integer(r.at.microseconds),
                        text(r.actor),
                        text(r.reason),
                        text(r.legal_basis),
                        text(categories),
                        cell::integer(static_cast<std::int64_t>(r.change_sets))};
  const row_ptr row =
      internal_row(e, {.id = {r.sequence}, .revision = r.sequence, .created = r.sequence}, cells);
  s.rows().write({&e, {}, row, {}});
}

std::vector<erasure_report> proofs(session::state& s) {
  return s.at_one_instant([&] {
    const entity_type& e = s.model->entity<erasure_row>();
    std::vector<erasure_report> all;
    if (!s.rows().has(e)) return all;  // an older store, opened for reading
    scan_request request;
    request.entity = &e;
    const auto cursor = s.rows().scan(request);
    while (const row_ptr r = cursor->next()) {
      erasure_report& report = all.emplace_back();
      const auto text = [&](const auto& f) { return std::string(r->text(f.slot())); };
      report.sequence = r->id().value;
      report.at = {r->integer(erasure_row::at.slot())};
      report.actor = text(erasure_row::actor);
      report.reason = text(erasure_row::reason);
      report.legal_basis = text(erasure_row::legal_basis);
      const auto number = static_cast<std::uint16_t>(r->integer(erasure_row::entity.slot()));
      if (const entity_type* of = s.model->find(number)) report.entity = of->name();
      report.subject = {r->integer(erasure_row::subject.slot())};
      report.categories = categories_of(r->text(erasure_row::categories.slot()));
      report.change_sets = static_cast<std::uint64_t>(r->integer(erasure_row::change_sets.slot()));
    }
    return all;
  });
}

bool is_erasure(connection& through, const model& of, std::int64_t sequence) {
  const entity_type& e = of.entity<erasure_row>();
  return sequence > 0 && through.has(e) && through.get(e, {sequence});
}

}  // namespace kith::inline v1::detail
