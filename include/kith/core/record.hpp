// SPDX-License-Identifier: Apache-2.0
//
// Records as people write them: typed keys over rows. A record is a version of a record at an
// instant; it never changes and outlives the session. A draft is a record plus changes.
//
//   record<deal> d = session.get<deal>(id);
//   money m = d[deal::amount];                   // one load; null reads as the empty value
//   if (d.has(deal::closes)) remind(d[deal::closes]);
//
// Texts read from a named record are views that live as long as it; from a temporary, copies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1 {

/// "No value": `client::parent = none`.
inline constexpr std::nullopt_t none = std::nullopt;

// ------------------------------------------------------------------------------------------ drafts

/// Cells on their way into the store: a base version (or none, for a new record) and changes.
/// Reusable: clear() keeps the memory.
class any_draft {
 public:
  any_draft() = default;
  explicit any_draft(row_ptr base) : base_(std::move(base)) {}

  const row_ptr& base() const noexcept { return base_; }
  void clear(row_ptr base = {});
  /// The same changes to another version.
  void rebase(row_ptr base) noexcept { base_ = std::move(base); }
  /// Copies the cell's bytes. error_code::misuse for a field without a column.
  void put(slot_number slot, cell value);
  /// Takes the change back.
  void forget(slot_number slot);
  bool changed(slot_number slot) const noexcept { return slot < cells_.size() && cells_[slot].set; }
  bool empty() const noexcept { return changes_ == 0; }
  /// The cell as it will be.
  cell at(slot_number slot, storage type) const noexcept;
  // As row: 0 and "" for null.
  std::int64_t integer(unsigned slot) const noexcept {
    return at(static_cast<slot_number>(slot), storage::integer).as_integer();
  }
  double real(unsigned slot) const noexcept {
    const cell c = at(static_cast<slot_number>(slot), storage::real);
    return c.is_null() ? 0 : c.as_real();
  }
  std::string_view text(unsigned slot) const noexcept {
    const cell c = at(static_cast<slot_number>(slot), storage::text);
    return c.is_null() ? std::string_view{} : c.as_bytes();
  }
  bool is_null(unsigned slot, std::size_t parts) const noexcept;
  /// One more than the largest slot that was put.
  unsigned slots() const noexcept { return static_cast<unsigned>(cells_.size()); }

 private:
  struct slot_cell {
    union {
      std::int64_t integer = 0;
      double real;
      std::uint32_t offset;
    };
    std::uint32_t size = 0;
    storage type = storage::null;
    bool set = false;
  };
  row_ptr base_;
  std::vector<slot_cell> cells_;
  std::string bytes_;
  unsigned changes_ = 0;
};

/// Puts the parts of one field into a draft.
class draft_sink final : public cell_sink {
 public:
  draft_sink(any_draft& draft, slot_number first) : draft_(draft), first_(first) {}
  void put(unsigned part, cell value) override {
    draft_.put(static_cast<slot_number>(first_ + part), value);
  }

 private:
  any_draft& draft_;
  slot_number first_;
};

/// The id of a record as a key: `id_of<deal> == some_deal`, `columns(id_of<deal>, deal::title)`.
template <class E>
struct id_key {
  using owner_type = E;
  using value_type = ref<E>;
  static const field_def& def() noexcept;
  static constexpr slot_number slot() { return id_slot; }
  static constexpr key_ref key() { return {type_id_of<E>, 0, id_slot, whole_value}; }
};
template <class E>
inline constexpr id_key<E> id_of{};

namespace detail {
const field_def& id_field() noexcept;
}  // namespace detail
template <class E>
const field_def& id_key<E>::def() noexcept {
  return detail::id_field();
}

// ---------------------------------------------------------------------------- C++ types and cells

namespace detail {
// Brought to the field's scale; error_code::invalid names the field when digits would be lost.
std::int64_t units_for(const field_def& f, const decimal& d);
std::int64_t units_for(const field_def& f, const money& m);
money money_from(const field_def& f, std::int64_t units, std::string_view currency);
[[noreturn]] void throw_no_slot(const field_def& f);

template <class T>
struct reading {
  using type = T;
};
template <class T>
  requires texty<T> || std::same_as<T, blob>
struct reading<T> {
  using type = std::string_view;
};
template <class T>
using reading_t = typename reading<T>::type;

/// What a cell of type T reads as, from a row or a draft; null reads as the empty value.
template <class T, class Source>
reading_t<T> read(const Source& r, const field_def& f, unsigned s) {
  if constexpr (texty<T> || std::same_as<T, blob>) {
    return r.text(s);
  } else if constexpr (std::same_as<T, double>) {
    return r.real(s);
  } else if constexpr (std::same_as<T, decimal>) {
    return decimal(r.integer(s), f.options.scale);
  } else if constexpr (std::same_as<T, money>) {
    return money_from(f, r.integer(s), r.text(s + 1));
  } else if constexpr (std::same_as<T, date>) {
    return date::from_days(static_cast<std::int32_t>(r.integer(s)));
  } else if constexpr (std::same_as<T, instant> || std::same_as<T, duration>) {
    return T{r.integer(s)};
  } else if constexpr (ref_type<T>) {
    return T{record_id{r.integer(s)}};
  } else if constexpr (std::same_as<T, any_ref>) {
    return any_ref{static_cast<std::uint16_t>(r.integer(s + 1)), record_id{r.integer(s)}};
  } else if constexpr (std::same_as<T, person_name>) {
    return person_name{std::string(r.text(s)), std::string(r.text(s + 2)),
                       std::string(r.text(s + 4))};
  } else if constexpr (std::same_as<T, postal_address>) {
    return postal_address{std::string(r.text(s)), std::string(r.text(s + 1)),
                          std::string(r.text(s + 3)), std::string(r.text(s + 4)),
                          std::string(r.text(s + 5))};
  } else {
    return static_cast<T>(r.integer(s));  // integer, boolean, choice
  }
}

/// Text that is absent is null; a part that is empty stays away.
inline cell text_or_null(std::string_view t) { return t.empty() ? cell::null() : cell::text(t); }

/// Puts a C++ value as the cells of a field of type T.
template <class T, class V>
void write(cell_sink& to, const field_def& f, const V& v) {
  if constexpr (std::same_as<V, std::nullopt_t>) {
    const auto parts = parts_of(f.kind, f.options);
    for (unsigned i = 0; i < parts.size(); ++i) to.put(i, cell::null());
  } else if constexpr (requires {
                         v.has_value();
                         *v;
                       }) {
    if (v.has_value()) {
      write<T>(to, f, *v);
    } else {
      write<T>(to, f, std::nullopt);
    }
  } else if constexpr (texty<T>) {
    to.put(0, cell::text(std::string_view(v)));
  } else if constexpr (std::same_as<T, blob>) {
    to.put(0, cell::blob(std::string_view(v)));
  } else if constexpr (std::same_as<T, double>) {
    to.put(0, cell::real(static_cast<double>(v)));
  } else if constexpr (std::same_as<T, decimal>) {
    static_assert(!std::is_floating_point_v<V>, "decimals are exact: write decimal(\"0.1\")");
    to.put(0, cell::integer(units_for(f, decimal(v))));
  } else if constexpr (std::same_as<T, money>) {
    const money& m = v;
    to.put(0, cell::integer(units_for(f, m)));
    to.put(1, cell::text(m.currency().text()));
  } else if constexpr (std::same_as<T, date>) {
    to.put(0, cell::integer(static_cast<const date&>(v).days));
  } else if constexpr (std::same_as<T, instant> || std::same_as<T, duration>) {
    to.put(0, cell::integer(static_cast<const T&>(v).microseconds));
  } else if constexpr (ref_type<T>) {
    const T target = v;
    to.put(0, target ? cell::integer(target.id.value) : cell::null());
  } else if constexpr (std::same_as<T, any_ref>) {
    const any_ref& target = v;
    to.put(0, target ? cell::integer(target.id.value) : cell::null());
    to.put(1, target ? cell::integer(target.entity) : cell::null());
  } else if constexpr (std::same_as<T, person_name>) {
    const person_name& n = v;
    to.put(0, text_or_null(n.last));
    to.put(2, text_or_null(n.first));
    to.put(4, text_or_null(n.patronymic));
  } else if constexpr (std::same_as<T, postal_address>) {
    const postal_address& a = v;
    to.put(0, text_or_null(a.street));
    to.put(1, text_or_null(a.city));
    to.put(3, text_or_null(a.region));
    to.put(4, text_or_null(a.postal_code));
    to.put(5, text_or_null(a.country));
  } else if constexpr (std::is_enum_v<T>) {
    to.put(0, cell::integer(static_cast<std::int64_t>(static_cast<T>(v))));
  } else {
    static_assert(std::integral<V>, "this field takes a whole number or a truth value");
    to.put(0, cell::integer(static_cast<std::int64_t>(v)));
  }
}

/// Applies `field = value` to a draft.
template <class E, class T, class V>
void assign(any_draft& d, const assignment<E, T, V>& a) {
  if (a.slot == no_slot) throw_no_slot(a.def);
  if (a.part == whole_value) {
    draft_sink sink(d, a.slot);
    write<T>(sink, a.def, a.value);
  } else {
    draft_sink sink(d, static_cast<slot_number>(a.slot + a.part));
    write<T>(sink, a.def, a.value);
  }
}
}  // namespace detail

// ----------------------------------------------------------------------------------------- records

/// A version of a record of entity E. Eight bytes; copies share the row.
template <class E>
class record {
 public:
  using entity = E;

  record() = default;
  explicit record(row_ptr r) : row_(std::move(r)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(row_); }
  record_id id() const noexcept { return row_->id(); }
  operator kith::ref<E>() const noexcept { return {id()}; }  // NOLINT: a record names itself
  /// The sequence of the commit that made this version.
  std::int64_t revision() const noexcept { return row_->system().revision; }
  bool deleted() const noexcept { return !row_->live(); }
  const row_ptr& row() const noexcept { return row_; }

  /// The value; of null, the empty value of the type. Computed-on-read fields are not part of a
  /// record: session.value(record, key) computes them, and here they are error_code::misuse.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  detail::reading_t<typename K::value_type> operator[](const K& key) const& {
    return detail::read<typename K::value_type>(*row_, key.def(), checked(key));
  }
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  auto operator[](const K& key) && {
    using type = detail::reading_t<typename K::value_type>;
    using kept = std::conditional_t<std::same_as<type, std::string_view>, std::string, type>;
    return kept(detail::read<typename K::value_type>(*row_, key.def(), checked(key)));
  }
  /// Whether there is a value.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  bool has(const K& key) const {
    const auto parts = parts_of(key.def().kind, key.def().options);
    const unsigned first = checked(key);
    if constexpr (requires { key.index(); }) return row_->has(first);
    for (unsigned i = 0; i < parts.size(); ++i) {
      if (row_->has(first + i)) return true;
    }
    return false;
  }
  /// The value, or nothing.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  std::optional<detail::reading_t<typename K::value_type>> find(const K& key) const& {
    if (!has(key)) return std::nullopt;
    return (*this)[key];
  }

  friend bool operator==(const record& a, const record& b) noexcept { return a.row_ == b.row_; }

 private:
  template <class K>
  unsigned checked(const K& key) const {
    const slot_number slot = key.slot();
    if (slot == no_slot) [[unlikely]]
      detail::throw_no_slot(key.def());
    return slot;
  }

  row_ptr row_;
};

/// A draft of entity E: `draft<client> d; d.set(client::name = "…");`
template <class E>
class draft : public any_draft {
 public:
  draft() = default;
  explicit draft(const record<E>& base) : any_draft(base.row()) {}
  template <class... Assignments>
  draft& set(const Assignments&... assignments) {
    (detail::assign<E>(*this, assignments), ...);
    return *this;
  }
};

/// A record of an entity known at run time, with its model.
class any_record {
 public:
  any_record() = default;
  any_record(model_ptr of, const entity_type& entity, row_ptr r)
      : model_(std::move(of)), entity_(&entity), row_(std::move(r)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(row_); }
  record_id id() const noexcept { return row_->id(); }
  std::int64_t revision() const noexcept { return row_->system().revision; }
  bool deleted() const noexcept { return !row_->live(); }
  const entity_type& entity() const noexcept { return *entity_; }
  const row_ptr& row() const noexcept { return row_; }
  /// The value of a field or part by name; null value for null. error_code::not_found with near
  /// names; error_code::misuse for a field that is computed on read.
  value operator[](std::string_view field) const;
  value operator[](const field_type& field) const;
  template <class E>
  record<E> as() const {
    if (entity_->type != type_id_of<E>)
      throw error(error_code::misuse, "not a record of this type");
    return record<E>(row_);
  }

 private:
  model_ptr model_;
  const entity_type* entity_ = nullptr;
  row_ptr row_;
};

}  // namespace kith::inline v1
