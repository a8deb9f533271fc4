// SPDX-License-Identifier: Apache-2.0
//
// The walls of the house: reads every #include of include/ and src/ and refuses one that points
// sideways or up, and third-party headers outside their room. The order is a table of text.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// What each layer may include besides itself (docs/decisions/0001-layers-and-targets.md).
const std::map<std::string, std::set<std::string>> below = {
    {"core", {}},
    {"storage/sql", {"core"}},
    {"storage/memory", {"core"}},
    {"storage/sqlite", {"core", "storage/sql"}},
    {"storage/plugin", {"core"}},
    {"module", {"core"}},
    {"domain", {"core"}},
    {"analytics", {"core", "domain"}},
    {"exchange", {"core"}},
    {"kith",
     {"core", "domain", "analytics", "exchange", "module", "storage/memory", "storage/plugin",
      "storage/sqlite"}},
};

// The public headers of the core in their order; `value/` is the folder of plain value types.
const std::vector<std::string> core_order = {
    "error",   "limits",     "text",    "value/", "cell",       "clock", "kind",  "kind/",
    "field",   "total",      "entity",  "value",  "expression", "row",   "model", "record",
    "action",  "program",    "store",   "change", "history",    "rule",  "query", "report",
    "erasure", "visibility", "session", "audit",  "crm"};

// The C headers that hosts and plug-ins share, and the layers that speak with plug-ins.
const std::map<std::string, std::set<std::string>> c_headers = {
    {"kith_types.h", {"storage/plugin", "module"}},
    {"kith_plugin.h", {"storage/plugin", "module"}},
};

// Which third-party headers live where; everything else in <> must be the standard library's.
const std::map<std::string, std::set<std::string>> rooms = {
    {"sqlite3.h", {"storage/sqlite"}},
    {"boost/", {"storage/memory"}},
    {"sodium.h", {"core", "storage/memory"}},
    {"date/", {"core"}},
};

struct include_line {
  fs::path file;     // relative to the project
  std::string what;  // between the quotes or brackets
  bool quoted;
};

std::vector<include_line> includes_under(const std::string& top) {
  const fs::path root = KITH_SOURCE_DIR;
  std::vector<include_line> all;
  for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
    const std::string suffix = entry.path().extension();
    if (suffix != ".hpp" && suffix != ".cpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include ")) continue;
      const bool quoted = line[9] == '"';
      const std::size_t end = line.find(quoted ? '"' : '>', 10);
      all.push_back({entry.path().lexically_relative(root), line.substr(10, end - 10), quoted});
    }
  }
  return all;
}

// "src/storage/memory/gate.hpp" and "kith/storage/memory.hpp" are both of layer storage/memory.
std::string layer_of(std::string path) {
  if (path.ends_with("kith/kith.hpp")) return "kith";
  for (const std::string top : {"include/", "src/", "kith/"}) {
    const bool folder_kith =
        top == "kith/" && path.find('/') == path.rfind('/') && path.ends_with(".cpp");
    if (path.starts_with(top) && !folder_kith) path.erase(0, top.size());
  }
  std::string best;
  for (const auto& [layer, unused] : below) {
    if (path.starts_with(layer + "/") || path.starts_with(layer + ".")) best = layer;
  }
  return best;
}

// "include/kith/core/value/money.hpp" stands where "value/" does, "kith/core/value.hpp" where
// "value".
std::ptrdiff_t core_place(std::string path) {
  path.erase(0, path.find("core/") + 5);
  const std::size_t slash = path.find('/');
  const std::string name =
      slash == path.npos ? path.substr(0, path.find('.')) : path.substr(0, slash + 1);
  return std::find(core_order.begin(), core_order.end(), name) - core_order.begin();
}

TEST(layers, point_down_only) {
  std::size_t seen = 0;
  for (const char* top : {"include", "src"}) {
    for (const include_line& line : includes_under(top)) {
      if (!line.quoted) continue;
      ++seen;
      const std::string from = layer_of(line.file), to = layer_of(line.what);
      ASSERT_FALSE(from.empty()) << line.file << " is in no layer";
      if (const auto shared = c_headers.find(line.what); shared != c_headers.end()) {
        EXPECT_TRUE(shared->second.contains(from)) << line.file << " includes " << line.what;
        EXPECT_NE(std::string(top), "include") << line.file << " shows " << line.what;
        continue;
      }
      ASSERT_FALSE(to.empty()) << line.file << " includes " << line.what
                               << ", which is in no layer";
      EXPECT_TRUE(from == to || below.at(from).contains(to))
          << line.file << " (" << from << ") includes " << line.what << " (" << to << ")";
    }
  }
  EXPECT_GT(seen, 300u) << "the walk found too little to mean anything";
}

TEST(layers, of_the_core_have_an_order) {
  const auto unknown = static_cast<std::ptrdiff_t>(core_order.size());
  for (const include_line& line : includes_under("include/kith/core")) {
    if (!line.quoted) continue;
    EXPECT_LT(core_place(line.file), unknown) << line.file << " has no place in core_order";
    EXPECT_LE(core_place(line.what), core_place(line.file))
        << line.file << " includes " << line.what;
  }
}

TEST(layers, of_third_parties_stay_in_their_room) {
  for (const char* top : {"include", "src"}) {
    for (const include_line& line : includes_under(top)) {
      if (line.quoted) continue;
      const std::string layer = layer_of(line.file);
      bool third_party = line.what.find('/') != std::string::npos || line.what.ends_with(".h");
      for (const auto& [prefix, allowed] : rooms) {
        if (!line.what.starts_with(prefix)) continue;
        EXPECT_TRUE(allowed.contains(layer)) << line.file << " includes <" << line.what << ">";
      }
      if (third_party) {
        EXPECT_NE(std::string(top), "include")
            << line.file << " shows <" << line.what << "> to hosts";
      }
    }
  }
}

}  // namespace
