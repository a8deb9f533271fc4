// SPDX-License-Identifier: Apache-2.0
//
// What the random questions were about: operators by sorts of values, with null, along paths, over
// related records, in pages.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "model_check/naive.hpp"

namespace kith::model_check {

class coverage {
 public:
  void note(const question& q);
  void note_answer(const question& q, const answer& a);

  /// Of the questions that could find something, how many in a hundred did.
  int share_of_found() const;
  /// For people: a row for each operator, a column for each sort.
  std::string table() const;
  std::string markdown() const;
  /// The cells that make sense and were never met.
  std::vector<std::string> missing() const;

 private:
  enum circumstance : std::size_t { at_all, with_null, along_path, over_related, in_pages };
  static constexpr std::size_t circumstances = 5;
  using counts = std::array<std::uint64_t, circumstances>;

  std::string totals() const;
  void note(const tree_ptr& t, bool paged);
  void note_use(const std::string& use, const tree_ptr& t, bool paged);
  void count(const std::string& use, int sort, const std::vector<tree_ptr>& operands, bool paged);
  void require(std::vector<std::string>& missing, const std::string& use,
               std::string_view sort_names, std::initializer_list<circumstance> how) const;

  std::map<std::string, std::map<int, counts>> cells_;
  std::map<std::string, std::uint64_t> shapes_, errors_;
  std::uint64_t asked_ = 0, found_ = 0;
};

}  // namespace kith::model_check
