// SPDX-License-Identifier: Apache-2.0
//
// Libraries of stores.
#include "storage/plugin/load.hpp"

#include "core/library.hpp"
#include "kith/core/error.hpp"
#include "kith/storage/plugin.hpp"

namespace kith::inline v1 {
namespace plugin {

const ::kith_store_api* negotiated(::kith_store_init_function init, const std::string& path,
                                   std::uint32_t newest) {
  for (std::uint32_t abi = newest; abi >= KITH_STORE_ABI_FIRST; --abi) {
    const ::kith_store_api* table = nullptr;
    const kith_status answer = init(abi, &table);
    if (answer == KITH_E_NEWER) continue;
    if (answer != KITH_OK || table == nullptr) {
      throw error(error_code::misuse, "the plug-in '" + path +
                                          "' gave no table: its kith_store_init "
                                          "answered " +
                                          std::to_string(answer));
    }
    if (table->abi != abi) {
      throw error(error_code::misuse, "the plug-in '" + path + "' was asked for interface " +
                                          std::to_string(abi) + " and gave " +
                                          std::to_string(table->abi));
    }
    return table;
  }
  throw error(error_code::newer, "the plug-in '" + path + "' knows none of the interfaces up to " +
                                     std::to_string(newest) +
                                     "; use one that was built for this "
                                     "version of Kith");
}

}  // namespace plugin

const ::kith_store_api* load_store_plugin(const std::string& path) {
  void* const library = detail::opened_library(path);
  const auto init = reinterpret_cast<::kith_store_init_function>(
      detail::exported_by(library, path, "kith_store_init", "store"));
  return plugin::negotiated(init, path);
}

}  // namespace kith::inline v1
