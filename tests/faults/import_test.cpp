// SPDX-License-Identifier: Apache-2.0
//
// An import in several transactions while the disk fails or memory runs out: every chunk that was
// reported is there, the one that failed is not, and nothing is between them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "kith/exchange/csv.hpp"
#include "support/io.hpp"
#include "support/memory.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

const bool sqlite_is_watched = (memory::watch_sqlite(), true);

constexpr std::uint64_t rows = 30;
constexpr std::uint64_t chunk = 10;

std::string file_of_clients() {
  std::string text = "name,city,note\n";
  for (std::uint64_t i = 0; i < rows; ++i) {
    text += "Imported " + std::to_string(i) + ",Томск," + std::string(i * 7, 'x') + "\n";
  }
  return text;
}

/// Each step is a transaction: the batch, its chunks, its end.
using step_hook = std::function<void()>;

void import_all(session& s, const step_hook& step) {
  static const std::string text = file_of_clients();
  std::size_t at = 0;
  import_options o;
  o.entity = "clients";
  o.chunk_rows = chunk;
  o.each_row = [&](import_row& r) {
    if (r.number == 1) step();
  };
  o.progress = [&](std::uint64_t) {
    step();
    return true;
  };
  import_csv(
      s,
      [&](char* to, std::size_t room) {
        const std::size_t n = std::min(room, text.size() - at);
        std::memcpy(to, text.data() + at, n);
        at += n;
        return n;
      },
      o);
  step();
}

enum class told : std::uint8_t { nothing, done, refused, unknown, no_memory, untyped };

struct answers {
  told work = told::nothing;
  std::uint64_t steps = 0;  ///< that were reported
  std::uint64_t count = 0;  ///< calls, or allocations
  std::int64_t kept = 0;    ///< allocations, at the end
  bool happened = false;
  char text[300] = "";
};

class importing : public ::testing::Test {
 protected:
  importing() : base_("import-base"), in_("import"), file_(in_.file("store")) {
    io::watch(in_.path());
    {
      kith::crm base = open_world(medium::sqlite_file, file_);
      session s = open_session(base);
      set_up(s);
    }
    base_.become(in_);
    states_.push_back(found());
    kith::crm base = open_world(medium::sqlite_file, file_);
    session s = open_session(base);
    import_all(s, [&] {
      session other = open_session(base);
      states_.push_back(contents(other));
    });
  }
  ~importing() override {
    result_.print();
    EXPECT_TRUE(result_.clean());
  }

  std::string found() {
    kith::crm base = open_world(medium::sqlite_file, file_);
    session s = open_session(base);
    return contents(s);
  }

  // In the child; `fault` begins to fail, `end` says how many there were.
  template <class Fault, class End>
  void child(answers& a, Fault fault, End end) const {
    kith::crm base = open_world(medium::sqlite_file, file_);
    session s = open_session(base);
    fault();
    try {
      import_all(s, [&] { ++a.steps; });
      a.work = told::done;
    } catch (const error& e) {
      a.work = e.code() == error_code::outcome_unknown ? told::unknown : told::refused;
      std::strncpy(a.text, e.what(), sizeof a.text - 1);
    } catch (const std::bad_alloc&) {
      a.work = told::no_memory;
    } catch (...) {
      a.work = told::untyped;
    }
    a.count = end();
  }

  // The steps that were reported and nothing more, or perhaps one.
  void look(const answers& a, const ending& end, const std::string& where) {
    ++result_.faults;
    result_.acknowledged += a.work == told::done;
    result_.refused += a.work == told::refused || a.work == told::no_memory;
    result_.unknown += a.work == told::unknown;
    if (end.signal != 0 || a.work == told::untyped || a.work == told::nothing) {
      ++result_.aborts;
      ADD_FAILURE() << "signal " << end.signal << ", " << where << ", " << a.text;
      return;
    }
    const std::string is = found();
    // Nobody can tell, or memory ran out between a commit and its report.
    const bool one_more = a.work == told::unknown || a.work == told::no_memory;
    const bool right = is == states_[a.steps] || (one_more && is == states_.at(a.steps + 1));
    const auto step =
        static_cast<std::uint64_t>(std::find(states_.begin(), states_.end(), is) - states_.begin());
    EXPECT_TRUE(right) << "found step " << step << ", reported " << a.steps << ", " << where << ", "
                       << a.text;
    result_.lost += !right && step < a.steps;
    result_.half += !right && step >= a.steps;
    EXPECT_EQ(integrity(file_), "") << where;
  }

  const folder base_, in_;
  const std::string file_;
  std::vector<std::string> states_;
  tally result_;
};

TEST_F(importing, while_the_disk_fails) {
  result_.what = "failing disk, sqlite_file: import";
  const auto run = [&](const io::fault& f) {
    in_.become(base_);
    const shared<answers> a;
    const ending end = in_child([&] {
      child(
          *a, [&] { io::arm(f); }, [&] { return a->happened = io::happened(), io::disarm(); });
      ::_exit(0);
    });
    if (a->happened || end.signal != 0) {
      look(*a, end,
           "call " + std::to_string(f.at) + ", manner " + std::to_string(static_cast<int>(f.how)));
    }
    return a->count;
  };
  const std::uint64_t calls = run({});
  ASSERT_GT(calls, 0u);
  const io::fault kinds[] = {{0, io::manner::once, EIO},
                             {0, io::manner::once, ENOSPC},
                             {0, io::manner::for_ever, EIO},
                             {0, io::manner::torn, ENOSPC}};
  std::uint64_t stride = std::max<std::uint64_t>(1, calls * 4 / budget(80, 1'000'000));
  while (std::gcd(stride, std::size(kinds)) != 1) ++stride;
  for (std::uint64_t i = 0; i < calls * 4 && result_.clean(); i += stride) {
    io::fault f = kinds[i % 4];
    f.at = i / 4 + 1;
    run(f);
  }
}

TEST_F(importing, while_memory_is_short) {
  result_.what = "no memory, sqlite_file: import";
  const auto run = [&](const memory::fault& f) {
    in_.become(base_);
    const shared<answers> a;
    const ending end = in_child([&] {
      child(
          *a, [&] { memory::arm(f); }, [] { return memory::disarm(); });
      ::_exit(0);
    });
    if (f.at != 0) look(*a, end, "allocation " + std::to_string(f.at));
    return a->count;
  };
  const std::uint64_t all = run({});
  ASSERT_GT(all, 0u);
  std::uint64_t stride = std::max<std::uint64_t>(1, all * 2 / budget(80, 3000));
  if (stride % 2 == 0) ++stride;
  for (std::uint64_t i = 0; i < all * 2 && result_.clean(); i += stride) {
    run({i / 2 + 1, i % 2 == 1});
  }
}

}  // namespace
}  // namespace kith::faults
