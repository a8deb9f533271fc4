// SPDX-License-Identifier: Apache-2.0
//
// Sessions, and what they may see.
#include "handles.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

time_zone zone_of(kith_text name) {
  const std::string_view zone = text_of(name, "the zone");
  return zone.empty() ? time_zone() : time_zone::named(zone);
}

kith_session* handle_of(session_ptr box) {
  auto made = std::make_unique<kith_session>();
  made->box = std::move(box);
  return made.release();
}

// A session of the past is another one, of the same store and zone.
kith_session* past_of(const session_box& now, session past) {
  return handle_of(std::make_shared<session_box>(session_box{now.crm, now.zone, std::move(past)}));
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_session_open(const kith_crm* crm, const kith_session_options* options,
                              kith_session** session, kith_error** err) {
  return guard(err, outs(session), [&] {
    need(session, "session");
    const crm_ptr& box = use(crm).box;
    const kith_session_options o = taken(options, "options");
    session_options plain;
    plain.actor = string_of(o.actor, "the actor");
    plain.actor_id = {o.actor_id};
    plain.zone = zone_of(o.zone);
    if (o.rights != nullptr) plain.sees = std::make_shared<const visibility>(use(o.rights).sees);
    const time_zone zone = plain.zone;
    *session = handle_of(std::make_shared<session_box>(
        session_box{box, zone, box->crm.open_session(std::move(plain))}));
    return KITH_OK;
  });
}

void kith_session_free(kith_session* session) { dispose(session); }

kith_status kith_session_interrupt(const kith_session* session, kith_error** err) {
  return guard(err, nothing, [&] {
    use(session).box->session.interrupt();
    return KITH_OK;
  });
}

kith_status kith_session_model(kith_session* session, kith_model** model, kith_error** err) {
  return guard(err, outs(model), [&] {
    need(model, "model");
    auto made = std::make_unique<kith_model>();
    made->model = session_of(session).model();
    *model = made.release();
    return KITH_OK;
  });
}

kith_status kith_session_sequence(kith_session* session, int64_t* sequence, kith_error** err) {
  return guard(err, outs(sequence), [&] {
    need(sequence, "sequence");
    *sequence = session_of(session).sequence();
    return KITH_OK;
  });
}

kith_status kith_session_sequence_at(kith_session* session, int64_t instant, int64_t* sequence,
                                     kith_error** err) {
  return guard(err, outs(sequence), [&] {
    need(sequence, "sequence");
    *sequence = session_of(session).sequence_at({instant});
    return KITH_OK;
  });
}

kith_status kith_session_now(kith_session* session, int64_t* instant, int32_t* day,
                             kith_error** err) {
  return guard(err, outs(instant, day), [&] {
    const kith::session& s = session_of(session);
    const std::int64_t now = s.now().microseconds;
    const std::int32_t today = s.today().days;
    if (instant != nullptr) *instant = now;
    if (day != nullptr) *day = today;
    return KITH_OK;
  });
}

kith_status kith_session_as_of(kith_session* session, int64_t instant, kith_session** past,
                               kith_error** err) {
  return guard(err, outs(past), [&] {
    need(past, "past");
    *past = past_of(*use(session).box, session_of(session).as_of(kith::instant{instant}));
    return KITH_OK;
  });
}

kith_status kith_session_at_sequence(kith_session* session, int64_t sequence, kith_session** past,
                                     kith_error** err) {
  return guard(err, outs(past), [&] {
    need(past, "past");
    *past = past_of(*use(session).box, session_of(session).as_of(sequence));
    return KITH_OK;
  });
}

kith_status kith_rights_new(int32_t others_hidden, kith_rights** rights, kith_error** err) {
  return guard(err, outs(rights), [&] {
    need(rights, "rights");
    auto made = std::make_unique<kith_rights>();
    using others = visibility::others;
    made->sees = visibility(others_hidden != 0 ? others::hidden : others::shown);
    *rights = made.release();
    return KITH_OK;
  });
}

kith_status kith_rights_add(kith_rights* rights, int32_t right, kith_text entity, kith_text what,
                            const kith_value* values, size_t value_count, kith_error** err) {
  return guard(err, nothing, [&] {
    visibility& sees = use(rights).sees;
    const std::string_view name = text_of(entity, "the entity's name");
    const std::string_view words = text_of(what, "the condition or field");
    parameters p;
    p.placed = values_of(values, value_count);
    switch (right) {
      case KITH_RIGHT_ONLY: sees.only(name, words, std::move(p)); break;
      case KITH_RIGHT_PERMIT: sees.permit(name, words, std::move(p)); break;
      case KITH_RIGHT_HIDE: sees.hide(name); break;
      case KITH_RIGHT_SHOW: sees.show(name); break;
      case KITH_RIGHT_READ_ONLY: sees.read_only(name); break;
      case KITH_RIGHT_MASK: sees.mask(name, words); break;
      default: misuse(std::to_string(right) + " is no right; it is KITH_RIGHT_ONLY to _MASK");
    }
    return KITH_OK;
  });
}

void kith_rights_free(kith_rights* rights) { dispose(rights); }
