// SPDX-License-Identifier: Apache-2.0
//
// The words that names may not be, because a language or the API has another use for them.
#include <algorithm>
#include <array>

#include "core/model/build.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr auto reserved = std::to_array<std::string_view>({
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
    // SQL (SQLite and PostgreSQL, those that need quoting in one of them)
    "all", "analyse", "analyze", "any", "array", "asc", "between", "both", "by", "check", "collate",
    "column", "commit", "constraint", "create", "cross", "current_date", "current_time",
    "current_timestamp", "current_user", "deferrable", "desc", "distinct", "drop", "end", "escape",
    "exists", "fetch", "foreign", "full", "glob", "grant", "group", "having", "index", "inner",
    "insert", "intersect", "into", "isnull", "join", "leading", "left", "like", "limit", "natural",
    "notnull", "null", "offset", "on", "only", "order", "outer", "primary", "references",
    "returning", "right", "rollback", "select", "session_user", "set", "similar", "some",
    "symmetric", "table", "then", "to", "trailing", "transaction", "trigger", "unique", "update",
    "user_name", "values", "variadic", "verbose", "view", "when", "where", "window",
    // kinds
    "text", "integer", "real", "decimal", "boolean", "date", "instant", "duration", "money",
    "choice", "ref", "any_ref", "email", "phone", "url", "person_name", "postal_address", "blob",
    // methods of records and collections, system cells
    "add", "add_many", "aggregate", "checksum", "count", "created", "deleted", "erase", "find",
    "first", "get", "history", "id", "items", "keys", "merged", "merged_into", "order_by", "remove",
    "restore", "revision", "to_arrow", "to_dict", "to_pandas", "undo", "win",
});

}  // namespace

bool is_reserved_name(std::string_view name) noexcept {
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

}  // namespace kith::inline v1::detail
