// SPDX-License-Identifier: Apache-2.0
//
// The standard model for people: docs/model.md.
#include <ostream>

#include "described.hpp"

namespace {

using namespace kith;

std::string kind_text(const field_type& f) {
  std::string text(f.kind().name);
  if (f.target != nullptr) text += " " + std::string(f.target->name());
  if (f.kind().id == kind_id::decimal ||
      (f.kind().id == kind_id::money && f.def->options.scale >= 0)) {
    text += "(" + std::to_string(f.def->options.scale) + ")";
  }
  if (f.def->options.max_length != 0) text += "(" + std::to_string(f.def->options.max_length) + ")";
  return text;
}

// What a field holds that is given no value: `today`, `draft`.
std::string initial_text(const field_def& d) {
  switch (d.initial.from) {
    case initial_value::source::none: return {};
    case initial_value::source::today: return "today";
    case initial_value::source::now: return "now";
    case initial_value::source::text: return std::string(d.initial.text);
    case initial_value::source::number: break;
  }
  if (d.kind == kind_id::boolean) return d.initial.number != 0 ? "true" : "false";
  for (const choice_option& o : d.options.choices) {
    if (o.number == d.initial.number) return std::string(o.name);
  }
  return std::to_string(d.initial.number);
}

class listed {
 public:
  void say(bool so, std::string_view what) {
    if (!so) return;
    if (!text_.empty()) text_ += ", ";
    text_ += what;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void say_bounds(listed& out, const field_def& d) {
  if (d.options.least) out.say(true, "≥ " + std::to_string(*d.options.least));
  if (d.options.most) out.say(true, "≤ " + std::to_string(*d.options.most));
}

std::string rules_text(const field_type& f) {
  listed out;
  const field_def& d = *f.def;
  out.say(d.required, "required");
  out.say(d.unique, "unique");
  out.say(d.natural_key, "natural key");
  out.say(d.indexed && !d.unique, "indexed");
  out.say(d.options.folded, "folded");
  out.say(d.searchable, "searchable");
  out.say(d.personal, "personal");
  out.say(d.set_once, "set once");
  out.say(d.acyclic, "a tree");
  say_bounds(out, d);
  if (f.target != nullptr) {
    out.say(true, std::string("on delete: ") + described::policy_name(d.on_delete));
  }
  if (!d.computed.empty()) {
    out.say(true, std::string(f.is_stored() ? "stored" : "on read") + ": `" +
                      std::string(d.computed) + "`");
  }
  return out.take();
}

void print_choices(const entity_type& e, std::ostream& out) {
  for (const field_type& f : e.fields) {
    if (f.def->options.choices.empty()) continue;
    out << "\n`" << f.name() << "`:";
    std::string_view comma = " ";
    for (const choice_option& o : f.def->options.choices) {
      out << comma << o.number << " `" << o.name << "` (" << o.ru << ")";
      comma = ", ";
    }
    out << ".\n";
  }
}

void print_entity(const entity_type& e, std::ostream& out) {
  out << "\n## " << e.name() << " (" << e.about->ru << ")\n\n"
      << e.about->doc << "\n\n"
      << "Number " << e.number << ", in queries `" << e.plural() << "`"
      << (e.about->append_only ? ", append-only" : "") << ".\n\n"
      << "| no | field | kind | rules | what it is | по-русски |\n|--:|---|---|---|---|---|\n";
  for (const field_type& f : e.fields) {
    out << "| " << f.number() << " | " << f.name() << " | " << kind_text(f) << " | "
        << rules_text(f) << " | " << f.def->doc << " | " << f.def->ru << " |\n";
  }
  print_choices(e, out);
  if (e.relations.empty()) return;
  out << "\n| back reference | records | owned | what it is |\n|---|---|---|---|\n";
  for (const relation_type& r : e.relations) {
    out << "| " << r.def->name << " | " << r.child->plural() << " by " << r.by->name() << " | "
        << (r.def->owned ? "yes" : "") << " | " << r.def->doc << " |\n";
  }
}

void print_arguments(const entity_type& e, std::ostream& out) {
  if (e.fields.empty()) {
    out << "It needs to know nothing.\n";
    return;
  }
  out << "| no | argument | kind | rules | unless given | what it is | по-русски |\n"
         "|--:|---|---|---|---|---|---|\n";
  for (const field_type& f : e.fields) {
    listed rules;
    rules.say(f.def->required, "required");
    say_bounds(rules, *f.def);
    out << "| " << f.number() << " | " << f.name() << " | " << kind_text(f) << " | " << rules.take()
        << " | " << initial_text(*f.def) << " | " << f.def->doc << " | " << f.def->ru << " |\n";
  }
  print_choices(e, out);
}

void print_action(const action_type& a, std::ostream& out) {
  out << "\n### " << a.arguments.name() << " (" << a.about->ru << ")\n\n"
      << a.about->doc << (a.about->subject ? "" : " Done to the entity as a whole.") << " Number "
      << a.arguments.number << ".\n\n";
  print_arguments(a.arguments, out);
}

void print_report(const report_type& r, std::ostream& out) {
  out << "\n### " << r.name() << " (" << r.about->ru << ")\n\n"
      << r.about->doc << " Number " << r.arguments.number << ".\n\n";
  print_arguments(r.arguments, out);
}

}  // namespace

void described::print_markdown(const model& m, std::ostream& out) {
  out << "# The standard model\n\nGenerated by `cmake --build build/dev --target describe_model`; "
         "do not "
         "edit.\n";
  for (const auto& e : m.entities()) {
    if (!e->about->internal) print_entity(*e, out);
  }
  out << "\n## Actions\n\nWhat is done to records in one step. Each call may give a reason, which "
         "the history keeps.\n";
  for (const auto& a : m.actions()) print_action(*a, out);
  out << "\n## Reports\n\nQuestions that are asked again and again; each is of one instant.\n";
  for (const auto& r : m.reports()) print_report(*r, out);
}
