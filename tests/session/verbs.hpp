// SPDX-License-Identifier: Apache-2.0
//
// Actions and reports of a workshop, for the tests of the engine: what they do is said in their
// names, so that a test reads like the call.
#pragma once

#include <array>
#include <vector>

#include "entities.hpp"
#include "kith/core/action.hpp"
#include "kith/core/report.hpp"
#include "kith/core/session.hpp"

namespace kith::lab {

/// Every kind of argument that a check can refuse.
struct grade_strict {
  using on = strict;
  static constexpr action_def about{.name = "regrade", .doc = "Gives another grade."};
  static constexpr field<grade_strict, integer> grade{1,           "grade",     required,
                                                      at_least(1), at_most(10), "The new one."};
  static constexpr field<grade_strict, ref<kith::client>> buyer{2, "buyer", "Who asked for it."};
  static constexpr field<grade_strict, text> brief{3, "brief", max_length(5), "In short."};
  static constexpr field<grade_strict, colour> shade{4, "shade", initially(colour::green),
                                                     "Green at first."};
  static constexpr field<grade_strict, date> day{5, "day", initially_today, "Today at first."};
  static constexpr field<grade_strict, any_ref> topic{6, "topic", "What it is about."};
  static constexpr auto fields = list(grade, buyer, brief, shade, day, topic);
  static void run(action_context<grade_strict>& c) {
    draft<strict> d(c.subject());
    d.set(strict::grade = c[grade], strict::day = c[day]);
    if (c.has(buyer)) d.set(strict::buyer = c[buyer]);
    if (c.has(brief)) d.set(strict::brief = c[brief]);
    if (c[shade] != colour::green) d.set(strict::code = value(c[shade]).to_string());
    c.session().update(d);
  }
};

/// Writes twice; refuses behind the first write when the grade is 10.
struct raise_strict {
  using on = strict;
  static constexpr action_def about{.name = "raise_grade", .doc = "One grade more, and a note."};
  static constexpr auto fields = no_arguments;
  static void run(action_context<raise_strict>& c) {
    session& s = c.session();
    s.add(entry::what = "raised");
    s.update(c.subject(), strict::grade = c.subject()[strict::grade] + 1);
  }
};

/// Calls another action, as often as it is told.
struct raise_often {
  using on = strict;
  static constexpr action_def about{.name = "raise_often", .doc = "Several grades more."};
  static constexpr field<raise_often, integer> times{1, "times", initially(2), "How often."};
  static constexpr auto fields = list(times);
  static void run(action_context<raise_often>& c) {
    for (std::int64_t i = 0; i < c[times]; ++i) c.session().call<raise_strict>(c.subject());
  }
};

/// Tries, and goes on when that is refused.
struct try_strict {
  using on = strict;
  static constexpr action_def about{.name = "try_it", .doc = "Raises, and notes when it cannot."};
  static constexpr auto fields = no_arguments;
  static void run(action_context<try_strict>& c) {
    try {
      c.session().call<raise_strict>(c.subject());
    } catch (const error&) {
      c.session().add(entry::what = "could not");
    }
  }
};

struct forever {
  using on = strict;
  static constexpr action_def about{.name = "go_on", .doc = "Calls itself."};
  static constexpr auto fields = no_arguments;
  static void run(action_context<forever>& c) { c.session().call<forever>(c.subject()); }
};

/// Done to the entity as a whole; answers what it made.
struct make_strict {
  using on = strict;
  static constexpr action_def about{
      .name = "make", .subject = false, .doc = "Adds one that is called so."};
  static constexpr field<make_strict, text> name{1, "name", required, "What it is called."};
  static constexpr auto fields = list(name);
  static void run(action_context<make_strict>& c) {
    session& s = c.session();
    const record<strict> made = s.add(strict::name = c[name]);
    c.answer(any_record(s.model(), s.model()->entity<strict>(), made.row()));
  }
};

/// Adds a field to its own entity.
struct widen_strict {
  using on = strict;
  static constexpr action_def about{.name = "widen", .doc = "Adds the field x_more."};
  static constexpr auto fields = no_arguments;
  static void run(action_context<widen_strict>& c) {
    c.session().add_field("lab_stricts", {.name = "x_more"});
  }
};

/// What it does is given by the test.
struct anything_at_all {
  using on = strict;
  static constexpr action_def about{.name = "act", .doc = "What the test says."};
  static constexpr auto fields = no_arguments;
  static inline std::function<void(action_context<anything_at_all>&)> what;
  static void run(action_context<anything_at_all>& c) { what(c); }
};

inline std::vector<action_description> own_actions() {
  return {describe_action<grade_strict>(), describe_action<raise_strict>(),
          describe_action<raise_often>(),  describe_action<try_strict>(),
          describe_action<forever>(),      describe_action<make_strict>(),
          describe_action<widen_strict>(), describe_action<anything_at_all>()};
}

// ----------------------------------------------------------------------------------------- reports

struct grades_report {
  static constexpr report_def about{
      .name = "grades", .chart = {.mark = "bar", .x = "name", .y = "grade"}, .doc = "All grades."};
  static constexpr field<grades_report, integer> least{
      1, "least", required, initially(0), at_least(0), "From this one on."};
  static constexpr field<grades_report, ref<kith::client>> buyer{2, "buyer", "Of this one only."};
  static constexpr auto fields = list(least, buyer);
  static table run(report_context<grades_report>& c) {
    parameters values{value(c[least])};
    std::string where = "grade >= ?";
    if (c.has(buyer)) {
      where += " and buyer = ?";
      values.placed.emplace_back(c[buyer]);
    }
    return c.session()
        .query("lab_stricts", where + " order by name", std::move(values))
        .select({{"name", "name"}, {"grade", "grade"}});
  }
};

/// What it does is given by the test.
struct asked_report {
  static constexpr report_def about{.name = "asked", .doc = "What the test says."};
  static constexpr auto fields = no_arguments;
  static inline std::function<table(session&)> what;
  static table run(report_context<asked_report>& c) { return what(c.session()); }
};

inline std::vector<report_description> own_reports() {
  return {describe_report<grades_report>(), describe_report<asked_report>()};
}

}  // namespace kith::lab
