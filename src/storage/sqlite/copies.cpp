// SPDX-License-Identifier: Apache-2.0
//
// Looks for SQLite's code in everything that the process has loaded. Exported symbols do not tell:
// a private copy hides them. A format string that only its journal code has does.
#include <dlfcn.h>
#include <link.h>
#include <sqlite3.h>
#include <string.h>

#include <algorithm>

#include "kith/storage/sqlite.hpp"

namespace kith::inline v1 {
namespace {

// The name of a super-journal, in vdbeaux.c since 3.7; put together here, so that it is not found.
std::string journal_name_format() { return std::string("-mj%06X") + "9%02X"; }

/// One loaded file while they are walked.
struct walk {
  std::string wanted = journal_name_format();
  std::vector<std::string> found;
};

#ifdef KITH_SANITIZED
// By hand: between the constants of a program that is watched lies memory that the library's search
// functions refuse to read.
__attribute__((no_sanitize("address"))) bool contains(const char* at, std::size_t size,
                                                      const std::string& text) {
  const char* const wanted = text.data();
  const std::size_t length = text.size();
  for (const char* const end = at + size; at + length <= end; ++at) {
    std::size_t same = 0;
    while (same < length && at[same] == wanted[same]) ++same;
    if (same == length) return true;
  }
  return false;
}
#else
bool contains(const char* at, std::size_t size, const std::string& text) {
  return memmem(at, size, text.data(), text.size()) != nullptr;
}
#endif

bool has_text(const dl_phdr_info& file, const std::string& text) {
  for (int i = 0; i < file.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = file.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_R) == 0) continue;
    if ((segment.p_flags & PF_W) != 0) continue;  // constants are not there
    const auto* const begin = reinterpret_cast<const char*>(file.dlpi_addr + segment.p_vaddr);
    if (contains(begin, segment.p_filesz, text)) return true;
  }
  return false;
}

int look(dl_phdr_info* file, std::size_t, void* data) {
  auto& w = *static_cast<walk*>(data);
  try {
    const std::string_view name = file->dlpi_name;
    if (has_text(*file, w.wanted)) {
      w.found.emplace_back(name.empty() ? "the program itself" : name);
    }
  } catch (...) {
    return 1;  // no memory: what was found so far
  }
  return 0;
}

/// The file whose SQLite Kith calls.
std::string own_copy() {
  Dl_info own{};
  if (dladdr(reinterpret_cast<void*>(&sqlite3_libversion_number), &own) == 0) return {};
  return own.dli_fname;
}

}  // namespace

std::vector<std::string> sqlite_copies() {
  walk w;
  dl_iterate_phdr(look, &w);
  const std::string own = own_copy();
  std::stable_partition(w.found.begin(), w.found.end(),
                        [&](const std::string& file) { return file == own; });
  return w.found;
}

}  // namespace kith::inline v1
