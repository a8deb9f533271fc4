// SPDX-License-Identifier: Apache-2.0
//
// Thousands of damaged files, always the same ones: reading and importing them ends with rows and
// typed errors, never with anything else.

#include "environment.hpp"
#include "kith/core/text.hpp"
#include "kith/storage/memory.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

class damage {
 public:
  explicit damage(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  std::size_t below(std::size_t n) {  // SplitMix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return static_cast<std::size_t>((z ^ z >> 31) % n);
  }

  std::string one(std::string file, const std::vector<std::string>& others) {
    for (std::size_t n = 1 + below(6); n > 0; --n) {
      const std::size_t at = below(file.size() + 1);
      switch (below(7)) {
        case 0:
          if (at < file.size()) file[at] = static_cast<char>(below(256));
          break;
        case 1: file.insert(at, 1, static_cast<char>(below(256))); break;
        case 2: file.erase(at, below(20)); break;
        case 3: file.insert(at, file.substr(below(file.size() + 1), below(60))); break;
        case 4: file.insert(at, words_[below(words_.size())]); break;
        case 5: file.resize(at); break;
        default: {
          const std::string& other = others[below(others.size())];
          file.insert(at, other.substr(below(other.size() + 1), below(60)));
        }
      }
    }
    return file;
  }

 private:
  const std::vector<std::string> words_ = {"\"",
                                           "\"\"",
                                           "'",
                                           ",",
                                           ";",
                                           "\t",
                                           "|",
                                           "\r",
                                           "\n",
                                           "\r\n",
                                           "\n\n",
                                           "=",
                                           "@",
                                           "'=",
                                           "\xff\xfe",
                                           "\xef\xbb\xbf",
                                           "\xd0",
                                           "\xf0\x9f",
                                           "99999999999999999999",
                                           "-",
                                           "1e9",
                                           "1,234",
                                           "31/31/2026",
                                           "name",
                                           "@shop",
                                           std::string(1, '\0'),
                                           std::string(2000, ','),
                                           std::string(3000, '"')};
  std::uint64_t state_;
};

std::vector<std::string> sound_files() {
  const std::string plain =
      "id,name,tax_id,employees,city,email,phone,parent,birth date\n"
      "1,Omega,5503012345,12,Omsk,a@x.ru,+7 3812 12-34-56,,\n"
      "2,\"Alfa, \"\"Beta\"\"\",,1 234,Tara,,,Omega,\n3,Анна,,,Омск,,,,1990-02-01\n";
  const std::string russian =
      "Наименование;ИНН;Выручка;Валюта;Город\nОмега;0100;1 234,50;RUB;Омск\nАльфа;;0,5;EUR;Тара\n";
  return {plain,
          russian,
          "\xef\xbb\xbf" + russian,
          "\xff\xfe" + in_utf16(russian, false),
          in_utf16(plain, true),
          "'name'\t'city'\n'Omega'\t'Omsk'\n'Alfa'\t'x\n y'\n",
          "name|note\r\na|=1+1\r\nb|'=2\r\n"};
}

bool is_expected(error_code c) {
  return c == error_code::invalid || c == error_code::limit || c == error_code::not_found;
}

TEST(hostile_files_test, reading) {
  const auto sound = sound_files();
  for (std::size_t i = 0; i < number_in("KITH_FUZZ_FILES", rounds(10'000, 4)); ++i) {
    damage by(i);
    const std::string file = by.one(sound[i % sound.size()], sound);
    std::string first;
    for (const std::size_t piece : {std::size_t{1} << 20, 1 + i % 7}) {
      std::string all;
      try {
        csv_reader reader(bytes_of(file, piece));
        std::vector<std::string_view> cells;
        while (reader.next(cells)) {
          all += std::to_string(reader.line()) + (reader.is_text() ? ":" : "!");
          for (const std::string_view cell : cells) (all += cell) += '\x1f';
        }
      } catch (const error& e) {
        ASSERT_TRUE(is_expected(e.code())) << i << ": " << e.what();
        all += e.what();
      }
      if (first.empty()) first = all;
      ASSERT_EQ(all, first) << "in pieces, file " << i;
    }
  }
}

TEST(hostile_files_test, importing) {
  crm_options o;
  o.entities.assign(standard_entities.begin(), standard_entities.end());
  crm base(open_memory({}), std::move(o));
  session s = base.open_session({.actor = "anna", .actor_id = {}, .zone = {}});
  const auto sound = sound_files();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < number_in("KITH_FUZZ_FILES", rounds(10'000, 4)) / 5; ++i) {
    damage by(i + 1'000'000);
    import_options options;
    options.entity = "clients";
    options.dry_run = i % 10 != 0;
    if (i % 3 == 0) options.match = {"name"};
    options.empty_clears = i % 2 == 0;
    try {
      const import_result r =
          import_csv(s, bytes_of(by.one(sound[i % sound.size()], sound)), options);
      ASSERT_EQ(r.rows, r.inserted + r.updated + r.unchanged + r.failed) << i;
      ASSERT_GE(r.errors.size(), r.failed) << i;
      for (const import_error& e : r.errors) {
        ASSERT_GE(e.row, 1u);
        ASSERT_GE(e.line, e.row) << i;
        ASSERT_FALSE(e.message.empty());
        ASSERT_FALSE(invalid_utf8(e.value + e.column + e.message)) << i;
      }
      accepted += r.inserted;
    } catch (const error& e) {
      ASSERT_TRUE(is_expected(e.code())) << i << ": " << e.what();
    }
    ASSERT_FALSE(s.in_transaction());
  }
  EXPECT_GT(accepted, 0u);
}

}  // namespace
}  // namespace kith::lab
