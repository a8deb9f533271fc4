// SPDX-License-Identifier: Apache-2.0
//
// The standard model with its actions and reports, for the programs that print it.
#pragma once

#include <iosfwd>
#include <string>

#include "kith/analytics/standard.hpp"
#include "kith/core/model.hpp"
#include "kith/domain/standard.hpp"

namespace described {

inline kith::model_ptr standard_model() {
  const auto actions = kith::standard_actions();
  const auto reports = kith::standard_reports();
  return kith::model::build({{kith::standard_entities.begin(), kith::standard_entities.end()},
                             {},
                             0,
                             {},
                             {actions.begin(), actions.end()},
                             {reports.begin(), reports.end()}});
}

/// `restrict`, `clear`, `cascade`, `keep`.
const char* policy_name(kith::delete_policy policy);

void print_markdown(const kith::model& m, std::ostream& out);
void print_json(const kith::model& m, std::ostream& out);

}  // namespace described
