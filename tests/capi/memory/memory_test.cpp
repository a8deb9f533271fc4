// SPDX-License-Identifier: Apache-2.0
//
// The n-th allocation fails, for every n, while a host works through C: no abort, no leak; the
// answer is KITH_E_NO_MEMORY or that of a success; the store is as before or as after; the handles
// go on. KITH_FAULTS=long takes every n.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "support/memory.hpp"
#include "support/process.hpp"
#include "works.hpp"

namespace kith::capi_memory {
namespace {

using faults::budget;
using faults::ending;
using faults::in_child;
using faults::shared;
using faults::tally;
namespace memory = faults::memory;

const bool sqlite_is_watched = (memory::watch_sqlite(), true);

struct findings {
  std::uint64_t allocations = 0, runs = 0, at = 0, no_memory = 0, done = 0, wrong = 0, leaks = 0;
  char text[300] = "";
};

void say(findings& f, const std::string& text) {
  ++f.wrong;
  std::strncpy(f.text, text.c_str(), sizeof f.text - 1);
}

// The work once; its n-th allocation fails.
std::uint64_t once(findings& f, const work& w, const char* place, std::uint64_t at) {
  const std::int64_t alive = memory::alive();
  std::uint64_t allocations = 0;
  {
    host h(place);
    const std::int64_t before = h.clients();
    kith_error* err = nullptr;
    memory::arm({at, false});
    const kith_status status = w.does(h, &err);
    allocations = memory::disarm();
    const bool told = status >= 0 ? err == nullptr : true;  // a stream tells by its errno
    kith_error_free(err);
    const bool done = status >= 0 || (status == w.otherwise && status != KITH_E_NO_MEMORY);
    ++(done ? f.done : f.no_memory);
    if (!done && status != KITH_E_NO_MEMORY && status != KITH_E_RETRY)
      say(f, kith_status_name(status));
    if (!told) say(f, "an error beside a success");
    const std::int64_t after = h.clients();
    if (after != before + (done ? w.adds : 0) && !(w.in_steps && after == before + w.adds))
      say(f, std::to_string(after) + " clients after " + kith_status_name(status));
    if (at == 0 && !done)
      say(f, std::string("it does not work at all: ") + kith_status_name(status));
    const std::string problem = h.goes_on();
    if (!problem.empty()) say(f, "the handles do not go on: " + problem);
  }
  ++f.runs;
  if (at != 0 && memory::alive() != alive) ++f.leaks;
  return allocations;
}

void sweep(findings& f, const work& w, const char* place) {
  for (int i = 0; i < 3; ++i) f.allocations = once(f, w, place, 0);  // what is made once, is made
  f.runs = f.done = 0;
  const std::uint64_t most = budget(30, 1'000'000);
  const std::uint64_t step = std::max<std::uint64_t>(1, f.allocations / most);
  for (std::uint64_t at = 1; at <= f.allocations && f.wrong + f.leaks == 0;
       at += step == 1 ? 1 : step / 2 + at * 7919 % (step + 1)) {
    f.at = at;
    once(f, w, place, at);
  }
}

class no_memory : public ::testing::TestWithParam<std::tuple<const char*, work>> {};
INSTANTIATE_TEST_SUITE_P(of, no_memory,
                         ::testing::Combine(::testing::Values(":memory:", "sqlite::memory:"),
                                            ::testing::ValuesIn(works())),
                         [](const auto& of) {
                           return std::string(std::get<0>(of.param)[0] == 's' ? "sqlite_"
                                                                              : "memory_") +
                                  std::get<1>(of.param).name;
                         });

TEST_P(no_memory, through_c) {
  const auto& [place, w] = GetParam();
  const shared<findings> f;
  const char* const where = place;
  const work& what = w;
  const ending end = in_child([&] { sweep(*f, what, where); });
  tally t;
  t.what = std::string("no memory through C, ") + where + ": " + what.name;
  t.faults = f->runs;
  t.acknowledged = f->done;
  t.refused = f->no_memory;
  t.half = f->wrong;
  t.leaks = f->leaks;
  t.aborts = end.signal != 0 || end.code != 0;
  t.print();
  EXPECT_GT(f->allocations, 0u);
  EXPECT_TRUE(t.clean()) << "allocation " << f->at << " of " << f->allocations << ", signal "
                         << end.signal << ", code " << end.code << ": " << f->text;
}

}  // namespace
}  // namespace kith::capi_memory
