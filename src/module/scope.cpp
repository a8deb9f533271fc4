// SPDX-License-Identifier: Apache-2.0
//
// Rules, actions and reports as their callbacks see them.
#include "module/scope.hpp"

#include "core/session/named_rules.hpp"
#include "kith/core/error.hpp"

using kith::error;
using kith::error_code;

void kith_scope::not_here(std::string_view function) const {
  throw error(error_code::misuse, "the " + name + " of a module calls " + std::string(function) +
                                      "(), which is not for it; kith_plugin.h says what it is for");
}

void kith_scope::run(kith_run function, void* data) {
  kith_status answer;
  try {
    answer = function(this, data);
  } catch (...) {
    throw error(error_code::misuse,
                "the " + name + " of a module threw an exception, which C functions may not");
  }
  if (answer == KITH_OK) return;
  if (thrown && answer == thrown_code) std::rethrow_exception(thrown);
  if (answer == KITH_E_NO_MEMORY) throw std::bad_alloc();
  const bool known = answer < 0 && answer >= -static_cast<kith_status>(error_code::model);
  throw error(known ? static_cast<error_code>(-answer) : error_code::misuse,
              "the " + name + " of a module answered " + std::to_string(answer) +
                  (known ? " and did not say why" : ", which has no meaning"));
}

namespace kith::inline v1::module {

// ------------------------------------------------------------------------------------------- rules

value rule_view::along(std::string_view path, bool old) {
  const entity_type& e = scope_.entity();
  const auto keys = detail::keys_of_path(e, path);
  if (keys.size() == 1) {
    const field_place place{e.field(keys[0].field), keys[0].part};
    if (!place.field->is_stored()) {
      throw error(error_code::misuse, std::string(e.name()) + "." + std::string(path) +
                                          " is computed when it is read; a rule reads what is "
                                          "stored");
    }
    const row_ptr& base = scope_.draft().base();
    return value_at(place, [&](slot_number slot, storage type) {
      if (!old) return scope_.draft().at(slot, type);
      return base ? base->at(slot, type) : cell::null();
    });
  }
  const rule_scope::end_of_path end = scope_.follow(keys, old);
  if (!end.row) return {};
  const std::uint8_t part = keys.back().part;
  field_type whole;
  whole.def = end.def;
  whole.slot = static_cast<slot_number>(end.slot - (part == whole_value ? 0 : part));
  return value_at({&whole, part},
                  [&](slot_number slot, storage type) { return end.row->at(slot, type); });
}

bool rule_view::changed(std::string_view field) {
  return scope_.changed(scope_.entity().field(field).field->number());
}

void rule_view::set(std::string_view field, const ::kith_value& to) {
  const field_place place = scope_.entity().field(field);
  put(scope_.writable(*place.field->def), scope_.entity(), place, to);
}

void rule_view::refuse(std::string_view field, std::string message) {
  if (rule_.phase != rule_phase::check) not_here("refuse");
  if (!field.empty()) scope_.entity().field(field);  // a name that is wrong is said at once
  scope_.refuse(rule_.name, field, std::move(message));
}

kith::session& rule_view::session(const char* function) {
  if (rule_.phase != rule_phase::react) not_here(function);
  return scope_.writer();
}

// ----------------------------------------------------------------------------- actions and reports

value call_view::argument(std::string_view argument_name) {
  const field_place place = described_.field(argument_name);
  return value_at(place, [&](slot_number slot, storage type) { return given_.at(slot, type); });
}

action_view::action_view(action_scope& of)
    : call_view("action " + std::string(of.action.arguments.name()), of.session,
                of.action.arguments, of.arguments),
      scope_(of) {}

value action_view::get(std::string_view path) {
  if (!scope_.subject) not_here("get");
  const entity_type& e = *scope_.action.on;
  const model_ptr now = scope_.session.model();
  return scope_.session.compute(e, scope_.subject, parse_expression(*now, e, path));
}

void action_view::refuse(std::string_view field, std::string message) {
  refused_.push_back({std::string(scope_.action.arguments.name()),
                      std::string(field),
                      std::string(scope_.action.name()),
                      {},
                      std::move(message)});
}

void action_view::finish() {
  if (!refused_.empty()) throw error(std::move(refused_), id().value);
}

report_view::report_view(report_scope& of)
    : call_view("report " + std::string(of.report.name()), of.session, of.report.arguments,
                of.arguments) {}

}  // namespace kith::inline v1::module
