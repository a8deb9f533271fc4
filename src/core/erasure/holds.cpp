// SPDX-License-Identifier: Apache-2.0
//
// Legal holds: rows of the engine's own, under the id of the record that is held. Each leaves a
// change set, without entries, that says who held or released what.
#include "core/erasure/erase.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {

using system::legal_hold_row;

namespace {

std::string named(const entity_type& e, record_id id) {
  return "the " + std::string(e.name()) + " " + std::to_string(id.value);
}

row_ptr hold_of(session::state& s, record_id id) {
  return s.rows().get(s.model->entity<legal_hold_row>(), id);
}

// A transaction of its own tells in its reason what it did.
void tell(session::state& s, bool own, std::string reason) {
  s.tx->wrote = true;
  if (own && s.tx->options.reason.empty()) s.tx->options.reason = std::move(reason);
}

}  // namespace

void hold(session::state& s, const entity_type& given, record_id id, std::string_view reason) {
  s.require_full_sight("hold records");
  check_words("reason", reason);
  const bool own = s.tx == nullptr;
  s.in_transaction(false, [&] {
    const entity_type& e = s.newest(given);
    if (e.about->internal || !s.rows().get(e, id)) {
      throw error(error_code::not_found, "there is no " + named(e, id).substr(4),
                  {std::string(e.name()), id.value, {}});
    }
    if (hold_of(s, id)) {
      throw error(error_code::exists, named(e, id) + " is held already; release it first",
                  {std::string(e.name()), id.value, {}});
    }
    const entity_type& holds = s.model->entity<legal_hold_row>();
    const cell cells[] = {cell::integer(e.number),
                          reason.empty() ? cell::null() : cell::text(reason),
                          cell::integer(s.tx->at.microseconds)};
    const std::int64_t now = s.tx->sequence;
    s.rows().write(
        {&holds, {}, internal_row(holds, {.id = id, .revision = now, .created = now}, cells), {}});
    tell(s, own, "legal hold on " + named(e, id));
  });
}

void release(session::state& s, const entity_type& given, record_id id) {
  s.require_full_sight("release records");
  const bool own = s.tx == nullptr;
  s.in_transaction(false, [&] {
    const entity_type& e = s.newest(given);
    const row_ptr held = hold_of(s, id);
    if (!held || held->integer(legal_hold_row::entity.slot()) != e.number) {
      throw error(error_code::not_found, named(e, id) + " is not held",
                  {std::string(e.name()), id.value, {}});
    }
    s.rows().erase(s.model->entity<legal_hold_row>(), id);
    tell(s, own, "release of " + named(e, id));
  });
}

std::vector<legal_hold> holds(session::state& s) {
  return s.at_one_instant([&] {
    const entity_type& e = s.model->entity<legal_hold_row>();
    std::vector<legal_hold> all;
    if (!s.rows().has(e)) return all;  // an older store, opened for reading
    scan_request request;
    request.entity = &e;
    const auto cursor = s.rows().scan(request);
    while (const row_ptr r = cursor->next()) {
      legal_hold& h = all.emplace_back();
      const auto number = static_cast<std::uint16_t>(r->integer(legal_hold_row::entity.slot()));
      if (const entity_type* of = s.model->find(number)) h.entity = of->name();
      h.record = r->id();
      h.reason = r->text(legal_hold_row::reason.slot());
      h.since = {r->integer(legal_hold_row::since.slot())};
    }
    return all;
  });
}

void require_no_hold(session::state& s, const std::vector<member>& members) {
  for (const member& m : members) {
    const row_ptr held = hold_of(s, m.id);
    if (!held) continue;
    const std::string why(held->text(legal_hold_row::reason.slot()));
    throw error(error_code::denied,
                named(*m.entity, m.id) + " is under a legal hold" +
                    (why.empty() ? "" : " (" + why + ")") +
                    ": nothing about the person is erased until session.release()",
                {std::string(m.entity->name()), m.id.value, {}});
  }
}

}  // namespace kith::inline v1::detail
