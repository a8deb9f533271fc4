// SPDX-License-Identifier: Apache-2.0
//
// Kind money: an exact amount and its currency. Without a scale of its own, the field counts minor
// units of the currency (ISO 4217).
#include <array>

#include "core/kind/kinds.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

struct sign {
  std::string_view text;
  std::string_view code;
};
constexpr std::array<sign, 8> signs{{{"€", "EUR"},
                                     {"₽", "RUB"},
                                     {"$", "USD"},
                                     {"£", "GBP"},
                                     {"руб.", "RUB"},
                                     {"руб", "RUB"},
                                     {"р.", "RUB"},
                                     {"₸", "KZT"}}};

problem_text problem(const kind_options& options, const cell* cells) {
  if (cells[0].is_null() || cells[1].is_null()) return "needs an amount and a currency";
  const auto currency = currency_code::parse(cells[1].as_bytes());
  if (!currency) {
    return "has the currency '" + shortened(cells[1].as_bytes()) +
           "', which ISO 4217 does not list";
  }
  return range_problem(options, cells[0].as_integer(), digits_of(options.scale, *currency));
}

// Takes a code or sign from the front or the back of the text.
std::optional<currency_code> take_currency(std::string_view& text) {
  for (const sign& s : signs) {
    if (text.ends_with(s.text)) {
      text = trimmed(text.substr(0, text.size() - s.text.size()));
      return currency_code::parse(s.code);
    }
    if (text.starts_with(s.text)) {
      text = trimmed(text.substr(s.text.size()));
      return currency_code::parse(s.code);
    }
  }
  if (text.size() < 4) return {};
  if (const auto last = currency_code::parse(text.substr(text.size() - 3))) {
    text = trimmed(text.substr(0, text.size() - 3));
    return last;
  }
  const auto first = currency_code::parse(text.substr(0, 3));
  if (first) text = trimmed(text.substr(3));
  return first;
}

problem_text parse(const kind_options& options, std::string_view text, const text_format& format,
                   cell_sink& to) {
  text = trimmed(text);
  const currency_code currency = take_currency(text).value_or(format.currency);
  const auto amount = number_of(text, format.decimal_point);
  if (!amount) return "is not an amount such as 1000.00 EUR";
  if (!currency) return "has no currency; write it behind the amount, such as 1000 EUR";
  const int scale = digits_of(options.scale, currency);
  const decimal plain = amount->trimmed();
  if (plain.scale() > scale) {
    return "has more than " + std::to_string(scale) + " digits behind the point; round it";
  }
  try {
    to.put(0, cell::integer(plain.with_scale(scale).units()));
  } catch (const error&) {
    return "is too large";
  }
  to.put(1, cell::text(currency.text()));
  return {};
}

void print(const kind_options& options, const cell* cells, const text_format& format,
           std::string& out) {
  const auto currency = currency_code::parse(cells[1].as_bytes()).value_or(currency_code{});
  const decimal amount(cells[0].as_integer(), digits_of(options.scale, currency));
  for (const char c : amount.to_string()) out += c == '.' ? format.decimal_point : c;
  out += ' ';
  out += currency.text();
}

}  // namespace

const kind money_kind{kind_id::money, "money", "An exact amount in a currency.", problem, nullptr,
                      parse,          print};

}  // namespace kith::inline v1::detail
