// SPDX-License-Identifier: Apache-2.0
//
// All records about one person, as they are now: the person's own, those that were merged into it,
// what it owns, what hangs on that, and what names it; deleted ones included.
//
// Costs: a look-up by index for each record and reference, and one walk over the deleted records of
// each entity that may refer to a person.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "core/erasure/persons.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

/// What becomes of a record when the person is erased.
enum class fate : std::uint8_t {
  goes,   ///< it is removed, with all values that it ever had
  shell,  ///< it would go, but what stays names it: emptied and deleted
  stays,  ///< emptied
};

struct member {
  const entity_type* entity = nullptr;
  record_id id;
  fate becomes = fate::stays;
};

class subject_file {
 public:
  subject_file(connection& through, const model& of, const persons& who);

  /// Collects the file of this record, which is there.
  void collect(const entity_type& e, record_id id);
  /// The person's own record first, then in the order of entities and ids.
  std::vector<member> members() const;

 private:
  using key = std::pair<std::uint16_t, std::int64_t>;
  enum class reach : std::uint8_t { near, part, own };
  struct place {
    fate becomes = fate::stays;
    reach how = reach::near;
  };

  void follow(const entity_type& e, const std::vector<std::int64_t>& ids, reach how);
  void add(const entity_type& e, std::int64_t id, place p);
  void add_merged(const entity_type& e, record_id id);
  void keep_what_is_named();
  bool is_named_by_what_stays(const entity_type& e, std::int64_t id);
  /// Calls `visit` with each record of the entity that names one of these through the field.
  void each_naming(const referrer& from, const entity_type& named,
                   const std::vector<std::int64_t>& ids,
                   const std::function<bool(std::int64_t)>& visit);
  bool scan(const entity_type& e, lifecycle rows, std::span<const program> conditions,
            std::span<const slot_number> slots, const std::function<bool(const row&)>& visit);

  connection& connection_;
  const model& model_;
  const persons& persons_;
  bool wide_ = false;  // the subject is a party: who names it tells of it
  key first_{};
  std::map<key, place> members_;
  std::vector<std::pair<key, reach>> next_;
};

}  // namespace kith::inline v1::detail
