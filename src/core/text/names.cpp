// SPDX-License-Identifier: Apache-2.0
//
// Which name was meant: the candidates nearest to a mistyped one.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/text/utf8.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

namespace {

/// What is longer is no name: it is neither explained nor offered, whatever a caller passes in.
constexpr std::size_t longest_name = 64;
constexpr std::size_t most_hints = 3;

/// The folded code points of a name.
struct letters {
  std::array<char32_t, longest_name> at{};
  std::size_t size = 0;
};

struct hint {
  std::size_t distance;
  std::string_view name;
};

std::optional<letters> letters_of(std::string_view name) {
  if (name.empty() || name.size() > longest_name * utf8::most_bytes) return std::nullopt;
  const std::string key = fold(name);
  letters result;
  for (std::size_t from = 0; from < key.size();) {
    if (result.size == longest_name) return std::nullopt;
    const utf8::unit next = utf8::decode(key, from);
    result.at[result.size++] = next.code_point;
    from += next.size;
  }
  return result;
}

bool starts_with(const letters& name, const letters& start) noexcept {
  return start.size <= name.size &&
         std::equal(start.at.begin(), start.at.begin() + start.size, name.at.begin());
}

/// Letters to insert, drop, replace or swap with the next (Damerau-Levenshtein where no swapped
/// pair is edited again), with only the last three rows of the table kept.
std::size_t distance(const letters& a, const letters& b) noexcept {
  using row = std::array<std::uint8_t, longest_name + 1>;
  row before{};
  row above{};
  row current{};
  for (std::size_t j = 0; j <= b.size; ++j) current[j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size; ++i) {
    before = above;
    above = current;
    current[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size; ++j) {
      const bool same = a.at[i - 1] == b.at[j - 1];
      const bool swapped =
          i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
      int best = std::min({current[j - 1] + 1, above[j] + 1, above[j - 1] + (same ? 0 : 1)});
      if (swapped) best = std::min(best, before[j - 2] + 1);
      current[j] = static_cast<std::uint8_t>(best);
    }
  }
  return current[b.size];
}

/// How far a candidate is from the wrong name, or nothing when it is too far to be meant.
std::optional<std::size_t> nearness(const letters& wrong, const letters& candidate) noexcept {
  if (starts_with(candidate, wrong)) return candidate.size - wrong.size;
  const auto [shorter, longer] = std::minmax(wrong.size, candidate.size);
  const std::size_t limit = std::max<std::size_t>(1, longer / 3);
  if (longer - shorter > limit) return std::nullopt;
  const std::size_t apart = distance(wrong, candidate);
  return apart <= limit ? std::optional(apart) : std::nullopt;
}

/// Near candidates, each once, best first; equally near ones stay in their order.
std::vector<hint> hints_for(const letters& wrong, std::span<const std::string_view> candidates) {
  std::vector<hint> hints;
  for (const std::string_view name : candidates) {
    const auto same = [name](const hint& each) { return each.name == name; };
    if (std::any_of(hints.begin(), hints.end(), same)) continue;
    const std::optional<letters> candidate = letters_of(name);
    if (!candidate) continue;
    if (const auto apart = nearness(wrong, *candidate)) hints.push_back({*apart, name});
  }
  std::stable_sort(hints.begin(), hints.end(),
                   [](const hint& a, const hint& b) { return a.distance < b.distance; });
  if (hints.size() > most_hints) hints.resize(most_hints);
  return hints;
}

}  // namespace

std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> candidates) {
  const std::optional<letters> typed = letters_of(wrong);
  if (!typed) return {};
  const std::vector<hint> hints = hints_for(*typed, candidates);
  if (hints.empty()) return {};
  std::string question = "did you mean ";
  for (std::size_t i = 0; i < hints.size(); ++i) {
    if (i != 0) question += i + 1 == hints.size() ? " or " : ", ";
    question += hints[i].name;
  }
  return question += '?';
}

}  // namespace kith::inline v1
