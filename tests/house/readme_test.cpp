// SPDX-License-Identifier: Apache-2.0
//
// The README shows the program and the output that the examples really have, and its links lead
// somewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace {

const std::string root = KITH_SOURCE_DIR "/";

std::string read(const std::string& file) {
  std::ifstream in(root + file);
  EXPECT_TRUE(in) << file;
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

TEST(readme, shows_the_program_and_what_it_prints) {
  const std::string readme = read("README.md");
  const std::string program = read("examples/hello.cpp");
  const std::string shown = program.substr(program.find("#include"));
  EXPECT_NE(readme.find(shown), std::string::npos) << "README.md has another examples/hello.cpp";
  const std::string python = read("examples/hello.py");
  EXPECT_NE(readme.find(python.substr(python.find("from datetime"))), std::string::npos)
      << "README.md has another examples/hello.py";
  for (const char* output : {"examples/expected/hello.txt", "examples/expected/webshop.txt"}) {
    EXPECT_NE(readme.find(read(output)), std::string::npos) << "README.md has another " << output;
  }
}

TEST(readme, the_program_fits_a_screen) {
  const std::string program = read("examples/hello.cpp");
  EXPECT_LE(std::count(program.begin(), program.end(), '\n'), 33);
}

// Without blocks of code, whose lambdas look like links.
std::string prose_of(const std::string& file) {
  std::istringstream lines(read(file));
  std::string prose;
  bool in_code = false;
  for (std::string line; std::getline(lines, line);) {
    const bool fence = line.find("```") != std::string::npos;
    if (fence) in_code = !in_code;
    if (!fence && !in_code) prose += line + "\n";
  }
  return prose;
}

TEST(documents, link_to_what_exists) {
  namespace fs = std::filesystem;
  const std::regex link(R"(\]\(([^)#:]+)(#[^)]*)?\))");
  std::size_t links = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const fs::path file = entry.path();
    if (file.extension() != ".md" || file.string().starts_with(root + "build")) continue;
    const std::string text = prose_of(file.lexically_relative(root));
    for (auto i = std::sregex_iterator(text.begin(), text.end(), link); i != std::sregex_iterator();
         ++i) {
      ++links;
      EXPECT_TRUE(fs::exists(file.parent_path() / (*i)[1].str()))
          << file << " links to " << (*i)[1];
    }
  }
  EXPECT_GT(links, 10u);
}

}  // namespace
