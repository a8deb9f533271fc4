// SPDX-License-Identifier: Apache-2.0
//
// What other systems call records: the entity external_ref, found in the model by its name, so
// that a host without it can import all the same.
#pragma once

#include <optional>
#include <string_view>

#include "kith/core/session.hpp"

namespace kith::inline v1::detail {

class external_keys {
 public:
  explicit external_keys(session& in);
  /// error_code::invalid with the remedy when the model has no such entity.
  void require() const;
  std::optional<any_ref> find(std::string_view source, std::string_view key);
  void add(std::string_view source, std::string_view key, any_ref record);

 private:
  session& session_;
  model_ptr model_;
  const entity_type* entity_ = nullptr;
  const field_type* source_ = nullptr;
  const field_type* key_ = nullptr;
  const field_type* record_ = nullptr;
};

}  // namespace kith::inline v1::detail
