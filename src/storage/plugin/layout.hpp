// SPDX-License-Identifier: Apache-2.0
//
// An entity as plain C structs, with the strings they point to.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kith/core/model.hpp"
#include "kith_plugin.h"

namespace kith::inline v1::plugin {

class layout {
 public:
  layout(const entity_type& of, std::uint64_t number);
  layout(const layout&) = delete;
  layout& operator=(const layout&) = delete;

  /// Whether the entity still looks like this: another model may stand at its address.
  bool shows(const entity_type& of) const;
  const ::kith_store_entity* get() const noexcept { return &entity_; }

 private:
  const char* keep(std::string_view text) { return strings_.emplace_back(text).c_str(); }

  std::deque<std::string> strings_;
  std::vector<::kith_store_column> columns_;
  std::vector<::kith_store_index> indexes_;
  std::deque<std::vector<std::uint16_t>> slots_;
  std::vector<const char*> retired_;
  ::kith_store_entity entity_{};
};
using layout_ptr = std::shared_ptr<const layout>;

}  // namespace kith::inline v1::plugin
