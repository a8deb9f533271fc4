// SPDX-License-Identifier: Apache-2.0
//
// A second SQLite in the process is found: the same library under another name is one.
#include <dlfcn.h>
#include <sqlite3.h>

#include <filesystem>

#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

class sqlite_copy : public sqlite_files {};

TEST_F(sqlite_copy, that_is_the_only_one_is_the_systems) {
  const std::vector<std::string> found = sqlite_copies();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("libsqlite3"), std::string::npos) << found[0];
}

TEST_F(sqlite_copy, beside_it_is_found) {
  const std::string own = sqlite_copies().at(0);
  const std::string other = file("private_sqlite.so");
  std::filesystem::copy_file(std::filesystem::canonical(own), other);
  void* const library = ::dlopen(other.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  ASSERT_NE(::dlsym(library, "sqlite3_libversion"), reinterpret_cast<void*>(&sqlite3_libversion));
  EXPECT_EQ(sqlite_copies(), (std::vector<std::string>{own, other}));
  ::dlclose(library);
  EXPECT_EQ(sqlite_copies(), std::vector<std::string>{own});
}

}  // namespace
}  // namespace kith::conformance
