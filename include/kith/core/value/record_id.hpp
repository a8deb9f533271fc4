// SPDX-License-Identifier: Apache-2.0
//
// What a record is called. An id is 63 bits, ordered by time of creation and unique in the store
// across all entities; it is never reused (docs/decisions/0005-record-ids.md). ref<E> is an id
// that knows its entity, any_ref one that carries it.
//
//   ref<client> c = session.add(client::name = "ООО «Автопарк»");
#pragma once

#include <compare>
#include <cstdint>

namespace kith::inline v1 {

/// The id of a record; zero is "none".
struct record_id {
  std::int64_t value = 0;

  constexpr explicit operator bool() const noexcept { return value != 0; }
  friend constexpr auto operator<=>(record_id, record_id) noexcept = default;
};

/// A reference to a record of entity E. As the type of a field: `field<deal, ref<client>>`.
template <class E>
struct ref {
  record_id id;

  constexpr explicit operator bool() const noexcept { return static_cast<bool>(id); }
  friend constexpr auto operator<=>(ref, ref) noexcept = default;
};

/// A reference to a record of any entity, by the entity's number in the model.
struct any_ref {
  std::uint16_t entity = 0;
  record_id id;

  constexpr explicit operator bool() const noexcept { return static_cast<bool>(id); }
  friend constexpr auto operator<=>(any_ref, any_ref) noexcept = default;
};

}  // namespace kith::inline v1
