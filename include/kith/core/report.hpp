// SPDX-License-Identifier: Apache-2.0
//
// A question that firms ask again and again, described once: what it needs to know, the table that
// answers it, how it is drawn. Calls from C++, C, Python and the command line follow.
//
//   struct pipeline_report {
//     static constexpr report_def about{.id = 1, .name = "pipeline",
//                                       .chart = {.mark = "bar", .x = {}, .y = "amount"},
//                                       .doc = "Open deals by stage."};
//     static constexpr field<pipeline_report, pipeline_by> by{
//         1, "by", initially(pipeline_by::stage), "What the rows stand for."};
//     static constexpr auto fields = list(by);
//     static table run(report_context<pipeline_report>& c);
//   };
//   table t = session.report<pipeline_report>(pipeline_report::by = pipeline_by::owner);
//
// A report reads with the rights of its session, at one instant; it writes nothing. Its columns
// follow from its arguments alone.
#pragma once

#include <functional>

#include "kith/core/model.hpp"
#include "kith/core/query.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1 {

class session;

/// What a report sees; typed by report_context.
struct report_scope {
  kith::session& session;
  const report_type& report;
  const any_draft& arguments;  ///< checked, initial values filled in
};

/// The typed view of a report's call.
template <class R>
class report_context {
 public:
  explicit report_context(report_scope& scope) : scope_(scope) {}

  kith::session& session() const { return scope_.session; }
  /// An argument; the empty value when it was not given.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, R>
  auto operator[](const K& key) const {
    return detail::read<typename K::value_type>(scope_.arguments, key.def(), key.slot());
  }
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, R>
  bool has(const K& key) const {
    return !scope_.arguments.is_null(key.slot(),
                                     parts_of(key.def().kind, key.def().options).size());
  }

 private:
  report_scope& scope_;
};

/// Reads R::about, R::fields and R::run.
template <class R>
report_description describe_report() {
  return {type_id_of<R>, &R::about, R::fields, [](report_scope& scope) {
            report_context<R> context(scope);
            return R::run(context);
          }};
}

/// The report's chart as a Vega-Lite 5 specification with the rows of the table as its data:
/// JSON text. An empty chart_def::x is the table's first column. Amounts of several currencies make
/// a chart each. error_code::unsupported for a report that describes no chart.
std::string chart_of(const report_type& report, const table& rows);

}  // namespace kith::inline v1
