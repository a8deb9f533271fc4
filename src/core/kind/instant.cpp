// SPDX-License-Identifier: Apache-2.0
//
// Kind instant: a moment, stored as microseconds since 1970-01-01T00:00:00Z.
#include "core/kind/date_text.hpp"
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options&, const cell* cells) {
  if (instant{cells[0].as_integer()}.valid()) return {};
  return "is not a moment of the years 1 to 9999";
}

problem_text parse(const kind_options&, std::string_view text, const text_format& format,
                   cell_sink& to) {
  text = trimmed(text);
  if (const auto moment = instant::parse(text)) {
    to.put(0, cell::integer(moment->microseconds));
    return {};
  }
  const auto local = local_time_of(text, format.dates);
  if (!local) return "is not a moment such as 2026-03-31T15:00:00Z";
  to.put(0, cell::integer(format.zone.instant_of(*local).microseconds));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += instant{cells[0].as_integer()}.to_string();
}

}  // namespace

const kind instant_kind{
    kind_id::instant, "instant", "A moment, the same everywhere.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
