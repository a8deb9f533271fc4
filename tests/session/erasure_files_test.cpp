// SPDX-License-Identifier: Apache-2.0
//
// After an erasure and crm.compact() no byte of the person is in any file of the store: searched in
// UTF-8, UTF-16, other case, base64 and as keys, for persons with names that nobody else has.
// KITH_ERASURES says how many persons.
#include <filesystem>
#include <fstream>
#include <random>

#include "environment.hpp"
#include "kith/core/text.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"
#include "scratch.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

// ------------------------------------------------------------------------------------ what to find

std::u32string points_of(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto b = static_cast<unsigned char>(text[i]);
    const int more = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    char32_t p = more == 0 ? b : b & (0x3f >> more);
    for (int k = 1; k <= more; ++k) p = p << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    points += p;
    i += static_cast<std::size_t>(more) + 1;
  }
  return points;
}

std::string utf16(std::string_view text, bool big) {
  std::string out;
  for (const char32_t p : points_of(text)) {  // nothing beyond the first plane is searched for
    const char low = static_cast<char>(p & 0xff);
    const char high = static_cast<char>(p >> 8);
    out += big ? high : low;
    out += big ? low : high;
  }
  return out;
}

// The other case of ASCII and Cyrillic letters.
std::string cased(std::string_view text, bool upper) {
  std::string out;
  for (char32_t p : points_of(text)) {
    if (upper && p >= U'a' && p <= U'z') p -= 32;
    if (!upper && p >= U'A' && p <= U'Z') p += 32;
    if (upper && p >= U'а' && p <= U'я') p -= 32;
    if (!upper && p >= U'А' && p <= U'Я') p += 32;
    if (p < 0x80) {
      out += static_cast<char>(p);
    } else {
      out += static_cast<char>(0xc0 | p >> 6);
      out += static_cast<char>(0x80 | (p & 0x3f));
    }
  }
  return out;
}

// What stands for the text in base64, wherever it begins in a group of three bytes.
std::string base64(std::string_view text, std::size_t alignment) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string_view whole = text.substr((3 - alignment) % 3);
  std::string out;
  for (std::size_t i = 0; i + 2 < whole.size(); i += 3) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(whole[i + k]); };
    const unsigned n = static_cast<unsigned>(at(0) << 16 | at(1) << 8 | at(2));
    for (const int shift : {18, 12, 6, 0}) out += digits[n >> shift & 63];
  }
  return out;
}

std::vector<std::string> forms_of(const std::string& value) {
  std::vector<std::string> forms;
  for (const std::string& v : {value, cased(value, true), cased(value, false), fold(value)}) {
    forms.push_back(v);
    forms.push_back(utf16(v, false));
    forms.push_back(utf16(v, true));
    for (std::size_t alignment = 0; alignment < 3; ++alignment) {
      forms.push_back(base64(v, alignment));
    }
  }
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

// All values of all persons at once: forms by their first eight bytes.
class search {
 public:
  void add(const std::string& value) {
    for (const std::string& form : forms_of(value)) {
      if (form.size() >= 8) by_begin_[form.substr(0, 8)].push_back(form);
    }
  }
  std::vector<std::string> found_in(const std::string& bytes) const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i + 8 <= bytes.size(); ++i) {
      const auto of = by_begin_.find(std::string_view(bytes).substr(i, 8));
      if (of == by_begin_.end()) continue;
      for (const std::string& form : of->second) {
        if (bytes.compare(i, form.size(), form) == 0) found.push_back(form);
      }
    }
    return found;
  }

 private:
  struct hashed {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  std::unordered_map<std::string, std::vector<std::string>, hashed, std::equal_to<>> by_begin_;
};

// ----------------------------------------------------------------------------------------- persons

class erased_files : public suite {
 protected:
  // Names that occur nowhere else.
  std::string word(std::size_t letters, bool cyrillic) {
    std::string out;
    for (std::size_t i = 0; i < letters; ++i) {
      const auto n = static_cast<char32_t>(dice() % (cyrillic ? 32 : 26));
      const char32_t p = (cyrillic ? U'а' : U'a') + n;
      if (p < 0x80) {
        out += static_cast<char>(p);
      } else {
        out += static_cast<char>(0xc0 | p >> 6);
        out += static_cast<char>(0x80 | (p & 0x3f));
      }
    }
    return out;
  }
  std::string number(std::size_t digits) {
    std::string out;
    for (std::size_t i = 0; i < digits; ++i) out += static_cast<char>('1' + dice() % 9);
    return out;
  }
  std::string secret(std::string value) {
    secrets.add(value);
    return value;
  }

  // A client who is a person, with a life: changed, deleted and restored records, orders, texts.
  record_id person(int n) {
    const bool cyrillic = n % 2 == 0;
    const std::string last = secret(word(10, cyrillic));
    const std::string first = secret(word(9, cyrillic));
    const auto c = s->add(
        client::name = cased(last, true) + " " + first, client::kind = client_kind::person,
        client::person = person_name{last, first, secret(word(11, cyrillic))},
        client::tax_id = secret(number(12)), client::note = secret(word(40, cyrillic)),
        client::address = postal_address{secret(word(20, cyrillic)), secret(word(12, cyrillic)),
                                         secret(word(12, cyrillic)), secret(number(9)), "RU"});
    const any_ref party{client::about.id, c.id()};
    const auto mail = s->add(contact_point::party = party, contact_point::channel = channel::email,
                             contact_point::address = secret(word(12, false)) + "@" +
                                                      secret(word(9, false)) + ".example");
    const std::string digits = secret(number(10));
    s->add(contact_point::party = party, contact_point::channel = channel::phone,
           contact_point::address = "+7 (" + digits.substr(0, 3) + ") " + digits.substr(3));
    s->add(tag::record = party, tag::name = secret(word(14, cyrillic)));
    s->add(external_ref::record = party, external_ref::source = "shop",
           external_ref::key = secret(word(16, false)));
    s->update(ref<client>(c), client::note = secret(word(30, cyrillic)),
              client::city = secret(word(12, cyrillic)));
    s->update(ref<contact_point>(mail),
              contact_point::address = secret(word(12, false)) + "@post.example");
    s->update(ref<client>(c), client::name = secret(word(15, cyrillic)), client::note = none);
    const auto order = s->add(
        sales_order::client = c, sales_order::ship_name = last + " " + first,
        sales_order::ship_to = postal_address{secret(word(18, cyrillic)), "Omsk", "", "", "RU"},
        sales_order::note = secret(word(25, cyrillic)), sales_order::freight = eur(7));
    s->update(ref<sales_order>(order), sales_order::note = secret(word(25, cyrillic)));
    const auto call = s->add(interaction::client = c, interaction::kind = interaction_kind::call,
                             interaction::subject = secret(word(22, cyrillic)),
                             interaction::body = secret(word(200, cyrillic)));
    (void)call;
    const auto todo = s->add(task::client = c, task::title = secret(word(20, cyrillic)),
                             task::note = secret(word(30, cyrillic)));
    s->update(ref<task>(todo), task::title = secret(word(20, cyrillic)));
    s->remove(ref<task>(todo));
    if (n % 3 == 0) {
      s->remove(ref<contact_point>(mail));
    }
    return c.id();
  }

  std::filesystem::path folder() const {
    return conformance::temporary_folder() /
           ("kith-store-" + GetParam().name + "-" + std::to_string(::getpid()));
  }
  std::vector<std::string> left_in_files() {
    std::vector<std::string> all;
    for (const auto& f : std::filesystem::directory_iterator(folder())) {
      std::ifstream in(f.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      read += bytes.size();
      for (const std::string& form : secrets.found_in(bytes)) {
        all.push_back(f.path().filename().string() + ": " + form);
      }
    }
    return all;
  }

  std::mt19937_64 dice{20260522};
  search secrets;
  std::size_t read = 0;
};

std::vector<backend> in_files() {
  std::vector<backend> some;
  for (const backend& b : backends()) {
    if (b.reopen) some.push_back(b);
  }
  return some;
}
INSTANTIATE_TEST_SUITE_P(stores, erased_files, ::testing::ValuesIn(in_files()), name_of_backend);

TEST_P(erased_files, have_no_byte_of_the_persons) {
  const auto persons = static_cast<int>(number_in("KITH_ERASURES", rounds(20, 4)));
  for (const bool chained : {false, true}) {
    crm_options options;
    if (chained) options.audit_key = [] { return std::string(32, 'k'); };
    open(options);
    if (!base->can().compact) GTEST_SKIP() << "the files are not the store's to rewrite";
    secrets = {};
    std::vector<record_id> ids;
    for (int n = 0; n < persons; ++n) ids.push_back(person(n));
    s->add(client::name = "somebody else");
    if (base->can().save) base->save();
    EXPECT_GT(left_in_files().size(), static_cast<std::size_t>(persons)) << "the search is blind";
    for (const record_id id : ids) s->erase(ref<client>{id}, {.reason = "request"});
    if (base->can().save) {  // what a save left that was killed half way
      std::ofstream(folder() / ".content.4194303-0.new") << secret(word(20, false));
    }
    base->compact();
    const auto left = left_in_files();
    EXPECT_EQ(left.size(), 0u) << left.front();
    EXPECT_EQ(s->erasures().size(), ids.size());
    const verification v = base->verify();
    EXPECT_TRUE(v.sound()) << v.found.front().entity << " " << v.found.front().what;
    if (chained) {
      const audit_check c = base->check_audit();
      EXPECT_TRUE(c.sound()) << c.found.front().what;
    }
    // Only what the ledger needs is there.
    EXPECT_EQ(s->all<sales_order>().count(), ids.size());
    s->erase(ref<client>{s->add(client::name = "one more").id()});
    s.reset();
    base.reset();
    EXPECT_TRUE(left_in_files().empty());
  }
}

}  // namespace
}  // namespace kith::lab
