// SPDX-License-Identifier: Apache-2.0
//
// The form: `k1`, the sequence, and each cell as its class and eight bytes; texts have their bytes
// behind them. Numbers are little-endian. Marks come back from strangers, so all is checked.
#include "marks.hpp"

#include <bit>

#include "kith/core/error.hpp"

namespace kith::capi {
namespace {

constexpr std::string_view magic = "k1";

void put_number(std::string& out, std::uint64_t n) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(n >> (8 * i) & 0xff);
}

[[noreturn]] void refuse() {
  throw error(error_code::invalid, "the mark is none that kith_cursor_mark gave");
}

class mark_reader {
 public:
  explicit mark_reader(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) refuse();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t number() {
    std::uint64_t n = 0;
    const std::string_view bytes = take(8);
    for (std::size_t i = 8; i-- > 0;) n = n << 8 | static_cast<unsigned char>(bytes[i]);
    return n;
  }

 private:
  std::string_view rest_;
};

owned_cell read_cell(mark_reader& in) {
  const auto type = static_cast<storage>(in.take(1)[0]);
  const std::uint64_t n = in.number();
  switch (type) {
    case storage::null: return {};
    case storage::integer: return cell::integer(static_cast<std::int64_t>(n));
    case storage::real: return cell::real(std::bit_cast<double>(n));
    case storage::text: return cell::text(in.take(n));
    case storage::blob: return cell::blob(in.take(n));
  }
  refuse();
}

}  // namespace

std::string written_mark(const page_mark& mark) {
  if (mark.empty()) return {};
  std::string out(magic);
  put_number(out, static_cast<std::uint64_t>(mark.sequence));
  for (const owned_cell& owned : mark.cells) {
    const cell c = owned.view();
    out += static_cast<char>(c.type());
    if (c.has_bytes()) {
      put_number(out, c.as_bytes().size());
      out += c.as_bytes();
    } else if (c.type() == storage::real) {
      put_number(out, std::bit_cast<std::uint64_t>(c.as_real()));
    } else {
      put_number(out, c.is_null() ? 0 : static_cast<std::uint64_t>(c.as_integer()));
    }
  }
  return out;
}

page_mark read_mark(std::string_view bytes) {
  page_mark mark;
  if (bytes.empty()) return mark;
  mark_reader in(bytes);
  if (in.take(magic.size()) != magic) refuse();
  mark.sequence = static_cast<std::int64_t>(in.number());
  while (!in.done()) mark.cells.push_back(read_cell(in));
  const bool ends_with_id =
      !mark.cells.empty() && mark.cells.back().view().type() == storage::integer;
  if (!ends_with_id) refuse();
  return mark;
}

}  // namespace kith::capi
