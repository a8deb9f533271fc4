// SPDX-License-Identifier: Apache-2.0
//
// An open store of another make: its table, its handle, what it declared. Connections and cursors
// share it; the last one closes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "kith/core/store.hpp"
#include "kith/storage/plugin.hpp"
#include "kith_plugin.h"

namespace kith::inline v1::plugin {

class site {
 public:
  /// Checks the table, then opens; see open_plugin().
  site(const ::kith_store_api* table, std::string_view where, plugin_options wanted);
  site(const site&) = delete;
  site& operator=(const site&) = delete;
  ~site();

  /// Throws error_code::forked in a child process, poisoned after a plug-in said so.
  void check() const;
  bool of_parent() const noexcept;  ///< we are a child: nothing of it may be touched
  std::uint64_t next_layout() noexcept { return layouts_.fetch_add(1) + 1; }

  ::kith_store_api table{};  ///< functions that this plug-in does not have are null
  ::kith_store_api const* original = nullptr;
  plugin_options options;
  std::string where;
  std::string name;  ///< what messages call it
  capabilities can;
  bool verifies = false;
  void* handle = nullptr;
  mutable std::atomic<bool> poisoned{false};  ///< from now on the store only closes

 private:
  void adopt(const ::kith_store_traits& traits);

  std::atomic<std::uint64_t> layouts_{0};
  unsigned forks_;
};

/// The size of the part of the table that every store fills.
inline constexpr std::size_t required_size = offsetof(::kith_store_api, aggregate);

/// error_code::misuse: what is wrong with the function of this plug-in.
[[noreturn]] void broken(const std::string& plugin, std::string_view function,
                         std::string_view what);

}  // namespace kith::inline v1::plugin
