// SPDX-License-Identifier: Apache-2.0
//
// The files under comparison: the same customers and happenings in bare SQLite and in Kith.
#pragma once

#include "entities.hpp"
#include "kith/kith.hpp"
#include "limit_sqlite.hpp"
#include "table.hpp"

namespace kith::bench {

inline constexpr int look_ups = 5000;  ///< in one iteration
inline constexpr int happenings_per_shopper = 100;
inline constexpr std::int64_t timeline_shoppers = 2000;

void remove_file(const std::string& path);
crm open_kith(const std::string& where);

/// Made once, on first use; nobody adds to them.
struct prepared_files {
  std::vector<customer> customers = make_customers(customer_count());
  std::string raw_path = scratch() + "/raw.db";
  std::string kith_path = scratch() + "/base.kith";
  std::vector<record_id> ids;

  prepared_files();
  const customer& any(random& r) const {
    return customers[r.below(static_cast<std::uint32_t>(customers.size()))];
  }
  record_id any_id(random& r) const { return ids[r.below(static_cast<std::uint32_t>(ids.size()))]; }
};
const prepared_files& files();

}  // namespace kith::bench
