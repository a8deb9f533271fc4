// SPDX-License-Identifier: Apache-2.0
//
// Every call that changes a file fails once, or for ever from there on, or writes half. What the
// caller was told must be what is found when the store is opened again:
//
//   done             all of it            any other error   nothing of it
//   outcome_unknown  all or nothing; outcome_of() says which; the handle is poisoned
//
// Each run is a child of its own, which ends at once, or goes on with the handle, or closes it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <ostream>

#include "support/io.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

/// What the child was told.
enum class told : std::uint8_t { nothing, done, refused, unknown, no_memory, untyped };

struct answers {
  told work = told::nothing;  ///< by what the scenario did
  told more = told::nothing;  ///< by another transaction on the same handle
  error_code code{}, more_code{};
  std::uint64_t calls = 0;
  bool happened = false;
  char text[300] = "";
};

/// How the child goes on after the fault.
enum class then : std::uint8_t { ends, goes_on, closes };

constexpr const char* key = "the work";
constexpr const char* more_key = "more work";

told ask(const std::function<void()>& work, error_code& code, char (&text)[300]) {
  const auto say = [&](const char* what) { std::strncpy(text, what, sizeof text - 1); };
  try {
    work();
    return told::done;
  } catch (const error& e) {
    code = e.code();
    say(e.what());
    return e.code() == error_code::outcome_unknown ? told::unknown : told::refused;
  } catch (const std::bad_alloc&) {
    return told::no_memory;
  } catch (const std::exception& e) {
    say(e.what());
    return told::untyped;
  }
}

/// What is done while the disk fails, on a store that has been set up.
struct scenario {
  std::string name;
  medium on = medium::sqlite_file;
  bool opens = false;  ///< the fault comes while a new store is opened
  std::function<void(kith::crm&, session&)> work{};
  bool keeps = false;     ///< the work changes nothing that can be seen
  bool saves = false;     ///< the work is in memory, the fault comes with save()
  bool at_close = false;  ///< the work succeeds before, the fault comes when the store closes
  unsigned kinds = io::changing;
  std::uint64_t in_short = 80;  ///< faults, in the short form
};

void one_transaction(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = key});
  const auto buyer = s.find_one(client::name, "Buyer").value();
  const auto order = s.add(sales_order::number = "IO", sales_order::client = buyer);
  for (int i = 1; i <= 3; ++i) {
    s.add(order_line::sales_order = order, order_line::quantity = decimal(i),
          order_line::unit_price = eur(10));
  }
  s.update(buyer, client::status = client_status::existing);
  tx.commit();
}

void bulk(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = key});
  std::vector<draft<client>> many(400);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].set(client::name = "Many " + std::to_string(i), client::city = "Тара",
                client::note = std::string(i % 90 * 10, 'x'));
  }
  s.add_many<client>(many);
  tx.commit();
}

void new_field(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = key});
  custom_field f;
  f.name = "x_new";
  f.indexed = true;
  s.add_field("client", f);
  tx.commit();
}

// So many pages that the commit is followed by a checkpoint.
void large(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = key});
  tx.sql("INSERT INTO host_journal(number, note) VALUES(1, hex(zeroblob(4200000)))");
  s.add(client::name = "Large");
  tx.commit();
}

// What leaves holes in a file, and the file without them.
void come_and_go(kith::crm& base, session& s) {
  bulk(base, s);
  s.find(client::city == "Тара" && client::name != "Many 7").remove();
}
void compact(kith::crm& base, session&) { base.compact(); }

void more(session& s) {
  transaction tx = s.write({.operation_key = more_key});
  s.add(client::name = "More");
  tx.commit();
}

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all{
      {.name = "a new store", .opens = true},
      {.name = "one transaction", .work = one_transaction},
      {.name = "a bulk of records", .work = bulk},
      {.name = "a new field", .work = new_field},
      {.name = "checkpoint at close", .work = bulk, .at_close = true},
      {.name = "checkpoint after a commit",
       .work = large,
       .kinds = io::syncing | io::sizing | io::other,
       .in_short = 30},
      {.name = "a new store", .on = medium::memory_file, .opens = true, .saves = true},
      {.name = "saving", .on = medium::memory_file, .work = bulk, .saves = true},
      {.name = "a new store", .on = medium::sqlite_guest, .opens = true},
      {.name = "one transaction", .on = medium::sqlite_guest, .work = one_transaction},
      {.name = "a bulk of records", .on = medium::sqlite_guest, .work = bulk},
      {.name = "a new field", .on = medium::sqlite_guest, .work = new_field},
      {.name = "checkpoint at close", .on = medium::sqlite_guest, .work = bulk, .at_close = true},
      {.name = "compacting", .work = compact, .keeps = true},
      {.name = "compacting", .on = medium::memory_file, .work = compact, .keeps = true},
      {.name = "saving a new field", .on = medium::memory_file, .work = new_field, .saves = true},
  };
  return all;
}

/// What may be found: before and after the work, without and with the transaction behind it.
struct contents_of {
  std::string before, after, before_and_more, after_and_more;
};

class sweep {
 public:
  explicit sweep(const scenario& what)
      : what_(what), base_("io-base"), in_("io"), file_(in_.file("store")) {
    result_.what = "failing disk, " + name_of(what.on) + ": " + what.name;
    io::watch(in_.path());
    prepare();
  }

  void run(std::uint64_t most) {
    const std::uint64_t calls = count_calls();
    ASSERT_GT(calls, 0u);
    struct fault_kind {
      io::manner how;
      int error;
    };
    const fault_kind kinds[] = {{io::manner::once, EIO},     {io::manner::once, ENOSPC},
                                {io::manner::for_ever, EIO}, {io::manner::for_ever, ENOSPC},
                                {io::manner::torn, ENOSPC},  {io::manner::torn, EIO}};
    const then ends[] = {then::ends, then::goes_on, then::closes};
    const std::uint64_t all = calls * std::size(kinds) * std::size(ends);
    // A stride that shares no factor with the kinds meets all of them in turn.
    std::uint64_t stride = std::max<std::uint64_t>(1, all / most);
    while (std::gcd(stride, std::size(kinds) * std::size(ends)) != 1) ++stride;
    for (std::uint64_t i = 0; i < all && result_.clean(); i += stride) {
      const fault_kind& k = kinds[i % std::size(kinds)];
      once({i / std::size(kinds) / std::size(ends) + 1, k.how, k.error, what_.kinds},
           ends[i / std::size(kinds) % std::size(ends)]);
    }
    result_.print();
    EXPECT_TRUE(result_.clean());
  }

 private:
  void work(kith::crm& base, session& s) const {
    if (what_.work) what_.work(base, s);
    if (what_.saves) base.save();
  }

  // The store before the work, and what must be found in each case.
  void prepare() {
    expected_.before = what_.opens ? contents_after([](auto&, auto&) {}) : made_before();
    const auto with = [&](bool worked, bool went_on) {
      return contents_after([&](kith::crm& base, session& s) {
        if (worked) work(base, s);
        if (went_on) more(s);
        if (base.can().save) base.save();
      });
    };
    expected_.after = with(true, false);
    expected_.before_and_more = with(false, true);
    expected_.after_and_more = with(true, true);
  }

  std::string made_before() {
    const std::string text = contents_after([this](kith::crm& base, session& s) {
      set_up(s);
      if (what_.keeps) come_and_go(base, s);
      if (base.can().save) base.save();
    });
    base_.become(in_);
    return text;
  }

  template <class Work>
  std::string contents_after(Work w) {
    in_.become(base_);
    {
      world opened(what_.on, file_);
      session s = open_session(opened.base);
      w(opened.base, s);
    }
    return found();
  }

  std::string found() {
    world opened(what_.on, file_);
    session s = open_session(opened.base);
    return contents(s);
  }

  std::uint64_t count_calls() {
    in_.become(base_);
    const shared<answers> a;
    in_child([&] { child(*a, {0, io::manner::none, 0, what_.kinds}, then::closes); });
    EXPECT_EQ(a->work, told::done) << a->text;
    return a->calls;
  }

  // In the child.
  void child(answers& a, const io::fault& f, then next) const {
    std::optional<world> opened;
    std::optional<session> s;
    const auto open = [&] {
      opened.emplace(what_.on, file_);
      s.emplace(open_session(opened->base));
    };
    if (!what_.opens) open();
    if (what_.at_close || (what_.saves && what_.work)) what_.work(opened->base, *s);
    if (!what_.at_close) {
      io::arm(f);
      a.work = ask(
          [&] {
            if (what_.opens) open();
            if (what_.saves) return opened->base.save();
            if (what_.work) what_.work(opened->base, *s);
          },
          a.code, a.text);
      a.happened = io::happened();
      if (f.how == io::manner::none) a.calls = io::disarm();
    } else {
      a.work = told::done;
      if (next == then::ends) return;
      io::arm(f);
    }
    if (next == then::ends) return;
    if (next == then::goes_on && s && !what_.at_close) go_on(a, f, opened->base, *s);
    s.reset();
    opened.reset();
    const std::uint64_t calls = io::disarm();
    if (what_.at_close) a.calls = calls, a.happened = io::happened();
  }

  // The handle works, or says why not; while the disk fails and when it has come back.
  void go_on(answers& a, const io::fault& f, kith::crm& base, session& s) const {
    char text[300] = "";
    const auto again = [&] {
      more(s);
      if (base.can().save) base.save();
    };
    if (f.how != io::manner::once) {
      a.more = ask(again, a.more_code, text);
      if (a.more == told::done || a.more == told::unknown || base.can().save) return;
    }
    io::disarm();
    a.more = ask(again, a.more_code, text);
  }

  void once(const io::fault& f, then next) {
    in_.become(base_);
    const shared<answers> a;
    const ending end = in_child([&] {
      try {
        child(*a, f, next);
      } catch (...) {
        a->work = told::untyped;
      }
    });
    if (end.signal == 0 && !a->happened && a->work == told::done) return;
    ++result_.faults;
    result_.acknowledged += a->work == told::done;
    result_.refused += a->work == told::refused || a->work == told::no_memory;
    result_.unknown += a->work == told::unknown;
    const std::string where = "call " + std::to_string(f.at) + ", " + std::strerror(f.error) +
                              ", manner " + std::to_string(static_cast<int>(f.how)) + ", then " +
                              std::to_string(static_cast<int>(next)) + ", told " + a->text;
    if (end.signal != 0 || a->work == told::untyped || a->more == told::untyped) {
      ++result_.aborts;
      ADD_FAILURE() << "signal " << end.signal << " or an error of another type; " << where;
      return;
    }
    if (a->work == told::unknown && a->more != told::nothing && !what_.saves) {
      EXPECT_EQ(name_of(a->more_code), "poisoned") << where;
    }
    if (a->work == told::refused) refused_well(*a, f, where);
    look(*a, where);
  }

  void refused_well(const answers& a, const io::fault& f, const std::string& where) {
    const bool full = a.code == error_code::full;
    const bool known = full || a.code == error_code::storage || a.code == error_code::poisoned ||
                       a.code == error_code::busy || a.code == error_code::read_only;
    EXPECT_TRUE(known) << where;
    if (full) {
      EXPECT_EQ(f.error, ENOSPC) << where;
    }
    result_.half += !known;
  }

  // Opens the store again and compares.
  void look(const answers& a, const std::string& where) {
    std::string is;
    bool committed = false;
    try {
      world opened(what_.on, file_);
      session s = open_session(opened.base);
      is = contents(s);
      committed = opened.base.outcome_of(key) == outcome::committed;
    } catch (const std::exception& e) {
      ++result_.half;
      ADD_FAILURE() << "opening it again: " << e.what() << "; " << where;
      return;
    }
    const bool is_before = is == expected_.before || is == expected_.before_and_more;
    const bool is_after = is == expected_.after || is == expected_.after_and_more;
    const bool has_more = is == expected_.before_and_more || is == expected_.after_and_more;
    const bool same = expected_.before == expected_.after;
    if (!is_before && !is_after) {
      ++result_.half;
      ADD_FAILURE() << "neither old nor new; " << where << "\n" << first_difference(is);
      return;
    }
    const bool saved = what_.saves && a.work == told::refused;  // may have its name already
    const bool may_be_before = a.work != told::done || same;
    const bool may_be_after = a.work == told::done || a.work == told::unknown || saved || same ||
                              (what_.saves && a.more == told::done);
    const bool lost = (is_before && !may_be_before) || (a.more == told::done && !has_more);
    EXPECT_FALSE(lost) << "what was acknowledged is gone; " << where;
    result_.lost += lost;
    const bool back = is_after && !is_before && !may_be_after;
    EXPECT_FALSE(back) << "what was refused is there; " << where;
    result_.half += back;
    if (what_.work && !what_.saves && !what_.keeps) {
      EXPECT_EQ(committed, is_after) << "outcome_of() is wrong; " << where;
      result_.half += committed != is_after;
    }
    if (what_.on != medium::sqlite_file && what_.on != medium::sqlite_guest) return;
    const std::string said = integrity(file_);
    EXPECT_EQ(said, "") << where;
    result_.half += !said.empty();
  }

  std::string first_difference(const std::string& is) const {
    const auto at =
        std::mismatch(is.begin(), is.end(), expected_.after.begin(), expected_.after.end());
    const auto show = [](const std::string& text, std::ptrdiff_t from) {
      const auto begin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, from - 100));
      return begin < text.size() ? text.substr(begin, 300) : std::string();
    };
    const auto place = at.first - is.begin();
    return "is " + show(is, place) + "\nnot " + show(expected_.after, place);
  }

  const scenario& what_;
  const folder base_, in_;
  const std::string file_;
  contents_of expected_;
  tally result_;
};

void PrintTo(const scenario& s, std::ostream* out) { *out << s.name; }

class io_faults : public ::testing::TestWithParam<scenario> {};

TEST_P(io_faults, leave_all_or_nothing) {
  sweep(GetParam()).run(budget(GetParam().in_short, 1'000'000));
}

INSTANTIATE_TEST_SUITE_P(of, io_faults, ::testing::ValuesIn(scenarios()),
                         [](const ::testing::TestParamInfo<scenario>& of) {
                           std::string name = name_of(of.param.on) + "_" + of.param.name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

}  // namespace
}  // namespace kith::faults
