// SPDX-License-Identifier: Apache-2.0
//
// The table of a report as a Vega-Lite 5 specification. Numbers are printed exactly; amounts of
// several currencies are drawn in a row of charts, one for each, and never added up.
#include <cmath>
#include <cstdio>
#include <set>

#include "kith/core/report.hpp"

namespace kith::inline v1 {
namespace {

// Also what a page would take for the end of a script.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || c == '<' || byte == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", unsigned{byte});
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string number(double x) {
  if (!std::isfinite(x)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

std::string json_of(const value& v) {
  if (v.is_null()) return "null";
  switch (v.kind()) {
    case kind_id::integer:
    case kind_id::decimal: return v.as<decimal>().to_string();
    case kind_id::real: return number(v.as<double>());
    case kind_id::boolean: return v.as<bool>() ? "true" : "false";
    case kind_id::duration: return decimal(v.as<duration>().microseconds, 6).to_string();
    case kind_id::ref: return std::to_string(v.as<record_id>().value);
    default: return quoted(v.to_string());
  }
}

std::string_view type_of(kind_id k) {
  switch (k) {
    case kind_id::integer:
    case kind_id::decimal:
    case kind_id::real:
    case kind_id::duration:
    case kind_id::money: return "quantitative";
    case kind_id::date:
    case kind_id::instant: return "temporal";
    default: return "nominal";
  }
}

// A chart in the making: the columns of the table that it is drawn from.
class chart {
 public:
  chart(const report_type& report, const table& rows)
      : report_(report), rows_(rows), about_(report.about->chart) {
    if (about_.mark.empty()) {
      throw error(error_code::unsupported, "the report " + std::string(report.name()) +
                                               " describes no chart; show its rows");
    }
    if (rows.columns.empty()) {
      throw error(error_code::misuse, "the table has no columns; give what the report answered");
    }
    x_ = about_.x.empty() ? 0 : rows.column_at(about_.x);
    y_ = rows.column_at(about_.y);
    while (is_column(currency_)) currency_ += '_';
    if (is_money(y_)) {
      for (const auto& row : rows.rows) {
        const money_sum sum = row[y_].as<money_sum>();
        for (const auto& [code, amount] : sum.parts()) currencies_.insert(code);
      }
    }
  }

  std::string specification() const {
    std::string out =
        "{\"$schema\": \"https://vega.github.io/schema/vega-lite/v5.json\",\n \"description\": " +
        quoted(report_.about->doc) + ",\n \"data\": {\"values\": [" + values() +
        "]},\n \"mark\": " + quoted(about_.mark) + ",\n \"encoding\": {" + encoding() + "}";
    if (several()) out += ",\n \"resolve\": {\"scale\": {\"y\": \"independent\"}}";
    return out + "}\n";
  }

 private:
  bool is_column(std::string_view name) const {
    for (const table::column& c : rows_.columns) {
      if (c.name == name) return true;
    }
    return false;
  }
  bool is_money(std::size_t column) const { return rows_.columns[column].kind == kind_id::money; }
  bool several() const { return currencies_.size() > 1; }

  std::string values() const {
    std::string out;
    for (const auto& row : rows_.rows) {
      const money_sum drawn = is_money(y_) ? row[y_].as<money_sum>() : money_sum();
      for (const auto& [code, amount] : drawn.parts()) add(out, row, code);
      if (drawn.empty() && !several()) add(out, row, {});
    }
    return out;
  }

  // One row as it is in one currency.
  void add(std::string& out, const std::vector<value>& row, currency_code code) const {
    out += out.empty() ? "\n  {" : ",\n  {";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) out += ", ";
      out +=
          quoted(rows_.columns[i].name) + ": " + (is_money(i) ? in(row[i], code) : json_of(row[i]));
    }
    if (code) out += ", " + quoted(currency_) + ": " + quoted(code.text());
    out += "}";
  }

  std::string in(const value& sum, currency_code code) const {
    if (!is_money(y_)) return sum.is_null() ? "null" : quoted(sum.to_string());
    const auto amount = sum.as<money_sum>().in(code);
    return amount ? amount->amount().to_string() : "null";
  }

  std::string channel(std::string_view name, std::string_view field, std::string_view type,
                      std::string_view more = {}) const {
    return quoted(name) + ": {\"field\": " + quoted(field) + ", \"type\": " + quoted(type) +
           std::string(more) + "}";
  }

  // The rows stand in the order that the report gives them.
  std::string encoding() const {
    const auto of = [&](std::size_t c) -> const table::column& { return rows_.columns[c]; };
    std::string out = channel("x", of(x_).name, type_of(of(x_).kind), ", \"sort\": null") + ", " +
                      channel("y", of(y_).name, type_of(of(y_).kind), title());
    if (!about_.color.empty()) {
      const table::column& c = of(rows_.column_at(about_.color));
      out += ", " + channel("color", c.name, type_of(c.kind));
    }
    if (several()) out += ", " + channel("row", currency_, "nominal");
    return out;
  }

  std::string title() const {
    if (currencies_.size() != 1) return {};
    const std::string unit(currencies_.begin()->text());
    return ", \"title\": " + quoted(rows_.columns[y_].name + ", " + unit);
  }

  const report_type& report_;
  const table& rows_;
  const chart_def& about_;
  std::size_t x_ = 0;
  std::size_t y_ = 0;
  std::string currency_ = "currency";
  std::set<currency_code> currencies_;
};

}  // namespace

std::string chart_of(const report_type& report, const table& rows) {
  return chart(report, rows).specification();
}

}  // namespace kith::inline v1
