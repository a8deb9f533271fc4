// SPDX-License-Identifier: Apache-2.0
//
// The binder: names. A path becomes a load of the cells where it ends, or the tree of a field that
// is computed on read.
#include "core/expression/operand.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

fragment binder::load(slot_number slot, storage type, const scope& in) const {
  instruction i = make(in.prefix.empty() ? op::load : op::load_path,
                       static_cast<std::uint32_t>(in.prefix.size()));
  i.slot = slot;
  i.type = type;
  i.entity = in.entity->number;
  fragment code{i};
  for (const hop& h : in.prefix) {
    instruction follow = make(op::hop);
    follow.slot = h.slot;
    follow.entity = h.entity;
    code.push_back(follow);
  }
  return code;
}

const entity_type& binder::follow(std::span<const key_ref> keys, scope& through, std::uint32_t at) {
  for (const key_ref& key : keys) {
    const field_type* f = through.entity->field(key.field);
    const bool known =
        key.owner == 0 ? key.entity == through.entity->number : key.owner == through.entity->type;
    if (!known || f == nullptr) {
      fail(at,
           "the path contains a field that is not one of " + std::string(through.entity->name()));
    }
    if (f->target == nullptr)
      fail(at, std::string(f->name()) + " is not a reference to one entity");
    reads_null(*through.entity, *f);
    through.prefix.push_back({f->slot, f->target->number});
    through.entity = f->target;
  }
  if (through.prefix.size() > 2 * limits{}.path_length) fail(at, "the path is too long");
  return *through.entity;
}

operand binder::path(std::span<const key_ref> keys, const scope& in, std::uint32_t at) {
  scope through = in;
  follow(keys.first(keys.size() - 1), through, at);
  const key_ref& last = keys.back();
  const bool known =
      last.owner == 0 ? last.entity == through.entity->number : last.owner == through.entity->type;
  if (!known)
    fail(at, "the path ends in a field that is not one of " + std::string(through.entity->name()));
  if (is_system_slot(last.field)) return system_cell(last.field, through, at);
  const field_type* f = through.entity->field(last.field);
  if (f == nullptr) fail(at, std::string(through.entity->name()) + " has no such field");
  return field_cells(*f, last.part, through, at);
}

// Behind a reference that is null there is nothing: no truth, not even a count.
fragment binder::behind(const scope& in, const fragment& code) const {
  if (in.prefix.empty()) return code;
  const fragment known = apply(apply(load(id_slot, storage::integer, in), op::is_null), op::not_);
  return apply(known, code, op::only_if);
}

operand binder::system_cell(slot_number slot, const scope& in, std::uint32_t at) {
  operand o;
  o.at = at;
  if (slot == deleted_slot) {
    o.type.kind = kind_id::boolean;
    o.cells.push_back(
        behind(in, apply(apply(load(slot, storage::integer, in), op::is_null), op::not_)));
  } else if (slot == created_slot) {
    o.type.kind = kind_id::instant;
    o.cells.push_back(apply(load(id_slot, storage::integer, in), op::creation));
  } else {
    o.type.kind = slot == id_slot ? kind_id::ref : kind_id::integer;
    o.type.target = slot == id_slot ? in.entity : nullptr;
    o.cells.push_back(load(slot, storage::integer, in));
  }
  return o;
}

// Whether the field is masked here; where it is not only shown, that is refused.
bool binder::reads_null(const entity_type& of, const field_type& f) const {
  if (context_.masks == nullptr || !context_.masks->masks(of, f)) return false;
  if (context_.masked_is_null) return true;
  throw error(error_code::denied,
              std::string(of.name()) + "." + std::string(f.name()) +
                  " is not shown to this session; leave it out of the question",
              {std::string(of.name()), 0, std::string(f.name())});
}

operand binder::field_cells(const field_type& f, std::uint8_t part, const scope& in,
                            std::uint32_t at) {
  const bool masked = reads_null(*in.entity, f);
  if (!f.is_stored() && !masked) {
    // Computed on read: its tree takes the place of its name.
    const expression* tree = in.entity->computed(f);
    if (tree == nullptr || computed_depth_ >= 8) {
      throw error(error_code::model, std::string(in.entity->name()) + "." + std::string(f.name()) +
                                         " is computed from itself");
    }
    ++computed_depth_;
    operand o = as_cells(bind(*tree, in));
    --computed_depth_;
    for (fragment& code : o.cells) {
      if (!code.empty()) code = behind(in, code);
    }
    o.at = at;
    o.field = &f;
    return o;
  }
  operand o;
  o.at = at;
  o.field = &f;
  const auto parts = f.parts();
  const auto load_part = [&](std::size_t i) {
    return masked ? constant(cell::null())
                  : load(static_cast<slot_number>(f.slot + i), parts[i].type, in);
  };
  if (part == whole_value) {
    o.type = {f.def->kind, f.def->options, f.target};
    for (std::size_t i = 0; i < parts.size(); ++i) o.cells.push_back(load_part(i));
    return o;
  }
  const bool keyed = part + 1u < parts.size() && parts[part + 1u].role == part_role::key;
  o.type.kind = parts[part].type == storage::text ? kind_id::text : kind_id::integer;
  o.type.options.folded = keyed;
  o.cells.push_back(load_part(part));
  if (keyed) o.cells.push_back(load_part(part + 1u));
  return o;
}

}  // namespace kith::inline v1::detail
