// SPDX-License-Identifier: Apache-2.0
//
// Numbers and names are for ever: whatever a golden model of an earlier version has, today's model
// still has, with the same number and kind: entities, actions, reports.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kith/analytics/standard.hpp"
#include "kith/core/model.hpp"
#include "kith/domain/standard.hpp"

namespace kith {
namespace {

using json = nlohmann::json;

void expect_kept(const entity_type& e, const json& fields) {
  for (const json& f : fields) {
    const auto number = f["number"].get<std::uint16_t>();
    const field_type* now = e.field(number);
    ASSERT_NE(now, nullptr) << e.name() << " lost field " << number << " " << f["name"];
    EXPECT_EQ(now->name(), f["name"].get<std::string>());
    EXPECT_EQ(now->kind().name, f["kind"].get<std::string>()) << e.name() << "." << now->name();
    EXPECT_EQ(now->def->options.scale, f.value("scale", 0)) << e.name() << "." << now->name();
    const json choices = f.value("choices", json::object());
    for (const auto& [name, value] : choices.items()) {
      bool kept = false;
      for (const choice_option& o : now->def->options.choices) {
        kept = kept || (o.name == name && o.number == value.get<std::int64_t>());
      }
      EXPECT_TRUE(kept) << e.name() << "." << now->name() << " lost " << name << " = " << value;
    }
  }
}

TEST(golden_models, are_still_true) {
  const auto actions = standard_actions();
  const auto reports = standard_reports();
  const model_ptr today = model::build({{standard_entities.begin(), standard_entities.end()},
                                        {},
                                        0,
                                        {},
                                        {actions.begin(), actions.end()},
                                        {reports.begin(), reports.end()}});
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(KITH_TESTS_DIR "/golden")) {
    if (file.path().extension() != ".json") continue;
    ++files;
    std::ifstream in(file.path());
    const json golden = json::parse(in);
    for (const json& old : golden["entities"]) {
      const entity_type* e = today->find(old["number"].get<std::uint16_t>());
      ASSERT_NE(e, nullptr) << file.path() << ": entity " << old["name"] << " is gone";
      EXPECT_EQ(e->name(), old["name"].get<std::string>());
      expect_kept(*e, old["fields"]);
    }
    for (const json& old : golden["actions"]) {
      const action_type* a = today->find_action(old["number"].get<std::uint16_t>());
      ASSERT_NE(a, nullptr) << file.path() << ": action " << old["name"] << " is gone";
      EXPECT_EQ(a->name(), old["name"].get<std::string>());
      EXPECT_EQ(a->on->name(), old["entity"].get<std::string>());
      EXPECT_EQ(a->about->subject, old["subject"].get<bool>());
      expect_kept(a->arguments, old["arguments"]);
    }
    for (const json& old : golden["reports"]) {
      const report_type* r = today->find_report(old["number"].get<std::uint16_t>());
      ASSERT_NE(r, nullptr) << file.path() << ": report " << old["name"] << " is gone";
      EXPECT_EQ(r->name(), old["name"].get<std::string>());
      expect_kept(r->arguments, old["arguments"]);
    }
  }
  EXPECT_GE(files, 1u);
}

}  // namespace
}  // namespace kith
