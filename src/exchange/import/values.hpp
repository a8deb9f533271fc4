// SPDX-License-Identifier: Apache-2.0
//
// From a cell's text to a value in a draft: translated, multiplied, and read by the field's kind.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "exchange/import/plan.hpp"

namespace kith::inline v1::detail {

/// The text of a cell, translated; blanks around it do not count where the field is no text.
std::string_view text_of(const planned_cell& cell, std::span<const std::string_view> row);

/// Reads values that are no references. `scratch` is reused.
class value_reader {
 public:
  explicit value_reader(import_doubts doubts) : doubts_(doubts) {}
  /// Why the text cannot be read, or nothing when it is in the draft. `currency`: what another
  /// column says, or empty.
  std::optional<std::string> read(planned_cell& cell, std::string_view text,
                                  std::string_view currency, any_draft& d);

 private:
  std::optional<std::string> read_number(planned_cell& cell, std::string_view text,
                                         const text_format& format, draft_sink& to);
  std::optional<std::string> read_date(planned_cell& cell, std::string_view text, draft_sink& to);
  std::optional<std::string> read_word(planned_cell& cell, std::string_view text, any_draft& d);

  import_doubts doubts_;
  std::string scratch_;
};

}  // namespace kith::inline v1::detail
