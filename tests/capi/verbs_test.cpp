// SPDX-License-Identifier: Apache-2.0
//
// What C++ can do, C can do: every public verb of the classes and every function that hosts call
// stands in capi/verbs.txt with what does it in C, and nothing stands there that is not.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

using names = std::set<std::string>;

std::string read(const std::string& path) {
  std::ifstream in(std::string(KITH_SOURCE_DIR) + "/" + path);
  std::string all, line;
  while (std::getline(in, line)) all += line.substr(0, line.find("//")) + "\n";
  return all;
}

// The names before a bracket in lines that begin a declaration at this depth of indentation.
names declared(const std::string& text, const std::string& indent) {
  static const names no_verbs = {"requires", "template", "explicit", "if", "return"};
  names found;
  const std::regex declaration("\n" + indent +
                               "(?:\\[\\[nodiscard\\]\\] )?[a-z][\\w:<>,&* ]* \\*?&?([a-z_]+)\\(");
  for (std::sregex_iterator i(text.begin(), text.end(), declaration), end; i != end; ++i) {
    if (!no_verbs.contains((*i)[1])) found.insert((*i)[1]);
  }
  return found;
}

// The public part of a class, without constructors and operators.
names verbs_of(const std::string& header, const std::string& type) {
  const std::string text = read(header);
  const std::size_t begin = text.find("\nclass " + type + " ");
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find("\n};", begin);
  std::string body = text.substr(begin, end - begin);
  for (const char* hidden : {"\n protected:", "\n private:"})
    body = body.substr(0, body.find(hidden));
  names found;
  for (const std::string& name : declared(body, "  ")) {
    if (name != type) found.insert(type + "." + name);
  }
  return found;
}

names functions_of_c() {
  const std::string text = read("capi/include/kith.h");
  names found;
  const std::regex declaration(R"(\n[a-z][\w ]*[ *](kith_[a-z_]+)\()");
  for (std::sregex_iterator i(text.begin(), text.end(), declaration), end; i != end; ++i) {
    if ((*i)[1] != "kith_text_of") found.insert((*i)[1]);
  }
  return found;
}

struct verb_table {
  names cpp;                          // with something in C, or a reason
  std::map<std::string, names> done;  // in C, by whom it is named
};

verb_table read_table() {
  std::ifstream in(std::string(KITH_SOURCE_DIR) + "/capi/verbs.txt");
  verb_table table;
  for (std::string line; std::getline(in, line);) {
    const std::size_t arrow = line.find(" -> ");
    if (line.empty() || line[0] == '#' || arrow == std::string::npos) continue;
    const std::string verb = line.substr(0, arrow);
    const std::string rest = line.substr(arrow + 4);
    if (verb != "-") table.cpp.insert(verb);
    if (rest.starts_with("-: ")) continue;
    std::stringstream list(rest);
    for (std::string name; std::getline(list, name, ',');) {
      name.erase(0, name.find_first_not_of(' '));
      table.done[name].insert(verb);
    }
  }
  return table;
}

names verbs_of_cpp() {
  const std::pair<const char*, const char*> classes[] = {
      {"include/kith/core/crm.hpp", "crm"},
      {"include/kith/core/session.hpp", "session"},
      {"include/kith/core/session.hpp", "transaction"},
      {"include/kith/core/query.hpp", "query_base"},
      {"include/kith/core/query.hpp", "any_query"},
      {"include/kith/core/visibility.hpp", "visibility"},
  };
  names all;
  for (const auto& [header, type] : classes) {
    const names verbs = verbs_of(header, type);
    EXPECT_GE(verbs.size(), 5u) << type << ": the reading of " << header << " finds too little";
    all.insert(verbs.begin(), verbs.end());
  }
  for (const char* header :
       {"include/kith/kith.hpp", "include/kith/core/report.hpp", "include/kith/core/erasure.hpp",
        "include/kith/exchange/csv.hpp", "include/kith/exchange/import.hpp",
        "include/kith/exchange/arrow.hpp", "include/kith/exchange/access_export.hpp"}) {
    const names functions = declared(read(header), "");
    all.insert(functions.begin(), functions.end());
  }
  return all;
}

TEST(verbs, of_cpp_are_done_in_c) {
  const verb_table table = read_table();
  const names cpp = verbs_of_cpp();
  EXPECT_GT(cpp.size(), 100u);
  for (const std::string& verb : cpp) {
    EXPECT_TRUE(table.cpp.contains(verb)) << verb << " is not in capi/verbs.txt";
  }
  for (const std::string& verb : table.cpp) {
    EXPECT_TRUE(cpp.contains(verb)) << verb << " of capi/verbs.txt is no public verb of C++";
  }
}

TEST(verbs, of_c_have_a_reason) {
  const verb_table table = read_table();
  const names c = functions_of_c();
  EXPECT_GT(c.size(), 100u);
  for (const std::string& function : c) {
    EXPECT_TRUE(table.done.contains(function)) << function << " is not in capi/verbs.txt";
  }
  for (const auto& [function, verbs] : table.done) {
    EXPECT_TRUE(c.contains(function))
        << function << " of capi/verbs.txt, for " << *verbs.begin() << ", is not in kith.h";
  }
}

}  // namespace
