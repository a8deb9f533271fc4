// SPDX-License-Identifier: Apache-2.0
//
// The standard reports: the only place where they are registered.
#include "kith/analytics/standard.hpp"

namespace kith::inline v1 {

std::span<const report_description> standard_reports() {
  static const report_description all[] = {
      describe_report<pipeline_report>(),
      describe_report<sales_report>(),
      describe_report<clients_report>(),
  };
  return all;
}

}  // namespace kith::inline v1
