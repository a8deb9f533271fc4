// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: the order of it, entities with their fields, cells, names, and the hash
// of what stores lay out.
#include "core/model/build.hpp"

#include <algorithm>
#include <set>

namespace kith::inline v1 {
namespace {

constexpr std::uint16_t first_own_number = 1024;  // below: standard entities and declared fields

// The first name that is there twice; empty: none. Sorts them.
std::string_view twice_in(std::vector<std::string_view>& names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? std::string_view() : *twice;
}

std::string column_name(const field_def& f, const part_def& p, const part_def& main) {
  // A key is named after the value it is the key of.
  const std::string stem(f.flat ? "" : f.name);
  std::string own(p.name);
  if (f.flat && own.empty()) own = main.name.empty() ? std::string(f.name) : std::string(main.name);
  if (stem.empty()) return own;
  return own.empty() ? stem : stem + "_" + own;
}

}  // namespace

void contradiction(const std::string& what) { throw error(error_code::model, what); }

std::string name_of(const entity_type& e, std::string_view field) {
  return std::string(e.name()) + "." + std::string(field);
}

std::shared_ptr<const model> model::build(source from) {
  return model_builder(std::move(from)).build();
}

model_builder::model_builder(model::source from)
    : model_(std::shared_ptr<model>(new model())), source_(model_->source_) {
  source_ = std::move(from);
}

std::shared_ptr<const model> model_builder::build() {
  add_described_entities();
  add_custom_entities();
  add_custom_fields();
  sort_entities();
  place_cells();
  check_names();
  resolve_references();
  resolve_relations();
  make_indexes();
  parse_computed();
  find_dependents();
  number_totals();
  place_totals();
  add_actions();
  add_reports();
  hash_layout();
  return model_;
}

// --------------------------------------------------------------------------------------- entities

std::uint16_t model_builder::number_for(const entity_description& d) {
  if (d.about->id != 0) return d.about->id;
  std::uint16_t largest = first_own_number - 1;
  for (const model_entry& e : source_.entries) {
    if (e.field == 0 && e.name == d.about->name) return e.entity;
    largest = std::max(largest, e.entity);
  }
  source_.entries.push_back(
      {static_cast<std::uint16_t>(largest + 1), 0, std::string(d.about->name), {}, false});
  return static_cast<std::uint16_t>(largest + 1);
}

entity_type& model_builder::add_entity(const entity_def& about, std::uint16_t number,
                                       type_id type) {
  auto made = std::make_unique<entity_type>();
  made->about = &about;
  made->number = number;
  made->type = type;
  model_->entities_.push_back(std::move(made));
  return *model_->entities_.back();
}

entity_type* model_builder::find(std::uint16_t number) {
  for (const auto& e : model_->entities_) {
    if (e->number == number) return e.get();
  }
  return nullptr;
}

void model_builder::add_described_entities() {
  for (const entity_description& d : source_.entities) {
    entity_type& e = add_entity(*d.about, number_for(d), d.type);
    e.fields.reserve(d.fields.size());
    for (const field_def* f : d.fields) add_field(e, *f, false, false);
    if (d.rules != nullptr) e.rules = d.rules();
  }
}

void model_builder::add_custom_entities() {
  for (const model_entry& entry : source_.entries) {
    if (entry.field != 0 || entry.definition.empty()) continue;
    const custom_entity c = detail::decode_entity(entry.name, entry.definition);
    const auto keep = [&](const std::string& s) -> std::string_view {
      return model_->strings_.emplace_back(s);
    };
    entity_def def;
    def.name = keep(c.name);
    def.plural = keep(c.plural);
    def.module = "custom";
    def.title = keep(c.title);
    def.ru = keep(c.ru);
    def.ru_plural = keep(c.ru_plural);
    def.doc = keep(c.doc);
    model_->entity_defs_.push_back(def);
    add_entity(model_->entity_defs_.back(), entry.entity, 0).custom = true;
  }
}

void model_builder::add_custom_fields() {
  for (const model_entry& entry : source_.entries) {
    if (entry.field == 0) continue;
    entity_type* const e = find(entry.entity);
    if (e == nullptr) continue;  // its entity is described by an application that is not here
    const custom_field c = detail::decode_field(entry.name, entry.definition);
    const auto keep = [&](const std::string& s) -> std::string_view {
      return model_->strings_.emplace_back(s);
    };
    field_def def;
    def.number = entry.field;
    def.name = keep(c.name);
    def.kind = c.kind;
    def.options = c.options;
    if (!c.choices.empty()) {
      std::vector<choice_option>& options = model_->choices_.emplace_back();
      for (const auto& [name, ru] : c.choices) {
        options.push_back({static_cast<std::int64_t>(options.size() + 1), keep(name), keep(ru)});
      }
      def.options.choices = options;
    }
    def.required = c.required;
    def.unique = c.unique;
    def.indexed = c.indexed;
    def.searchable = c.searchable;
    def.personal = c.personal;
    def.on_delete = c.on_delete;
    def.target_name = keep(c.target);
    def.label = keep(c.label);
    def.ru = keep(c.ru);
    def.doc = keep(c.doc);
    model_->field_defs_.push_back(def);
    add_field(*e, model_->field_defs_.back(), true, entry.retired);
  }
}

void model_builder::add_field(entity_type& e, const field_def& def, bool custom, bool retired) {
  field_type f;
  f.def = &def;
  f.owner = &e;
  f.custom = custom;
  f.retired = retired;
  e.fields.push_back(f);
}

void model_builder::sort_entities() {
  std::sort(model_->entities_.begin(), model_->entities_.end(),
            [](const auto& a, const auto& b) { return a->number < b->number; });
  for (std::size_t i = 1; i < model_->entities_.size(); ++i) {
    if (model_->entities_[i - 1]->number != model_->entities_[i]->number) continue;
    contradiction("the entities " + std::string(model_->entities_[i - 1]->name()) + " and " +
                  std::string(model_->entities_[i]->name()) + " have one number");
  }
}

// ------------------------------------------------------------------------------------------ cells

void model_builder::place_cells() {
  for (const auto& e : model_->entities_) place_cells(*e);
}

void model_builder::place_cells(entity_type& e) {
  if (e.fields.size() > limits{}.fields_per_entity) {
    throw error(error_code::limit, std::string(e.name()) + " has more than " +
                                       std::to_string(limits{}.fields_per_entity) + " fields");
  }
  std::size_t cells = 0;
  for (const field_type& f : e.fields) cells += f.parts().size();
  e.columns.reserve(cells);
  for (std::size_t i = 0; i < e.fields.size(); ++i) {
    field_type& f = e.fields[i];
    if (f.def->mode == computed_mode::on_read) continue;
    f.slot = static_cast<slot_number>(e.columns.size());
    const auto parts = f.parts();
    for (std::size_t p = 0; p < parts.size(); ++p) {
      e.columns.push_back({column_name(*f.def, parts[p], parts[0]), parts[p].type,
                           static_cast<std::uint16_t>(i), static_cast<std::uint8_t>(p),
                           parts[p].role});
    }
  }
}

void model_builder::check_names() {
  std::set<std::string_view> names;
  for (const auto& e : model_->entities_) {
    for (const std::string_view n : {e->name(), e->plural()}) {
      if (n == e->name() && n == e->plural())
        contradiction("name and plural of " + std::string(n) + " are the same");
      if (!names.insert(n).second) contradiction("two entities are called " + std::string(n));
    }
    check_columns(*e);
  }
}

void model_builder::check_columns(const entity_type& e) {
  std::vector<std::string_view> own;
  own.reserve(e.columns.size() + e.fields.size());
  for (const column& c : e.columns) own.push_back(c.name);
  if (const std::string_view twice = twice_in(own); !twice.empty()) {
    contradiction("two fields of " + std::string(e.name()) + " want the column " +
                  std::string(twice));
  }
  for (const field_type& f : e.fields) {
    if (!f.is_stored()) own.push_back(f.name());
  }
  if (const std::string_view twice = twice_in(own); !twice.empty()) {
    contradiction("two fields of " + std::string(e.name()) + " are called " + std::string(twice));
  }
}

// ------------------------------------------------------------------------------------------- hash

void model_builder::hash_layout() {
  std::uint64_t hash = 14695981039346656037u;
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    hash = (hash ^ 0xff) * 1099511628211u;
  };
  for (const auto& e : model_->entities_) {
    mix(e->name());
    for (const column& c : e->columns) {
      mix(c.name);
      mix({reinterpret_cast<const char*>(&c.type), 1});
    }
    for (const index_type& i : e->indexes) {
      mix(i.name);
      for (const slot_number s : i.shown) mix(e->columns[s].name);
    }
  }
  model_->layout_hash_ = hash;
}

}  // namespace kith::inline v1
