// SPDX-License-Identifier: Apache-2.0
//
// Looking up what references name.
#include "exchange/import/references.hpp"

#include <algorithm>
#include <charconv>

#include "exchange/import/problems.hpp"
#include "exchange/lookup.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::size_t kept_names = 16'384;
constexpr std::size_t most_titles = 200;  // of an entity so small that hints cost little

std::string article(const entity_type& e) { return "a " + std::string(e.name()); }

}  // namespace

std::optional<std::string> read_text(const field_place& at, std::string_view text,
                                     const text_format& format, any_draft& d) {
  const field_type& f = *at.field;
  draft_sink sink(d, f.slot);
  if (at.part == whole_value) return f.kind().parse(f.def->options, text, format, sink);
  if (f.parts()[at.part].type != storage::text) return "cannot be given in parts";
  sink.put(at.part, text.empty() ? cell::null() : cell::text(text));
  return {};
}

reference_finder::reference_finder(session& in, external_keys& keys, reference_plan plan)
    : session_(in), keys_(keys), model_(in.model()), plan_(std::move(plan)), known_(kept_names) {
  if (!plan_.source.empty()) keys_.require();
}

const reference_finder::answer& reference_finder::find(std::string_view text, bool may_be_id) {
  if (const answer* known = known_.find(text)) return *known;
  latest_ = look_up(text, may_be_id);
  // Rows give and take the names of their own entity's records; keys of other systems stay.
  const bool renamed = plan_.may_come_later && plan_.source.empty();
  // Somebody who is not there yet may be there when the name comes again.
  const bool may_change = plan_.may_come_later || plan_.create_missing;
  if (renamed || (!latest_.id && may_change)) return latest_;
  return known_.put(text, latest_);
}

reference_finder::answer reference_finder::look_up(std::string_view text, bool may_be_id) {
  try {
    row_ptr found;
    if (!plan_.source.empty()) {
      const auto record = keys_.find(plan_.source, text);
      if (record && record->entity != plan_.target->number) {
        const entity_type* other = model_->find(record->entity);
        return {{},
                plan_.source + " calls " + (other ? article(*other) : "another record") + " '" +
                    shortened(text) + "', not " + article(*plan_.target) + "; correct the key",
                true};
      }
      if (record) found = session_.find_row(*plan_.target, record->id);
    } else if (plan_.by.field != nullptr) {
      found = by_field(text);
    } else {
      if (may_be_id) found = by_id(text);
      if (!found) found = by_natural_key(text);
    }
    if (found && found->live()) return {found->id(), {}, false};
  } catch (const error& e) {
    if (!is_about_the_row(e)) throw;
    return {{}, refused(text, "may be one of several: " + e.message()), true};
  }
  return {{}, nobody(text), false};
}

row_ptr reference_finder::by_field(std::string_view text) {
  scratch_.clear();
  if (read_text(plan_.by, text, plan_.format, scratch_)) return {};
  return find_record(session_, *plan_.target, plan_.by, scratch_);
}

row_ptr reference_finder::by_natural_key(std::string_view text) {
  for (const field_type* f : plan_.target->natural_keys) {
    scratch_.clear();
    const field_place whole{f, whole_value};
    if (read_text(whole, text, plan_.format, scratch_)) continue;
    if (row_ptr found = find_record(session_, *plan_.target, whole, scratch_)) return found;
  }
  return by_id(text);
}

// Ids are so large that no number which people give is one.
row_ptr reference_finder::by_id(std::string_view text) {
  std::int64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  if (read.ec != std::errc{} || read.ptr != end || id < 1'000'000'000) return {};
  return session_.find_row(*plan_.target, {id});
}

std::string reference_finder::nobody(std::string_view text) {
  const std::string target(plan_.target->name());
  const std::string shown = "'" + shortened(text) + "'";
  const std::string remedy = "add it first, or set create_missing for this column";
  if (!plan_.source.empty()) {
    return plan_.source + " calls no " + target + " " + shown + "; " + remedy;
  }
  if (plan_.by.field != nullptr) {
    return "no " + target + " has the " + std::string(plan_.by.field->name()) + " " + shown + "; " +
           remedy;
  }
  if (plan_.target->natural_keys.empty()) {
    return shown + " is not the id of a " + target + ", and " +
           std::string(plan_.target->plural()) + " have no natural key; give an id";
  }
  const std::string hint = near_names(text);
  return "no " + target + " is called " + shown + "; " + (hint.empty() ? "" : hint + " Or ") +
         remedy;
}

std::string reference_finder::near_names(std::string_view text) {
  const auto title = plan_.target->find_field(plan_.target->about->title);
  if (!title || !title->field->is_stored()) return {};
  if (!titles_read_) {
    titles_read_ = true;
    query_spec all;
    all.entity = plan_.target;
    all.limit = most_titles + 1;
    const auto rows = open_query(session_, model_, std::move(all)).run();
    while (const row_ptr r = rows->next()) {
      titles_.push_back(value_at(*title, any_draft(r)).to_string());
    }
    if (titles_.size() > most_titles) titles_.clear();
  }
  const std::vector<std::string_view> views(titles_.begin(), titles_.end());
  return did_you_mean(text, views);
}

// The field that a new record has its name in.
const field_type& reference_finder::created_field() const {
  if (plan_.by.field != nullptr) return *plan_.by.field;
  const auto& natural = plan_.target->natural_keys;
  const auto title = std::find_if(natural.begin(), natural.end(), [&](const field_type* f) {
    return f->name() == plan_.target->about->title;
  });
  if (title != natural.end()) return **title;
  if (!natural.empty()) return *natural.front();
  throw error(error_code::invalid, std::string(plan_.target->plural()) +
                                       " have no natural key: nobody can be added by a name alone");
}

record_id reference_finder::create(std::string_view text) {
  any_draft d;
  const field_place at =
      plan_.by.field != nullptr ? plan_.by : field_place{&created_field(), whole_value};
  if (const auto problem = read_text(at, text, plan_.format, d)) {
    throw error(error_code::invalid, refused(text, *problem));
  }
  const record_id id = session_.add_row(*plan_.target, d)->id();
  if (!plan_.source.empty()) keys_.add(plan_.source, text, {plan_.target->number, id});
  known_.put(text, {id, {}, false});
  return id;
}

// ---------------------------------------------------------------------------------- of any entity

any_reference_finder::any_reference_finder(session& in, external_keys& keys, reference_plan plan)
    : session_(in), keys_(keys), plan_(std::move(plan)) {
  if (!plan_.source.empty()) keys_.require();
}

// The key's system knows the entity.
any_reference_finder::answer any_reference_finder::find_by_key(std::string_view key) {
  const auto record = keys_.find(plan_.source, key);
  latest_ = {};
  if (record) {
    latest_.id = record->id;
  } else {
    latest_.problem = plan_.source + " calls no record '" + shortened(key) + "'; add it first";
  }
  return {record ? record->entity : std::uint16_t{0}, &latest_, true};
}

any_reference_finder::answer any_reference_finder::find(std::string_view text) {
  if (!plan_.source.empty()) return find_by_key(text);
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const entity_type* target = nullptr;
  unsigned number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool by_number = read.ec == std::errc{} && read.ptr == name.data() + name.size();
  if (colon != std::string_view::npos) {
    target = by_number && number <= 0xffff
                 ? session_.model()->find(static_cast<std::uint16_t>(number))
                 : session_.model()->find(name);
  }
  if (target == nullptr || target->about->internal) {
    throw error(error_code::invalid,
                refused(text,
                        "names no entity; write its name and a colon before the record's, "
                        "such as client:ООО «Ромашка»"));
  }
  auto known = finders_.find(target->number);
  const bool later = target == plan_.target;
  if (known == finders_.end()) {
    reference_plan one = plan_;
    one.target = target;
    one.may_come_later = later;
    known = finders_
                .emplace(std::piecewise_construct, std::forward_as_tuple(target->number),
                         std::forward_as_tuple(session_, keys_, std::move(one)))
                .first;
  }
  return {target->number, &known->second.find(text.substr(colon + 1)), later};
}

}  // namespace kith::inline v1::detail
