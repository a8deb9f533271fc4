// SPDX-License-Identifier: Apache-2.0
//
// Rules of stages.
#include "kith/domain/sales/stage.hpp"

#include "kith/core/rule.hpp"
#include "kith/core/session.hpp"
#include "kith/domain/sales/deal.hpp"
#include "kith/domain/sales/pipeline.hpp"

namespace kith::inline v1 {
namespace {

// The probability that a category alone decides.
std::optional<std::int64_t> decided(stage_category category) {
  if (category == stage_category::won) return 100;
  if (category == stage_category::lost) return 0;
  return std::nullopt;
}

}  // namespace

std::span<const rule> stage::rules() {
  static const rule all[] = {
      complete<stage>("probability_of_category")
          .reads(stage::category)
          .writes(stage::probability)
          .as([](rule_context<stage>& c) {
            const auto certain = decided(c[stage::category]);
            if (certain && !c.changed(stage::probability)) c.set(stage::probability = *certain);
          }),
      check<stage>("won_is_certain")
          .reads(stage::category, stage::probability)
          .as([](rule_context<stage>& c) {
            const auto certain = decided(c[stage::category]);
            if (!certain || c[stage::probability] == *certain) return;
            c.refuse(
                stage::probability,
                "a stage whose category is won has probability 100, a lost one 0; leave it out");
          }),
      // Deals are won and lost by moving, with a day and a reason each; not behind their backs.
      react<stage>("category_of_a_stage_in_use")
          .reads(stage::category)
          .also_on_undo()
          .as([](rule_context<stage>& c) {
            if (c.adding() || !c.writer().find(deal::stage == c.self()).exists()) return;
            throw error({{"stage",
                          "category",
                          "category_of_a_stage_in_use",
                          {},
                          "the category decides what deals may do, and deals stand in this stage; "
                          "make another stage and move them"}},
                        c.self().id.value);
          }),
  };
  return all;
}

}  // namespace kith::inline v1
