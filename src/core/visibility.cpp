// SPDX-License-Identifier: Apache-2.0
//
// The rules of a visibility that name entities and fields in words.
#include "kith/core/visibility.hpp"

namespace kith::inline v1 {
namespace {

visibility::rule named(std::string_view entity, visibility::rule::kind what) {
  visibility::rule r;
  r.entity = entity;
  r.what = what;
  return r;
}

}  // namespace

visibility& visibility::only(std::string_view entity, std::string_view condition,
                             parameters values) {
  rule r = named(entity, rule::kind::restrict);
  r.text = {std::string(condition), std::move(values)};
  return add(std::move(r));
}

visibility& visibility::permit(std::string_view entity, std::string_view condition,
                               parameters values) {
  rule r = named(entity, rule::kind::permit);
  r.text = {std::string(condition), std::move(values)};
  return add(std::move(r));
}

visibility& visibility::hide(std::string_view entity) {
  return add(named(entity, rule::kind::hide));
}

visibility& visibility::show(std::string_view entity) {
  return add(named(entity, rule::kind::show));
}

visibility& visibility::read_only(std::string_view entity) {
  return add(named(entity, rule::kind::read_only));
}

visibility& visibility::mask(std::string_view entity, std::string_view field) {
  rule r = named(entity, rule::kind::mask);
  r.field = field;
  return add(std::move(r));
}

}  // namespace kith::inline v1
