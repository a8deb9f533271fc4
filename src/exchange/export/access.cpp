// SPDX-License-Identifier: Apache-2.0
//
// The access export: which records, which columns, in which order.
#include "kith/exchange/access_export.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "kith/core/error.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::size_t ids_at_once = 200;

bool refers(const field_type& f) {
  return f.def->kind == kind_id::ref || f.def->kind == kind_id::any_ref;
}

bool is_given(const field_type& f) {
  return !f.retired && f.is_stored() && f.def->mode == computed_mode::none &&
         f.def->kind != kind_id::blob;
}

bool has_personal(const entity_type& e) {
  return std::any_of(e.fields.begin(), e.fields.end(),
                     [](const field_type& f) { return f.def->personal; });
}

class person_export {
 public:
  person_export(session& from, const entity_type& entity, record_id subject)
      : session_(from), model_(from.model()) {
    for (const subject_records& r : from.about(entity, subject)) {
      const entity_type& e = model_->entity(r.entity);
      for (const record_id id : r.records) add(e, id, false);
    }
    follow_names();
  }

  std::vector<access_file> files() {
    order();
    std::vector<access_file> all;
    for (const auto& [number, named] : ordered_) all.push_back(file(number, named));
    return all;
  }

 private:
  using part = std::pair<std::uint16_t, bool>;  // entity, only named

  bool add(const entity_type& e, record_id id, bool named) {
    if (!seen_.insert(id.value).second) return false;
    parts_[{e.number, named}].push_back(id);
    return true;
  }

  // What is written of a record: of other persons, what they cannot be without.
  bool is_written(const field_type& f, const entity_type& e, bool named) const {
    if (!is_given(f)) return false;
    return !named || !has_personal(e) || f.def->required || f.name() == e.about->title;
  }

  void follow_names() {
    std::vector<std::pair<part, record_id>> waiting;
    for (const auto& [p, ids] : parts_) {
      for (const record_id id : ids) waiting.push_back({p, id});
    }
    while (!waiting.empty()) {
      const auto [p, id] = waiting.back();
      waiting.pop_back();
      const entity_type& e = *model_->find(p.first);
      const row_ptr r = session_.find_row(e, id);
      if (!r) continue;
      for (const field_type& f : e.fields) {
        if (!refers(f) || !is_written(f, e, p.second) || !r->has(f.slot)) continue;
        const entity_type* const target = target_of(f, *r);
        const record_id named{r->integer(f.slot)};
        if (target == nullptr || target->about->internal) continue;
        if (add(*target, named, true)) waiting.push_back({{target->number, true}, named});
      }
    }
  }
  const entity_type* target_of(const field_type& f, const row& r) const {
    if (f.def->kind == kind_id::ref) return f.target;
    return model_->find(static_cast<std::uint16_t>(r.integer(f.slot + 1u)));
  }

  // Named records first; behind those, entities behind what they refer to.
  void order() {
    for (const bool named : {true, false}) {
      std::set<std::uint16_t> begun;
      for (const auto& [p, ids] : parts_) {
        if (p.second == named) put_behind_its_names(p.first, named, begun);
      }
    }
  }
  void put_behind_its_names(std::uint16_t number, bool named, std::set<std::uint16_t>& begun) {
    if (!begun.insert(number).second) return;
    const entity_type& e = *model_->find(number);
    for (const field_type& f : e.fields) {
      if (!refers(f) || !is_written(f, e, named)) continue;
      if (f.target != nullptr) {
        put_behind_its_names(f.target->number, named, begun);
        continue;
      }
      for (const auto& [p, ids] : parts_) {
        const entity_type& any = *model_->find(p.first);
        const bool has_any = std::any_of(any.fields.begin(), any.fields.end(), [](const auto& g) {
          return g.def->kind == kind_id::any_ref;
        });
        if (!has_any) put_behind_its_names(p.first, named, begun);
      }
    }
    if (parts_.count({number, named}) != 0) ordered_.emplace_back(number, named);
  }

  access_file file(std::uint16_t number, bool named) {
    const entity_type& e = *model_->find(number);
    access_file f;
    f.entity = e.name();
    f.named = named;
    f.name = (named ? "named_" : "") + f.entity + ".csv";
    csv_export_options options;
    options.by_id = true;
    for (const field_type& field : e.fields) {
      if (is_written(field, e, named)) options.columns.emplace_back(field.name());
    }
    std::vector<record_id>& ids = parts_[{number, named}];
    std::sort(ids.begin(), ids.end(), [](auto a, auto b) { return a.value < b.value; });
    for (std::size_t at = 0; at < ids.size(); at += ids_at_once) {
      const std::size_t end = std::min(ids.size(), at + ids_at_once);
      std::string rows;
      f.records += export_csv(
          of(e, {ids.data() + at, end - at}), [&](std::string_view bytes) { rows += bytes; },
          options);
      f.csv += at == 0 ? rows : rows.substr(rows.find('\n') + 1);
    }
    return f;
  }

  any_query of(const entity_type& e, std::span<const record_id> ids) {
    std::string where;
    for (const record_id id : ids) {
      where += (where.empty() ? "id in (" : ", ") + std::to_string(id.value);
    }
    return session_.query(e.name(), where + ") order by id").including(lifecycle::all);
  }

  session& session_;
  model_ptr model_;
  std::map<part, std::vector<record_id>> parts_;
  std::set<std::int64_t> seen_;
  std::vector<part> ordered_;
};

}  // namespace

std::vector<access_file> access_export(session& from, const entity_type& entity,
                                       record_id subject) {
  return person_export(from, entity, subject).files();
}

namespace {

bool has_column(std::string_view csv, std::string_view name) {
  const std::string header = "," + std::string(csv.substr(0, csv.find('\n'))) + ",";
  return header.find("," + std::string(name) + ",") != std::string::npos;
}

}  // namespace

import_options access_import(const model& of, const access_file& file, const std::string& source) {
  const entity_type& e = of.entity(file.entity);
  import_options options;
  options.entity = file.entity;
  options.columns.push_back({"id", "@" + source, {}});
  options.reason = "import of " + file.name;
  for (const field_type& f : e.fields) {
    const std::string name(f.name());
    if (!refers(f) || !is_given(f)) continue;
    if (!has_column(file.csv, name)) continue;
    options.columns.push_back({name, name + "@" + source, {}});
  }
  return options;
}

}  // namespace kith::inline v1
