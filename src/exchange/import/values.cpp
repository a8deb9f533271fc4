// SPDX-License-Identifier: Apache-2.0
//
// Reading values.
#include "exchange/import/values.hpp"

#include "exchange/csv/spelling.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

using problem = std::optional<std::string>;

constexpr std::size_t most_words = 1000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Texts are kept as they are; of everything else, blanks around it say nothing.
bool keeps_blanks(const place& p) {
  return p.field != nullptr && (p.field->def->kind == kind_id::text || p.part != whole_value);
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string_view text_of(const planned_cell& cell, std::span<const std::string_view> row) {
  std::string_view text = cell.column == no_column ? cell.constant : row[cell.column];
  if (!cell.translate.empty()) {
    auto other = cell.translate.find(text);
    if (other == cell.translate.end()) other = cell.translate.find(trimmed(text));
    if (other != cell.translate.end()) text = other->second;
  }
  return keeps_blanks(cell.where) ? text : trimmed(text);
}

problem value_reader::read(planned_cell& cell, std::string_view text, std::string_view currency,
                           any_draft& d) {
  const field_type& f = *cell.where.field;
  if (cell.where.part != whole_value) {
    return read_text({&f, cell.where.part}, text, cell.format, d);
  }
  draft_sink to(d, f.slot);
  switch (f.def->kind) {
    case kind_id::integer:
    case kind_id::decimal:
    case kind_id::real: return read_number(cell, text, cell.format, to);
    case kind_id::money: {
      if (currency.empty()) return read_number(cell, text, cell.format, to);
      const auto code = currency_code::parse(currency);
      if (!code) {
        return "has the currency '" + std::string(currency) + "', which ISO 4217 does not list";
      }
      text_format format = cell.format;
      format.currency = *code;
      return read_number(cell, text, format, to);
    }
    case kind_id::date:
    case kind_id::instant: return read_date(cell, text, to);
    case kind_id::boolean:
    case kind_id::choice: return read_word(cell, text, d);
    default: return f.kind().parse(f.def->options, text, cell.format, to);
  }
}

problem value_reader::read_number(planned_cell& cell, std::string_view text,
                                  const text_format& format, draft_sink& to) {
  const field_type& f = *cell.where.field;
  if (is_digits(text) && !cell.times) return f.kind().parse(f.def->options, text, format, to);
  if (doubts_.numbers && point_of(text) == point_sign::ambiguous) {
    return "may be a thousand or a fraction; say which with the dialect's decimal_point";
  }
  scratch_.clear();
  if (!append_plain_number(scratch_, text, format.decimal_point)) {
    return f.kind().parse(f.def->options, text, format, to);
  }
  text_format plain = format;
  plain.decimal_point = '.';
  if (cell.times) {
    const number_place at = *find_number(scratch_);
    const auto number = decimal::parse(std::string_view(scratch_).substr(at.begin, at.size));
    if (!number) return "has too many digits";
    try {
      scratch_.replace(at.begin, at.size, (*number * *cell.times).trimmed().to_string());
    } catch (const error&) {
      return "is too large to be multiplied by " + cell.times->to_string();
    }
  }
  return f.kind().parse(f.def->options, scratch_, plain, to);
}

// Where the order of day and month is unknown, a date is read only when it has one meaning.
problem value_reader::read_date(planned_cell& cell, std::string_view text, draft_sink& to) {
  const field_type& f = *cell.where.field;
  if (!doubts_.dates) return f.kind().parse(f.def->options, text, cell.format, to);
  text_format format = cell.format;
  switch (date_order_of(text)) {
    case date_sign::ambiguous:
      return "may have the day first or the month; say which with the dialect's dates";
    case date_sign::month_first: format.dates = text_format::date_order::mdy; break;
    default: format.dates = text_format::date_order::dmy;
  }
  return f.kind().parse(f.def->options, text, format, to);
}

// Few words come often: each is read by its kind once.
problem value_reader::read_word(planned_cell& cell, std::string_view text, any_draft& d) {
  const field_type& f = *cell.where.field;
  if (const auto known = cell.words.find(text); known != cell.words.end()) {
    d.put(f.slot, cell::integer(known->second));
    return {};
  }
  draft_sink to(d, f.slot);
  if (auto why = f.kind().parse(f.def->options, text, cell.format, to)) return why;
  if (cell.words.size() < most_words) cell.words.emplace(text, d.integer(f.slot));
  return {};
}

}  // namespace kith::inline v1::detail
