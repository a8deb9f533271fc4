// SPDX-License-Identifier: Apache-2.0
//
// Actions of deals. They choose the stage and say in the words of the trade what does not go; what
// else must hold, and the history of stages, is the business of the rules of deals.
#include "kith/domain/sales/deal_actions.hpp"

#include "kith/core/session.hpp"
#include "kith/domain/sales/pipeline.hpp"

namespace kith::inline v1 {
namespace {

std::string name_of(stage_category c) { return value(c).to_string(); }

bool is_decided(stage_category c) { return c == stage_category::won || c == stage_category::lost; }

[[noreturn]] void refuse(const record<deal>& d, std::string entity, std::string rule,
                         std::string shown, std::string why) {
  throw error({{std::move(entity), "stage", std::move(rule), std::move(shown), std::move(why)}},
              d.id().value);
}

record<stage> stage_of(session& s, const record<deal>& d) {
  if (auto found = s.get_if(d[deal::stage])) return *std::move(found);
  throw error(error_code::denied,
              "the stage of the deal is not shown to this session; ask somebody who sees it",
              {"deal", d.id().value, "stage"});
}

std::optional<record<stage>> first_stage(session& s, ref<pipeline> of, stage_category wanted) {
  return s.find(stage::pipeline == of && stage::category == wanted)
      .order_by(stage::position)
      .first();
}

// The stage of this category in the deal's own pipeline.
record<stage> decided_stage(session& s, const record<deal>& d, const record<stage>& now,
                            stage_category wanted) {
  const ref<pipeline> own = now[stage::pipeline];
  if (auto found = first_stage(s, own, wanted)) return *std::move(found);
  const auto line = s.get_if(own);
  const std::string called = line ? " '" + std::string((*line)[pipeline::name]) + "'" : "";
  refuse(
      d, "deal", "stage_of_category", name_of(wanted),
      "the pipeline" + called + " has no stage whose category is " + name_of(wanted) + "; add one");
}

// Where work on it goes on: where it stood, or where its pipeline begins.
record<stage> open_stage(session& s, const record<deal>& d, const record<stage>& now) {
  const ref<pipeline> own = now[stage::pipeline];
  if (d.has(deal::last_open_stage)) {
    const auto last = s.get_if(d[deal::last_open_stage]);
    const bool serves = last && !last->deleted() && (*last)[stage::pipeline] == own &&
                        !is_decided((*last)[stage::category]);
    if (serves) return *last;
  }
  if (auto first = first_stage(s, own, stage_category::open)) return *std::move(first);
  if (auto first = first_stage(s, own, stage_category::hold)) return *std::move(first);
  refuse(d, "deal", "stage_of_category", "open",
         "the pipeline has no stage in which deals are open; add one, or give a stage");
}

}  // namespace

// A deal that is won stays in its stage; what is given with the call is corrected.
void win_deal::run(action_context<win_deal>& c) {
  session& s = c.session();
  const record<deal> d = c.subject();
  const record<stage> now = stage_of(s, d);
  draft<deal> change(d);
  if (now[stage::category] != stage_category::won) {
    change.set(deal::stage = decided_stage(s, d, now, stage_category::won));
    // Won after all: the day of the loss is not the day of this decision.
    if (is_decided(now[stage::category])) change.set(deal::closed = s.today());
  }
  if (c.has(closed)) change.set(deal::closed = c[closed]);
  if (c.has(amount)) change.set(deal::amount = c[amount]);
  s.update(change);
}

void lose_deal::run(action_context<lose_deal>& c) {
  session& s = c.session();
  const record<deal> d = c.subject();
  const record<stage> now = stage_of(s, d);
  if (now[stage::category] == stage_category::won) {
    refuse(d, "deal", "won_is_reopened_first", "won",
           "the deal is won; reopen it first, and say why");
  }
  draft<deal> change(d);
  if (now[stage::category] != stage_category::lost) {
    change.set(deal::stage = decided_stage(s, d, now, stage_category::lost));
  }
  change.set(deal::lost_reason = c[lost_reason]);
  if (c.has(closed)) change.set(deal::closed = c[closed]);
  s.update(change);
}

void reopen_deal::run(action_context<reopen_deal>& c) {
  session& s = c.session();
  const record<deal> d = c.subject();
  const record<kith::stage> now = stage_of(s, d);
  if (!is_decided(now[kith::stage::category])) {
    refuse(d, "deal", "only_decided_is_reopened", name_of(now[kith::stage::category]),
           "the deal is neither won nor lost; move it to another stage instead");
  }
  const record<kith::stage> to = c.has(stage) ? s.get(c[stage]) : open_stage(s, d, now);
  if (is_decided(to[kith::stage::category])) {
    refuse(d, "deal.reopen", "goes_on_in_an_open_stage", std::string(to[kith::stage::name]),
           "'" + std::string(to[kith::stage::name]) + "' is a " +
               name_of(to[kith::stage::category]) + " stage; give one in which deals are open");
  }
  s.update(ref<deal>(d), deal::stage = to);
}

void move_deal::run(action_context<move_deal>& c) {
  session& s = c.session();
  const record<deal> d = c.subject();
  const stage_category now = stage_of(s, d)[kith::stage::category];
  const record<kith::stage> to = s.get(c[stage]);
  const stage_category then = to[kith::stage::category];
  if (is_decided(then) && then != now) {
    refuse(d, "deal.move", "decisions_are_actions_of_their_own", std::string(to[kith::stage::name]),
           "'" + std::string(to[kith::stage::name]) + "' is a " + name_of(then) + " stage; " +
               (then == stage_category::won ? "win the deal" : "lose the deal, and say why"));
  }
  if (is_decided(now) && !is_decided(then)) {
    refuse(d, "deal.move", "decisions_are_actions_of_their_own", std::string(to[kith::stage::name]),
           "the deal is " + name_of(now) + "; reopen it, and say why");
  }
  s.update(ref<deal>(d), deal::stage = to);
}

}  // namespace kith::inline v1
