// SPDX-License-Identifier: Apache-2.0
//
// Every allocation fails, once or for ever from there on: Kith's and SQLite's. What comes out is
// std::bad_alloc (or an error of Kith); the store is as it was before, or as it is after the work
// when that was done; the handle goes on; nothing is kept.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "support/memory.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

// SQLite takes its settings before it is used for the first time.
const bool sqlite_is_watched = (memory::watch_sqlite(), true);

struct scenario {
  std::string name;
  std::function<void(kith::crm&, session&)> work{};  ///< none: the store is opened
  /// The work may end without its latter part and still succeed: what the store is then.
  std::function<void(kith::crm&, session&)> half{};
};

// Records with rules, reactions and stored sums.
void insert(kith::crm&, session& s) {
  transaction tx = s.write({.reason = "a long reason that does not fit into a short string",
                            .operation_key = "a key that does not fit into a short string"});
  const auto buyer = s.find_one(client::name, "Buyer").value();
  const auto first = s.find_one(stage::name, "Talk").value();
  const auto won = s.find_one(stage::name, "Won").value();
  const auto d = s.add(deal::title = "A deal about quite a lot of things", deal::client = buyer,
                       deal::stage = first, deal::amount = eur(1000));
  s.update(d, deal::stage = won);
  const auto order = s.add(sales_order::number = "M-1", sales_order::client = buyer,
                           sales_order::deal = d, sales_order::freight = eur(5));
  s.add(order_line::sales_order = order, order_line::quantity = decimal(3),
        order_line::unit_price = eur(10), order_line::description = "Something with a long name");
  tx.commit();
}

void insert_alone(kith::crm&, session& s) {
  s.add(client::name = "A client in a transaction of its own", client::city = "Тобольск");
}

void ask_questions(kith::crm&, session& s) {
  std::string all;
  for (const auto& line :
       s.find(order_line::sales_order / sales_order::client / client::city == "Томск")
           .order_by(descending(order_line::unit_price), order_line::description)) {
    all += line[order_line::net].to_string() + " ";
  }
  all += std::to_string(s.find(client::name == "buyer").count());
  const any_query by_text =
      s.query("sales_orders", "client.city like 'Т%' and net > 10 EUR order by net desc limit 5");
  for (const any_record& r : by_text) all += r["number"].to_string() + " ";
  all +=
      s.query("order_lines", "sales_order.client.city = 'Томск'")
          .aggregate({{"order", "sales_order.number"}}, {{"sum", "sum(net)"}, {"lines", "count()"}})
          .to_string();
  all += std::to_string(s.all<client>().page(10).records.size());
  static const std::string right = all;  // the first run is without a fault
  if (all != right) throw std::logic_error("another answer: " + all);
}

void change_and_take_back(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = "a key that does not fit into a short string"});
  const auto buyer = s.find_one(client::name, "Buyer").value();
  const auto changed = s.update(buyer, client::status = client_status::existing,
                                client::note = std::string(300, 'n'));
  {
    transaction inner = s.write();
    s.add(client::name = "Taken back", client::note = std::string(500, 'x'));
    s.update(changed, client::employees = 7);
    s.remove(s.find_one(sales_order::number, "W-1").value());
    inner.rollback();
  }
  {
    transaction inner = s.write();
    s.add(client::name = "Kept");
    inner.commit();
  }
  tx.commit();
}

void bulk(kith::crm&, session& s) {
  std::vector<draft<client>> many(30);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].set(client::name = i % 10 == 9 ? "" : "Many " + std::to_string(i),
                client::city = "Тара", client::note = std::string(i * 10, 'x'));
  }
  transaction tx = s.write({.from = origin::import, .operation_key = "bulk"});
  s.add_many<client>(many, batch_mode::per_item);
  tx.commit();
}

void new_field(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = "new field"});
  custom_field f;
  f.name = "x_a_field_with_a_long_name";
  f.indexed = true;
  s.add_field("client", f);
  tx.commit();
}

void first_of_two(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = "two"});
  s.add(client::name = "The first of two");
  tx.commit();
}

// A caller who catches the error and goes on with his transaction.
void go_on_after_the_error(kith::crm&, session& s) {
  transaction tx = s.write({.operation_key = "two"});
  s.add(client::name = "The first of two");
  try {
    s.add(client::name = "The second of two, whose name is long", client::city = "Ишим");
  } catch (const std::bad_alloc&) {
  }
  tx.commit();
}

void save(kith::crm& base, session&) {
  if (base.can().save) base.save();
}

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all{
      {"open"},
      {"insert", insert},
      {"insert_alone", insert_alone},
      {"query", ask_questions},
      {"savepoints", change_and_take_back},
      {"bulk", bulk},
      {"new_field", new_field},
      {"go_on", go_on_after_the_error, first_of_two},
      {"save", save},
  };
  return all;
}

/// What the child tells: it may not live to the end.
struct findings {
  std::uint64_t allocations = 0, runs = 0, at = 0;
  std::uint64_t no_memory = 0, done = 0, refused = 0;
  std::uint64_t wrong = 0, leaks = 0, unusable = 0;
  char text[600] = "";
};

class sweep {
 public:
  sweep(const scenario& what, medium on)
      : what_(what), on_(on), base_("memory-base"), in_("memory"), file_(in_.file("store")) {}

  void run(bool for_ever, std::uint64_t most) {
    const shared<findings> f;
    const ending end = in_child([&] {
      try {
        child(*f, for_ever, most);
      } catch (const std::exception& e) {
        say(*f, e.what());
        ::_exit(5);
      }
    });
    if (f->allocations == 0 && end.signal == 0 && end.code == 0) return;  // nothing to do
    tally t;
    t.what = std::string("no memory, ") + name_of(on_) + ": " + what_.name +
             (for_ever ? ", for ever" : ", once");
    t.faults = f->runs;
    t.acknowledged = f->done;
    t.refused = f->no_memory + f->refused;
    t.half = f->wrong + f->unusable;
    t.leaks = f->leaks;
    t.aborts = end.signal != 0 || end.code != 0;
    t.print();
    EXPECT_TRUE(t.clean()) << "allocation " << f->at << " of " << f->allocations << ", signal "
                           << end.signal << ", code " << end.code << ": " << f->text;
  }

 private:
  static void say(findings& f, const std::string& text) {
    if (f.text[0] == 0) std::strncpy(f.text, text.c_str(), sizeof f.text - 1);
  }

  void prepare_content(kith::crm& base, session& s) const {
    set_up(s);
    transaction tx = s.write({.operation_key = "stages"});
    const auto line = s.add(pipeline::name = "Sales");
    s.add(stage::pipeline = line, stage::name = "Talk", stage::probability = 10);
    s.add(stage::pipeline = line, stage::name = "Won", stage::probability = 100,
          stage::category = stage_category::won);
    tx.commit();
    for (std::int64_t n = 1; n <= 8; ++n) begin_work(s, n).commit();
    if (base.can().save) base.save();
  }

  // A store as it is before the work, and its session.
  struct opened {
    world all;
    kith::crm& base = all.base;
    session s;
    opened(medium on, const std::string& file) : all(on, file), s(open_session(base)) {}
  };
  std::unique_ptr<opened> open() const { return std::make_unique<opened>(on_, file_); }

  std::unique_ptr<opened> ready() const {
    if (in_file(on_)) {
      in_.become(base_);
      return open();
    }
    auto o = open();
    if (what_.work) prepare_content(o->base, o->s);
    return o;
  }

  std::string after(const std::function<void(kith::crm&, session&)>& work) const {
    const auto o = ready();
    if (work) work(o->base, o->s);
    return contents(o->s);
  }

  void child(findings& f, bool for_ever, std::uint64_t most) {
    if (in_file(on_)) {
      in_.clear();
      {
        const auto o = open();
        prepare_content(o->base, o->s);
      }
      base_.become(in_);
    }
    before_ = after({});
    after_ = after(what_.work);
    half_ = what_.half ? after(what_.half) : after_;
    for (int i = 0; i < 2; ++i) f.allocations = once(f, {});  // what is made once, is made
    f.runs = f.done = 0;
    const std::uint64_t step = std::max<std::uint64_t>(1, f.allocations / most);
    std::uint64_t jump = 0;
    for (std::uint64_t at = 1; at <= f.allocations; at += step == 1 ? 1 : step / 2 + jump) {
      jump = step > 1 ? (at * 7919) % (step + 1) : 0;
      f.at = at;
      once(f, {at, for_ever});
      if (f.wrong + f.leaks + f.unusable > 0) return;
    }
  }

  std::uint64_t once(findings& f, const memory::fault& fault) {
    std::uint64_t allocations = 0;
    last_seen_.clear();
    last_seen_.shrink_to_fit();
    const std::int64_t alive = memory::alive();
    {
      std::unique_ptr<opened> o = ready();
      if (!what_.work) o.reset();
      allocations = try_it(f, fault, o);
      o.reset();
      if (in_file(on_) && looks_again(fault.at, f.allocations)) {  // and as it was written
        const auto again = open();
        if (!last_seen_.empty() && contents(again->s) != last_seen_) {
          ++f.unusable;
          say(f, "opened again, it is another content");
        }
      }
    }
    ++f.runs;
    last_seen_.clear();
    last_seen_.shrink_to_fit();
    const std::int64_t kept = memory::alive() - alive;
    if (fault.at != 0 && kept != 0) {
      ++f.leaks;
      say(f, std::to_string(kept) + " allocations are left");
    }
    return allocations;
  }

  std::uint64_t try_it(findings& f, const memory::fault& fault, std::unique_ptr<opened>& o) {
    bool done = false;
    std::string problem;
    memory::arm(fault);
    try {
      if (what_.work) {
        what_.work(o->base, o->s);
      } else {
        o = open();
      }
      done = true;
    } catch (const std::bad_alloc&) {
      ++f.no_memory;
    } catch (const error& e) {
      memory::disarm();
      ++f.refused;
      const bool may = e.code() == error_code::retry;  // the transaction was taken back
      if (!may) problem = std::string("an error that does not say it: ") + e.what();
    } catch (const std::exception& e) {
      memory::disarm();
      problem = std::string("an error of another type: ") + e.what();
    }
    const std::uint64_t allocations = memory::disarm();
    f.done += done;
    if (!o) o = open();
    check(f, fault, *o, done, std::move(problem));
    return allocations;
  }

  // The handle goes on, and shows what it showed before, or what was done.
  void check(findings& f, const memory::fault& fault, opened& o, bool done, std::string problem) {
    if (fault.at == 0) return;
    try {
      if (o.s.in_transaction()) problem += " the session is still in a transaction";
      const std::string is = contents(o.s);
      const bool right = done ? is == after_ || is == half_ : is == before_;
      if (!right)
        problem += std::string(done ? " done, but not so:\n" : " not as before:\n") +
                   difference(is, done ? after_ : before_);
      transaction tx = o.s.write({.operation_key = "one more"});
      o.s.add(client::name = "One more");
      tx.commit();
      const bool commits_last = on_ == medium::sqlite_file || on_ == medium::sqlite_guest;
      if (commits_last && looks_again(fault.at, f.allocations)) {
        last_seen_ = contents(o.s);
      }
      if (!o.s.find_one(client::name, "One more")) problem += " what is added later is not there";
    } catch (const std::exception& e) {
      problem += std::string(" the handle does not go on: ") + e.what();
    }
    if (problem.empty()) return;
    ++f.wrong;
    say(f, problem);
  }

  // Opening once more takes half of the time: always towards the commit, now and then before.
  static bool looks_again(std::uint64_t at, std::uint64_t all) {
    return !long_form() || at % 10 == 0 || at > all - all / 5;
  }

  static std::string difference(const std::string& is, const std::string& wanted) {
    const auto at = std::mismatch(is.begin(), is.end(), wanted.begin(), wanted.end());
    const auto place =
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at.first - is.begin() - 40));
    return is.substr(std::min(place, is.size()), 200) + "\ninstead of\n" +
           wanted.substr(std::min(place, wanted.size()), 200);
  }

  const scenario& what_;
  const medium on_;
  const folder base_, in_;
  const std::string file_;
  std::string before_, after_, half_;
  std::string last_seen_;  // of a store whose commits last
};

class no_memory : public ::testing::TestWithParam<std::tuple<medium, std::size_t>> {
 protected:
  void sweep_all(bool for_ever) {
    const auto [on, which] = GetParam();
    const scenario& what = scenarios()[which];
    // Stores without a file share their code with those that have one.
    sweep(what, on).run(for_ever, budget(25, in_file(on) ? 1'000'000 : 800));
  }
};

TEST_P(no_memory, once_changes_nothing) { sweep_all(false); }
TEST_P(no_memory, for_ever_changes_nothing) { sweep_all(true); }

INSTANTIATE_TEST_SUITE_P(
    of, no_memory,
    ::testing::Combine(::testing::Values(medium::sqlite_file, medium::sqlite_memory,
                                         medium::memory_file, medium::memory, medium::sqlite_guest),
                       ::testing::Range(std::size_t{0}, scenarios().size())),
    [](const auto& of) {
      return name_of(std::get<0>(of.param)) + "_" + scenarios()[std::get<1>(of.param)].name;
    });

}  // namespace
}  // namespace kith::faults
