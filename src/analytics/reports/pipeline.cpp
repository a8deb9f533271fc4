// SPDX-License-Identifier: Apache-2.0
//
// The pipeline. By stage it is the live total of deals, for who sees them all; else the deals are
// counted. Both round each weighted amount to the minor unit before they add it.
#include <algorithm>
#include <tuple>

#include "analytics/reports/columns.hpp"
#include "kith/analytics/pipeline_report.hpp"
#include "kith/core/session.hpp"
#include "kith/domain/sales/deal.hpp"
#include "kith/domain/sales/pipeline.hpp"
#include "kith/domain/sales/stage.hpp"

namespace kith::inline v1 {
namespace {

using context = report_context<pipeline_report>;

// The board has a row for each stage; names and the order are those of the stages.
table from_total(session& s, const context& c) {
  const table board = s.total("board");
  struct line {
    std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t> place;
    std::vector<value> row;
  };
  std::vector<line> lines;
  for (const std::vector<value>& of : board.rows) {
    const record<stage> at = s.get<stage>(of[0].as<record_id>());
    const stage_category now = at[stage::category];
    if (now == stage_category::won || now == stage_category::lost) continue;
    const ref<pipeline> own = at[stage::pipeline];
    if (c.has(pipeline_report::pipeline) && own != c[pipeline_report::pipeline]) continue;
    std::vector<value> row = of;
    row[0] = at[stage::name];
    lines.push_back(
        {{s.get(own)[pipeline::position], own.id.value, at[stage::position], at.id().value},
         std::move(row)});
  }
  std::sort(lines.begin(), lines.end(),
            [](const line& a, const line& b) { return a.place < b.place; });
  table answer;
  answer.columns = board.columns;
  answer.columns[0] = {"stage", kind_id::text, {}};
  for (line& l : lines) answer.rows.push_back(std::move(l.row));
  return answer;
}

// Records of one name are different rows: the id is part of the group, and is not shown.
std::vector<std::pair<std::string, std::string>> groups_of(pipeline_by by) {
  if (by == pipeline_by::source) return {{"source", "source"}};
  const std::string of = value(by).to_string();
  if (by != pipeline_by::stage) return {{of, of + ".name"}, {"id", of}};
  return {{of, of + ".name"},
          {"line_place", "stage.pipeline.position"},
          {"line", "stage.pipeline"},
          {"place", "stage.position"},
          {"id", of}};
}

table from_deals(session& s, const context& c) {
  const pipeline_by by = c[pipeline_report::by];
  std::string where = "stage.category in ('open', 'hold')";
  parameters values;
  if (c.has(pipeline_report::pipeline)) {
    where += " and stage.pipeline = ?";
    values.placed.emplace_back(c[pipeline_report::pipeline]);
  }
  const auto groups = groups_of(by);
  std::vector<std::pair<std::string, bool>> order;
  if (by == pipeline_by::stage) order = {{"line_place", false}, {"line", false}, {"place", false}};
  table all = s.query("deals", where, std::move(values))
                  .aggregate(groups,
                             {{"deals", "count()"},
                              {"amount", "sum(amount)"},
                              {"weighted", "sum(round(amount * probability / 100))"}},
                             {}, std::move(order));
  analytics::hide_columns(all, 1, groups.size() - 1);
  all.columns[0].kind = kind_id::text;
  all.columns[0].options = {};
  return all;
}

}  // namespace

table pipeline_report::run(report_context<pipeline_report>& c) {
  session& s = c.session();
  const bool sees_all = s.options().sees == nullptr;
  return c[by] == pipeline_by::stage && sees_all ? from_total(s, c) : from_deals(s, c);
}

}  // namespace kith::inline v1
