// SPDX-License-Identifier: Apache-2.0
//
// Kind real: a binary floating point number, for measurements; never for money.
#include <charconv>
#include <cmath>

#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options& options, const cell* cells) {
  const double value = cells[0].as_real();
  if (!std::isfinite(value)) return "is not a finite number";
  if (options.least && value < static_cast<double>(*options.least)) {
    return "is less than " + std::to_string(*options.least) + "; give at least that";
  }
  if (options.most && value > static_cast<double>(*options.most)) {
    return "is more than " + std::to_string(*options.most) + "; give at most that";
  }
  return {};
}

problem_text parse(const kind_options&, std::string_view text, const text_format& format,
                   cell_sink& to) {
  std::string plain(trimmed(text));
  if (format.decimal_point != '.') {
    const std::size_t point = plain.find(format.decimal_point);
    if (point != std::string::npos) plain[point] = '.';
  }
  double value = 0;
  const char* const end = plain.data() + plain.size();
  const auto read = std::from_chars(plain.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) {
    return "is not a number such as 3.14";
  }
  to.put(0, cell::real(value));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format& format, std::string& out) {
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, cells[0].as_real());
  for (const char* c = digits; c != written.ptr; ++c) {
    out += *c == '.' ? format.decimal_point : *c;
  }
}

}  // namespace

const kind real_kind{kind_id::real, "real",  "A binary floating point number; not for money.",
                     problem,       nullptr, parse,
                     print};

}  // namespace kith::inline v1::detail
