// SPDX-License-Identifier: Apache-2.0
//
// What the library says about itself.
#include <algorithm>
#include <array>
#include <string_view>

#include "errors.hpp"

namespace {

constexpr std::string_view features[] = {"sqlite",  "memory",  "guest", "csv",    "audit",
                                         "actions", "reports", "arrow", "stores", "modules"};

struct outcome_name {
  kith_status status;
  const char* name;
};
constexpr outcome_name outcomes[] = {{KITH_OK, "ok"},
                                     {KITH_ROW, "row"},
                                     {KITH_DONE, "done"},
                                     {KITH_ABSENT, "absent"},
                                     {KITH_UNCHANGED, "unchanged"},
                                     {KITH_E_NO_MEMORY, "no_memory"},
                                     {KITH_E_INTERNAL, "internal"}};

}  // namespace

const char* kith_version(void) { return KITH_LIBRARY_VERSION; }

int32_t kith_abi_version(void) { return KITH_ABI_VERSION; }

int32_t kith_has_feature(const char* feature) {
  if (feature == nullptr) return 0;
  return std::find(std::begin(features), std::end(features), feature) != std::end(features);
}

const char* kith_status_name(kith_status status) {
  // Names of codes are literals, so they end with a zero.
  if (kith::capi::is_code(status)) {
    return kith::name_of(static_cast<kith::error_code>(-status)).data();
  }
  const auto* const found = std::find_if(std::begin(outcomes), std::end(outcomes),
                                         [&](const outcome_name& o) { return o.status == status; });
  return found == std::end(outcomes) ? "unknown" : found->name;
}
