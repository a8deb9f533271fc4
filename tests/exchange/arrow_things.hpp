// SPDX-License-Identifier: Apache-2.0
//
// An entity of users with a field of every kind, and three records of it: ordinary, empty, extreme.
#pragma once

#include "kith/core/session.hpp"

namespace kith::lab {

inline void add_things(session& s) {
  custom_entity e{.name = "x_thing", .plural = "x_things"};
  const auto add = [&](const char* name, kind_id kind, std::int8_t scale = 0) {
    custom_field f;
    f.name = name;
    f.kind = kind;
    f.options.scale = scale;
    e.fields.push_back(std::move(f));
  };
  add("x_text", kind_id::text);
  add("x_mail", kind_id::email);
  add("x_tel", kind_id::phone);
  add("x_site", kind_id::url);
  add("x_count", kind_id::integer);
  add("x_real", kind_id::real);
  add("x_ratio", kind_id::decimal, 3);
  add("x_yes", kind_id::boolean);
  add("x_day", kind_id::date);
  add("x_at", kind_id::instant);
  add("x_long", kind_id::duration);
  add("x_price", kind_id::money, currency_scale);
  add("x_fee", kind_id::money, 2);
  add("x_size", kind_id::choice);
  e.fields.back().choices = {{"small", "малый"}, {"large", "большой"}};
  add("x_bytes", kind_id::blob);
  add("x_who", kind_id::person_name);
  add("x_home", kind_id::postal_address);
  add("x_client", kind_id::ref);
  e.fields.back().target = "client";
  add("x_about", kind_id::any_ref);
  s.add_entity(e);
}

inline constexpr const char* things_file =
    "x_text,x_mail,x_tel,x_site,x_count,x_real,x_ratio,x_yes,x_day,x_at,x_long,x_price,x_fee,"
    "x_size,x_bytes,x_who.last_name,x_who.first_name,x_home.city,x_home.postal_code,x_client,"
    "x_about\n"
    "Ёлка,a@b.ru,+7 3812 12-34-56,https://kith.example,9223372036854775807,-0.5,-12.345,yes,"
    "0001-01-01,2026-03-31T15:00:00.25+06:00,1h 30min,12500.50 EUR,-0.01 USD,large,00ff,Иванова,"
    "Анна,Омск,644000,Омега,client:Омега\n"
    ",,,,,,,,,,,,,,,,,,,,\n"
    "b,,,,-1,1e300,0,no,9999-12-31,1969-12-31T23:59:59.999999Z,-1s,7 JPY,0 KWD,small,,,,,,,\n";

}  // namespace kith::lab
