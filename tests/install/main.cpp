// SPDX-License-Identifier: Apache-2.0
//
// The smallest host: one client in, the same client out.
#include <cstdio>
#include <kith/kith.hpp>

int main() {
  kith::crm crm = kith::open(":memory:");
  kith::session s = crm.open_session({.actor = "host"});
  s.add(kith::client::name = "ООО «Автопарк»");
  const auto found = s.find_one(kith::client::name, "ооо «автопарк»");
  std::puts(found ? "found" : "lost");
  return found ? 0 : 1;
}
