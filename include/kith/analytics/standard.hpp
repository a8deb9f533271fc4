// SPDX-License-Identifier: Apache-2.0
//
// The standard reports. A new one is a header, its function, a test, and two lines: its #include
// here, its describe_report<…>() in src/analytics/standard.cpp.
#pragma once

#include <span>

#include "kith/analytics/clients_report.hpp"
#include "kith/analytics/pipeline_report.hpp"
#include "kith/analytics/sales_report.hpp"

namespace kith::inline v1 {

std::span<const report_description> standard_reports();

}  // namespace kith::inline v1
