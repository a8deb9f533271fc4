// SPDX-License-Identifier: Apache-2.0
//
// Loading modules: all that one describes is added, or nothing.
#include "kith/module/load.hpp"

#include <array>
#include <iterator>

#include "core/library.hpp"
#include "kith/core/error.hpp"
#include "module/registry.hpp"
#include "module/scope.hpp"

namespace kith::inline v1 {
namespace {

// What the module says to one interface; KITH_E_NEWER asks for a lower one.
kith_status ask(module_init init, std::uint32_t abi, ::kith_registry& registry) {
  // A host lives as long as the module uses it: for ever.
  static const auto hosts = [] {
    std::array<::kith_module_host, KITH_MODULE_ABI> all;
    all.fill(module::host_table);
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i].abi = i + 1;
    return all;
  }();
  return init(&hosts[abi - 1], &registry);
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void add_module(crm_options& to, module_init init, const std::string& name) {
  for (std::uint32_t abi = KITH_MODULE_ABI; abi >= KITH_MODULE_ABI_FIRST; --abi) {
    ::kith_registry registry;
    registry.name = name;
    const kith_status answer = ask(init, abi, registry);
    if (answer == KITH_E_NEWER && !registry.thrown) continue;
    if (answer != KITH_OK) {
      if (registry.thrown && registry.thrown_code == answer) {
        std::rethrow_exception(registry.thrown);
      }
      throw error(error_code::misuse, "the module " + name + " could not be loaded: it answered " +
                                          std::to_string(answer));
    }
    append(to.wanted_entities, registry.added.wanted_entities);
    append(to.wanted_fields, registry.added.wanted_fields);
    append(to.rules, registry.added.rules);
    append(to.actions, registry.added.actions);
    append(to.reports, registry.added.reports);
    return;
  }
  throw error(error_code::newer, "the module " + name +
                                     " knows none of the interfaces of this version of Kith; use "
                                     "one that was built for it");
}

void load_module(crm_options& to, const std::string& path) {
  void* const library = detail::opened_library(path);
  const auto init = reinterpret_cast<module_init>(
      detail::exported_by(library, path, "kith_module_init", "module"));
  add_module(to, init, path);
}

}  // namespace kith::inline v1
