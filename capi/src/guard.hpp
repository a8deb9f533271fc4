// SPDX-License-Identifier: Apache-2.0
//
// The one way through the border: nothing of C++ gets out, and on every failure what the caller
// would have received is NULL or 0.
//
//   kith_status kith_save(kith_crm* crm, kith_error** err) {
//     return guard(err, none, [&] { use(crm).box->crm.save(); return KITH_OK; });
//   }
//
// A call gives its results when it can fail no more; after that it returns.
#pragma once

#include <tuple>

#include "structs.hpp"

namespace kith::capi {

template <class... Out>
std::tuple<Out*...> outs(Out*... out) noexcept {
  return {out...};
}
inline constexpr std::tuple<> nothing{};

template <class Outs, class Call>
kith_status guard(kith_error** err, const Outs& results, const Call& call) noexcept {
  const auto clear_all = [&] { std::apply([](auto*... out) { (clear(out), ...); }, results); };
  if (err != nullptr) *err = nullptr;
  clear_all();
  try {
    return call();
  } catch (...) {
    const kith_status status = caught(err);
    clear_all();
    return status;
  }
}

/// Refuses a result that nobody takes.
template <class Out>
void need(Out* out, const char* what) {
  if (out == nullptr) misuse(std::string(what) + " is NULL");
  if constexpr (sized_struct<Out>) require_size(*out, what);
}

}  // namespace kith::capi
