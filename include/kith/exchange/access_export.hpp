// SPDX-License-Identifier: Apache-2.0
//
// Everything that a store has about a person, as files that a person can read and another store can
// import: GDPR 15 and 20.
//
//   for (const access_file& f : access_export(s, s.model()->entity("client"), id)) {
//     write(f.name, f.csv);
//   }
//
// The records are those of session.about(), deleted ones included, with every value but those that
// are computed. Records that they name come along: stages, products and the like whole; other
// persons only with what a record of theirs cannot be without, such as the name of the user who is
// responsible. Records are known by their ids; files come in an order in which they can be
// imported, each with access_import().
#pragma once

#include <string>
#include <vector>

#include "kith/exchange/import.hpp"

namespace kith::inline v1 {

struct access_file {
  std::string name;    ///< `client.csv`; of records that are only named: `named_user.csv`
  std::string entity;  ///< by name
  bool named = false;  ///< not about the person
  std::uint64_t records = 0;
  std::string csv;
};

/// error_code::not_found; denied for a session that does not see everything.
std::vector<access_file> access_export(session& from, const entity_type& entity, record_id subject);

/// How import_csv() reads such a file: ids of the other store become external references of the
/// system `source`.
import_options access_import(const model& of, const access_file& file,
                             const std::string& source = "access");

}  // namespace kith::inline v1
