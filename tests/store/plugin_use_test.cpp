// SPDX-License-Identifier: Apache-2.0
//
// Stores behind the table of C functions as programs use them: opened by a scheme, logging, asked
// to stop, in a child process.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "c_table.hpp"
#include "conformance/suite.hpp"
#include "kith/kith.hpp"
#include "kith/storage/memory.hpp"
#include "kith_plugin.h"

namespace kith::conformance {
namespace {

crm_options with_scheme(std::string name) {
  export_store(name, [](const std::string& where, const plugin_options& how) {
    return open_memory({.path = where, .read_only = how.read_only});
  });
  crm_options options;
  options.stores.push_back(scheme_of_plugin(std::move(name), exported_table()));
  return options;
}

TEST(schemes_of_stores, open_what_begins_with_them) {
  crm crm = kith::open("used:", with_scheme("used"));
  EXPECT_EQ(crm.can().name, "c_memory");
  session s = crm.open_session();
  const auto anna = s.add(client::name = "Анна");
  EXPECT_EQ(s.get<client>(anna)[client::name], "Анна");
  EXPECT_EQ(crm.verify().found.size(), 0u);
}

TEST(schemes_of_stores, leave_other_places_alone) {
  EXPECT_EQ(kith::open(":memory:", with_scheme("used")).can().name, "memory");
}

TEST(schemes_of_stores, pass_on_how_a_store_is_opened) {
  crm_options reading = with_scheme("used");
  reading.read_only = true;
  const auto e = refusal([&] { kith::open("used:", std::move(reading)); });
  ASSERT_TRUE(e);
  EXPECT_TRUE(e->code() == error_code::read_only || e->code() == error_code::unsupported)
      << e->what();
}

TEST(schemes_of_stores, have_names_that_cannot_be_mistaken) {
  for (const char* name : {"", "c", "Own", "memory", "sqlite", "own:", "a/b", "о"}) {
    EXPECT_EQ(outcome([&] { kith::open(":memory:", with_scheme(name)); }), "invalid") << name;
  }
  crm_options without_function;
  without_function.stores.push_back({"own", {}});
  EXPECT_EQ(outcome([&] { kith::open("own:", std::move(without_function)); }), "invalid");
}

TEST(a_plug_in, names_the_value_that_is_taken) {
  export_store("named", [](const std::string&, const plugin_options&) { return open_memory(); });
  const model_ptr model = conformance_model();
  const entity_type& badges = model->entity<badge>();
  const auto rows = open_plugin(exported_table(), "named:")->connect();
  rows->begin(access::write);
  rows->apply(badges);
  version(badges, 1).set(badge::code, "A-1").write(*rows);
  const auto e = refusal([&] { version(badges, 2).set(badge::code, "A-1").write(*rows); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), 1);
  EXPECT_EQ(e->field(), "code");
  EXPECT_NE(e->message().find("'A-1'"), std::string::npos) << e->message();
}

TEST(a_plug_in, logs_and_is_stopped_through_its_host) {
  kith_store_api table = *exported_table();
  static const kith_store_host* host = nullptr;
  table.open = [](kith_store_call* call, const kith_store_host* given, const char* uri,
                  const kith_store_options* how, kith_store_traits* traits, void** out) {
    host = given;
    given->log(call, "opening");
    return exported_table()->open(call, given, uri, how, traits, out);
  };
  table.verify = [](kith_store_call* call, void*) -> kith_status {
    return host->cancelled(call) != 0
               ? host->fail(call, KITH_E_INTERRUPTED, "stopped", nullptr, 0, nullptr)
               : KITH_OK;
  };
  export_store("told", [](const std::string&, const plugin_options&) { return open_memory(); });
  std::string log;
  bool stop = false;
  const auto kept = open_plugin(
      &table, "told:",
      {.log = [&](std::string_view line) { log += line; }, .cancelled = [&] { return stop; }});
  EXPECT_EQ(log, "opening");
  EXPECT_EQ(outcome([&] { kept->verify({}); }), "done");
  stop = true;
  EXPECT_EQ(outcome([&] { kept->verify({}); }), "interrupted");
}

TEST(a_plug_in, is_not_used_by_a_child_process) {
  export_store("forked", [](const std::string&, const plugin_options&) { return open_memory(); });
  auto kept = open_plugin(exported_table(), "forked:");
  auto rows = kept->connect();
  rows->begin(access::write);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool refused = outcome([&] { rows->commit(); }) == "forked" &&
                         outcome([&] { kept->check(); }) == "forked" &&
                         outcome([&] { kept->connect(); }) == "forked";
    rows.reset();  // and nothing of the parent's is touched
    kept.reset();
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(outcome([&] { rows->commit(); }), "done");
}

}  // namespace
}  // namespace kith::conformance
