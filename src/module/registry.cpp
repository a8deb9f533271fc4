// SPDX-License-Identifier: Apache-2.0
//
// C descriptions as those of the core. What is wrong with one is said when the module is loaded.
#include "module/registry.hpp"

#include <deque>
#include <vector>

#include "kith/core/error.hpp"
#include "module/scope.hpp"

namespace kith::inline v1::module {
namespace {

std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

[[noreturn]] void refuse(const ::kith_registry& from, const std::string& what) {
  throw error(error_code::misuse, "the module " + from.name + " " + what);
}

template <class F>
kith_status guard(::kith_registry* to, F work) noexcept {
  if (to == nullptr) return KITH_E_MISUSE;
  try {
    work(*to);
    return KITH_OK;
  } catch (const error& e) {
    to->thrown = std::current_exception();
    return to->thrown_code = -static_cast<kith_status>(e.code());
  } catch (...) {
    to->thrown = std::current_exception();
    return to->thrown_code = KITH_E_NO_MEMORY;
  }
}

// The description is there, and as large as this version of it.
template <class Def>
void check_whole(const ::kith_registry& from, const Def* def, const char* what) {
  if (def == nullptr) refuse(from, std::string("gives NULL for ") + what);
  if (def->struct_size < sizeof *def) {
    refuse(from, std::string("describes ") + what + " in " + std::to_string(def->struct_size) +
                     " bytes; set struct_size");
  }
  if (def->name == nullptr || *def->name == '\0') {
    refuse(from, std::string("describes ") + what + " without a name");
  }
}
void check_list(const ::kith_registry& from, const void* list, size_t count, const char* what) {
  if (list == nullptr && count != 0) refuse(from, std::string("gives NULL for ") + what);
}

constexpr std::uint32_t all_flags = KITH_DEF_REQUIRED | KITH_DEF_UNIQUE | KITH_DEF_INDEXED |
                                    KITH_DEF_SEARCHABLE | KITH_DEF_PERSONAL | KITH_DEF_FOLDED;

void check_field(const ::kith_registry& from, const ::kith_field_def* f) {
  check_whole(from, f, "a field");
  const std::string name = f->name;
  if (f->kind < KITH_KIND_TEXT || f->kind > KITH_KIND_BLOB) {
    refuse(from, "describes the field " + name + " of the kind " + std::to_string(f->kind));
  }
  if ((f->flags & ~all_flags) != 0 || f->on_delete > KITH_ON_DELETE_KEEP) {
    refuse(from, "describes the field " + name + " with something that has no meaning");
  }
  check_list(from, f->choices, f->choice_count, "choices");
}

kind_options options_of(const ::kith_field_def& f) {
  kind_options o;
  o.folded = (f.flags & KITH_DEF_FOLDED) != 0;
  o.scale = static_cast<std::int8_t>(f.scale);
  o.max_length = f.max_length;
  if (f.least != nullptr) o.least = *f.least;
  if (f.most != nullptr) o.most = *f.most;
  return o;
}

custom_field field_of(const ::kith_registry& from, const ::kith_field_def* f) {
  check_field(from, f);
  if (f->initial != nullptr) {
    refuse(from, std::string("gives the field ") + f->name +
                     " an initial value; a rule that completes does that");
  }
  custom_field to;
  to.name = f->name;
  to.kind = static_cast<kind_id>(f->kind);
  to.options = options_of(*f);
  for (size_t i = 0; i < f->choice_count; ++i) {
    to.choices.emplace_back(text_of(f->choices[i].name), text_of(f->choices[i].ru));
  }
  to.target = text_of(f->target);
  to.required = (f->flags & KITH_DEF_REQUIRED) != 0;
  to.unique = (f->flags & KITH_DEF_UNIQUE) != 0;
  to.indexed = (f->flags & KITH_DEF_INDEXED) != 0;
  to.searchable = (f->flags & KITH_DEF_SEARCHABLE) != 0;
  to.personal = (f->flags & KITH_DEF_PERSONAL) != 0;
  to.on_delete = static_cast<delete_policy>(f->on_delete);
  to.label = text_of(f->label);
  to.ru = text_of(f->ru);
  to.doc = text_of(f->doc);
  return to;
}

// Descriptions of an action or report point to texts and fields; they live as long as its function.
struct described {
  std::deque<std::string> texts;
  std::deque<std::vector<choice_option>> choices;
  std::deque<field_def> fields;
  std::vector<const field_def*> list;
  action_def action;
  report_def report;

  std::string_view keep(const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view(texts.emplace_back(text));
  }
  void add(const ::kith_registry& from, const ::kith_field_def* f) {
    check_field(from, f);
    field_def& to = fields.emplace_back();
    to.number = static_cast<std::uint16_t>(fields.size());
    to.name = keep(f->name);
    to.kind = static_cast<kind_id>(f->kind);
    to.options = options_of(*f);
    auto& options = choices.emplace_back();
    for (size_t i = 0; i < f->choice_count; ++i) {
      options.push_back(
          {static_cast<std::int64_t>(i + 1), keep(f->choices[i].name), keep(f->choices[i].ru)});
    }
    to.options.choices = options;
    to.target_name = keep(f->target);
    to.required = (f->flags & KITH_DEF_REQUIRED) != 0;
    if (f->initial != nullptr) {
      to.initial = {initial_value::source::text, 0, keep(f->initial)};
    }
    to.label = keep(f->label);
    to.ru = keep(f->ru);
    to.doc = keep(f->doc);
    list.push_back(&to);
  }
};

std::shared_ptr<described> arguments_of(const ::kith_registry& from, const ::kith_field_def* list,
                                        size_t count) {
  check_list(from, list, count, "arguments");
  auto made = std::make_shared<described>();
  for (size_t i = 0; i < count; ++i) made->add(from, &list[i]);
  return made;
}

}  // namespace

kith_status add_entity(::kith_registry* to, const ::kith_entity_def* entity) {
  return guard(to, [&](::kith_registry& r) {
    check_whole(r, entity, "an entity");
    check_list(r, entity->fields, entity->field_count, "fields");
    custom_entity made;
    made.name = entity->name;
    made.plural = text_of(entity->plural);
    made.title = text_of(entity->title);
    made.ru = text_of(entity->ru);
    made.ru_plural = text_of(entity->ru_plural);
    made.doc = text_of(entity->doc);
    for (size_t i = 0; i < entity->field_count; ++i) {
      made.fields.push_back(field_of(r, &entity->fields[i]));
    }
    r.added.wanted_entities.push_back(std::move(made));
  });
}

kith_status add_field(::kith_registry* to, const char* entity, const ::kith_field_def* field) {
  return guard(to, [&](::kith_registry& r) {
    r.added.wanted_fields.push_back({text_of(entity), field_of(r, field)});
  });
}

kith_status add_rule(::kith_registry* to, const ::kith_rule_def* given) {
  return guard(to, [&](::kith_registry& r) {
    check_whole(r, given, "a rule");
    const std::string name = given->name;
    if (given->run == nullptr) refuse(r, "gives the rule " + name + " no function");
    if (text_of(given->entity).empty()) refuse(r, "gives the rule " + name + " no entity");
    if (given->phase > KITH_RULE_REACT) {
      refuse(r, "gives the rule " + name + " the phase " + std::to_string(given->phase));
    }
    check_list(r, given->reads, given->read_count, "what a rule reads");
    check_list(r, given->writes, given->write_count, "what a rule writes");
    rule made;
    made.name = name;
    made.phase = static_cast<rule_phase>(given->phase);
    made.names.entity = given->entity;
    for (size_t i = 0; i < given->read_count; ++i) {
      made.names.reads.push_back(text_of(given->reads[i]));
    }
    for (size_t i = 0; i < given->write_count; ++i) {
      made.names.writes.push_back(text_of(given->writes[i]));
    }
    rule about;  // its name and phase, for the function
    about.name = made.name;
    about.phase = made.phase;
    made.run = [about = std::move(about), run = given->run, data = given->data](rule_scope& s) {
      rule_view(s, about).run(run, data);
    };
    r.added.rules.push_back(std::move(made));
  });
}

kith_status add_action(::kith_registry* to, const ::kith_action_def* given) {
  return guard(to, [&](::kith_registry& r) {
    check_whole(r, given, "an action");
    const std::string name = given->name;
    if (given->run == nullptr) refuse(r, "gives the action " + name + " no function");
    if (text_of(given->entity).empty()) refuse(r, "gives the action " + name + " no entity");
    const auto kept = arguments_of(r, given->arguments, given->argument_count);
    kept->action = {0, kept->keep(given->name), given->of_entity == 0, kept->keep(given->ru),
                    kept->keep(given->doc)};
    action_description made;
    made.on_name = kept->keep(given->entity);
    made.about = &kept->action;
    made.fields = kept->list;
    made.run = [kept, run = given->run, data = given->data](action_scope& s) {
      action_view view(s);
      view.run(run, data);
      view.finish();
    };
    r.added.actions.push_back(std::move(made));
  });
}

kith_status add_report(::kith_registry* to, const ::kith_report_def* given) {
  return guard(to, [&](::kith_registry& r) {
    check_whole(r, given, "a report");
    if (given->run == nullptr) {
      refuse(r, std::string("gives the report ") + given->name + " no function");
    }
    const auto kept = arguments_of(r, given->arguments, given->argument_count);
    kept->report = {0, kept->keep(given->name),
                    chart_def{kept->keep(given->mark), kept->keep(given->x), kept->keep(given->y),
                              kept->keep(given->color)},
                    kept->keep(given->ru), kept->keep(given->doc)};
    report_description made;
    made.about = &kept->report;
    made.fields = kept->list;
    made.run = [kept, run = given->run, data = given->data](report_scope& s) {
      report_view view(s);
      view.run(run, data);
      return std::move(view.answer());
    };
    r.added.reports.push_back(std::move(made));
  });
}

kith_status fail_to_load(::kith_registry* to, kith_status code, const char* message) {
  guard(to, [&](::kith_registry& r) {
    const bool known = code < 0 && code >= -static_cast<kith_status>(error_code::model);
    r.thrown = std::make_exception_ptr(
        error(known ? static_cast<error_code>(-code) : error_code::misuse,
              "the module " + r.name + " cannot be used: " + text_of(message)));
    r.thrown_code = code;
  });
  return code;
}

}  // namespace kith::inline v1::module
