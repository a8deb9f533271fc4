// SPDX-License-Identifier: Apache-2.0
//
// Erasure through a session: what session.erase() and its neighbours do.
//
//   erase.cpp      one person out of records, history and feed, in one transaction
//   proof.cpp      the reports, as they are kept
//   holds.cpp      legal holds
//   retention.cpp  what is due, and erasing it
//   reapply.cpp    the erasures once more, after an older backup was restored
#pragma once

#include <optional>
#include <set>

#include "core/erasure/file.hpp"
#include "core/session/state.hpp"
#include "kith/core/erasure.hpp"

namespace kith::inline v1::detail {

erasure_report erase_subject(session::state& s, const entity_type& given, record_id subject,
                             erase_options options);
std::vector<subject_records> about(session::state& s, const entity_type& given, record_id subject);

// proof.cpp
void write_proof(session::state& s, const erasure_report& r, std::uint16_t entity);
std::vector<erasure_report> proofs(session::state& s);
/// Whether the change set of this sequence erased somebody.
bool is_erasure(connection& through, const model& of, std::int64_t sequence);

// holds.cpp
void hold(session::state& s, const entity_type& given, record_id record, std::string_view reason);
void release(session::state& s, const entity_type& given, record_id record);
std::vector<legal_hold> holds(session::state& s);
/// error_code::denied when one of the records is held.
void require_no_hold(session::state& s, const std::vector<member>& members);

// retention.cpp
std::vector<record_id> due(session::state& s, const retention_rule& rule);
std::vector<erasure_report> apply(session::state& s, const retention_rule& rule, std::size_t most);

/// error_code::invalid unless the words are UTF-8 text without NUL.
void check_words(std::string_view what, std::string_view text);

}  // namespace kith::inline v1::detail
