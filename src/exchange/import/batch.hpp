// SPDX-License-Identifier: Apache-2.0
//
// The record of an import: the entity import_batch, found in the model by its name, so that a host
// without it can import all the same.
#pragma once

#include <string_view>

#include "kith/exchange/import.hpp"

namespace kith::inline v1::detail {

class batch_record {
 public:
  /// `keep`: whether there is to be one at all.
  batch_record(session& in, bool keep);
  /// None when the model has no such entity.
  record_id begin(std::string_view format, std::string_view file, std::string_view entity);
  /// The counts so far; written when they are others than last time.
  void count(const import_result& so_far);
  void finish();

 private:
  void put(any_draft& d, std::string_view field, cell value) const;

  session& session_;
  model_ptr model_;
  const entity_type* entity_ = nullptr;
  record_id id_;
  std::uint64_t counted_ = 0;
};

}  // namespace kith::inline v1::detail
