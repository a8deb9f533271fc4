// SPDX-License-Identifier: Apache-2.0
//
// Files, records, children.
#include "sqlite_suite.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kith::conformance {
sqlite_files::sqlite_files()
    : folder(temporary_folder() / ("kith-sqlite-" + std::to_string(::getpid()))) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
}

sqlite_files::~sqlite_files() {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

std::unique_ptr<store> sqlite_files::open(bool read_only) const {
  return open_sqlite({.path = file(), .read_only = read_only, .busy_timeout_ms = busy_timeout_ms});
}

void sqlite_files::apply(store& to) const {
  const auto rows = to.connect();
  transaction(*rows, [&] {
    for (const auto& e : model->entities()) rows->apply(*e);
  });
}

void sqlite_files::write(store& to, std::int64_t first, std::int64_t last) const {
  apply(to);
  write(*to.connect(), first, last);
}

void sqlite_files::write(connection& to, std::int64_t first, std::int64_t last) const {
  transaction(to, [&] {
    for (std::int64_t id = first; id <= last; ++id) {
      version(samples(), id).set(sample::whole, id).set(sample::words, "Слово").write(to);
    }
  });
}

std::int64_t sqlite_files::number_of_samples() const {
  const auto kept = open();
  return number_of_samples(*kept->connect());
}

std::int64_t sqlite_files::number_of_samples(store& in) const {
  return number_of_samples(*in.connect());
}

std::int64_t sqlite_files::number_of_samples(connection& from) const {
  const scan_request request = scan_of(samples(), lifecycle::all);
  const auto found = from.scan(request);
  return static_cast<std::int64_t>(rest_of(*found).size());
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

void put_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : size;
}

tool::tool(const std::string& path, int flags) {
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw std::runtime_error(why);
  }
}

std::string tool::ask(const std::string& sql, int column) const {
  std::string all;
  auto add = std::make_pair(&all, column);
  const auto row = [](void* to, int count, char** cells, char**) {
    const auto& [text, wanted] = *static_cast<std::pair<std::string*, int>*>(to);
    if (!text->empty()) *text += '\n';
    if (wanted < count && cells[wanted] != nullptr) *text += cells[wanted];
    return 0;
  };
  char* why = nullptr;
  if (sqlite3_exec(handle_, sql.c_str(), row, &add, &why) == SQLITE_OK) return all;
  const std::string message = why == nullptr ? "no message" : why;
  sqlite3_free(why);
  throw std::runtime_error(sql + ": " + message);
}

namespace {

struct child {
  int process;
  int answer;
};

child start(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const int process = ::fork();
  if (process != 0) {
    ::close(ends[1]);
    return {process, ends[0]};
  }
  std::string answer;
  try {
    answer = work();
  } catch (const std::exception& e) {
    answer = e.what();
  }
  const ssize_t n = ::write(ends[1], answer.data(), answer.size());
  ::_exit(n == static_cast<ssize_t>(answer.size()) ? 0 : 1);
}

std::string answer_of(const child& c) {
  std::string answer;
  char some[512];
  for (ssize_t n = 0; (n = ::read(c.answer, some, sizeof some)) > 0;) {
    answer.append(some, static_cast<std::size_t>(n));
  }
  ::close(c.answer);
  int status = 0;
  ::waitpid(c.process, &status, 0);
  if (WIFSIGNALED(status)) answer += " (signal " + std::to_string(WTERMSIG(status)) + ")";
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) answer += " (exit)";
  return answer;
}

}  // namespace

std::string in_child(const std::function<std::string()>& work) { return answer_of(start(work)); }

std::vector<std::string> in_children(const std::vector<std::function<std::string()>>& work) {
  std::vector<child> children;
  for (const auto& w : work) children.push_back(start(w));
  std::vector<std::string> answers;
  for (const child& c : children) answers.push_back(answer_of(c));
  return answers;
}

}  // namespace kith::conformance
