// SPDX-License-Identifier: Apache-2.0
//
// Rows through one connection for programs: where references and relations lead, and scans whose
// conditions the store took only in part.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/expression/evaluate.hpp"
#include "core/expression/slots.hpp"
#include "kith/core/model.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

/// Reads rows for an evaluator. With `keep`, rows that references name are remembered: for reading
/// many rows of one instant.
class connection_reader final : public row_source {
 public:
  connection_reader(connection& through, const model& of, time_zone zone, bool keep)
      : connection_(through), model_(of), zone_(zone), keep_(keep) {}

  row_ptr referred(std::uint16_t entity, record_id id) override;
  void each_related(std::uint16_t entity, slot_number slot, record_id id,
                    const std::function<bool(const row&)>& visit) override;

 private:
  connection& connection_;
  const model& model_;
  time_zone zone_;
  bool keep_;
  std::unordered_map<std::int64_t, row_ptr> kept_;
};

/// `slot = c` as a condition. The bytes of c outlive it.
program equals(slot_number slot, storage type, const cell& c);

/// Whether a row passes the conditions that the store did not take.
bool passes(std::span<const program> conditions, std::uint64_t taken, evaluator& run, const row& r);

}  // namespace kith::inline v1::detail
