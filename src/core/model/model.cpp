// SPDX-License-Identifier: Apache-2.0
//
// Looking things up in a model, and making the next one.
#include "kith/core/model.hpp"

#include <algorithm>

#include "core/model/build.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

// ------------------------------------------------------------------------------------- entity_type

const field_type* entity_type::field(std::uint16_t wanted) const noexcept {
  // Declared fields mostly stand at their number less one.
  if (wanted != 0 && wanted <= fields.size() && fields[wanted - 1u].number() == wanted) {
    return &fields[wanted - 1u];
  }
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const field_type& f) { return f.number() == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<field_place> entity_type::find_field(std::string_view wanted) const noexcept {
  for (const field_type& f : fields) {
    if (f.name() == wanted) return field_place{&f, whole_value};
  }
  const std::size_t dot = wanted.find('.');
  for (const field_type& f : fields) {
    const bool dotted = dot != std::string_view::npos && f.name() == wanted.substr(0, dot);
    if (!dotted && !f.def->flat) continue;
    const std::string_view part = dotted ? wanted.substr(dot + 1) : wanted;
    const auto parts = f.parts();
    for (std::uint8_t i = 0; i < parts.size(); ++i) {
      if (parts[i].role == part_role::value && !part.empty() && parts[i].name == part) {
        return field_place{&f, i};
      }
    }
  }
  return {};
}

field_place entity_type::field(std::string_view wanted) const {
  if (const auto place = find_field(wanted)) return *place;
  std::vector<std::string_view> names;
  for (const field_type& f : fields) {
    if (!f.retired) names.push_back(f.name());
  }
  const std::string hint = did_you_mean(wanted, names);
  throw error(error_code::not_found,
              std::string(name()) + " has no field '" + shortened(wanted) + "'" +
                  (hint.empty() ? "" : "; " + hint),
              {std::string(name()), 0, shortened(wanted)});
}

const relation_type* entity_type::find_relation(std::string_view wanted) const noexcept {
  const auto found = std::find_if(relations.begin(), relations.end(),
                                  [&](const relation_type& r) { return r.def->name == wanted; });
  return found == relations.end() ? nullptr : &*found;
}

const expression* entity_type::computed(const field_type& f) const noexcept {
  const auto index = static_cast<std::size_t>(&f - fields.data());
  if (index >= computed_trees.size() || computed_trees[index].empty()) return nullptr;
  return &computed_trees[index];
}

// ------------------------------------------------------------------------------------------- model

const entity_type* model::find(std::uint16_t number) const noexcept {
  const auto found = std::lower_bound(entities_.begin(), entities_.end(), number,
                                      [](const auto& e, std::uint16_t n) { return e->number < n; });
  return found == entities_.end() || (*found)->number != number ? nullptr : found->get();
}

const entity_type* model::find(type_id type) const noexcept {
  for (const auto& e : entities_) {
    if (e->type == type && type != 0) return e.get();
  }
  return nullptr;
}

const entity_type* model::find(std::string_view name) const noexcept {
  for (const auto& e : entities_) {
    if (e->name() == name || e->plural() == name) return e.get();
  }
  return nullptr;
}

const entity_type& model::entity(std::string_view name) const {
  if (const entity_type* e = find(name)) return *e;
  std::vector<std::string_view> names;
  for (const auto& e : entities_) {
    names.push_back(e->plural());
    names.push_back(e->name());
  }
  const std::string hint = did_you_mean(name, names);
  throw error(error_code::not_found,
              "there is no entity '" + shortened(name) + "'" + (hint.empty() ? "" : "; " + hint),
              {shortened(name), 0, {}});
}

const entity_type& model::by_type(type_id type, const entity_def& about) const {
  if (const entity_type* e = find(type)) return *e;
  throw error(error_code::model,
              "the store was opened without the entity " + std::string(about.name) +
                  "; name it in crm_options.entities",
              {std::string(about.name), 0, {}});
}

namespace detail {
void check_field_type(const entity_type& entity, const field_def& have, const field_def& want) {
  const bool same = have.kind == want.kind &&
                    (have.kind != kind_id::ref || have.target == want.target || have.target == 0);
  if (same) return;
  throw error(error_code::misuse,
              std::string(entity.name()) + "." + std::string(have.name) + " is " +
                  std::string(kind_of(have.kind).name) + ", not " +
                  std::string(kind_of(want.kind).name),
              {std::string(entity.name()), 0, std::string(have.name)});
}

namespace {

constexpr std::size_t longest_note = 4000;

void check_word(std::string_view what, std::string_view name) {
  if (well_named(name) && !is_reserved_name(name)) return;
  throw error(error_code::invalid, std::string(what) + " '" + shortened(name) +
                                       "' is not a name: use lower-case words that no language "
                                       "keeps for itself");
}

// Names that come at run time have a namespace, so that no later release can take them.
void check_new_name(std::string_view what, std::string_view name) {
  check_word(what, name);
  const std::size_t end = name.find('_');
  if (end != std::string_view::npos && end != 0 && end + 1 != name.size()) return;
  throw error(error_code::invalid, std::string(what) + " '" + shortened(name) +
                                       "' needs a prefix of your own, such as x_" +
                                       shortened(name));
}

void check_text(std::string_view what, std::string_view text) {
  if (text.size() <= longest_note && !invalid_utf8(text)) return;
  throw error(error_code::invalid, std::string(what) + " '" + shortened(text) +
                                       "' is not UTF-8 text of at most " +
                                       std::to_string(longest_note) + " bytes");
}

// A description that build() could not make a field of, said in terms of the description.
void check_definition(const custom_field& f) {
  const auto refuse = [&](const std::string& why) {
    throw error(error_code::invalid, "the field '" + f.name + "' " + why, {{}, 0, f.name});
  };
  const bool is_money = f.kind == kind_id::money;
  const bool is_exact = is_money || f.kind == kind_id::decimal;
  const bool has_length = f.kind == kind_id::text || f.kind == kind_id::url ||
                          f.kind == kind_id::email || f.kind == kind_id::phone;
  const int least_scale = is_money ? currency_scale : 0;
  const int scale = f.options.scale;
  if (is_exact ? scale < least_scale || scale > decimal::max_scale : scale != 0) {
    refuse("cannot keep " + std::to_string(scale) + " digits behind the point; give 0 to " +
           std::to_string(decimal::max_scale) + " to a decimal or money field");
  }
  if (f.options.folded && f.kind != kind_id::text) refuse("is not text; only text is folded");
  if (f.options.max_length != 0 && !has_length) refuse("is not text; only text has a length");
  if (f.options.least && f.options.most && *f.options.least > *f.options.most) {
    refuse("has a least value that is greater than its most; exchange them");
  }
  if ((f.kind == kind_id::choice) != !f.choices.empty()) {
    refuse(f.choices.empty() ? "is a choice; name what there is to choose from"
                             : "has choices, but is not of kind choice");
  }
  if ((f.kind == kind_id::ref) != !f.target.empty()) {
    refuse(f.target.empty() ? "is a reference; name the entity that it refers to"
                            : "has a target, but is not of kind ref");
  }
  for (std::size_t i = 0; i < f.choices.size(); ++i) {
    const std::string& name = f.choices[i].first;
    if (!well_named(name)) refuse("has the choice '" + shortened(name) + "'; use lower-case words");
    for (std::size_t j = 0; j < i; ++j) {
      if (f.choices[j].first == name) refuse("has the choice '" + name + "' twice");
    }
    check_text("the label", f.choices[i].second);
  }
  for (const std::string& text : {f.label, f.ru, f.doc}) check_text("the text", text);
}

}  // namespace
}  // namespace detail

// --------------------------------------------------------------------------------- the next model

std::shared_ptr<const model> model::with(const custom_entity& added) const {
  detail::check_new_name("the entity", added.name);
  detail::check_word("the plural", added.plural);
  for (const std::string& text : {added.ru, added.ru_plural, added.doc}) {
    detail::check_text("the text", text);
  }
  for (const std::string& n : {added.name, added.plural}) {
    if (find(n) != nullptr) throw error(error_code::exists, "there is an entity " + n + " already");
  }
  source next = source_;
  std::uint16_t number = 1023;
  for (const model_entry& e : next.entries) number = std::max(number, e.entity);
  ++number;
  next.entries.push_back({number, 0, added.name, detail::encode(added), false});
  std::uint16_t field = 1024;
  const auto is_title = [&](const custom_field& f) { return f.name == added.title; };
  if (!added.title.empty() && std::none_of(added.fields.begin(), added.fields.end(), is_title)) {
    throw error(error_code::invalid,
                "the title '" + shortened(added.title) + "' is not one of the entity's fields");
  }
  for (const custom_field& f : added.fields) {
    detail::check_word("the field", f.name);
    detail::check_definition(f);
    const bool own = f.target == added.name || f.target == added.plural;
    if (!f.target.empty() && !own) entity(f.target);
    next.entries.push_back({number, field++, f.name, detail::encode(f), false});
  }
  return build(std::move(next));
}

std::shared_ptr<const model> model::with(std::string_view entity_name,
                                         const custom_field& added) const {
  const entity_type& e = entity(entity_name);
  if (e.about->internal)
    throw error(error_code::denied, std::string(e.name()) + " belongs to the engine");
  if (e.custom) {
    detail::check_word("the field", added.name);
  } else {
    detail::check_new_name("the field", added.name);
  }
  if (e.find_field(added.name)) {
    throw error(error_code::exists,
                std::string(e.name()) + " has a field " + added.name + " already",
                {std::string(e.name()), 0, added.name});
  }
  if (added.required) {
    throw error(error_code::invalid,
                "a field added to existing records cannot be required: old ones have no value");
  }
  detail::check_definition(added);
  if (!added.target.empty()) entity(added.target);
  source next = source_;
  std::uint16_t number = 1023;
  for (const model_entry& entry : next.entries) {
    if (entry.entity == e.number) number = std::max(number, entry.field);
  }
  next.entries.push_back(
      {e.number, static_cast<std::uint16_t>(number + 1), added.name, detail::encode(added), false});
  return build(std::move(next));
}

std::shared_ptr<const model> model::without(std::string_view entity_name,
                                            std::string_view field) const {
  const entity_type& e = entity(entity_name);
  const field_place place = e.field(field);
  if (!place.field->custom) {
    throw error(error_code::denied,
                std::string(field) +
                    " is described by the program; only fields added at run time "
                    "can be retired",
                {std::string(e.name()), 0, std::string(field)});
  }
  source next = source_;
  for (model_entry& entry : next.entries) {
    if (entry.entity == e.number && entry.field == place.field->number()) entry.retired = true;
  }
  return build(std::move(next));
}

std::shared_ptr<const model> model::at_version(std::int64_t version) const {
  source next = source_;
  next.version = version;
  return build(std::move(next));
}

}  // namespace kith::inline v1
