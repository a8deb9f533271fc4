// SPDX-License-Identifier: Apache-2.0
//
// The library describes itself: prints the standard model as Markdown (docs/model.md) or JSON.
//
//   describe markdown > docs/model.md
//   describe json     > tests/golden/model-0.1.0.json
//
// `cmake --build build/dev --target describe_model` refreshes both; a test refuses stale copies.
#include <cstdio>
#include <iostream>
#include <string_view>

#include "described.hpp"

const char* described::policy_name(kith::delete_policy policy) {
  switch (policy) {
    case kith::delete_policy::restrict: return "restrict";
    case kith::delete_policy::clear: return "clear";
    case kith::delete_policy::cascade: return "cascade";
    case kith::delete_policy::keep: return "keep";
  }
  return "";
}

int main(int count, char** words) {
  const std::string_view form = count == 2 ? words[1] : "";
  const kith::model_ptr m = described::standard_model();
  if (form == "markdown") {
    described::print_markdown(*m, std::cout);
  } else if (form == "json") {
    described::print_json(*m, std::cout);
  } else {
    std::fputs("usage: describe markdown|json\n", stderr);
    return 2;
  }
  return std::cout.flush() ? 0 : 1;
}
