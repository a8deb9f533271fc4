// SPDX-License-Identifier: Apache-2.0
//
// The standard model for programs, such as generators of bindings: tests/golden/model-0.1.0.json.
#include <cstdio>
#include <ostream>

#include "described.hpp"

namespace {

using namespace kith;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", unsigned{byte});
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// One object: what is empty or false is left out, but for what is always given.
class object {
 public:
  explicit object(std::ostream& out) : out_(out) { out_ << "{"; }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) key(name) << quoted(value);
  }
  void flag(std::string_view name, bool is) {
    if (is) key(name) << "true";
  }
  void number(std::string_view name, std::int64_t value) { key(name) << value; }
  std::ostream& key(std::string_view name) {
    out_ << (first_ ? "" : ", ") << quoted(name) << ": ";
    first_ = false;
    return out_;
  }
  void end() { out_ << "}"; }

 private:
  std::ostream& out_;
  bool first_ = true;
};

void print_choices(object& o, std::span<const choice_option> options) {
  const auto print = [&](std::string_view name, auto value) {
    std::ostream& out = o.key(name);
    object all(out);
    for (const choice_option& c : options) value(all, c);
    all.end();
  };
  print("choices", [](object& all, const choice_option& c) { all.number(c.name, c.number); });
  print("choices_ru", [](object& all, const choice_option& c) { all.text(c.name, c.ru); });
}

// The parts as keys number them: behind the number of the whole field, from 1.
void print_parts(object& o, const field_type& f) {
  std::ostream& out = o.key("parts");
  out << "[";
  std::string_view comma;
  for (std::size_t i = 0; i < f.parts().size(); ++i) {
    const part_def& p = f.parts()[i];
    if (p.role != part_role::value) continue;
    out << comma;
    object part(out);
    part.number("number", static_cast<std::int64_t>(i + 1));
    part.text("name", p.name);
    part.end();
    comma = ", ";
  }
  out << "]";
}

void print_initial(object& o, const field_def& d) {
  switch (d.initial.from) {
    case initial_value::source::none: break;
    case initial_value::source::number: o.number("initial", d.initial.number); break;
    case initial_value::source::text: o.text("initial", d.initial.text); break;
    case initial_value::source::today: o.text("initial", "today"); break;
    case initial_value::source::now: o.text("initial", "now"); break;
  }
}

void print_field(const field_type& f, bool argument, std::ostream& out) {
  const field_def& d = *f.def;
  object o(out);
  o.number("number", f.number());
  o.text("name", f.name());
  o.text("kind", f.kind().name);
  if (f.target != nullptr) {
    o.text("target", f.target->name());
    if (!argument) o.text("on_delete", described::policy_name(d.on_delete));
  }
  if (d.options.scale != 0) o.number("scale", d.options.scale);
  if (d.options.max_length != 0) o.number("max_length", d.options.max_length);
  if (d.options.least) o.number("least", *d.options.least);
  if (d.options.most) o.number("most", *d.options.most);
  o.flag("folded", d.options.folded);
  o.flag("required", d.required);
  o.flag("unique", d.unique);
  o.flag("natural_key", d.natural_key);
  o.flag("set_once", d.set_once);
  o.flag("flat", d.flat);
  o.flag("searchable", d.searchable);
  o.flag("personal", d.personal);
  print_initial(o, d);
  if (!d.computed.empty()) {
    o.text("computed", d.computed);
    o.key("stored") << (f.is_stored() ? "true" : "false");
  }
  if (f.parts().size() > 1) print_parts(o, f);
  if (!d.options.choices.empty()) print_choices(o, d.options.choices);
  o.text("label", d.label);
  o.text("ru", d.ru);
  o.text("doc", d.doc);
  o.end();
}

void print_fields(object& o, std::string_view name, const entity_type& e, bool arguments) {
  std::ostream& out = o.key(name);
  out << "[";
  std::string_view comma = "\n   ";
  for (const field_type& f : e.fields) {
    out << comma;
    print_field(f, arguments, out);
    comma = ",\n   ";
  }
  out << "]";
}

void print_relations(object& o, const entity_type& e) {
  if (e.relations.empty()) return;
  std::ostream& out = o.key("relations");
  out << "[";
  std::string_view comma = "\n   ";
  for (const relation_type& r : e.relations) {
    out << comma;
    object relation(out);
    relation.text("name", r.def->name);
    relation.text("entity", r.child->name());
    relation.text("by", r.by->name());
    relation.flag("owned", r.def->owned);
    relation.text("only_field", r.def->only_field);
    relation.text("only_value", r.def->only_value);
    relation.text("shorthand", r.def->shorthand);
    relation.text("ru", r.def->ru);
    relation.text("doc", r.def->doc);
    relation.end();
    comma = ",\n   ";
  }
  out << "]";
}

void print_entity(const entity_type& e, std::ostream& out) {
  object o(out);
  o.number("number", e.number);
  o.text("name", e.name());
  o.text("plural", e.plural());
  o.text("module", e.about->module);
  o.text("title", e.about->title);
  o.flag("append_only", e.about->append_only);
  o.text("ru", e.about->ru);
  o.text("ru_plural", e.about->ru_plural);
  o.text("doc", e.about->doc);
  print_fields(o, "fields", e, false);
  print_relations(o, e);
  o.end();
}

void print_action(const action_type& a, std::ostream& out) {
  object o(out);
  o.number("number", a.arguments.number);
  o.text("entity", a.on->name());
  o.text("name", a.name());
  o.key("subject") << (a.about->subject ? "true" : "false");
  o.text("ru", a.about->ru);
  o.text("doc", a.about->doc);
  print_fields(o, "arguments", a.arguments, true);
  o.end();
}

void print_report(const report_type& r, std::ostream& out) {
  object o(out);
  o.number("number", r.arguments.number);
  o.text("name", r.name());
  o.text("ru", r.about->ru);
  o.text("doc", r.about->doc);
  print_fields(o, "arguments", r.arguments, true);
  const chart_def& chart = r.about->chart;
  if (!chart.mark.empty()) {
    object drawn(o.key("chart"));
    drawn.text("mark", chart.mark);
    drawn.text("x", chart.x);
    drawn.text("y", chart.y);
    drawn.text("color", chart.color);
    drawn.end();
  }
  o.end();
}

template <class List, class Print>
void print_list(std::string_view name, const List& list, std::ostream& out, Print print) {
  out << quoted(name) << ": [";
  std::string_view comma = "\n  ";
  for (const auto& each : list) {
    if constexpr (requires { each->about->internal; }) {
      if (each->about->internal) continue;
    }
    out << comma;
    print(*each, out);
    comma = ",\n  ";
  }
  out << "\n ]";
}

}  // namespace

void described::print_json(const model& m, std::ostream& out) {
  out << "{";
  print_list("entities", m.entities(), out, print_entity);
  out << ",\n ";
  print_list("actions", m.actions(), out, print_action);
  out << ",\n ";
  print_list("reports", m.reports(), out, print_report);
  out << "}\n";
}
