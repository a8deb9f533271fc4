// SPDX-License-Identifier: Apache-2.0
//
// Time and chance come from outside, so that every test and every replay gives the same bytes.
//
//   auto clock = std::make_shared<manual_clock>(instant::parse("2026-03-01T09:00:00Z").value());
//   auto crm = kith::open(":memory:", {.clock = clock});
//   clock->advance(duration::of_days(1));
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "kith/core/value/time.hpp"

namespace kith::inline v1 {

/// Says what time it is. Any thread.
class clock {
 public:
  virtual ~clock() = default;
  virtual instant now() = 0;
};

/// The computer's clock.
class system_clock final : public clock {
 public:
  instant now() override;
};

/// A clock that stands still until it is moved.
class manual_clock final : public clock {
 public:
  explicit manual_clock(instant start) : now_(start.microseconds) {}
  instant now() override { return {now_.load()}; }
  void set(instant t) { now_ = t.microseconds; }
  void advance(duration d) { now_ += d.microseconds; }

 private:
  std::atomic<std::int64_t> now_;
};

/// Gives bytes that nobody can guess. Any thread.
class random_source {
 public:
  virtual ~random_source() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The operating system's.
class system_random final : public random_source {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

/// The same bytes for the same seed: for tests.
class seeded_random final : public random_source {
 public:
  explicit seeded_random(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::atomic<std::uint64_t> state_;
};

}  // namespace kith::inline v1
