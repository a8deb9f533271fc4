// SPDX-License-Identifier: Apache-2.0
//
// The error of a call, as a value.
#pragma once

#include <functional>
#include <optional>

#include "kith/core/error.hpp"

namespace kith {

/// The error that the call throws, if it does.
inline std::optional<error> refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const error& e) {
    return e;
  }
  return {};
}

}  // namespace kith
