// SPDX-License-Identifier: Apache-2.0
//
// Which stored computed fields change when a record changes, and how to get from the one to the
// other: the inverse of the paths in their expressions.
#include <algorithm>

#include "core/model/build.hpp"

namespace kith::inline v1 {
namespace {

// Walks one tree and reports each field it reads, with the way back to the computed record.
class reader {
 public:
  reader(const model& of, const entity_type& owner, const field_type& computed)
      : model_(of), owner_(owner), computed_(computed) {}

  std::vector<std::pair<const entity_type*, dependent>> found;

  // `back` leads from a record of `e` to the computed record.
  void read(const expression& tree, const entity_type& e, std::vector<dependent::step> back) {
    if (++depth_ > 16) {
      throw error(error_code::model, std::string(owner_.name()) + "." +
                                         std::string(computed_.name()) +
                                         " is computed from itself");
    }
    for (const expression::node& n : tree.nodes()) {
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

  const model& model_;
  const entity_type& owner_;
  const field_type& computed_;
  int depth_ = 0;
};

}  // namespace

void model_builder::add_dependents(const entity_type& owner, const field_type& computed) {
  reader r(*model_, owner, computed);
  r.read(*owner.computed(computed), owner, {});
  for (auto& [entity, d] : r.found) {
    const_cast<entity_type*>(entity)->dependents.push_back(std::move(d));
  }
}

void model_builder::find_dependents() {
  for (const auto& e : model_->entities_) {
    for (const field_type& f : e->fields) {
      if (f.def->mode == computed_mode::stored) add_dependents(*e, f);
    }
  }
}

}  // namespace kith::inline v1
