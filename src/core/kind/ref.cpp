// SPDX-License-Identifier: Apache-2.0
//
// Kinds ref and any_ref: the id of another record. Whether it exists is checked by the session;
// names of records are resolved by those who can look them up.
#include <charconv>

#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options&, const cell* cells) {
  if (cells[0].as_integer() > 0) return {};
  return "is not the id of a record";
}

problem_text any_problem(const kind_options& options, const cell* cells) {
  if (cells[0].is_null() || cells[1].is_null()) return "needs both an entity and an id";
  return problem(options, cells);
}

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  if (read.ec != std::errc{} || read.ptr != end || id <= 0) return {};
  return id;
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  const auto id = positive(trimmed(text));
  if (!id) return "is not the id of a record";
  to.put(0, cell::integer(*id));
  return {};
}

problem_text any_parse(const kind_options&, std::string_view text, const text_format&,
                       cell_sink& to) {
  text = trimmed(text);
  const std::size_t colon = text.find(':');
  const auto entity = positive(text.substr(0, colon));
  const auto id = colon == std::string_view::npos ? std::nullopt : positive(text.substr(colon + 1));
  if (!entity || *entity > 0xffff || !id)
    return "is not an entity's number and an id such as 10:42";
  to.put(0, cell::integer(*id));
  to.put(1, cell::integer(*entity));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += std::to_string(cells[0].as_integer());
}

void any_print(const kind_options& options, const cell* cells, const text_format& format,
               std::string& out) {
  out += std::to_string(cells[1].as_integer()) + ':';
  print(options, cells, format, out);
}

}  // namespace

const kind ref_kind{kind_id::ref, "ref", "A record of one entity.", problem, nullptr, parse, print};
const kind any_ref_kind{kind_id::any_ref, "any_ref", "A record of any entity.",
                        any_problem,      nullptr,   any_parse,
                        any_print};

}  // namespace kith::inline v1::detail
