// SPDX-License-Identifier: Apache-2.0
//
// Rules of deals. The category of the stage drives all of them:
// EspoCRM, Bitrix24 and Salesforce tell won from lost by category, too, and systems that went by
// the stage's name broke when it was renamed (frappe/crm#551).
#include "kith/domain/sales/deal.hpp"

#include "kith/core/rule.hpp"
#include "kith/core/session.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/sales/stage.hpp"
#include "kith/domain/sales/stage_change.hpp"

namespace kith::inline v1 {
namespace {

constexpr auto category = deal::stage / stage::category;
constexpr auto stage_probability = deal::stage / stage::probability;

bool is_decided(stage_category c) { return c == stage_category::won || c == stage_category::lost; }

// A probability given by hand stays until it is taken back: with none, or by clearing the mark.
void follow_stage(rule_context<deal>& c) {
  const stage_category now = c[category];
  const bool moved = c.changed(deal::stage);
  if (is_decided(now)) {
    if (!moved) return;
    c.set(deal::probability = now == stage_category::won ? 100 : 0);
    c.set(deal::probability_by_hand = false);
    return;
  }
  const bool by_hand = c[deal::probability_by_hand];
  const bool marked = c.changed(deal::probability_by_hand) && !c.adding();
  if (c.changed(deal::probability) && c.has(deal::probability)) {
    c.set(deal::probability_by_hand = true);
  } else if (!c.has(deal::probability) || (moved && !by_hand) || (marked && !by_hand)) {
    c.set(deal::probability = c[stage_probability]);
    c.set(deal::probability_by_hand = false);
  }
}

// The day is that of the first decision: moving between won stages keeps it, coming back clears it.
void close_and_reopen(rule_context<deal>& c) {
  if (!c.changed(deal::stage)) return;
  const bool was = !c.adding() && is_decided(c.old(category));
  const bool now = is_decided(c[category]);
  if (now && !was) {
    if (!c.has(deal::closed)) c.set(deal::closed = c.today());
    if (!c.adding()) c.set(deal::last_open_stage = c.old(deal::stage));
  }
  if (was && !now) c.set(deal::closed = none);
  if (was && c[category] != stage_category::lost) c.set(deal::lost_reason = none);
}

// The category and what goes with it agree, whoever changes which of them.
void check_decision(rule_context<deal>& c) {
  const stage_category now = c[category];
  if (is_decided(now) && !c.has(deal::closed)) {
    c.refuse(deal::closed, "a won or lost deal has a closing day; give the day of the decision");
  }
  if (!is_decided(now) && c.has(deal::closed)) {
    c.refuse(deal::closed,
             "a deal that is neither won nor lost is not closed; leave it out, or use closes for "
             "the expected day");
  }
  if (now == stage_category::won && c[deal::probability] != 100) {
    c.refuse(deal::probability, "a won deal has probability 100; leave it out");
  }
  if (now == stage_category::lost && c[deal::probability] != 0) {
    c.refuse(deal::probability, "a lost deal has probability 0; leave it out");
  }
}

void keep_won_deals(rule_context<deal>& c) {
  if (c.adding() || c.old(category) != stage_category::won) return;
  if (c[category] != stage_category::won) return;  // reopened in the same step
  const char* const why = "a won deal does not change; reopen it first";
  if (c.changed(deal::amount)) c.refuse(deal::amount, why);
  if (c.changed(deal::client)) c.refuse(deal::client, why);
  if (c.changed(deal::product)) c.refuse(deal::product, why);
  if (c.changed(deal::owner)) {
    c.refuse(deal::owner,
             "a won deal keeps who earned it; reopen it first (of a user who leaves, set active = "
             "false)");
  }
}

void keep_stage_history(rule_context<deal>& c) {
  if (!c.changed(deal::stage)) return;
  session& s = c.writer();
  draft<stage_change> change;
  change.set(stage_change::deal = c.self(), stage_change::to_stage = c[deal::stage],
             stage_change::to_category = c[category], stage_change::at = c.now());
  if (!c.actor().empty()) change.set(stage_change::actor = c.actor());
  if (!c.reason().empty()) change.set(stage_change::reason = c.reason());
  if (c.has(deal::amount)) change.set(stage_change::amount = c[deal::amount]);
  if (!c.adding()) {
    change.set(stage_change::from_stage = c.old(deal::stage),
               stage_change::from_category = c.old(category));
    const auto last =
        s.find(stage_change::deal == c.self()).order_by(descending(stage_change::at)).first();
    if (last) change.set(stage_change::spent = c.now() - (*last)[stage_change::at]);
  }
  s.add(change);
}

}  // namespace

std::span<const rule> deal::rules() {
  static const rule all[] = {
      complete<deal>("probability_follows_stage")
          .reads(deal::stage, deal::probability, deal::probability_by_hand, category,
                 stage_probability)
          .writes(deal::probability, deal::probability_by_hand)
          .as(follow_stage),
      complete<deal>("close_and_reopen")
          .reads(deal::stage, category)
          .writes(deal::closed, deal::last_open_stage, deal::lost_reason)
          .as(close_and_reopen),
      check<deal>("decided_deals_are_closed")
          .reads(deal::stage, deal::closed, deal::probability, category)
          .as(check_decision),
      check<deal>("won_has_a_client")
          .reads(deal::stage, deal::client, category)
          .as([](rule_context<deal>& c) {
            if (c[category] == stage_category::won && !c.has(deal::client)) {
              c.refuse(deal::client, "a won deal has a client; say who bought");
            }
          }),
      check<deal>("lost_has_a_reason")
          .reads(deal::stage, deal::lost_reason, category)
          .as([](rule_context<deal>& c) {
            if (c[category] == stage_category::lost && c[deal::lost_reason].empty()) {
              c.refuse(deal::lost_reason, "a lost deal says why; give a reason");
            }
          }),
      check<deal>("won_does_not_change")
          .reads(deal::stage, deal::amount, deal::client, deal::product, deal::owner, category)
          .as(keep_won_deals),
      check<deal>("reopening_has_a_reason")
          .reads(deal::stage, category)
          .as([](rule_context<deal>& c) {
            const bool reopened =
                !c.adding() && is_decided(c.old(category)) && !is_decided(c[category]);
            if (reopened && c.reason().empty()) {
              c.refuse(deal::stage,
                       "reopening a deal is an event: say why in the transaction's reason");
            }
          }),
      check<deal>("closed_after_opened")
          .reads(deal::opened, deal::closed)
          .as([](rule_context<deal>& c) {
            if (!c.has(deal::opened) || !c.has(deal::closed)) return;
            if (c[deal::closed] < c[deal::opened]) {
              c.refuse(deal::closed, c[deal::closed].to_string() + " is before " +
                                         c[deal::opened].to_string() +
                                         ", when it was opened; exchange them");
            }
          }),
      react<deal>("stage_history")
          .reads(deal::stage, category)
          .writes(stage_change::deal, stage_change::to_stage)
          .also_on_undo()
          .as(keep_stage_history),
  };
  return all;
}

}  // namespace kith::inline v1
