// SPDX-License-Identifier: Apache-2.0
//
// Reading the rules of a visibility against a model. First which records and fields they hide, then
// what follows: references that may read null, computed fields that tell of masked ones.
#include <algorithm>
#include <functional>
#include <map>

#include "core/visibility/sight.hpp"
#include "kith/core/error.hpp"
#include "kith/core/query.hpp"
#include "kith/core/row.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

using rule_kind = visibility::rule::kind;

// Calls back for each field that a tree reads, with the entity that has it.
class tree_walk {
 public:
  using field_visit = std::function<void(const entity_type&, const field_type&)>;
  explicit tree_walk(field_visit visit) : visit_(std::move(visit)) {}

  bool asks_for_time = false;

  void read(const expression& tree, const entity_type& from) {
    for (const expression::node& n : tree.nodes()) {
      if (n.what == expression::code::path) follow(tree.path_at(n), from);
      if (n.what == expression::code::related) read_related(tree.related_at(n.index), from);
      if (n.what == expression::code::call) {
        const auto f = static_cast<function>(n.function);
        asks_for_time = asks_for_time || f == function::today || f == function::now;
      }
    }
  }

 private:
  const entity_type* follow(std::span<const key_ref> keys, const entity_type& from) {
    const entity_type* e = &from;
    for (const key_ref& key : keys) {
      if (e == nullptr || is_system_slot(key.field)) return e;
      const field_type* f = e->field(key.field);
      if (f == nullptr) return nullptr;  // the binder says what is wrong with it
      visit_(*e, *f);
      e = f->target;
    }
    return e;
  }
  void read_related(const expression::related_node& node, const entity_type& from) {
    const entity_type* e = follow(node.keys, from);
    const relation_type* r = e == nullptr ? nullptr : e->find_relation(node.relation.name);
    if (r == nullptr) return;
    visit_(*r->child, *r->by);
    if (r->only != nullptr) visit_(*r->child, *r->only);
    if (!node.of.empty()) read(node.of, *r->child);
    if (!node.where.empty()) read(node.where, *r->child);
  }

  field_visit visit_;
};

// All of these as one condition.
program joined(std::vector<program> all, op how) {
  program p;
  for (program& one : all) {
    p.code.insert(p.code.end(), one.code.begin(), one.code.end());
  }
  if (all.size() > 1) {
    instruction join;
    join.code = how;
    join.count = static_cast<std::uint32_t>(all.size());
    p.code.push_back(join);
  }
  return p;
}

}  // namespace

class sight_builder {
 public:
  sight_builder(sight& to, const visibility& rights, time_zone zone)
      : to_(to), rights_(rights), zone_(zone), model_(*to.model_) {}

  void build() {
    for (const auto& e : model_.entities()) {
      if (e->about->internal) continue;
      entity_sight& s = to_.entities_[e->number];
      s.masked.resize(e->fields.size());
      s.altered.resize(e->columns.size());
    }
    for (const visibility::rule& r : rights_.rules()) read(r);
    for (const auto& e : model_.entities()) {
      if (!e->about->internal) settle(*e);
    }
    while (mask_what_follows()) {
    }
    for (const auto& e : model_.entities()) {
      if (!e->about->internal) find_references(*e);
    }
    while (alter_what_follows()) {
    }
    for (const auto& e : model_.entities()) {
      if (!e->about->internal) bind_computed(*e);
    }
  }

 private:
  struct gathered {
    bool named = false;
    bool hidden = false;
    std::vector<program> permits;
  };

  const entity_type& entity_of(const visibility::rule& r) const {
    const entity_type* e = r.type != 0 ? model_.find(r.type) : &model_.entity(r.entity);
    if (e == nullptr) {
      throw error(error_code::model,
                  "a visibility names an entity that the store was opened without");
    }
    if (e->about->internal) {
      throw error(error_code::denied, std::string(e->plural()) + " are kept by the engine itself",
                  {std::string(e->name()), 0, {}});
    }
    return *e;
  }

  std::vector<program> condition_of(const visibility::rule& r, const entity_type& e) {
    const bool written = r.tree.empty();
    const expression tree = written ? parse_expression(model_, e, r.text.first) : r.tree;
    tree_walk walk([](const entity_type&, const field_type&) {});
    walk.read(tree, e);
    to_.timely_ = to_.timely_ || walk.asks_for_time;
    return bind_condition({model_, r.text.second, to_.now_, zone_}, e, tree);
  }

  void read(const visibility::rule& r) {
    const entity_type& e = entity_of(r);
    entity_sight& s = to_.entities_[e.number];
    gathered& g = gathered_[e.number];
    switch (r.what) {
      case rule_kind::restrict:
        g.named = true;
        for (program& p : condition_of(r, e)) s.only.push_back(std::move(p));
        break;
      case rule_kind::permit: {
        g.named = true;
        std::vector<program> all = condition_of(r, e);
        keep(all);
        g.permits.push_back(joined(std::move(all), op::and_));
        break;
      }
      case rule_kind::hide: g.hidden = true; break;
      case rule_kind::show: g.named = true; break;
      case rule_kind::read_only: s.read_only = true; break;
      case rule_kind::mask: mask(e, s, r.field); break;
    }
  }

  // The constants of a program that is made of several.
  void keep(const std::vector<program>& all) {
    for (const program& p : all) to_.constants_.push_back(p.constants);
  }

  void mask(const entity_type& e, entity_sight& s, const std::string& name) {
    const field_place place = e.field(name);
    if (place.part != whole_value) {
      throw error(error_code::model,
                  std::string(e.name()) + ": " + shortened(name) + " is a part of " +
                      std::string(place.field->name()) + "; mask the whole field",
                  {std::string(e.name()), 0, std::string(place.field->name())});
    }
    s.masked[index_of(e, *place.field)] = true;
  }

  static std::size_t index_of(const entity_type& e, const field_type& f) {
    return static_cast<std::size_t>(&f - e.fields.data());
  }

  void settle(const entity_type& e) {
    entity_sight& s = to_.entities_[e.number];
    gathered& g = gathered_[e.number];
    s.hidden = g.hidden || (!g.named && rights_.rest() == visibility::others::hidden);
    if (!g.permits.empty()) s.only.push_back(joined(std::move(g.permits), op::or_));
    if (s.hidden) s.only.clear();
  }

  bool is_masked(const entity_type& e, const field_type& f) const {
    return to_.on(e).masked[index_of(e, f)];
  }

  // A field that is computed from a masked one would tell of it.
  bool mask_what_follows() {
    bool more = false;
    for (const auto& e : model_.entities()) {
      if (e->about->internal) continue;
      for (const field_type& f : e->fields) {
        const expression* tree = e->computed(f);
        if (tree == nullptr || is_masked(*e, f)) continue;
        bool tells = false;
        tree_walk walk([&](const entity_type& of, const field_type& read) {
          tells = tells || (!of.about->internal && is_masked(of, read));
        });
        walk.read(*tree, *e);
        if (!tells) continue;
        to_.entities_[e->number].masked[index_of(*e, f)] = true;
        more = true;
      }
    }
    return more;
  }

  void alter(entity_sight& s, const field_type& f) {
    for (std::size_t i = 0; i < f.parts().size(); ++i) s.altered[f.slot + i] = true;
    s.any_altered = true;
  }

  void find_references(const entity_type& e) {
    entity_sight& s = to_.entities_[e.number];
    const bool any_hidden = std::any_of(to_.entities_.begin(), to_.entities_.end(),
                                        [](const auto& one) { return one.second.restricted(); });
    for (const field_type& f : e.fields) {
      if (!f.is_stored()) continue;
      if (is_masked(e, f)) {
        alter(s, f);
      } else if (f.target != nullptr && to_.on(*f.target).restricted()) {
        s.references.push_back({f.slot, f.target->number});
        alter(s, f);
      } else if (f.def->kind == kind_id::any_ref && any_hidden) {
        s.references.push_back({f.slot, 0});
        alter(s, f);
      }
    }
  }

  // Whether a field reads of what may be hidden: the end of a path, a relation, a reference.
  bool depends_on_hidden(const entity_type& e, const expression& tree) const {
    bool depends = false;
    tree_walk walk([&](const entity_type& of, const field_type& read) {
      if (&of != &e) depends = depends || to_.on(of).restricted();
      if (read.is_stored()) {
        depends = depends || to_.on(of).alters(read.slot);
      } else if (const expression* inner = of.computed(read)) {
        depends = depends || depends_on_hidden(of, *inner);
      }
    });
    walk.read(tree, e);
    return depends;
  }

  bool alter_what_follows() {
    bool more = false;
    for (const auto& e : model_.entities()) {
      if (e->about->internal) continue;
      entity_sight& s = to_.entities_[e->number];
      for (const field_type* f : e->stored_computed) {
        if (s.alters(f->slot) || !depends_on_hidden(*e, *e->computed(*f))) continue;
        alter(s, *f);
        more = true;
      }
    }
    return more;
  }

  void bind_computed(const entity_type& e) {
    entity_sight& s = to_.entities_[e.number];
    static const parameters nothing;
    for (const field_type* f : e.stored_computed) {
      if (!s.alters(f->slot) || is_masked(e, *f)) continue;
      entity_sight::computed_field& made = s.computed.emplace_back();
      made.field = f;
      made.from = bind_value({model_, nothing, to_.now_, zone_}, e, *e.computed(*f));
      for (const program& p : made.from.parts) note_reads(p.code, e.number, made);
    }
  }
  static void note_reads(std::span<const instruction> code, std::uint16_t entity,
                         entity_sight::computed_field& of) {
    for (std::size_t at = 0; at < code.size(); ++at) {
      const instruction& i = code[at];
      if (i.code == op::load) of.reads.emplace_back(entity, i.slot);
      if (i.code == op::load_path) {
        std::uint16_t here = entity;
        for (const instruction& hop : code.subspan(at + 1, i.count)) {
          of.reads.emplace_back(here, hop.slot);
          here = hop.entity;
        }
        of.reads.emplace_back(here, i.slot);
        at += i.count;
      }
      if (i.code != op::related) continue;
      of.reads.emplace_back(i.entity, i.slot);
      note_reads(code.subspan(at + 1, i.count + i.count2), i.entity, of);
      at += i.count + i.count2;
    }
  }

  sight& to_;
  const visibility& rights_;
  time_zone zone_;
  const model& model_;
  std::map<std::uint16_t, gathered> gathered_;
};

sight::sight(model_ptr of, const visibility& rights, instant now, time_zone zone)
    : model_(std::move(of)), now_(now) {
  sight_builder(*this, rights, zone).build();
}

}  // namespace kith::inline v1::detail
