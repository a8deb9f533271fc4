// SPDX-License-Identifier: Apache-2.0
//
// Making customers up.
#include "customers.hpp"

#include <array>

namespace kith::bench {
namespace {

constexpr std::array latin{"ba", "vo", "ga", "de", "zhi", "za", "ki", "la",  "me",  "na",
                           "po", "ra", "si", "ta", "fe",  "ho", "ca", "che", "shu", "yan"};
constexpr std::array cyrillic{"ба", "во", "га", "де", "жи", "за", "ки", "ла", "ме", "на",
                              "по", "ра", "си", "та", "фе", "хо", "ца", "че", "шу", "ян"};

std::string word(std::uint32_t k, bool russian, int syllables) {
  std::string w;
  for (int i = 0; i < syllables; ++i, k /= 20) w += russian ? cyrillic[k % 20] : latin[k % 20];
  return w;
}

std::string text(random& r, std::uint32_t words) {
  std::string t;
  for (std::uint32_t i = 0; i < words; ++i) {
    if (i > 0) t += r.below(12) == 0 ? ", " : " ";
    const std::uint32_t k = r.skewed(8000);
    t += word(k, k % 2 == 1, 2 + static_cast<int>(k % 2));
  }
  return t;
}

std::string digits(std::uint64_t n, int width) {
  std::string d(static_cast<std::size_t>(width), '0');
  for (int i = width; i-- > 0; n /= 10)
    d[static_cast<std::size_t>(i)] = static_cast<char>('0' + n % 10);
  return d;
}

void append_field(std::string& out, const std::string& s) {
  if (s.find_first_of(",\"\n") == std::string::npos) {
    out += s;
    return;
  }
  out += '"';
  for (const char c : s) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

const std::vector<std::string>& cities() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> c;
    for (std::uint32_t i = 0; i < 200; ++i) {
      c.push_back(word(i * 37, i % 2 == 1, 2) + (i % 2 == 1 ? "град" : "ton"));
    }
    return c;
  }();
  return all;
}

customer make_customer(std::int64_t i) {
  random r(static_cast<std::uint64_t>(i));
  customer c;
  c.id = i;
  const std::uint32_t family = r.skewed(8000);
  const std::uint32_t first = r.below(400);
  const bool russian = r.below(2) == 1;
  c.kind = r.below(10) == 0;
  c.status = r.below(5);
  c.owner = r.below(50);
  c.source = r.below(8);
  c.name = (c.kind == 1 ? (russian ? "ООО " : "Ltd ") : "") + word(family, russian, 3) + " " +
           word(first, russian, 2);
  c.email = word(first, false, 2) + "." + word(family, false, 3) + "." + std::to_string(i) +
            "@mail" + std::to_string(r.below(6)) + ".example";
  c.phone = "+7" + digits(static_cast<std::uint64_t>(i) * 7654321013u % 10000000000u, 10);
  c.city = cities()[r.skewed(200)];
  c.note = r.below(10) < 4 ? std::string() : text(r, 4 + r.below(18));
  c.opened = 1500000000 + r.below(200000000);
  c.updated = c.opened + r.below(30000000);
  c.balance = static_cast<std::int64_t>(r.below(2000000)) - 500000;
  return c;
}

std::vector<customer> make_customers(std::int64_t count) {
  std::vector<customer> all;
  all.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 1; i <= count; ++i) all.push_back(make_customer(i));
  return all;
}

void append_csv(std::string& out, const customer& c) {
  for (const std::int64_t n : {c.id, c.kind, c.status, c.owner, c.source}) {
    out += std::to_string(n) + ',';
  }
  for (const std::string* s : {&c.name, &c.email, &c.phone, &c.city, &c.note}) {
    append_field(out, *s);
    out += ',';
  }
  out += std::to_string(c.opened) + ',' + std::to_string(c.updated) + ',' +
         std::to_string(c.balance) + '\n';
}

}  // namespace kith::bench
