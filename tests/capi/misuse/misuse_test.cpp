// SPDX-License-Identifier: Apache-2.0
//
// Every function of kith.h, every argument, everything that can be wrong with it: a defined status,
// results NULL or 0, an error that says why, callbacks' data destroyed once, no crash. The list of
// functions is read from the header (generate.py); one that cannot be called fails here.
#include "functions.hpp"

#include <cstdio>
#include <cstdlib>

namespace kith::misuse {
namespace {

const std::vector<wrong>& wrongs_of(sort s) {
  static const std::vector<wrong> none, null{wrong::null},
      handle{wrong::null,           wrong::wrong_sort, wrong::no_handle,
             wrong::parents_closed, wrong::ended,      wrong::other_thread},
      changeable{wrong::null,           wrong::wrong_sort, wrong::no_handle,
                 wrong::parents_closed, wrong::borrowed,   wrong::other_thread},
      freed{wrong::null, wrong::wrong_sort, wrong::no_handle, wrong::parents_closed,
            wrong::other_thread},
      bytes{wrong::absent,    wrong::empty,    wrong::size_without_data, wrong::size_2_31,
            wrong::size_2_63, wrong::size_max, wrong::long_text},
      text{wrong::absent,    wrong::empty,     wrong::size_without_data,
           wrong::size_2_31, wrong::size_2_63, wrong::size_max,
           wrong::long_text, wrong::not_utf8,  wrong::inner_nul},
      structure{wrong::null, wrong::no_size, wrong::small_size},
      scalar{wrong::zero, wrong::minus_one, wrong::least, wrong::most},
      count{wrong::zero, wrong::size_2_31, wrong::size_2_63, wrong::size_max},
      stream{wrong::null, wrong::zeros}, words{wrong::null, wrong::empty};
  switch (s) {
    case sort::handle: return handle;
    case sort::changeable: return changeable;
    case sort::freed: return freed;
    case sort::text: return text;
    case sort::bytes: return bytes;
    case sort::structure:
    case sort::out_structure: return structure;
    case sort::scalar: return scalar;
    case sort::count: return count;
    case sort::stream: return stream;
    case sort::words: return words;
    default: return null;
  }
}

// What must be refused whatever the function is.
bool must_refuse(const argument& a, wrong w, sort s) {
  switch (w) {
    case wrong::null: return !a.optional && (s == sort::handle || s == sort::changeable);
    case wrong::wrong_sort:
    case wrong::no_handle: return s != sort::freed;
    case wrong::borrowed:
    case wrong::size_without_data:
    case wrong::size_2_31:
    case wrong::size_2_63:
    case wrong::size_max:
    case wrong::not_utf8:
    case wrong::inner_nul: return true;
    case wrong::no_size:
    case wrong::small_size: return s == sort::structure;
    default: return false;
  }
}

class misuse : public ::testing::TestWithParam<function> {
 protected:
  void make_world() {
    if (!world_) world_ = std::make_unique<world>();
  }

  void try_it(std::size_t at, wrong w, sort s, const member* m) {
    const function& f = GetParam();
    const argument& a = f.arguments[at];
    const std::string what = std::string(f.name) + ": " + a.name +
                             (m ? std::string(".") + m->name : "") + " is " + name_of(w);
    SCOPED_TRACE(what);
    if (std::getenv("KITH_MISUSE_TRACE") != nullptr) std::fprintf(stderr, "%s\n", what.c_str());
    make_world();
    probe p(*world_, at, w, m);
    f.call(*world_, p);
    if (f.answers && must_refuse(a, w, s)) {
      EXPECT_LT(p.status().value_or(KITH_OK), 0) << kith_status_name(p.status().value_or(KITH_OK));
    }
    // A refusal has changed nothing: the next call may have this world.
    const bool as_before = p.status().value_or(0) < 0 && w != wrong::parents_closed &&
                           w != wrong::ended && w != wrong::borrowed && w != wrong::other_thread &&
                           w != wrong::in_use && w != wrong::in_use_by_caller;
    if (!as_before || HasFailure()) world_.reset();
    if (!world_) {
      EXPECT_TRUE(p.destroyed_once()) << "user_data was not destroyed exactly once";
    }
    ++tried;
  }

  std::unique_ptr<world> world_;
  int tried = 0;
};

INSTANTIATE_TEST_SUITE_P(of, misuse, ::testing::ValuesIn(functions()),
                         [](const auto& of) { return std::string(of.param.name); });

TEST_P(misuse, right_arguments_do_it) {
  const function& f = GetParam();
  ASSERT_EQ(f.missing, nullptr) << "no valid argument is known: give one in generate.py";
  make_world();
  probe p(*world_, SIZE_MAX, wrong::nothing);
  f.call(*world_, p);
  if (f.refused != 0) {
    EXPECT_EQ(p.status(), f.refused) << p.message();
  } else {
    EXPECT_GE(p.status().value_or(-1), 0) << p.message();
  }
  world_.reset();
  EXPECT_TRUE(p.destroyed_once());
}

TEST_P(misuse, wrong_arguments_are_answered) {
  const function& f = GetParam();
  ASSERT_EQ(f.missing, nullptr);
  for (std::size_t at = 0; at < f.arguments.size(); ++at) {
    const argument& a = f.arguments[at];
    for (const wrong w : wrongs_of(a.what)) try_it(at, w, a.what, nullptr);
    if (a.members == nullptr) continue;
    for (const member& m : *a.members) {
      for (const wrong w : wrongs_of(m.what)) try_it(at, w, m.what, &m);
    }
  }
  EXPECT_TRUE(f.arguments.empty() || tried > 0);
}

TEST_P(misuse, a_session_in_use_is_answered) {
  const function& f = GetParam();
  if (f.missing != nullptr) GTEST_FAIL();
  for (std::size_t at = 0; at < f.arguments.size(); ++at) {
    if (!f.arguments[at].of_session || f.arguments[at].what == sort::freed) continue;
    try_it(at, wrong::in_use, sort::scalar, nullptr);
    try_it(at, wrong::in_use_by_caller, sort::scalar, nullptr);
  }
}

TEST(misuse, knows_every_function_of_the_header) {
  EXPECT_STREQ(unreadable, "") << "lines of kith.h that generate.py cannot read";
  EXPECT_GT(functions().size(), 130u);
}

}  // namespace
}  // namespace kith::misuse
