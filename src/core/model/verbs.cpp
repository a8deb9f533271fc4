// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: actions and reports. Their arguments are described like an entity that
// no store keeps, so that the checks of fields are theirs, too.
#include <algorithm>

#include "core/model/build.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::uint16_t most_ids = 1024;        // of standard ones, 0 among them
constexpr std::uint16_t numbers_each = 0x2000;  // from the first action to the first report

// The number of the next one: by its id, or by its place among those that have none.
std::uint16_t number_of(std::string_view name, std::uint16_t first, std::uint16_t id,
                        std::uint16_t& without_id) {
  if (id >= most_ids) {
    contradiction(std::string(name) + " has the id " + std::to_string(id) + "; ids are below " +
                  std::to_string(most_ids) + ", or 0 for one of your own");
  }
  if (id != 0) return static_cast<std::uint16_t>(first + id);
  if (without_id == numbers_each - most_ids) {
    throw error(error_code::limit, "there are no numbers left for " + std::string(name));
  }
  return static_cast<std::uint16_t>(first + most_ids + without_id++);
}

// An argument lives as long as the call: what only stored fields can be is a mistake.
void check_argument(const entity_type& of, const field_def& f) {
  if (!detail::well_named(f.name) || detail::is_reserved_argument(f.name)) {
    contradiction("the argument " + name_of(of, f.name) +
                  " has a name that a language or the call itself has another use for; take "
                  "another lower-case word");
  }
  const bool of_stored = f.unique || f.indexed || f.natural_key || f.set_once || f.acyclic ||
                         f.mode != computed_mode::none;
  if (of_stored) {
    contradiction("the argument " + name_of(of, f.name) +
                  " is not stored: it can be neither unique, indexed, a natural key, set once, a "
                  "tree nor computed");
  }
}

template <class Types>
void sort_by_number(Types& all, std::string_view what) {
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a->arguments.number < b->arguments.number; });
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i - 1]->arguments.number != all[i]->arguments.number) continue;
    contradiction("the " + std::string(what) + " " + std::string(all[i - 1]->arguments.name()) +
                  " and " + std::string(all[i]->arguments.name()) + " have one number");
  }
}

template <class Types>
auto find_number(const Types& all, std::uint16_t number) {
  const auto found =
      std::lower_bound(all.begin(), all.end(), number,
                       [](const auto& t, std::uint16_t n) { return t->arguments.number < n; });
  return found == all.end() || (*found)->arguments.number != number ? nullptr : found->get();
}

template <class Types>
auto find_type(const Types& all, type_id type) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& t) { return type != 0 && t->type == type; });
  return found == all.end() ? nullptr : found->get();
}

}  // namespace

void model_builder::describe_arguments(entity_type& of, std::string name, std::uint16_t number,
                                       std::string_view doc,
                                       std::span<const field_def* const> fields) {
  entity_def& about = model_->entity_defs_.emplace_back();
  about.name = about.plural = model_->strings_.emplace_back(std::move(name));
  about.doc = doc;
  of.about = &about;
  of.number = number;
  of.fields.reserve(fields.size());
  for (const field_def* f : fields) {
    check_argument(of, *f);
    add_field(of, *f, false, false);
  }
  place_cells(of);
  check_columns(of);
  for (field_type& f : of.fields) {
    if (f.def->kind == kind_id::ref) f.target = &target_of(of, f);
  }
}

const entity_type& model_builder::subject_of(const action_description& d) const {
  const std::string name(d.about->name);
  const entity_type* on = nullptr;
  if (d.on != 0) {
    on = model_->find(d.on);
    if (on == nullptr) {
      contradiction("the action " + name + " is of an entity that this store does not have");
    }
  } else {
    on = model_->find(d.on_name);
    if (on == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& e : model_->entities_) names.push_back(e->name());
      const std::string hint = did_you_mean(d.on_name, names);
      contradiction("the action " + name + " is of the entity '" + shortened(d.on_name) +
                    "', which this store does not have" + (hint.empty() ? "" : "; " + hint));
    }
  }
  if (on->about->internal) {
    contradiction("the action " + name + " is of " + std::string(on->name()) +
                  ", which the engine keeps for itself");
  }
  return *on;
}

void model_builder::add_actions() {
  std::uint16_t without_id = 0;
  for (const action_description& d : source_.actions) {
    const entity_type& on = subject_of(d);
    const std::string name = name_of(on, d.about->name);
    if (!detail::well_named(d.about->name) || detail::is_reserved_action(d.about->name)) {
      contradiction("the action " + name +
                    " has a name that a language or collections of records have another use for; "
                    "take another lower-case verb");
    }
    if (on.find_field(d.about->name) || on.find_relation(d.about->name) != nullptr) {
      contradiction("the action " + name + " has the name of a field of " + std::string(on.name()) +
                    "; take a verb");
    }
    const auto same = [&](const auto& a) { return a->on == &on && a->name() == d.about->name; };
    if (std::any_of(model_->actions_.begin(), model_->actions_.end(), same)) {
      contradiction("two actions are called " + name);
    }
    if (!d.run) contradiction("the action " + name + " does nothing: it has no function");
    auto made = std::make_unique<action_type>();
    made->about = d.about;
    made->type = d.type;
    made->on = &on;
    made->run = d.run;
    const std::uint16_t number = number_of(name, first_action_number, d.about->id, without_id);
    describe_arguments(made->arguments, name, number, d.about->doc, d.fields);
    model_->actions_.push_back(std::move(made));
  }
  sort_by_number(model_->actions_, "actions");
}

void model_builder::add_reports() {
  std::uint16_t without_id = 0;
  for (const report_description& d : source_.reports) {
    const std::string name(d.about->name);
    if (!detail::well_named(name) || detail::is_reserved_report(name)) {
      contradiction("the report '" + shortened(name) +
                    "' has a name that a language has another use for; take another lower-case "
                    "noun");
    }
    const auto same = [&](const auto& r) { return r->name() == name; };
    if (std::any_of(model_->reports_.begin(), model_->reports_.end(), same)) {
      contradiction("two reports are called " + name);
    }
    if (!d.run) contradiction("the report " + name + " answers nothing: it has no function");
    auto made = std::make_unique<report_type>();
    made->about = d.about;
    made->type = d.type;
    made->run = d.run;
    const std::uint16_t number = number_of(name, first_report_number, d.about->id, without_id);
    describe_arguments(made->arguments, name, number, d.about->doc, d.fields);
    model_->reports_.push_back(std::move(made));
  }
  sort_by_number(model_->reports_, "reports");
}

// ----------------------------------------------------------------------------------------- look-up

const action_type& model::action(std::string_view entity_name, std::string_view name) const {
  const entity_type& on = entity(entity_name);
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& a : actions_) {
    if (a->on != &on) continue;
    if (a->name() == name) return *a;
    names.push_back(a->name());
    all += (all.empty() ? "" : ", ") + std::string(a->name());
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty() && !all.empty()) hint = "there are " + all;
  throw error(error_code::not_found,
              std::string(on.name()) + " has no action '" + shortened(name) + "'" +
                  (hint.empty() ? "" : "; " + hint),
              {std::string(on.name()), 0, {}});
}

const report_type& model::report(std::string_view name) const {
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& r : reports_) {
    if (r->name() == name) return *r;
    names.push_back(r->name());
    all += (all.empty() ? "" : ", ") + std::string(r->name());
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty() && !all.empty()) hint = "there are " + all;
  throw error(error_code::not_found,
              "there is no report '" + shortened(name) + "'" + (hint.empty() ? "" : "; " + hint));
}

const action_type* model::find_action(std::uint16_t number) const noexcept {
  return find_number(actions_, number);
}

const report_type* model::find_report(std::uint16_t number) const noexcept {
  return find_number(reports_, number);
}

const action_type& model::action_of(type_id type, const action_def& about) const {
  if (const action_type* a = find_type(actions_, type)) return *a;
  throw error(error_code::model, "the store was opened without the action " +
                                     std::string(about.name) + "; name it in crm_options.actions");
}

const report_type& model::report_of(type_id type, const report_def& about) const {
  if (const report_type* r = find_type(reports_, type)) return *r;
  throw error(error_code::model, "the store was opened without the report " +
                                     std::string(about.name) + "; name it in crm_options.reports");
}

}  // namespace kith::inline v1
