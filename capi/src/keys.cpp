// SPDX-License-Identifier: Apache-2.0
//
// Numbers of entities, actions, reports and fields, found in a model.
#include "handles.hpp"

namespace kith::capi {
namespace {

constexpr std::uint32_t field_bits = 0xfff;

[[noreturn]] void no_entity(std::uint16_t number, const char* what) {
  throw error(error_code::not_found,
              "there is no " + std::string(what) + " " + std::to_string(number));
}

}  // namespace

const entity_type& entity_of(const model& of, std::uint16_t number) {
  if (const entity_type* const e = of.find(number)) return *e;
  no_entity(number, "entity");
}

const entity_type& described(const model& of, std::uint16_t number) {
  if (const entity_type* const e = of.find(number)) return *e;
  if (const action_type* const a = of.find_action(number)) return a->arguments;
  if (const report_type* const r = of.find_report(number)) return r->arguments;
  no_entity(number, "entity, action or report");
}

kith_field key_of(const entity_type& entity, const field_place& place) noexcept {
  const std::uint32_t part = place.part == whole_value ? 0u : place.part + 1u;
  return static_cast<std::uint32_t>(entity.number) << 16 | part << 12 | place.field->number();
}

field_place place_of(const entity_type& entity, kith_field key) {
  const auto number = static_cast<std::uint16_t>(key & field_bits);
  const std::uint32_t part = key >> 12 & 0xf;
  if (key >> 16 != entity.number) {
    misuse("field " + std::to_string(number) + " of entity " + std::to_string(key >> 16) +
           " is none of " + std::string(entity.name()) + ", which is entity " +
           std::to_string(entity.number));
  }
  const field_type* const f = entity.field(number);
  if (f == nullptr) {
    throw error(error_code::not_found,
                std::string(entity.name()) + " has no field " + std::to_string(number),
                {std::string(entity.name()), 0, {}});
  }
  if (part == 0) return {f, whole_value};
  const auto parts = f->parts();
  const bool has =
      f->is_stored() && part <= parts.size() && parts[part - 1].role == part_role::value;
  if (!has) {
    throw error(error_code::not_found,
                std::string(entity.name()) + "." + std::string(f->name()) + " has no part " +
                    std::to_string(part),
                {std::string(entity.name()), 0, std::string(f->name())});
  }
  return {f, static_cast<std::uint8_t>(part - 1)};
}

}  // namespace kith::capi
