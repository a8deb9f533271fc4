// SPDX-License-Identifier: Apache-2.0
//
// The customers as Kith knows them: folded names and cities, checked and unique addresses, a list
// index and a timeline, as a firm would declare them.
#pragma once

#include "customers.hpp"
#include "kith/core/entity.hpp"
#include "kith/core/record.hpp"

namespace kith::bench {

struct shopper {
  static constexpr entity_def about{.name = "bench_shopper", .plural = "bench_shoppers"};
  static constexpr field<shopper, integer> kind{1, "kind", required};
  static constexpr field<shopper, integer> status{2, "status", required};
  static constexpr field<shopper, integer> owner{3, "owner", required};
  static constexpr field<shopper, integer> source{4, "source", required};
  static constexpr field<shopper, text> name{5, "name", required, folded, max_length(300)};
  static constexpr field<shopper, kith::email> mail{6, "mail", required, unique};
  static constexpr field<shopper, text> tel{7, "tel", required, indexed, max_length(40)};
  static constexpr field<shopper, text> city{8, "city", required, folded, max_length(100)};
  static constexpr field<shopper, text> note{9, "note"};
  static constexpr field<shopper, integer> opened{10, "opened", required};
  static constexpr field<shopper, integer> updated{11, "updated", required};
  static constexpr field<shopper, integer> balance{12, "balance", required};
  static constexpr auto fields =
      list(kind, status, owner, source, name, mail, tel, city, note, opened, updated, balance);
  static constexpr auto indexes = list(index(status, city, updated));
};

struct happening {
  static constexpr entity_def about{
      .name = "bench_happening", .plural = "bench_happenings", .append_only = true};
  static constexpr field<happening, ref<shopper>> shopper_ref{1, "shopper", required};
  static constexpr field<happening, integer> at{2, "at", required};
  static constexpr field<happening, integer> kind{3, "kind", required};
  static constexpr field<happening, text> subject{4, "subject", max_length(500)};
  static constexpr auto fields = list(shopper_ref, at, kind, subject);
  static constexpr auto indexes = list(timeline(shopper_ref, at).shows(kind, subject));
};

inline void fill(draft<shopper>& d, const customer& c) {
  d.clear();
  d.set(shopper::kind = c.kind, shopper::status = c.status, shopper::owner = c.owner,
        shopper::source = c.source, shopper::name = c.name, shopper::mail = c.email,
        shopper::tel = c.phone, shopper::city = c.city, shopper::note = c.note,
        shopper::opened = c.opened, shopper::updated = c.updated, shopper::balance = c.balance);
}

}  // namespace kith::bench
