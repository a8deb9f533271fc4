// SPDX-License-Identifier: Apache-2.0
//
// The same made-up customers for every program under comparison: customer i depends on i only.
// Thirteen columns, half of the names Cyrillic, cities and clients with a long tail.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kith::bench {

struct customer {
  std::int64_t id = 0;
  std::int64_t kind = 0, status = 0, owner = 0, source = 0;
  std::string name, email, phone, city, note;
  std::int64_t opened = 0, updated = 0, balance = 0;
};

/// SplitMix64 (Steele, Lea, Flood 2014).
class random {
 public:
  explicit random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((next() >> 32) * n >> 32);
  }
  /// Small numbers are likelier: a long tail.
  std::uint32_t skewed(std::uint32_t n) {
    const std::uint32_t a = below(n);
    return below(a + 1);
  }

 private:
  std::uint64_t state_;
};

/// Customer i, from 1.
customer make_customer(std::int64_t i);
std::vector<customer> make_customers(std::int64_t count);
const std::vector<std::string>& cities();
/// One line of a CSV file.
void append_csv(std::string& out, const customer& c);
inline constexpr std::string_view csv_header =
    "id,kind,status,owner,source,name,email,phone,city,note,opened,updated,balance\n";

}  // namespace kith::bench
