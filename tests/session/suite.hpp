// SPDX-License-Identifier: Apache-2.0
//
// What tests of sessions share: an open crm on every store, a clock that stands still, and answers
// that read like sentences.
//
//   EXPECT_EQ(outcome([&] { s->add(client::name = ""); }), "invalid: name required");
//   clock->advance(duration::of_days(1));
//   reopen();
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entities.hpp"
#include "kith/core/crm.hpp"
#include "kith/domain/standard.hpp"
#include "refusal.hpp"
#include "store/backends.hpp"

namespace kith::lab {

using conformance::backend;
using conformance::backends;
using conformance::name_of_backend;

/// `done`; `code`; of violations `invalid: field rule, field rule`; else `code: field` when the
/// error names one.
std::string outcome(const std::function<void()>& call);
/// `name required, amount money` of a list of violations.
std::string shown(const violation_list& found);

/// Monday morning.
inline constexpr instant morning{1'772'442'000'000'000};  // 2026-03-02T09:00:00Z

/// The entities of entities.hpp beside the standard ones.
std::vector<entity_description> all_entities();

/// A crm on one of the stores, open, with one session.
class suite : public ::testing::TestWithParam<backend> {
 protected:
  suite() : suite(crm_options{}) {}
  /// Entities, clock and chance are filled in where they are missing.
  explicit suite(crm_options wanted);

  /// A new, empty store.
  void open(crm_options wanted = {});
  /// Closes everything and opens the same store again; saved first where that is offered.
  void reopen(crm_options wanted = {});
  /// Whether what is committed is there after reopen().
  bool keeps_content() const;
  crm_options completed(crm_options wanted) const;

  const entity_type& entity(std::string_view name) { return s->model()->entity(name); }
  /// Adds a record from `field = text` pairs, as a machine would.
  row_ptr add(std::string_view entity_name,
              std::initializer_list<std::pair<const char*, const char*>> values);
  /// The change sets since a sequence as lines: `add client 7, update client 7 (name)`.
  std::vector<std::string> feed(std::int64_t since);

  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>(morning);
  /// One for all openings: a source that began anew would give the operation keys of before.
  std::shared_ptr<random_source> chance = std::make_shared<seeded_random>(1);
  std::optional<kith::crm> base;
  std::optional<session> s;
};

/// Puts a value that is given as text; throws what the field's kind says against it.
void put_text(any_draft& d, const entity_type& entity, std::string_view field,
              std::string_view text);

}  // namespace kith::lab
