// SPDX-License-Identifier: Apache-2.0
//
// Modules: what they describe is part of the store, their rules run with the others, and what they
// do wrong is said with their names. The good one is examples/plugin_loyalty.c itself.
#include <gtest/gtest.h>

#include "kith/module/load.hpp"
#include "kith_plugin.h"
#include "suite.hpp"

namespace kith::lab {
namespace {

crm_options with_loyalty() {
  crm_options options;
  add_module(options, kith_module_init, "loyalty");
  return options;
}

class modules : public suite {
 protected:
  modules() : suite(with_loyalty()) {}
  record_id client_with(const char* name, const char* points) {
    return add("clients", {{"name", name}, {"kind", "person"}, {"loyalty_points", points}})->id();
  }
  std::string points_of(record_id of) {
    return s->get("clients", of)["loyalty_points"].to_string();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, modules, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(modules, add_fields_to_the_entities_of_others) {
  const record_id anna = client_with("Анна", "120");
  EXPECT_EQ(points_of(anna), "120");
  EXPECT_EQ(s->query("clients", "loyalty_points > 100").count(), 1u);
  EXPECT_EQ(entity("clients").field("loyalty_points").field->def->ru, "Баллы");
}

TEST_P(modules, refuse_with_their_rules) {
  EXPECT_EQ(outcome([&] { client_with("Анна", "-5"); }),
            "invalid: loyalty_points points_are_not_owed");
  const record_id anna = client_with("Анна", "5");
  EXPECT_EQ(outcome([&] { s->update(ref<client>{anna}, client::name = "Анна II"); }), "done");
}

TEST_P(modules, complete_and_react_in_one_transaction) {
  const record_id anna = client_with("Анна", "120");
  const std::string id = std::to_string(anna.value);
  const row_ptr gift = add("loyalty_gifts", {{"title", "Чайник"}, {"client", id.c_str()}});
  const entity_type& gifts = entity("loyalty_gifts");
  EXPECT_EQ(gift->integer(gifts.field("points").field->slot), 100);
  EXPECT_EQ(points_of(anna), "20");
  EXPECT_EQ(outcome([&] {
              add("loyalty_gifts", {{"title", "Самовар"}, {"client", id.c_str()}});
            }),
            "invalid: loyalty_points points_are_not_owed");
  EXPECT_EQ(points_of(anna), "20");
  EXPECT_EQ(s->query("loyalty_gifts", "").count(), 1u);
}

TEST_P(modules, leave_what_they_described_in_the_store) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  const record_id anna = client_with("Анна", "120");
  const std::uint16_t number = entity("clients").field("loyalty_points").field->number();
  reopen();  // without the module
  EXPECT_EQ(points_of(anna), "120");
  EXPECT_EQ(outcome([&] { client_with("Пётр", "-5"); }), "done");
  EXPECT_EQ(s->query("loyalty_gifts", "").count(), 0u);
  reopen(with_loyalty());
  EXPECT_EQ(entity("clients").field("loyalty_points").field->number(), number);
  EXPECT_EQ(outcome([&] { client_with("Иван", "-5"); }),
            "invalid: loyalty_points points_are_not_owed");
}

TEST_P(modules, come_to_stores_that_were_made_without_them) {
  open();
  EXPECT_EQ(s->model()->find("loyalty_gifts"), nullptr);
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  add("clients", {{"name", "Анна"}, {"kind", "person"}});
  reopen(with_loyalty());
  EXPECT_NE(s->model()->find("loyalty_gifts"), nullptr);
  EXPECT_EQ(s->query("clients", "loyalty_points is null").count(), 1u);
}

TEST_P(modules, are_refused_where_the_store_has_the_field_otherwise) {
  open();
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  s->add_field("clients", {.name = "loyalty_points", .kind = kind_id::text});
  EXPECT_EQ(outcome([&] { reopen(with_loyalty()); }), "model: loyalty_points");
}

TEST_P(modules, are_silent_where_a_store_is_only_read_and_lacks_what_they_need) {
  open();
  if (!keeps_content() || !base->can().read_only_open || !GetParam().reopen_read_only) {
    GTEST_SKIP() << "not offered";
  }
  add("clients", {{"name", "Анна"}, {"kind", "person"}});
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  crm_options reading = completed(with_loyalty());
  reading.read_only = true;
  base.emplace(GetParam().reopen_read_only(), std::move(reading));
  s.emplace(base->open_session());
  EXPECT_EQ(s->query("clients", "").count(), 1u);
}

// ------------------------------------------------------------------------- modules that are wrong

const kith_module_host* host;
kith_field_def field_named(const char* name, uint32_t kind) {
  kith_field_def f{};
  f.struct_size = sizeof f;
  f.name = name;
  f.kind = kind;
  return f;
}
kith_rule_def rule_on_clients(kith_run run) {
  kith_rule_def r{};
  r.struct_size = sizeof r;
  r.name = "tested";
  r.entity = "clients";
  r.run = run;
  return r;
}
kith_status nothing(kith_scope*, void*) { return KITH_OK; }

struct bad_module {
  const char* name;
  kith_status (*add)(kith_registry*);
  const char* refused;  // code, and part of the message
  const char* why;
};

const bad_module bad_modules[] = {
    {"nothing_for_a_field", [](kith_registry* r) { return host->add_field(r, "clients", nullptr); },
     "misuse", "the module bad gives NULL for a field"},
    {"a_field_of_no_size",
     [](kith_registry* r) {
       kith_field_def f = field_named("bad_x", KITH_KIND_TEXT);
       f.struct_size = 0;
       return host->add_field(r, "clients", &f);
     },
     "misuse", "set struct_size"},
    {"a_field_without_a_name",
     [](kith_registry* r) {
       const kith_field_def f = field_named(nullptr, KITH_KIND_TEXT);
       return host->add_field(r, "clients", &f);
     },
     "misuse", "a field without a name"},
    {"a_field_of_no_kind",
     [](kith_registry* r) {
       const kith_field_def f = field_named("bad_x", 99);
       return host->add_field(r, "clients", &f);
     },
     "misuse", "the field bad_x of the kind 99"},
    {"a_field_with_strange_flags",
     [](kith_registry* r) {
       kith_field_def f = field_named("bad_x", KITH_KIND_TEXT);
       f.flags = 1u << 20;
       return host->add_field(r, "clients", &f);
     },
     "misuse", "something that has no meaning"},
    {"choices_that_are_not_there",
     [](kith_registry* r) {
       kith_field_def f = field_named("bad_x", KITH_KIND_CHOICE);
       f.choice_count = 3;
       return host->add_field(r, "clients", &f);
     },
     "misuse", "NULL for choices"},
    {"a_rule_without_a_function",
     [](kith_registry* r) {
       const kith_rule_def rule = rule_on_clients(nullptr);
       return host->add_rule(r, &rule);
     },
     "misuse", "the rule tested no function"},
    {"a_rule_of_no_phase",
     [](kith_registry* r) {
       kith_rule_def rule = rule_on_clients(nothing);
       rule.phase = 3;
       return host->add_rule(r, &rule);
     },
     "misuse", "the phase 3"},
    {"it_will_not",
     [](kith_registry* r) { return host->fail_to_load(r, KITH_E_DENIED, "no licence"); }, "denied",
     "the module bad cannot be used: no licence"},
    {"it_answers_nonsense", [](kith_registry*) { return kith_status(77); }, "misuse",
     "it answered 77"},
    {"it_knows_later_interfaces_only", [](kith_registry*) { return kith_status(KITH_E_NEWER); },
     "newer", "none of the interfaces"},
};
kith_status (*add_bad)(kith_registry*);

TEST(bad_modules_add_nothing, and_are_named) {
  for (const bad_module& b : bad_modules) {
    add_bad = b.add;
    crm_options options;
    const auto e = refusal([&] {
      add_module(
          options,
          [](const kith_module_host* h, kith_registry* r) {
            host = h;
            const kith_field_def good = field_named("bad_good", KITH_KIND_TEXT);
            host->add_field(r, "clients", &good);
            return add_bad(r);
          },
          "bad");
    });
    ASSERT_TRUE(e) << b.name;
    EXPECT_EQ(name_of(e->code()), b.refused) << b.name << ": " << e->message();
    EXPECT_NE(e->message().find(b.why), std::string::npos) << b.name << ": " << e->message();
    EXPECT_TRUE(options.wanted_fields.empty()) << b.name;
  }
}

TEST(libraries_of_modules, are_loaded_by_path_only) {
  crm_options options;
  EXPECT_EQ(outcome([&] { load_module(options, "libloyalty.so"); }), "invalid");
  EXPECT_EQ(outcome([&] { load_module(options, "./no_such_module.so"); }), "not_found");
}

// ----------------------------------------------------------------------- callbacks that are wrong

kith_value some_text(const char* words) {
  kith_value v{};
  v.kind = KITH_KIND_TEXT;
  v.text = {words, std::char_traits<char>::length(words)};
  return v;
}

struct bad_callback {
  const char* name;
  uint32_t phase;
  kith_run run;
  const char* refused;
  const char* why;
};
const bad_callback bad_callbacks[] = {
    {"throws", KITH_RULE_CHECK, [](kith_scope*, void*) -> kith_status { throw 5; }, "misuse",
     "the rule tested of a module threw an exception"},
    {"answers nonsense", KITH_RULE_CHECK, [](kith_scope*, void*) { return kith_status(77); },
     "misuse", "answered 77, which has no meaning"},
    {"answers an error without a reason", KITH_RULE_CHECK,
     [](kith_scope*, void*) { return kith_status(KITH_E_LIMIT); }, "limit", "did not say why"},
    {"fails with a reason", KITH_RULE_CHECK,
     [](kith_scope* s, void*) { return host->fail(s, KITH_E_DENIED, "not on Sundays"); }, "denied",
     "not on Sundays"},
    {"reads what is not there", KITH_RULE_CHECK,
     [](kith_scope* s, void*) {
       kith_value v;
       return host->get(s, "nmae", &v);
     },
     "not_found", "name"},
    {"reads a path that it did not declare", KITH_RULE_CHECK,
     [](kith_scope* s, void*) {
       kith_value v;
       return host->get(s, "parent.name", &v);
     },
     "model", "reads a path it did not declare"},
    {"reads into NULL", KITH_RULE_CHECK,
     [](kith_scope* s, void*) { return host->get(s, "name", nullptr); }, "misuse",
     "gives NULL to get()"},
    {"sets in a check", KITH_RULE_CHECK,
     [](kith_scope* s, void*) {
       const kith_value v = some_text("x");
       return host->set(s, "note", &v);
     },
     "model", "which it did not declare"},
    {"sets what it did not declare", KITH_RULE_COMPLETE,
     [](kith_scope* s, void*) {
       const kith_value v = some_text("x");
       return host->set(s, "name", &v);
     },
     "model", "which it did not declare"},
    {"refuses while it completes", KITH_RULE_COMPLETE,
     [](kith_scope* s, void*) { return host->refuse(s, "name", "no"); }, "misuse",
     "calls refuse(), which is not for it"},
    {"refuses a field that is not there", KITH_RULE_CHECK,
     [](kith_scope* s, void*) { return host->refuse(s, "nmae", "no"); }, "not_found", "name"},
    {"writes in a check", KITH_RULE_CHECK,
     [](kith_scope* s, void*) { return host->remove(s, "clients", 1); }, "misuse",
     "calls remove(), which is not for it"},
    {"has no arguments", KITH_RULE_CHECK,
     [](kith_scope* s, void*) {
       kith_value v;
       return host->argument(s, "points", &v);
     },
     "misuse", "calls argument(), which is not for it"},
    {"answers no table", KITH_RULE_CHECK,
     [](kith_scope* s, void*) { return host->column(s, "x", KITH_KIND_TEXT, 0); }, "misuse",
     "calls column, row(), which is not for it"},
    {"adds without fields", KITH_RULE_REACT,
     [](kith_scope* s, void*) { return host->add(s, "clients", nullptr, nullptr, 3, nullptr); },
     "misuse", "gives NULL to add"},
    {"adds what breaks rules", KITH_RULE_REACT,
     [](kith_scope* s, void*) { return host->add(s, "tags", nullptr, nullptr, 0, nullptr); },
     "invalid", "tag"},
    {"writes a value that is no date", KITH_RULE_REACT,
     [](kith_scope* s, void*) {
       static const char* const fields[] = {"birth_date"};
       const kith_value v = some_text("yesterday");
       return host->update(s, "clients", host->id(s), fields, &v, 1);
     },
     "invalid", "yesterday"},
    {"asks a question that is none", KITH_RULE_REACT,
     [](kith_scope* s, void*) {
       return host->query(
           s, "clients", "name >", nullptr, 0, nullptr, 0,
           [](void*, const kith_value*) { return kith_status(KITH_OK); }, nullptr);
     },
     "query", ""},
};
const bad_callback* callback;

class callbacks_of_modules : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, callbacks_of_modules, ::testing::Values(backends().front()),
                         name_of_backend);

TEST_P(callbacks_of_modules, that_break_the_contract_are_named) {
  for (const bad_callback& b : bad_callbacks) {
    callback = &b;
    crm_options options;
    add_module(
        options,
        [](const kith_module_host* h, kith_registry* r) {
          static const char* const note[] = {"note"};
          host = h;
          kith_rule_def rule = rule_on_clients(callback->run);
          rule.phase = callback->phase;
          rule.writes = note;
          rule.write_count = callback->phase == KITH_RULE_COMPLETE ? 1 : 0;
          return host->add_rule(r, &rule);
        },
        "bad");
    open(std::move(options));
    const auto e = refusal([&] { add("clients", {{"name", "Анна"}, {"kind", "person"}}); });
    ASSERT_TRUE(e) << b.name;
    EXPECT_EQ(name_of(e->code()), b.refused) << b.name << ": " << e->message();
    EXPECT_NE(e->message().find(b.why), std::string::npos) << b.name << ": " << e->message();
    EXPECT_EQ(s->query("clients", "").count(), 0u) << b.name;
  }
}

// What a rule reads and sees of a record, as text.
std::string seen;
kith_status see(kith_scope* s, void*) {
  const auto text = [&](auto read, const char* path) {
    kith_value v;
    if (const kith_status done = read(s, path, &v); done != KITH_OK) return std::to_string(done);
    if (v.kind == KITH_KIND_NONE) return std::string("null");
    if (v.text.data != nullptr) return std::string(v.text.data, v.text.size);
    return std::to_string(v.integer);
  };
  seen = "name=" + text(host->get, "name") + " was=" + text(host->get_old, "name") +
         " parent=" + text(host->get, "parent.name") + " city=" + text(host->get, "city") +
         " kind=" + text(host->get, "kind") + " born=" + text(host->get, "birth_date") +
         (host->is_new(s) ? " new" : "") + (host->changed(s, "name") ? " renamed" : "") + " by " +
         std::string(host->actor(s).data, host->actor(s).size);
  return KITH_OK;
}

TEST_P(callbacks_of_modules, read_records_and_paths) {
  crm_options options;
  add_module(
      options,
      [](const kith_module_host* h, kith_registry* r) {
        static const char* const reads[] = {"name", "parent.name"};
        host = h;
        kith_rule_def rule = rule_on_clients(see);
        rule.phase = KITH_RULE_CHECK;
        rule.reads = reads;
        rule.read_count = 2;
        return host->add_rule(r, &rule);
      },
      "seeing");
  open(std::move(options));
  const auto firm = s->add(client::name = "Автопарк", client::kind = client_kind::organisation);
  EXPECT_EQ(seen,
            "name=Автопарк was=null parent=null city=null kind=organisation born=null new "
            "renamed by anna");
  const auto shop = s->add(client::name = "Лавка", client::kind = client_kind::organisation,
                           client::parent = firm);
  EXPECT_EQ(seen,
            "name=Лавка was=null parent=Автопарк city=null kind=organisation born=null new "
            "renamed by anna");
  s->update(shop, client::name = "Магазин");
  EXPECT_EQ(seen,
            "name=Магазин was=Лавка parent=Автопарк city=null kind=organisation born=null "
            "renamed by anna");
  seen.clear();
  s->update(ref<client>(shop), client::note = "…");  // nothing that it reads
  EXPECT_EQ(seen, "");
}

}  // namespace
}  // namespace kith::lab
