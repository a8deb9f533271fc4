// SPDX-License-Identifier: Apache-2.0
//
// Libraries: by path, never searched for, never unloaded.
#include "core/library.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

void* opened_library(const std::string& path) {
  if (path.find('/') == std::string::npos) {
    throw error(error_code::invalid, "the plug-in '" + path +
                                         "' is not named by a path; libraries are not searched "
                                         "for: write ./" +
                                         path);
  }
  if (::access(path.c_str(), F_OK) != 0) {
    throw error(error_code::not_found, "there is no plug-in '" + path + "'");
  }
  if (void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  const char* const why = ::dlerror();
  throw error(error_code::storage,
              "the plug-in '" + path + "' could not be loaded: " + (why == nullptr ? "" : why));
}

void* exported_by(void* library, const std::string& path, const char* symbol, const char* what) {
  if (void* const found = ::dlsym(library, symbol)) return found;
  throw error(error_code::misuse,
              "the library '" + path + "' is no " + what + ": it does not export " + symbol);
}

}  // namespace kith::inline v1::detail
