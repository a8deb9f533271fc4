// SPDX-License-Identifier: Apache-2.0
//
// Errors on their way between C++ and C, in both directions. One table of numbers: a kith_status is
// the error_code times -1; beyond it are only out of memory and Kith's own mistakes.
#pragma once

#include <optional>
#include <string>

#include "c_header.hpp"
#include "kith/core/error.hpp"

struct kith_error {
  static constexpr std::uint32_t right_tag = 0x6b657272;
  std::uint32_t tag = right_tag;  // gone with it
  kith_status status = KITH_E_INTERNAL;
  std::optional<kith::error> what{};  // none: out of memory
};

namespace kith::capi {

/// The error as an object for the caller; the static one when there is no memory for it.
kith_error* make_error(kith_status status, const std::optional<kith::error>& what) noexcept;
/// Whether it is a number of error_code times -1.
bool is_code(kith_status status) noexcept;
kith_status status_of(const kith::error& e) noexcept;

/// Answers the exception that is being handled: its status, and an error when somebody asks.
kith_status caught(kith_error** err) noexcept;

/// Goes on, or throws what a callback answered. Takes its error over, and frees it.
void rethrow(kith_status status, kith_error* set, const char* callback);

[[noreturn]] void misuse(std::string message);

}  // namespace kith::capi
