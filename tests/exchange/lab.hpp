// SPDX-License-Identifier: Apache-2.0
//
// What tests of import and export share: an open crm on every store, files in memory, and reports
// that read like sentences.
//
//   EXPECT_EQ(told(import("name,city\nOmega,Omsk\n")), "1 rows: 1 inserted");
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kith/core/crm.hpp"
#include "kith/domain/standard.hpp"
#include "kith/exchange/csv.hpp"
#include "store/backends.hpp"

namespace kith::lab {

using conformance::backend;
using conformance::backends;
using conformance::name_of_backend;

/// The stores that look records up by index: thousands of rows go into them in a moment. The plain
/// one, which the others are compared with, reads everything for each look-up.
std::vector<backend> indexed_backends();

/// A file that is given in pieces of this size.
byte_source bytes_of(std::string content, std::size_t piece = 1 << 20);
/// All rows of a file: cells joined by ¦. An error ends the list: `!invalid: message`.
std::vector<std::string> rows_of(std::string content, csv_dialect known = {},
                                 std::size_t piece = 1 << 20);
std::string in_utf16(std::string_view utf8, bool big_endian);

/// `3 rows: 1 inserted, 1 updated, 1 refused`, and a line for each error:
/// `row 2 (line 3) city → city 'x': message`.
std::string told(const import_result& r);
/// `code: message` of what a call throws; empty when it throws nothing.
std::string refusal(const std::function<void()>& call);

/// The folder of real data, or an empty text where it is not there.
std::string real_data(const std::string& folder);

/// A standard store, open, with one session.
class suite : public ::testing::TestWithParam<backend> {
 protected:
  suite() { open(); }
  void open();

  import_result import(std::string content, import_options options = {}, csv_dialect known = {});
  /// The values of a query's records: `Omega|Omsk; Alfa|`.
  std::string list(std::string_view entity, const std::vector<std::string>& columns,
                   std::string_view where = "order by id");
  std::uint64_t count(std::string_view entity, std::string_view where = "");
  value total(std::string_view entity, const std::string& measure, std::string_view where = "");
  std::string exported(std::string_view entity, csv_export_options options = {},
                       std::string_view where = "order by id");

  std::shared_ptr<manual_clock> clock =
      std::make_shared<manual_clock>(instant{1'772'442'000'000'000});  // 2026-03-02T09:00:00Z
  std::optional<kith::crm> base;
  std::optional<session> s;
};

}  // namespace kith::lab
