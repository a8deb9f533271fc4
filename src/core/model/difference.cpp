// SPDX-License-Identifier: Apache-2.0
//
// What leads from one model to another.
#include <algorithm>

#include "kith/core/model.hpp"

namespace kith::inline v1 {
namespace {

using what = model_change::what;

class comparer {
 public:
  comparer(const model& from, const model& to) : from_(from), to_(to) {}

  std::vector<model_change> compare() {
    for (const auto& e : to_.entities()) {
      const entity_type* old = from_.find(e->number);
      if (old == nullptr) add(what::add_entity, *e, "", "a new entity " + std::string(e->name()));
      compare_fields(old, *e);
      compare_indexes(old, *e);
    }
    for (const auto& e : from_.entities()) {
      if (to_.find(e->number) == nullptr) {
        add(what::retire_entity, *e, "", std::string(e->name()) + " is no longer described");
      }
    }
    return std::move(changes_);
  }

 private:
  void add(what step, const entity_type& e, std::string_view name, std::string note) {
    changes_.push_back({step, std::string(e.name()), std::string(name), std::move(note)});
  }

  void compare_fields(const entity_type* old, const entity_type& now) {
    for (const field_type& f : now.fields) {
      const field_type* before = old == nullptr ? nullptr : old->field(f.number());
      const std::string name = std::string(now.name()) + "." + std::string(f.name());
      if (before == nullptr) {
        add(what::add_field, now, f.name(), "a new field " + name);
      } else if (before->def->kind != f.def->kind || before->name() != f.name() ||
                 before->def->options.scale != f.def->options.scale ||
                 before->is_stored() != f.is_stored()) {
        add(what::change_kind, now, f.name(),
            name + " changes its kind, scale or name; add another field instead");
      } else if (f.retired && !before->retired) {
        add(what::retire_field, now, f.name(), name + " is retired");
      } else if (before->def->ru != f.def->ru || before->def->doc != f.def->doc ||
                 before->def->label != f.def->label) {
        add(what::relabel, now, f.name(), name + " has another label or description");
      }
    }
    if (old == nullptr) return;
    for (const field_type& f : old->fields) {
      if (now.field(f.number()) == nullptr) {
        add(what::retire_field, now, f.name(),
            std::string(now.name()) + "." + std::string(f.name()) + " is no longer described");
      }
    }
  }

  void compare_indexes(const entity_type* old, const entity_type& now) {
    const auto has = [](const entity_type* e, const index_type& i) {
      return e != nullptr && std::any_of(e->indexes.begin(), e->indexes.end(),
                                         [&](const auto& other) { return other.name == i.name; });
    };
    for (const index_type& i : now.indexes) {
      if (!has(old, i)) add(what::add_index, now, i.name, "a new index " + i.name);
    }
    if (old == nullptr) return;
    for (const index_type& i : old->indexes) {
      if (!has(&now, i)) add(what::drop_index, now, i.name, "the index " + i.name + " goes");
    }
  }

  const model& from_;
  const model& to_;
  std::vector<model_change> changes_;
};

}  // namespace

std::vector<model_change> difference(const model& from, const model& to) {
  return comparer(from, to).compare();
}

}  // namespace kith::inline v1
