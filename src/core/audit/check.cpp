// SPDX-License-Identifier: Apache-2.0
//
// From set to set: each digest is computed again from the one that is stored before it, so that one
// wrong set is one finding.
#include "core/audit/check.hpp"

#include "core/audit/pieces.hpp"
#include "core/checksum.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {

using system::change_chunk;
using system::change_set_row;

namespace {

constexpr std::size_t most_findings = 1000;

constexpr const char* somebody =
    "somebody changed the store without its key, or it is damaged, or the key is another one: "
    "compare it with a backup and with crm.verify()";

std::string names_of(std::int64_t from, std::int64_t to) {
  if (from == to) return "the change set " + std::to_string(from) + " is";
  return "the change sets " + std::to_string(from) + " to " + std::to_string(to) + " are";
}

class chain_check {
 public:
  chain_check(session::state& s, const audit_key& key, const audit_anchor& kept)
      : s_(s),
        key_(key),
        kept_(kept),
        sets_(s.model->entity<change_set_row>()),
        chunks_(s.model->entity<change_chunk>()) {}

  audit_check run() {
    scan_request ids;
    ids.entity = &sets_;
    ids.rows = lifecycle::all;
    const slot_number slots[] = {change_set_row::at.slot()};
    ids.slots = slots;
    const auto cursor = s_.rows().scan(ids);
    while (const row_ptr r = cursor->next()) look(r->id());
    end();
    return std::move(result_);
  }

 private:
  void wrong(std::int64_t sequence, std::string what) {
    if (result_.found.size() == most_findings) return;
    result_.found.push_back({"change_set", {sequence}, std::move(what), somebody});
  }

  void look(record_id id) {
    const row_ptr set = s_.rows().get(sets_, id);
    if (!set) return;
    const std::int64_t sequence = id.value;
    ++result_.sets;
    const bool follows = begin(sequence, *set);
    try {
      check(sequence, *set, follows);
    } catch (const error& e) {
      if (e.code() != error_code::damaged) throw;
      wrong(sequence, "its changes cannot be read: " + e.message());
    }
    before_ = set->text(change_set_row::digest.slot());
    last_ = sequence;
    if (sequence == kept_.count && before_ != kept_.head) {
      wrong(sequence, "its digest is not the one of the anchor that was kept");
    }
  }

  // Whether the digest before this set is known.
  bool begin(std::int64_t sequence, const row& set) {
    const bool has_cut = set.has(change_set_row::cut.slot());
    if (last_ != 0 || sequence == 1) {
      if (has_cut) wrong(sequence, "it says that the chain begins with it, which is not so");
    }
    if (last_ != 0) {
      if (sequence == last_ + 1) return true;
      wrong(sequence, names_of(last_ + 1, sequence - 1) + " missing before it");
      return false;
    }
    result_.first = sequence;
    before_ = std::string(digest_bytes, '\0');
    if (sequence == 1) return true;
    before_ = digest_before_cut(key_, sequence, set.text(change_set_row::cut.slot()));
    if (before_.empty()) {
      wrong(sequence, names_of(1, sequence - 1) + " missing, and were not trimmed with the key");
      return false;
    }
    if (kept_.count == sequence - 1 && before_ != kept_.head) {
      wrong(sequence, "the digest before it is not the one of the anchor that was kept");
    }
    return true;
  }

  void check(std::int64_t sequence, const row& set, bool follows) {
    if (!is_as_written(sets_, set, sequence)) {
      wrong(sequence, "its system cells or its checksum are not those that were written");
    }
    if (!set.has(change_set_row::digest.slot())) {
      wrong(sequence, "it has no digest");
      return;
    }
    const set_pieces pieces = pieces_of(s_.rows(), *s_.model, set);
    for (const sealed_piece& p : pieces.all) {
      if (const std::string what = wrong_seals(key_, sequence, p); !what.empty()) {
        wrong(sequence, what);
      }
    }
    for (const row_ptr& chunk : pieces.chunks) {
      if (!is_as_written(chunks_, *chunk, sequence)) {
        wrong(sequence, "a piece of it is not as it was written");
      }
    }
    const std::string digest = digest_of_set(key_, before_, set, pieces.all);
    if (follows && digest != set.text(change_set_row::digest.slot())) {
      wrong(sequence, "its digest is not that of what it says, behind the set before it");
    }
  }

  static bool is_as_written(const entity_type& e, const row& r, std::int64_t sequence) {
    const system_cells& c = r.system();
    return c.revision == sequence && c.created == sequence && c.deleted == 0 && !c.merged_into &&
           c.checksum == checksum_of(e, r);
  }

  void end() {
    if (kept_.count > last_) {
      wrong(last_, names_of(last_ + 1, kept_.count) + " missing: the anchor that was kept is of " +
                       std::to_string(kept_.count));
    }
  }

  session::state& s_;
  const audit_key& key_;
  const audit_anchor& kept_;
  const entity_type& sets_;
  const entity_type& chunks_;
  audit_check result_;
  std::string before_;
  std::int64_t last_ = 0;
};

}  // namespace

audit_anchor newest_anchor(session::state& s) {
  return s.at_one_instant([&] {
    const std::int64_t newest = engine::head_of(s.rows(), *s.model).sequence;
    const row_ptr set = s.rows().get(s.model->entity<change_set_row>(), {newest});
    if (!set || !set->has(change_set_row::digest.slot())) {
      throw error(error_code::unsupported,
                  "the store has no audit chain; a new store gets one by crm_options.audit_key");
    }
    return audit_anchor{newest, std::string(set->text(change_set_row::digest.slot()))};
  });
}

audit_check check_audit(session::state& s, const audit_anchor& kept) {
  if (s.eng->audit() == nullptr) {
    throw error(error_code::denied,
                "the audit chain is checked with its key: open the store with "
                "crm_options.audit_key");
  }
  return s.at_one_instant([&] { return chain_check(s, *s.eng->audit(), kept).run(); });
}

}  // namespace kith::inline v1::detail
