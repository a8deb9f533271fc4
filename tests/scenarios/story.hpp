// SPDX-License-Identifier: Apache-2.0
//
// Reads a scenario (README.md) and does it in C++; what it writes is compared with the file.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/kith.hpp"

namespace kith::scenarios {

/// One store, its clock, and the records that have names.
class story {
 public:
  story();
  /// The file as it should be: its commands, and behind each what it answered.
  std::string told(std::string_view file);

 private:
  struct assigned {
    std::string name, text;
  };
  using lines = std::vector<std::string>;

  lines answer(const std::string& line);
  lines does(const std::string& word, const std::string& rest);
  lines asks(session& in, const std::string& word, const std::string& rest);

  void add(const std::string& rest);
  void set(const std::string& rest);
  lines show(session& in, const std::string& rest);
  lines list(session& in, const std::string& rest);
  lines group(session& in, const std::string& rest);
  void call(const std::string& rest);
  lines report(const std::string& rest);
  lines history(const std::string& name);
  void work_as(const std::string& rest);

  static std::vector<assigned> assignments(std::string_view text);
  void put(any_draft& d, const entity_type& e, const assigned& a) const;
  any_query ask(session& in, const std::string& entity_and_condition) const;
  std::string shown(const value& v) const;
  lines rows(const table& t) const;
  struct known {
    const entity_type& entity() const { return *found; }
    const entity_type* found;
    record_id id;
  };
  known named(const std::string& name) const;

  std::shared_ptr<manual_clock> clock_;
  crm base_;
  session session_;
  std::vector<transaction> open_;
  std::map<std::string, std::pair<std::string, record_id>> records_;  // entity's name, id
  std::map<std::string, std::int64_t> marks_;
};

}  // namespace kith::scenarios
