// SPDX-License-Identifier: Apache-2.0
//
// An open store from outside.
#include "kith/core/crm.hpp"

#include "core/audit/check.hpp"
#include "core/session/state.hpp"
#include "core/session/verify.hpp"

namespace kith::inline v1 {

crm::crm(std::unique_ptr<store> rows, crm_options options)
    : engine_(std::make_shared<engine>(std::move(rows), std::move(options))) {}
crm::crm(crm&&) noexcept = default;
crm& crm::operator=(crm&&) noexcept = default;
crm::~crm() = default;

session crm::open_session(session_options options) {
  engine_->rows().check();
  auto made = std::make_shared<session::state>(engine_, std::move(options));
  if (made->options.sees != nullptr) made->sees();  // what does not fit the model is said at once
  return session(std::move(made));
}

model_ptr crm::model() const { return engine_->model(); }
const capabilities& crm::can() const noexcept { return engine_->rows().can(); }
void crm::save() { engine_->rows().save(); }

outcome crm::outcome_of(std::string_view operation_key) {
  session s = open_session();
  const session::state::guard inside(s.internals());
  return s.internals().sequence_of(operation_key) ? outcome::committed : outcome::absent;
}

std::shared_ptr<void> crm::subscribe(change_listener listener) {
  return engine_->subscribers().listen(std::move(listener));
}

std::shared_ptr<void> crm::subscribe_veto(commit_veto veto) {
  return engine_->subscribers().veto(std::move(veto));
}

void crm::backup(const std::string& path) {
  engine_->rows().check();
  engine_->rows().backup(path, [&](std::unique_ptr<store> copy) {
    detail::check_copy(*engine_, std::move(copy), path);
  });
}

void crm::write_views() { engine_->write_views(); }

void crm::host_committed() { engine_->host_committed(); }

verification crm::verify() {
  session s = open_session();
  const session::state::guard inside(s.internals());
  return detail::verify(s.internals());
}

void crm::compact() {
  engine_->rows().check();
  if (engine_->options().read_only) {
    throw error(error_code::read_only, "the store was opened for reading; open it for writing");
  }
  engine_->rows().compact();
}

audit_anchor crm::newest_anchor() {
  session s = open_session();
  const session::state::guard inside(s.internals());
  return detail::newest_anchor(s.internals());
}

audit_check crm::check_audit(const audit_anchor& kept) {
  session s = open_session();
  const session::state::guard inside(s.internals());
  return detail::check_audit(s.internals(), kept);
}

}  // namespace kith::inline v1
