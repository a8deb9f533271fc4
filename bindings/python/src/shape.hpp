// SPDX-License-Identifier: Apache-2.0
//
// An entity as Python sees it: a class of records, with an attribute for each field and flat part.
// It belongs to one version of a model; the class owns it and lives as long as any record of it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/record.hpp"
#include "python.hpp"

namespace kith::python {

struct shape;

/// A field, a flat part of one, or (`client_id`) the bare id of a reference, under a name.
struct attribute {
  const shape* of = nullptr;
  const field_type* field = nullptr;
  std::uint8_t part = whole_value;
  bool bare_id = false;
  bool many = false;  ///< a relation: `related` says which
  const relation_type* related = nullptr;
  kind_id kind = kind_id::text;
  slot_number slot = no_slot;
  PyObject* name = nullptr;     ///< interned
  PyObject* choices = nullptr;  ///< {number: enum member}, made when first needed
  std::string text{};           ///< the name, for C
  std::string doc{};
};

struct shape {
  model_ptr model;
  const entity_type* entity = nullptr;
  PyTypeObject* type = nullptr;  ///< owns this
  PyObject* names = nullptr;     ///< {name: index into attributes}
  std::vector<attribute> attributes;
  std::vector<PyGetSetDef> getters;
  std::string type_name, type_doc;

  shape() = default;
  shape(const shape&) = delete;
  ~shape();
  /// The attribute of this name, or null.
  const attribute* find(PyObject* name) const;
  /// The same, or the exception with near names.
  const attribute& at(PyObject* name) const;
};

/// The classes of one model, made when they are needed.
class shapes {
 public:
  explicit shapes(model_ptr of) : model_(std::move(of)) {}
  ~shapes();
  const model_ptr& model() const noexcept { return model_; }
  const shape& of(const entity_type& e);

 private:
  model_ptr model_;
  std::unordered_map<std::uint16_t, const shape*> made_;  // each holds its class
};

}  // namespace kith::python
