// SPDX-License-Identifier: Apache-2.0
//
// The record of an import.
#include "exchange/import/batch.hpp"

namespace kith::inline v1::detail {
namespace {

// A prefix of whole characters, for fields of limited length.
std::string_view front_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace

batch_record::batch_record(session& in, bool keep) : session_(in), model_(in.model()) {
  if (keep) entity_ = model_->find("import_batch");
}

void batch_record::put(any_draft& d, std::string_view field, cell value) const {
  const auto at = entity_->find_field(field);
  if (at && at->part == whole_value && at->field->is_stored()) d.put(at->field->slot, value);
}

record_id batch_record::begin(std::string_view format, std::string_view file,
                              std::string_view entity) {
  if (entity_ == nullptr) return {};
  any_draft d;
  put(d, "format", cell::text(front_of(format, 40)));
  if (!file.empty()) put(d, "file_name", cell::text(front_of(file, 1000)));
  put(d, "entity", cell::text(front_of(entity, 60)));
  id_ = session_.add_row(*entity_, d)->id();
  return id_;
}

void batch_record::count(const import_result& so_far) {
  if (!id_ || so_far.rows == counted_) return;
  counted_ = so_far.rows;
  any_draft d;
  const auto number = [](std::uint64_t n) { return cell::integer(static_cast<std::int64_t>(n)); };
  put(d, "inserted", number(so_far.inserted));
  put(d, "updated", number(so_far.updated));
  put(d, "unchanged", number(so_far.unchanged));
  put(d, "failed", number(so_far.failed));
  session_.update_row(*entity_, id_, d);
}

void batch_record::finish() {
  if (!id_) return;
  any_draft d;
  put(d, "finished", cell::integer(session_.now().microseconds));
  session_.update_row(*entity_, id_, d);
}

}  // namespace kith::inline v1::detail
