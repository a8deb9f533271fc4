// SPDX-License-Identifier: Apache-2.0
//
// Which stored computed fields change when a record changes, and how to get from the one to the
// other: the inverse of the paths in their expressions. And in which order they are computed.
#include <algorithm>
#include <map>
#include <set>

#include "core/model/build.hpp"

namespace kith::inline v1 {
namespace {

// Walks one tree and reports each field it reads, with the way back to the computed record.
class reader {
 public:
  reader(const entity_type& owner, const field_type& computed)
      : owner_(owner), computed_(computed) {}

  std::vector<std::pair<const entity_type*, dependent>> found;

  // `back` leads from a record of `e` to the computed record.
  void read(const expression& tree, const entity_type& e, std::vector<dependent::step> back) {
    if (++depth_ > 16) {
      throw error(error_code::model, std::string(owner_.name()) + "." +
                                         std::string(computed_.name()) +
                                         " is computed from itself");
    }
    for (const expression::node& n : tree.nodes()) {
      const auto f = static_cast<function>(n.function);
      if (n.what == expression::code::call && (f == function::today || f == function::now)) {
        throw error(error_code::model, std::string(owner_.name()) + "." +
                                           std::string(computed_.name()) +
                                           " changes with time, so it cannot be stored; compute "
                                           "it on read");
      }
      if (n.what == expression::code::path) read_path(tree.path_at(n), e, back);
      if (n.what == expression::code::related) read_related(tree.related_at(n.index), e, back);
    }
    --depth_;
  }

 private:
  const entity_type& follow(const key_ref& key, const entity_type& e,
                            std::vector<dependent::step>& back) {
    const field_type& f = *e.field(key.field);
    add(e, f, back, false);
    // Back from the target: to every record of e that refers to it.
    back.insert(back.begin(), {true, &e, &f});
    return *f.target;
  }

  void read_path(std::span<const key_ref> keys, const entity_type& from,
                 std::vector<dependent::step> back) {
    const entity_type* e = &from;
    for (const key_ref& key : keys.first(keys.size() - 1)) e = &follow(key, *e, back);
    const field_type* last = e->field(keys.back().field);
    if (last == nullptr) return;  // a system cell
    if (const expression* tree = e->computed(*last); tree != nullptr && !last->is_stored()) {
      read(*tree, *e, back);
    } else {
      add(*e, *last, back, false);
    }
  }

  void read_related(const expression::related_node& node, const entity_type& from,
                    std::vector<dependent::step> back) {
    const entity_type* e = &from;
    for (const key_ref& key : node.keys) e = &follow(key, *e, back);
    const relation_type& r = *e->find_relation(node.relation.name);
    // Back from the child: to the record that it refers to.
    back.insert(back.begin(), {false, e, r.by});
    add(*r.child, *r.by, back, true);
    if (r.only != nullptr) add(*r.child, *r.only, back, true);
    read(node.of, *r.child, back);
    read(node.where, *r.child, back);
  }

  void add(const entity_type& e, const field_type& f, const std::vector<dependent::step>& back,
           bool existence) {
    for (auto& [entity, d] : found) {
      const bool same = entity == &e && std::equal(d.steps.begin(), d.steps.end(), back.begin(),
                                                   back.end(), [](const auto& a, const auto& b) {
                                                     return a.down == b.down &&
                                                            a.entity == b.entity && a.by == b.by;
                                                   });
      if (!same) continue;
      d.reads.push_back(f.number());
      d.existence = d.existence || existence;
      return;
    }
    found.emplace_back(&e, dependent{&owner_, &computed_, {f.number()}, existence, back});
  }

  const entity_type& owner_;
  const field_type& computed_;
  int depth_ = 0;
};

// Stored computed fields and those that each is computed from.
class computation_order {
 public:
  void add(const field_type& computed, const entity_type& e, const dependent& d) {
    std::set<const field_type*>& from = graph_[&computed];
    for (const std::uint16_t number : d.reads) {
      const field_type* f = e.field(number);
      if (f->def->mode != computed_mode::stored) continue;
      if (f != &computed || !climbs_a_tree(computed, d)) from.insert(f);
    }
  }

  /// Behind those that it is computed from.
  void put(const field_type& f, std::vector<const field_type*>& order) {
    if (done_.contains(&f)) return;
    if (std::find(open_.begin(), open_.end(), &f) != open_.end()) refuse_circle(f);
    open_.push_back(&f);
    for (const field_type* from : graph_[&f]) put(*from, order);
    open_.pop_back();
    done_.insert(&f);
    order.push_back(&f);
  }

 private:
  // A record's field may be computed from the same field of those above it, or below it, in a tree.
  bool climbs_a_tree(const field_type& computed, const dependent& d) {
    if (d.steps.size() != 1 || !d.steps[0].by->def->acyclic) return false;
    return directions_.emplace(&computed, d.steps[0].down).first->second == d.steps[0].down;
  }

  [[noreturn]] void refuse_circle(const field_type& f) const {
    std::string names;
    for (auto at = std::find(open_.begin(), open_.end(), &f); at != open_.end(); ++at) {
      names += std::string((*at)->owner->name()) + "." + std::string((*at)->name()) + ", ";
    }
    names.resize(names.size() - 2);
    const bool alone = open_.back() == &f;
    throw error(error_code::model,
                names + (alone ? " is computed from itself" : " are computed from each other"));
  }

  std::map<const field_type*, std::set<const field_type*>> graph_;
  std::map<const field_type*, bool> directions_;
  std::set<const field_type*> done_;
  std::vector<const field_type*> open_;
};

}  // namespace

void model_builder::find_dependents() {
  computation_order order;
  for (const auto& owner : model_->entities_) {
    for (const field_type& f : owner->fields) {
      if (f.def->mode != computed_mode::stored) continue;
      reader r(*owner, f);
      r.read(*owner->computed(f), *owner, {});
      for (auto& [entity, d] : r.found) {
        order.add(f, *entity, d);
        const_cast<entity_type*>(entity)->dependents.push_back(std::move(d));
      }
    }
  }
  std::vector<const field_type*> all;
  for (const auto& e : model_->entities_) {
    for (const field_type& f : e->fields) {
      if (f.def->mode == computed_mode::stored) order.put(f, all);
    }
  }
  for (const field_type* f : all) {
    const_cast<entity_type*>(f->owner)->stored_computed.push_back(f);
  }
}

}  // namespace kith::inline v1
