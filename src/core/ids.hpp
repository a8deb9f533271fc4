// SPDX-License-Identifier: Apache-2.0
//
// How record ids are laid out: 41 bits of milliseconds since 2020, 12 bits of counter, 10 bits of
// origin (docs/decisions/0005-record-ids.md).
#pragma once

#include <cstdint>

namespace kith::inline v1::detail {

inline constexpr std::int64_t id_epoch_ms = 1'577'836'800'000;  // 2020-01-01T00:00:00Z
inline constexpr int id_counter_bits = 12;
inline constexpr int id_origin_bits = 10;
inline constexpr int id_time_shift = id_counter_bits + id_origin_bits;

}  // namespace kith::inline v1::detail
