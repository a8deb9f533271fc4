// SPDX-License-Identifier: Apache-2.0
//
// The list of kinds and what several of them share.
#include "core/kind/kinds.hpp"

#include <algorithm>
#include <array>

#include "kith/core/limits.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {
using namespace detail;

constexpr std::array all{&text_kind,           &integer_kind, &real_kind,    &decimal_kind,
                         &boolean_kind,        &date_kind,    &instant_kind, &duration_kind,
                         &money_kind,          &choice_kind,  &ref_kind,     &any_ref_kind,
                         &email_kind,          &phone_kind,   &url_kind,     &person_name_kind,
                         &postal_address_kind, &blob_kind};
}  // namespace

const kind& kind_of(kind_id id) noexcept { return *all[static_cast<std::size_t>(id) - 1]; }

const kind* find_kind(std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](auto k) { return k->name == name; });
  return found == all.end() ? nullptr : *found;
}

std::span<const kind* const> kinds() noexcept { return all; }

namespace detail {

problem_text text_problem(const kind_options& options, std::string_view text) {
  if (const auto bad = invalid_utf8(text)) {
    return "is not UTF-8 text without NUL (byte " + std::to_string(*bad) + "); convert it first";
  }
  if (text.size() > limits{}.text_bytes) return "is longer than 1 MiB; keep it in a file";
  if (options.max_length == 0 || text.size() <= options.max_length) return {};
  const std::size_t length = length_of(text);
  if (length <= options.max_length) return {};
  return "has " + std::to_string(length) + " characters; at most " +
         std::to_string(options.max_length) + " fit";
}

problem_text range_problem(const kind_options& options, std::int64_t units, int scale) {
  const decimal value(units, scale);
  if (options.least && value < decimal(*options.least)) {
    return "is less than " + std::to_string(*options.least) + "; give at least that";
  }
  if (options.most && value > decimal(*options.most)) {
    return "is more than " + std::to_string(*options.most) + "; give at most that";
  }
  return {};
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

namespace {

// The length of a separator of thousands at this place: blank, no-break space, apostrophe.
std::size_t grouping(std::string_view text) {
  for (const std::string_view mark : {" ", "\u00a0", "\u202f", "'"}) {
    if (text.starts_with(mark)) return mark.size();
  }
  return 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Removes separators of thousands; false unless each is followed by exactly three digits.
bool ungroup(std::string_view text, char point, std::string& plain) {
  int behind = -1;  // digits since the last separator
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t mark = grouping(text.substr(i));
    if (mark != 0) {
      if (plain.empty() || !is_digit(plain.back()) || (behind != -1 && behind != 3)) return false;
      behind = 0;
      i += mark;
      continue;
    }
    if (text[i] == point) {
      if (behind != -1 && behind != 3) return false;
      return plain.append(text.substr(i)).find_first_of(" '\xc2\xe2", plain.size()) ==
             std::string::npos;
    }
    if (behind != -1 && is_digit(text[i])) ++behind;
    plain += text[i++];
  }
  return behind == -1 || behind == 3;
}

}  // namespace

std::optional<decimal> number_of(std::string_view text, char point) {
  text = trimmed(text);
  if (text.starts_with("\u2212")) {  // a typographic minus
    const auto number = number_of(text.substr(3), point);
    if (!number || number->negative()) return {};
    return -*number;
  }
  if (const auto plain = decimal::parse(text, point)) return plain;
  std::string ungrouped;
  if (!ungroup(text, point, ungrouped)) return {};
  return decimal::parse(ungrouped, point);
}

void put_folded(cell_sink& to, unsigned part, const cell& value) {
  if (value.is_null()) {
    to.put(part, cell::null());
    return;
  }
  to.put(part, cell::text(fold(value.as_bytes())));
}

problem_text joined_problem(const kind_options& options, const cell* cells,
                            std::span<const unsigned> parts) {
  for (const unsigned part : parts) {
    if (cells[part].is_null()) continue;
    if (auto bad = text_problem(options, cells[part].as_bytes())) return bad;
  }
  return {};
}

void print_joined(const cell* cells, std::span<const unsigned> parts, const char* between,
                  std::string& out) {
  const char* before = "";
  for (const unsigned part : parts) {
    if (cells[part].is_null()) continue;
    out += before;
    out += cells[part].as_bytes();
    before = between;
  }
}

}  // namespace detail
}  // namespace kith::inline v1
