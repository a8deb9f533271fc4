// SPDX-License-Identifier: Apache-2.0
//
// Entities in C.
#include "storage/plugin/layout.hpp"

#include <algorithm>

namespace kith::inline v1::plugin {

static_assert(static_cast<int>(storage::blob) == KITH_BLOB);
static_assert(static_cast<int>(part_role::key) == KITH_ROLE_KEY);
static_assert(static_cast<int>(index_def::shape::exclusive) == KITH_INDEX_UNIQUE);
static_assert(static_cast<int>(index_def::shape::clustered) == KITH_INDEX_CLUSTERED);

layout::layout(const entity_type& of, std::uint64_t number) {
  for (const column& c : of.columns) {
    columns_.push_back(
        {keep(c.name), static_cast<std::uint32_t>(c.type), static_cast<std::uint32_t>(c.role)});
  }
  for (const index_type& i : of.indexes) {
    const auto& keys = slots_.emplace_back(i.keys.begin(), i.keys.end());
    const auto& shown = slots_.emplace_back(i.shown.begin(), i.shown.end());
    const std::string_view field = i.fields.empty() ? std::string_view{} : i.fields[0]->name();
    indexes_.push_back({keep(i.name), keep(field), keys.data(), shown.data(),
                        static_cast<std::uint32_t>(i.as), static_cast<std::uint16_t>(keys.size()),
                        static_cast<std::uint16_t>(shown.size())});
  }
  for (const std::string& name : of.retired_indexes) retired_.push_back(keep(name));
  entity_ = {sizeof entity_,
             number,
             keep(of.name()),
             columns_.data(),
             indexes_.data(),
             retired_.data(),
             static_cast<std::uint32_t>(columns_.size()),
             static_cast<std::uint32_t>(indexes_.size()),
             static_cast<std::uint32_t>(retired_.size()),
             of.number,
             0};
}

bool layout::shows(const entity_type& of) const {
  return entity_.number == of.number && of.name() == entity_.name &&
         std::equal(columns_.begin(), columns_.end(), of.columns.begin(), of.columns.end(),
                    [](const ::kith_store_column& mine, const column& c) {
                      return c.name == mine.name && static_cast<unsigned>(c.type) == mine.type;
                    }) &&
         std::equal(indexes_.begin(), indexes_.end(), of.indexes.begin(), of.indexes.end(),
                    [](const ::kith_store_index& mine, const index_type& i) {
                      return i.name == mine.name && static_cast<unsigned>(i.as) == mine.shape &&
                             std::equal(i.keys.begin(), i.keys.end(), mine.keys,
                                        mine.keys + mine.key_count);
                    }) &&
         std::equal(retired_.begin(), retired_.end(), of.retired_indexes.begin(),
                    of.retired_indexes.end(),
                    [](const char* mine, const std::string& name) { return name == mine; });
}

}  // namespace kith::inline v1::plugin
