// SPDX-License-Identifier: Apache-2.0
//
// The one header of a host: the core, the standard entities with their actions and reports, the
// formats and the stores.
//
//   #include <kith/kith.hpp>
//   using namespace kith;
//
//   crm base = kith::open("shop.kith");
//   session s = base.open_session({.actor = "anna"});
//   record<client> acme = s.add(client::name = "ООО «Автопарк»", client::city = "Омск");
#pragma once

#include <string_view>

#include "kith/analytics/standard.hpp"
#include "kith/core/crm.hpp"
#include "kith/domain/standard.hpp"
#include "kith/exchange/access_export.hpp"
#include "kith/exchange/arrow.hpp"
#include "kith/exchange/csv.hpp"
#include "kith/storage/sqlite.hpp"

namespace kith::inline v1 {

/// Opens a store with the standard entities and those of the options:
///
///   "shop.kith"             a SQLite file, made when it does not exist
///   ":memory:"              rows in the memory of the process, gone with it
///   "memory:demo.snapshot"  the same, loaded from a file and written by save()
///   "sqlite::memory:"       SQLite without a file
///
/// error_code::foreign, newer, damaged, storage, read_only, model.
crm open(std::string_view where, crm_options options = {});
/// The same in a store that the host has opened, such as open_sqlite() with settings of its own.
crm open(std::unique_ptr<store> rows, crm_options options = {});

/// The same as a guest on a host's own SQLite connection, inside the host's transactions; see
/// open_sqlite_guest().
crm open_guest(::sqlite3* database, crm_options options = {}, sqlite_guest_options guest = {});

}  // namespace kith::inline v1
