#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads kith_types.h and kith.h line by line and writes functions.cpp: how each function is called.

Every argument is given by its type and name; what a function takes that is not known here becomes a
failing test, as does a line that looks like a declaration and cannot be read.
"""
import re
import sys

HANDLES = "config crm subscription model rights session transaction record query cursor table changes error".split()
OF_SESSION = {"session", "transaction", "query", "cursor"}

# Valid arguments: by function and name, else by name, else by type. C++ about `w`, the world.
VALUES = {
    "entity": "KITH_CLIENT", "id": "w.client", "subject": "w.client", "field": "KITH_CLIENT_NAME",
    "index": "0", "set": "0", "row": "0", "column": "0", "part": "0", "place": "0", "mode": "0",
    "sequence": "w.last_sequence()", "instant": "0", "since": "0", "most": "10", "except_origin": "0",
    "from": "1", "to": "2", "before": "0", "rows": "10", "others_hidden": "0", "right": "KITH_RIGHT_ONLY",
    "batch_rows": "0", "status": "KITH_E_INVALID", "action": "KITH_ACTION_CLIENT_HAND_OVER",
    "report": "KITH_REPORT_PIPELINE", "batch": "w.batch()",
    ("kith_error_new", "record"): "1", ("kith_changes_record", "record"): "0", ("kith_changes_cell", "record"): "0",
    ("kith_changes_set", "set"): "0", ("kith_restore", "id"): "w.deleted", ("kith_release", "id"): "w.held()",
    ("kith_session_at_sequence", "sequence"): "1", ("kith_feed_consume", "sequence"): "1",
    ("kith_session_as_of", "instant"): "1772442000000000",
    ("kith_erase", "subject"): "w.person", ("kith_access_export", "subject"): "w.person",
    ("kith_session_retire_field", "field"): "w.custom_field()",
    ("kith_model_choice_at", "field"): "KITH_CLIENT_KIND", ("kith_model_part_at", "field"): "KITH_CLIENT_ADDRESS",
}
TEXTS = {
    "message": "it is so", "entity": "client", "field": "name", "key": "read_only", "value": "no",
    "scheme": "shop", "path": "/nowhere.so", "place": "sqlite::memory:", "operation_key": "key", "name": "client",
    "what": "name = ?", "statement": "select ?", "expression": "name", "text": "name = 'Acme'", "consumer": "reader",
    "reason": "asked", "legal_basis": "law",
    ("kith_model_field", "name"): "name", ("kith_model_action", "name"): "hand_over",
    ("kith_model_report", "name"): "pipeline", ("kith_total_read", "name"): "purchases",
    ("kith_table_find", "name"): "n", ("kith_query_bind_by_name", "name"): "p",
}
TEXT_EXPRESSIONS = {
    ("kith_crm_backup", "path"): "w.fresh_path()",
    ("kith_total_remove", "name"): "w.total()", ("kith_total_rebuild", "name"): "w.total()",
}
BYTES = {("kith_crm_outcome", "operation_key")}
BYTE_MEMBERS = {"operation_key", "after"}
HANDLE_EXPRESSIONS = {
    ("kith_call", "arguments"): "w.action_arguments()", ("kith_report", "arguments"): "w.report_arguments()",
    ("kith_table_chart", "table"): "w.report_table()",
}
OPTIONAL_HANDLES = {("kith_open", "config"), ("kith_open_on_sqlite", "config"), ("kith_call", "arguments"), ("kith_report", "arguments")}
STRUCTURES = {
    "kith_session_options": "&w.session_options", "kith_transaction_options": "&w.transaction_options",
    "kith_field_definition": "&w.field_definition", "kith_entity_definition": "&w.entity_definition",
    "kith_total_definition": "&w.total_definition", "kith_query_options": "&w.query_options",
    "kith_aggregation": "&w.aggregation", "kith_call_options": "&w.call_options",
    "kith_import_options": "w.importing()", "kith_export_options": "&w.export_options",
    "kith_retention": "&w.retention", "kith_anchor": "&w.anchor", "kith_value": "w.value()",
}
# An array, and how many there are.
ARRAYS = {"kith_value": ("w.values()", 1), "kith_named": ("w.named()", 1), "kith_text": ("w.columns()", 1),
          "kith_erased": ("w.erased()", 1)}
CALLBACKS = {
    "kith_clock_fn": "[](void*) { return std::int64_t{1772442000000000}; }",
    "kith_log_fn": "[](void*, std::int32_t, kith_text) {}",
    "kith_key_fn": "[](void*, std::uint8_t*, std::size_t, kith_error**) { return std::size_t{0}; }",
    "kith_commit_fn": "[](void*, const kith_changes*, kith_error**) { return kith_status{KITH_OK}; }",
    "kith_file_fn": "[](void*, kith_text, kith_text, std::int32_t, std::uint64_t, kith_text, kith_error**) { return kith_status{KITH_OK}; }",
}
POINTERS = {"sqlite3": "w.database()", "kith_store_api": "static_cast<const kith_store_api*>(w.zeros())"}
# Right arguments that are refused here, and why.
REFUSED = {
    "kith_crm_save": "KITH_E_UNSUPPORTED",  # the store is SQLite's
    "kith_config_load_module": "KITH_E_DENIED",  # nobody allowed modules
}
SCALARS = {"uint16_t", "int32_t", "int64_t", "uint64_t", "size_t", "kith_field", "kith_status"}


def without_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)


def structures(text):
    """name -> list of (type, stars, member)"""
    found = {}
    for body, name in re.findall(r"typedef struct \w+ \{(.*?)\} (\w+);", text, flags=re.S):
        body = re.sub(r"union \{.*?\} \w+;", "", body, flags=re.S)
        members = re.findall(r"(?:const )?(\w+(?: \w+)?) (\**)(\w+)(?:\[\d+\])?;", body)
        found[name] = members
    return found


def declarations(text):
    """(return type, name, parameters) of each function, and the lines that cannot be read"""
    found, unreadable = [], []
    inside = 0
    for line in text.split("\n"):
        level = inside
        inside += line.count("{") - line.count("}")
        if line.startswith(("#", " ", "}", "static inline", "enum", 'extern "C"')) or not line.strip() or level > 1:
            continue
        if line.startswith("typedef"):
            continue
        m = re.fullmatch(r"((?:const )?\w+ \*?)(kith_\w+)\((.*)\);", line.strip())
        if m:
            found.append((m[1].strip(), m[2], [] if m[3] == "void" else m[3].split(", ")))
        elif not re.fullmatch(r"struct \w+;", line.strip()):
            unreadable.append(line)
    return found, unreadable


class Unknown(Exception):
    pass


class Writer:
    def __init__(self, structs):
        self.structs = structs

    def members(self, struct):
        """Members that can be wrong by themselves."""
        names = {n for _, _, n in self.structs[struct]}
        out = []
        for kind, stars, name in self.structs[struct]:
            if kind == "kith_text" and not stars:
                out.append((name, "sort::bytes" if name in BYTE_MEMBERS else "sort::text"))
            elif kind == "size_t" and name.endswith("_count"):
                out.append((name, "sort::count"))
            elif stars and any(n.endswith("_count") and n[:-6].rstrip("s") == name.rstrip("s") for n in names):
                out.append((name, "sort::array"))
            elif struct == "kith_value" and name == "kind":
                out.append((name, "sort::scalar"))
        return out

    def argument(self, function, i, parameter, before):
        """(sort, expression, optional, of session, members of, its type)"""
        m = re.fullmatch(r"(const )?(struct )?(\w+) (\*const \*|\*\*|\*)?(\w+)", parameter)
        if not m:
            raise Unknown(parameter)
        const, struct, kind, stars, name = m.groups()
        of = lambda table: table.get((function, name), table.get(name))
        short = kind[5:] if kind.startswith("kith_") else ""
        if kind == "kith_error" and stars == "**":
            return "err", f"p.err({i})", {}
        if stars == "*const *":
            return "array", f"p.pointer({i}, w.records())", {}
        if stars == "**":
            inner = f"{const or ''}{kind}*"
            return "out", f"p.out<{inner}>({i})", {}
        if short in HANDLES and stars == "*":
            place = of(HANDLE_EXPRESSIONS) or f"w.{short}()"
            more = {"optional": (function, name) in OPTIONAL_HANDLES or short == "error",
                    "of_session": short in OF_SESSION}
            if not const and (function.endswith("_free") or function == "kith_close"):
                return "freed", f"p.freed({i}, {place})", more
            if kind == "kith_record" and not const:
                return "changeable", f"p.changeable({i}, {place})", more
            return "handle", f"p.handle<{const or ''}{kind}>({i}, {place})", more
        if kind == "ArrowArrayStream":
            given = "w.stream_in()" if function == "kith_put_arrow" else None
            if given:
                return "stream", f"p.stream({i}, {given})", {}
            return "out", f"p.out<ArrowArrayStream>({i})", {}
        if kind in POINTERS and stars == "*":
            return "pointer", f"p.pointer({i}, {POINTERS[kind]})", {}
        if kind == "char":
            return "words", f'p.words({i}, "audit")', {}
        if kind in CALLBACKS:
            return "callback", f"p.pointer<{kind}>({i}, {CALLBACKS[kind]})", {}
        if kind == "void":
            return "data", f"p.data({i})", {}
        if kind == "kith_destroy_fn":
            return "destroy", f"p.destroy({i})", {}
        if kind == "kith_item":
            return "out", f"p.items({i})", {}
        if kind == "kith_text" and not stars:
            sort = "bytes" if (function, name) in BYTES else "text"
            if of(TEXT_EXPRESSIONS):
                return sort, f"p.text({i}, {of(TEXT_EXPRESSIONS)})", {}
            if of(TEXTS) is None:
                raise Unknown(parameter)
            return sort, f'p.text({i}, "{of(TEXTS)}")', {}
        if const and stars == "*":
            if function == "kith_total_read":
                return "array", f"p.pointer({i}, w.group())", {}
            if before.get("next_is_count"):
                return "array", f"p.pointer<const {kind}*>({i}, {ARRAYS[kind][0]})", {}
            if kind not in STRUCTURES:
                raise Unknown(parameter)
            sort = "structure" if any(n == "struct_size" for _, _, n in self.structs[kind]) else "pointer"
            return sort, f"p.structure<{kind}>({i}, {STRUCTURES[kind]})", {"members": kind}
        if stars == "*":
            if kind in self.structs and any(n == "struct_size" for _, _, n in self.structs[kind]):
                return "out_structure", f"p.out_structure<{kind}>({i})", {}
            return "out", f"p.out<{kind}>({i})", {}
        if kind == "size_t" and (name.endswith("_count") or name == "count"):
            number = 2 if function == "kith_put_many" else 1
            return "count", f"p.count({i}, {number})", {}
        if kind in SCALARS:
            if of(VALUES) is None:
                raise Unknown(parameter)
            return "scalar", f"p.scalar<{kind}>({i}, {of(VALUES)})", {}
        raise Unknown(parameter)

    def function(self, returned, name, parameters):
        arguments, lines = [], []
        for i, parameter in enumerate(parameters):
            following = parameters[i + 1] if i + 1 < len(parameters) else ""
            sort, expression, more = self.argument(
                name, i, parameter, {"next_is_count": bool(re.fullmatch(r"size_t (\w+_)?count", following))})
            plain = parameter.split()[-1].lstrip("*")
            members = f"&members_{more['members']}" if more.get("members") else "nullptr"
            arguments.append('{"%s", sort::%s, %s, %s, %s}' % (
                plain, sort, str(more.get("optional", False)).lower(), str(more.get("of_session", False)).lower(), members))
            lines.append(f"    auto* const a{i} = {expression};" if "*" in parameter and "fn" not in parameter
                         else f"    const auto a{i} = {expression};")
        call = f"{name}({', '.join(f'a{i}' for i in range(len(parameters)))})"
        if returned == "kith_error *":
            lines.append(f"    p.call_error([&] {{ return {call}; }});")
        elif returned == "kith_status" and name != "kith_error_code":
            lines.append(f"    p.call([&] {{ return {call}; }});")
        else:
            lines.append(f"    p.call_nothing([&] {{ {call}; }});")
        answers = returned == "kith_status" and name != "kith_error_code"
        body = "\n".join(lines)
        return ('  {"%s", {%s}, [](world& w, probe& p) {\n    (void)w;\n%s\n  }, %s, %s, nullptr},' % (
            name, ", ".join(arguments), body, str(answers).lower(), REFUSED.get(name, "KITH_OK")))


def main(types, header, out):
    text = without_comments(open(types, encoding="utf-8").read()) + without_comments(open(header, encoding="utf-8").read())
    structs = structures(text)
    functions, unreadable = declarations(text)
    writer = Writer(structs)
    with open(out, "w", encoding="utf-8") as to:
        to.write('// Written by generate.py.\n#include "functions.hpp"\n\nnamespace kith::misuse {\nnamespace {\n')
        for kind in STRUCTURES:
            rows = ", ".join('{"%s", offsetof(%s, %s), %s}' % (n, kind, n, s) for n, s in writer.members(kind))
            to.write(f"const std::vector<member> members_{kind}{{{rows}}};\n")
        to.write("}  // namespace\n\nconst std::vector<function>& functions() {\n  static const std::vector<function> all{\n")
        for returned, name, parameters in functions:
            try:
                to.write(writer.function(returned, name, parameters) + "\n")
            except Unknown as unknown:
                to.write('  {"%s", {}, nullptr, true, KITH_OK, "%s"},\n' % (name, unknown))
        to.write("  };\n  return all;\n}\n\n")
        shown = "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in unreadable)
        to.write(f'const char* const unreadable = "{shown}";\n\n}}  // namespace kith::misuse\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
