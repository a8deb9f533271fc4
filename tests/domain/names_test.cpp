// SPDX-License-Identifier: Apache-2.0
//
// The standard entities, actions and reports as descriptions: names that every language can use,
// numbers that stay, indexes where references need them, and a sentence about everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/model/build.hpp"
#include "kith/analytics/standard.hpp"
#include "kith/domain/standard.hpp"

namespace kith {
namespace {

// Calls `look(entity, field, "entity.field")`.
template <class F>
void each_field(F look) {
  for (const entity_description& e : standard_entities) {
    for (const field_def* f : e.fields) {
      look(e, *f, std::string(e.about->name) + "." + std::string(f->name));
    }
  }
}

bool usable(std::string_view name) {
  return detail::well_named(name) && !detail::is_reserved_name(name);
}

// A choice lives in a scope of its own: it may be called as a kind is.
bool usable_as_choice(std::string_view name) {
  return detail::well_named(name) &&
         (find_kind(name) != nullptr || !detail::is_reserved_name(name));
}

TEST(standard_names, can_be_used_in_every_language) {
  for (const entity_description& e : standard_entities) {
    EXPECT_TRUE(usable(e.about->name)) << e.about->name;
    EXPECT_TRUE(usable(e.about->plural)) << e.about->plural;
    EXPECT_NE(e.about->name, e.about->plural);
    EXPECT_FALSE(e.about->name.ends_with("s") && !e.about->name.ends_with("ss"))
        << e.about->name << " looks like a plural";
    for (const relation_def* r : e.relations) EXPECT_TRUE(usable(r->name)) << r->name;
  }
  each_field([](const auto&, const field_def& f, const std::string& name) {
    EXPECT_TRUE(usable(f.name)) << name;
    for (const choice_option& o : f.options.choices) {
      EXPECT_TRUE(usable_as_choice(o.name)) << name << " = " << o.name;
      EXPECT_FALSE(o.ru.empty()) << name << " = " << o.name;
    }
  });
}

TEST(standard_names, are_unique) {
  std::set<std::string_view> names;
  for (const entity_description& e : standard_entities) {
    EXPECT_TRUE(names.insert(e.about->name).second) << e.about->name;
    EXPECT_TRUE(names.insert(e.about->plural).second) << e.about->plural;
  }
  EXPECT_NO_THROW(model::build({{standard_entities.begin(), standard_entities.end()}, {}, 0}));
}

TEST(standard_numbers, are_given_once) {
  std::set<std::uint16_t> entities;
  for (const entity_description& e : standard_entities) {
    EXPECT_GE(e.about->id, 1);
    EXPECT_LT(e.about->id, 1000) << "the engine's own begin there";
    EXPECT_TRUE(entities.insert(e.about->id).second) << e.about->name;
    std::set<std::uint16_t> fields;
    for (const field_def* f : e.fields) EXPECT_TRUE(fields.insert(f->number).second) << f->name;
  }
  each_field([](const auto&, const field_def& f, const std::string& name) {
    std::set<std::int64_t> numbers;
    for (const choice_option& o : f.options.choices) {
      EXPECT_GE(o.number, 1) << name;
      EXPECT_TRUE(numbers.insert(o.number).second) << name << " = " << o.name;
    }
  });
}

TEST(standard_fields, are_explained) {
  for (const entity_description& e : standard_entities) {
    EXPECT_TRUE(e.about->doc.ends_with('.')) << e.about->name;
    EXPECT_FALSE(e.about->ru.empty()) << e.about->name;
    EXPECT_FALSE(e.about->ru_plural.empty()) << e.about->name;
    EXPECT_NE(e.about->ru, e.about->ru_plural) << e.about->name;
    EXPECT_FALSE(e.about->module.empty()) << e.about->name;
    const auto is_title = [&](const field_def* f) { return f->name == e.about->title; };
    EXPECT_TRUE(std::any_of(e.fields.begin(), e.fields.end(), is_title)) << e.about->name;
    for (const relation_def* r : e.relations) {
      EXPECT_TRUE(r->doc.ends_with('.')) << r->name;
      EXPECT_FALSE(r->ru.empty()) << r->name;
    }
  }
  each_field([](const auto&, const field_def& f, const std::string& name) {
    EXPECT_TRUE(f.doc.ends_with('.') || f.doc.ends_with(").")) << name;
    EXPECT_FALSE(f.ru.empty()) << name;
  });
}

// A deletion looks for the records that refer to the deleted one: without an index, through all.
TEST(standard_references, are_indexed_where_a_deletion_looks_for_them) {
  each_field([](const entity_description& e, const field_def& f, const std::string& name) {
    const bool refers = f.kind == kind_id::ref || f.kind == kind_id::any_ref;
    if (!refers || f.on_delete == delete_policy::keep) return;
    const bool leads = std::any_of(e.indexes.begin(), e.indexes.end(), [&](const index_def& i) {
      return i.keys > 0 && i.column[0].field == f.number;
    });
    EXPECT_TRUE(f.indexed || f.unique || leads) << name;
  });
}

TEST(standard_references, are_relations_where_they_are_owned) {
  // What a relation owns goes with its owner.
  const model_ptr m = model::build({{standard_entities.begin(), standard_entities.end()}, {}, 0});
  for (const auto& e : m->entities()) {
    for (const relation_type& r : e->relations) {
      if (!r.def->owned) continue;
      EXPECT_EQ(r.by->def->on_delete, delete_policy::cascade) << e->name() << "." << r.def->name;
    }
  }
}

// What is about a natural person is covered by access export and erasure.
TEST(standard_fields, about_persons_are_marked) {
  constexpr std::string_view telling[] = {"birth", "note",       "mail",    "phone", "tax_id",
                                          "login", "salutation", "subject", "body"};
  each_field([&](const entity_description& e, const field_def& f, const std::string& name) {
    const bool kind_of_person = f.kind == kind_id::person_name || f.kind == kind_id::email ||
                                f.kind == kind_id::phone || f.kind == kind_id::postal_address;
    const bool named_so = std::any_of(std::begin(telling), std::end(telling), [&](auto word) {
      return f.kind == kind_id::text && f.name.find(word) != std::string_view::npos;
    });
    const bool of_person = (e.about->name == "contact" || e.about->name == "user") &&
                           (f.kind == kind_id::text || f.kind == kind_id::date);
    if (kind_of_person || named_so || of_person) {
      EXPECT_TRUE(f.personal) << name;
    }
  });
}

// ------------------------------------------------------------------------------ actions, reports

// Calls `look(argument, "deal.win.closed")`.
template <class F>
void each_argument(F look) {
  for (const action_description& a : standard_actions()) {
    for (const field_def* f : a.fields) {
      look(*f, std::string(a.about->name) + "." + std::string(f->name));
    }
  }
  for (const report_description& r : standard_reports()) {
    for (const field_def* f : r.fields) {
      look(*f, std::string(r.about->name) + "." + std::string(f->name));
    }
  }
}

TEST(standard_actions_and_reports, can_be_called_in_every_language) {
  for (const action_description& a : standard_actions()) {
    EXPECT_TRUE(detail::well_named(a.about->name)) << a.about->name;
    EXPECT_FALSE(detail::is_reserved_action(a.about->name)) << a.about->name;
  }
  for (const report_description& r : standard_reports()) {
    EXPECT_TRUE(detail::well_named(r.about->name)) << r.about->name;
    EXPECT_FALSE(detail::is_reserved_report(r.about->name)) << r.about->name;
  }
  each_argument([](const field_def& f, const std::string& name) {
    EXPECT_TRUE(detail::well_named(f.name)) << name;
    EXPECT_FALSE(detail::is_reserved_argument(f.name)) << name;
    for (const choice_option& o : f.options.choices) {
      EXPECT_TRUE(usable_as_choice(o.name)) << name << " = " << o.name;
      EXPECT_FALSE(o.ru.empty()) << name << " = " << o.name;
    }
  });
}

TEST(standard_actions_and_reports, have_numbers) {
  std::set<std::uint16_t> of_actions, of_reports;
  for (const action_description& a : standard_actions()) {
    EXPECT_NE(a.about->id, 0) << a.about->name;
    EXPECT_TRUE(of_actions.insert(a.about->id).second) << a.about->name;
  }
  for (const report_description& r : standard_reports()) {
    EXPECT_NE(r.about->id, 0) << r.about->name;
    EXPECT_TRUE(of_reports.insert(r.about->id).second) << r.about->name;
  }
  EXPECT_GE(of_actions.size(), 11u);
  EXPECT_GE(of_reports.size(), 3u);
}

TEST(standard_actions_and_reports, are_explained) {
  const auto explained = [](const auto& about) {
    EXPECT_TRUE(about.doc.ends_with('.')) << about.name;
    EXPECT_FALSE(about.ru.empty()) << about.name;
  };
  for (const action_description& a : standard_actions()) explained(*a.about);
  for (const report_description& r : standard_reports()) explained(*r.about);
  each_argument([](const field_def& f, const std::string& name) {
    EXPECT_TRUE(f.doc.ends_with('.')) << name;
    EXPECT_FALSE(f.ru.empty()) << name;
  });
}

}  // namespace
}  // namespace kith
