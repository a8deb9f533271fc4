// SPDX-License-Identifier: Apache-2.0
//
// What people and their reporting tools see of a model: a view for each entity, with its plural as
// name and its fields as columns (docs/decisions/0021-reporting-views.md).
#pragma once

#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

struct reporting_views {
  explicit reporting_views(const model& of);
  reporting_views(const reporting_views&) = delete;  // the definitions point into it

  std::vector<view_definition> all;

 private:
  std::vector<choice_option> entities_;  // what a reference to anything names
};

}  // namespace kith::inline v1::detail
