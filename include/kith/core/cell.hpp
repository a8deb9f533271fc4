// SPDX-License-Identifier: Apache-2.0
//
// The only thing a store knows: one value of one column, in one of SQLite's storage classes.
// A cell sees its bytes, it does not own them; owned_cell does.
//
//   cell::integer(42)   cell::text("Омск")   cell::null()
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace kith::inline v1 {

/// The storage classes. Their order is the order of unlike cells: null comes first.
enum class storage : std::uint8_t { null, integer, real, text, blob };

/// A view of one stored value; text and blobs stay with their owner.
class cell {
 public:
  constexpr cell() noexcept : integer_(0) {}
  static constexpr cell null() noexcept { return {}; }
  static constexpr cell integer(std::int64_t value) noexcept {
    cell c;
    c.type_ = storage::integer;
    c.integer_ = value;
    return c;
  }
  static constexpr cell real(double value) noexcept {
    cell c;
    c.type_ = storage::real;
    c.real_ = value;
    return c;
  }
  static constexpr cell text(std::string_view value) noexcept {
    return bytes(storage::text, value);
  }
  static constexpr cell blob(std::string_view value) noexcept {
    return bytes(storage::blob, value);
  }

  constexpr storage type() const noexcept { return type_; }
  constexpr bool is_null() const noexcept { return type_ == storage::null; }
  constexpr bool has_bytes() const noexcept { return type_ >= storage::text; }
  constexpr std::int64_t as_integer() const noexcept { return integer_; }
  constexpr double as_real() const noexcept { return real_; }
  /// The bytes of a text or blob.
  constexpr std::string_view as_bytes() const noexcept { return {bytes_, size_}; }

  /// Total order: null, then integers and reals by value, then text and blobs as bytes.
  friend std::strong_ordering operator<=>(const cell& a, const cell& b) noexcept;
  friend bool operator==(const cell& a, const cell& b) noexcept { return (a <=> b) == 0; }

 private:
  static constexpr cell bytes(storage type, std::string_view value) noexcept {
    cell c;
    c.type_ = type;
    c.size_ = static_cast<std::uint32_t>(value.size());
    c.bytes_ = value.data();
    return c;
  }

  union {
    std::int64_t integer_;
    double real_;
    const char* bytes_;
  };
  std::uint32_t size_ = 0;
  storage type_ = storage::null;
};

/// A cell with its bytes.
class owned_cell {
 public:
  owned_cell() = default;
  owned_cell(const cell& c)  // NOLINT: a copy of what the view shows
      : cell_(c), bytes_(c.has_bytes() ? c.as_bytes() : std::string_view{}) {}

  cell view() const noexcept {
    if (cell_.type() == storage::text) return cell::text(bytes_);
    if (cell_.type() == storage::blob) return cell::blob(bytes_);
    return cell_;
  }
  operator cell() const noexcept { return view(); }  // NOLINT
  friend bool operator==(const owned_cell& a, const owned_cell& b) noexcept {
    return a.view() == b.view();
  }

 private:
  cell cell_;
  std::string bytes_;
};

/// Where the cells of a value are put, part by part; the sink copies bytes at once.
class cell_sink {
 public:
  virtual void put(unsigned part, cell value) = 0;

 protected:
  ~cell_sink() = default;
};

}  // namespace kith::inline v1
