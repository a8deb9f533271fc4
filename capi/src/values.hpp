// SPDX-License-Identifier: Apache-2.0
//
// kith_value in both directions: to and from the cells of a field, to and from kith::value.
#pragma once

#include "handles.hpp"

namespace kith::capi {

/// Puts a value into the parts of a field, or into one of them. error_code::invalid for text that
/// cannot be read, misuse for another kind.
void put_value(const entity_type& entity, const field_place& place, const kith_value& v,
               const time_zone& zone, cell_sink& to);
/// A value that stands alone: a parameter.
value value_of(const kith_value& v);
std::vector<value> values_of(const kith_value* first, std::size_t count);

/// The value of cells (keys among them where `with_keys`), its text made by `printed` where the
/// kind has no text of its own; null when all cells are.
struct shown_value {
  kind_id kind = kind_id::text;
  const kind_options* options = nullptr;
  std::span<const cell> cells;  ///< in the order of the kind's parts, keys included
};
template <class Printed>
kith_value c_value(const shown_value& v, const Printed& printed);

/// The integer, scale, entity and text of a value that needs no printing; false when it does.
bool plain_value(const shown_value& v, kith_value& out);
std::string printed_value(const shown_value& v);

template <class Printed>
kith_value c_value(const shown_value& v, const Printed& printed) {
  kith_value out{};
  if (!plain_value(v, out)) out.text = to_c(printed([&] { return printed_value(v); }));
  return out;
}

}  // namespace kith::capi
