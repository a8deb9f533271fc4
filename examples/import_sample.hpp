// SPDX-License-Identifier: Apache-2.0
//
// The files of examples/data: a firm in Omsk that keeps other firms' vehicles running. Its old
// accounting wrote them, with Russian headers, decimal commas, and prices in Windows-1251.
#pragma once

#include <string>

#include "import_report.hpp"

namespace examples {

/// Reads users, stages, clients, contacts, products, deals, orders, interactions and tasks.
import_report import_sample(kith::session& s, const std::string& folder);

}  // namespace examples
