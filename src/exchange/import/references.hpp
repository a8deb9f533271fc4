// SPDX-License-Identifier: Apache-2.0
//
// Which record a text names: by natural key, by a field, or by another system's key. A name that
// comes a million times is looked up once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/import/external_keys.hpp"
#include "exchange/recent.hpp"

namespace kith::inline v1::detail {

/// How one column names records.
struct reference_plan {
  const entity_type* target = nullptr;
  field_place by;      ///< by this field …
  std::string source;  ///< … or by what this system calls it; neither: any natural key
  bool create_missing = false;
  bool may_come_later = false;  ///< rows to come may be what is named
  text_format format;
};

class reference_finder {
 public:
  struct answer {
    record_id id;         ///< none: see problem
    std::string problem;  ///< a sentence with the remedy
    bool ambiguous = false;
  };

  reference_finder(session& in, external_keys& keys, reference_plan plan);
  /// Stays until the next call. `may_be_id`: rather an id than a name.
  const answer& find(std::string_view text, bool may_be_id = false);
  /// Adds the record that nobody is; throws what adding throws.
  record_id create(std::string_view text);
  /// What create() added was taken back.
  void forget(std::string_view text) { known_.forget(text); }
  const reference_plan& plan() const noexcept { return plan_; }

 private:
  answer look_up(std::string_view text, bool may_be_id);
  row_ptr by_natural_key(std::string_view text);
  row_ptr by_field(std::string_view text);
  row_ptr by_id(std::string_view text);
  std::string nobody(std::string_view text);
  std::string near_names(std::string_view text);
  const field_type& created_field() const;

  session& session_;
  external_keys& keys_;
  model_ptr model_;
  reference_plan plan_;
  recent_by_text<answer> known_;
  answer latest_;
  any_draft scratch_;
  std::vector<std::string> titles_;  // of a small entity, for hints
  bool titles_read_ = false;
};

/// References that may name records of any entity: `client:ООО «Автопарк»`, `20:7301444403`.
class any_reference_finder {
 public:
  any_reference_finder(session& in, external_keys& keys, reference_plan plan);
  struct answer {
    std::uint16_t entity = 0;
    const reference_finder::answer* found = nullptr;
    bool may_come_later = false;
  };
  /// error_code::invalid when no entity is named.
  answer find(std::string_view text);

 private:
  answer find_by_key(std::string_view key);

  session& session_;
  external_keys& keys_;
  reference_plan plan_;  // its target is the entity that the import writes
  std::map<std::uint16_t, reference_finder> finders_;
  reference_finder::answer latest_;
};

/// Reads text into the whole field or the part of it; why it cannot be read, or nothing.
std::optional<std::string> read_text(const field_place& at, std::string_view text,
                                     const text_format& format, any_draft& d);

}  // namespace kith::inline v1::detail
