// SPDX-License-Identifier: Apache-2.0
//
// The words that names may not be, because a language or the API has another use for them.
#include <algorithm>
#include <array>

#include "core/model/build.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr auto of_languages = std::to_array<std::string_view>({
    // C and C++
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "class", "co_await", "co_return", "co_yield", "compl", "concept",
    "const", "consteval", "constexpr", "constinit", "const_cast", "continue", "decltype",
    "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export",
    "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
    "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq",
    "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
    "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "struct",
    "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
    "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
    "xor", "xor_eq",
    // Python
    "as", "assert", "async", "await", "def", "del", "elif", "except", "finally", "from", "global",
    "import", "in", "is", "lambda", "match", "none", "nonlocal", "pass", "raise", "with", "yield",
});

// SQL: of SQLite and PostgreSQL those that need quoting in one of them.
constexpr auto of_sql = std::to_array<std::string_view>({
    "all", "analyse", "analyze", "any", "array", "asc", "between", "both", "by", "check", "collate",
    "column", "commit", "constraint", "create", "cross", "current_date", "current_time",
    "current_timestamp", "current_user", "deferrable", "desc", "distinct", "drop", "end", "escape",
    "exists", "fetch", "foreign", "full", "glob", "grant", "group", "having", "index", "inner",
    "insert", "intersect", "into", "isnull", "join", "leading", "left", "like", "limit", "natural",
    "notnull", "null", "offset", "on", "only", "order", "outer", "primary", "references",
    "returning", "right", "rollback", "select", "session_user", "set", "similar", "some",
    "symmetric", "table", "then", "to", "trailing", "transaction", "trigger", "unique", "update",
    "user_name", "values", "variadic", "verbose", "view", "when", "where", "window",
});

constexpr auto of_kinds = std::to_array<std::string_view>({
    "text", "integer", "real", "decimal", "boolean", "date", "instant", "duration", "money",
    "choice", "ref", "any_ref", "email", "phone", "url", "person_name", "postal_address", "blob",
});

// Methods of records and collections, system cells.
constexpr auto of_records = std::to_array<std::string_view>({
    "add", "add_many", "aggregate", "checksum", "count", "created", "deleted", "erase", "find",
    "first", "get", "history", "id", "items", "keys", "merged", "merged_into", "order_by", "remove",
    "restore", "revision", "to_arrow", "to_dict", "to_pandas", "undo", "win",
});

// What collections are asked for in languages whose methods actions become.
constexpr auto of_collections = std::to_array<std::string_view>({
    "all", "call", "columns", "delete", "delete_many", "entity", "exists", "fields", "import_csv",
    "insert", "limit", "model", "name", "page", "plural", "query", "report", "select", "sum",
    "update", "update_many", "upsert", "upsert_many", "where", "write",
});

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& words, std::string_view name) {
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace

bool is_reserved_name(std::string_view name) noexcept {
  return is_in(of_languages, name) || is_in(of_sql, name) || is_in(of_kinds, name) ||
         is_in(of_records, name);
}

// `win` is kept free for the action: no field has its name.
bool is_reserved_action(std::string_view name) noexcept {
  return is_in(of_languages, name) || is_in(of_kinds, name) || is_in(of_collections, name) ||
         (is_in(of_records, name) && name != "win");
}

// `reason` and `subject` are what each call has beside its arguments.
bool is_reserved_argument(std::string_view name) noexcept {
  return is_in(of_languages, name) || is_in(of_kinds, name) || name == "reason" ||
         name == "subject";
}

bool is_reserved_report(std::string_view name) noexcept {
  return is_in(of_languages, name) || is_in(of_kinds, name);
}

}  // namespace kith::inline v1::detail
