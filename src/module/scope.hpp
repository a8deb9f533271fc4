// SPDX-License-Identifier: Apache-2.0
//
// What a callback of a module sees while it runs. Each sort of callback answers what it can; the
// rest is refused with the name of the function.
#pragma once

#include <deque>
#include <exception>
#include <optional>
#include <string>

#include "kith/core/action.hpp"
#include "kith/core/report.hpp"
#include "kith/core/rule.hpp"
#include "kith/core/session.hpp"
#include "kith_plugin.h"
#include "module/values.hpp"

/// The plug-in sees only its address.
struct kith_scope {
  explicit kith_scope(std::string its_name) : name(std::move(its_name)) {}
  kith_scope(const kith_scope&) = delete;
  kith_scope& operator=(const kith_scope&) = delete;
  virtual ~kith_scope() = default;

  virtual kith::value get(std::string_view path) = 0;
  virtual kith::value old(std::string_view) { not_here("get_old"); }
  virtual kith::value argument(std::string_view) { not_here("argument"); }
  virtual bool changed(std::string_view) { not_here("changed"); }
  virtual bool is_new() { not_here("is_new"); }
  virtual kith::record_id id() = 0;
  virtual void set(std::string_view, const kith_value&) { not_here("set"); }
  virtual void refuse(std::string_view, std::string) { not_here("refuse"); }
  virtual kith::instant now() = 0;
  virtual kith::date today() = 0;
  virtual std::string_view actor() = 0;
  /// For other records; `function` is what was called.
  virtual kith::session& session(const char* function) = 0;
  virtual kith::table& answer() { not_here("column, row"); }
  virtual bool writes() const { return true; }

  /// error_code::misuse: this sort of callback does not have the function.
  [[noreturn]] void not_here(std::string_view function) const;
  /// Calls the module, and says what its answer means.
  void run(kith_run function, void* data);

  const std::string name;         ///< `rule gifts_are_earned`
  std::deque<std::string> texts;  ///< that were read
  std::exception_ptr thrown;      ///< by what it called last
  kith_status thrown_code = KITH_OK;
};

namespace kith::inline v1::module {

class rule_view final : public ::kith_scope {
 public:
  rule_view(rule_scope& of, const rule& its_rule)
      : kith_scope("rule " + its_rule.name), scope_(of), rule_(its_rule) {}
  value get(std::string_view path) override { return along(path, false); }
  value old(std::string_view path) override { return along(path, true); }
  bool changed(std::string_view field) override;
  bool is_new() override { return !scope_.draft().base(); }
  record_id id() override { return scope_.id(); }
  void set(std::string_view field, const ::kith_value& to) override;
  void refuse(std::string_view field, std::string message) override;
  instant now() override { return scope_.now(); }
  date today() override { return scope_.today(); }
  std::string_view actor() override { return scope_.actor(); }
  kith::session& session(const char* function) override;

 private:
  value along(std::string_view path, bool old);
  rule_scope& scope_;
  const rule& rule_;
};

/// What actions and reports have in common: arguments and a session.
class call_view : public ::kith_scope {
 public:
  call_view(std::string its_name, kith::session& s, const entity_type& described,
            const any_draft& given)
      : kith_scope(std::move(its_name)), session_(s), described_(described), given_(given) {}
  value argument(std::string_view argument_name) override;
  instant now() override { return session_.now(); }
  date today() override { return session_.today(); }
  std::string_view actor() override { return session_.options().actor; }
  kith::session& session(const char*) override { return session_; }

 private:
  kith::session& session_;
  const entity_type& described_;
  const any_draft& given_;
};

class action_view final : public call_view {
 public:
  explicit action_view(action_scope& of);
  value get(std::string_view path) override;
  record_id id() override { return scope_.subject ? scope_.subject->id() : record_id{}; }
  void refuse(std::string_view field, std::string message) override;
  /// Throws what was refused.
  void finish();

 private:
  action_scope& scope_;
  violation_list refused_;
};

class report_view final : public call_view {
 public:
  explicit report_view(report_scope& of);
  value get(std::string_view) override { not_here("get"); }
  record_id id() override { return {}; }
  table& answer() override { return answer_; }
  bool writes() const override { return false; }

 private:
  table answer_;
};

/// The functions that modules call.
extern const ::kith_module_host host_table;

}  // namespace kith::inline v1::module
