// SPDX-License-Identifier: Apache-2.0
//
// Kind postal_address: street, city (with a key), region, postal code, country. A text that is not
// in parts is kept as the street.
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr unsigned text_parts[] = {0, 1, 3, 4, 5};

problem_text problem(const kind_options& options, const cell* cells) {
  return joined_problem(options, cells, text_parts);
}

void derive(const kind_options&, const cell* cells, cell_sink& to) { put_folded(to, 2, cells[1]); }

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  to.put(0, cell::text(trimmed(text)));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  print_joined(cells, text_parts, ", ", out);
}

}  // namespace

const kind postal_address_kind{kind_id::postal_address,
                               "postal_address",
                               "Where something is, as the post needs it.",
                               problem,
                               derive,
                               parse,
                               print};

}  // namespace kith::inline v1::detail
