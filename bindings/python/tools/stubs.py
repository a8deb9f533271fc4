# SPDX-License-Identifier: Apache-2.0
"""Writes the stubs that follow from the model: records with typed attributes, collections with typed
arguments, keys, enumerations, classes of errors.

    PYTHONPATH=build/dev/python python3 bindings/python/tools/stubs.py          # refreshes them
    PYTHONPATH=build/dev/python python3 bindings/python/tools/stubs.py --check  # fails when they are stale
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import kith
from kith import _kith

READ = {
    "text": "str",
    "email": "str",
    "phone": "str",
    "url": "str",
    "integer": "int",
    "real": "float",
    "decimal": "Decimal",
    "boolean": "bool",
    "date": "date",
    "instant": "datetime",
    "duration": "timedelta",
    "money": "Money",
    "person_name": "PersonName",
    "postal_address": "PostalAddress",
    "blob": "bytes",
    "any_ref": "Record",
}
GIVEN = {
    "decimal": "Decimal | int | str",
    "money": "Money | str",
    "real": "float",
    "person_name": "PersonName | dict[str, str] | str",
    "postal_address": "PostalAddress | dict[str, str] | str",
}
HEAD = """# Written by bindings/python/tools/stubs.py from the model; do not edit.
# ruff: noqa
"""


def camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.replace(".", "_").split("_"))


def enum_name(entity: dict[str, Any], field: dict[str, Any]) -> str:
    return camel(entity["name"]) + camel(field["name"])


def read_type(entity: dict[str, Any], field: dict[str, Any]) -> str:
    if field["kind"] == "choice":
        return enum_name(entity, field)
    if field["kind"] == "ref":
        return camel(field["target"])
    return READ[field["kind"]]


def given_type(field: dict[str, Any]) -> str:
    if field["kind"] == "choice":
        return " | ".join(["Choice", f"Literal[{', '.join(repr(c[0]) for c in field['choices'])}]"])
    if field["kind"] == "ref":
        return f"{camel(field['target'])} | int | str"
    return GIVEN.get(field["kind"], READ[field["kind"]])


def record_class(entity: dict[str, Any], singular: dict[str, Any]) -> list[str]:
    lines = ["@type_check_only", f"class {camel(entity['name'])}(Record):"]
    for field in entity["fields"]:
        optional = "" if field["required"] else " | None"
        lines.append(f"    @property\n    def {field['name']}(self) -> {read_type(entity, field)}{optional}: ...")
        if field["kind"] == "ref":
            lines.append(f"    @property\n    def {field['name']}_id(self) -> int{optional}: ...")
        if field["flat"]:
            lines += [
                f"    @property\n    def {part}(self) -> str | None: ..." for part in field["parts"]
            ]
    for relation in entity["relations"]:
        child = singular[relation["entity"]]
        of = camel(relation["entity"])
        if relation["shorthand"]:
            short = next(f for f in child["fields"] if f["name"] == relation["shorthand"])
            of = read_type(child, short)
        lines.append(f"    @property\n    def {relation['name']}(self) -> list[{of}]: ...")
    return [*lines, ""]


def writable(field: dict[str, Any]) -> bool:
    return not field["computed"]


def arguments(entity: dict[str, Any], update: bool) -> list[str]:
    lines = []
    for field in entity["fields"]:
        if not writable(field):
            continue
        lines.append(f"        {field['name']}: {given_type(field)} | None = ...,")
        if field["flat"]:
            lines += [f"        {part}: str | None = ...," for part in field["parts"]]
    for relation in entity["relations"]:
        if relation["owned"]:
            lines.append(f"        {relation['name']}: Iterable[Any] = ...,")
    return [*lines, "        **custom: Any,"]


def action_method(action: dict[str, Any], entity: str) -> list[str]:
    lines = [f"    def {action['name']}(", "        self,"]
    if action["subject"]:
        lines.append(f"        subject: {camel(entity)} | int,")
    lines.append("        *,")
    for argument in action["arguments"]:
        about = {**argument, "choices": [(name,) for name in argument["choices"]]}
        default = "" if argument["required"] else " | None = ..."
        lines.append(f"        {argument['name']}: {given_type(about)}{default},")
    lines += ["        reason: str = ...,", "        operation_key: str = ...,", "    ) -> Any: ..."]
    return lines


def collection_class(entity: dict[str, Any], actions: list[dict[str, Any]]) -> list[str]:
    record = camel(entity["name"])
    lines = [
        "@type_check_only",
        f"class {camel(entity['plural'])}Collection(Collection[{record}]):",
        "    def add(",
        "        self,",
        "        *,",
        *arguments(entity, False),
        f"    ) -> {record}: ...",
        "    def update(",
        "        self,",
        f"        _record: {record} | int,",
        "        /,",
        "        *,",
        *arguments(entity, True),
        f"    ) -> {record}: ...",
    ]
    for action in actions:
        if action["entity"] == entity["name"]:
            lines += action_method(action, entity["name"])
    return [*lines, ""]


def standard_stub(entities: list[dict[str, Any]], actions: list[dict[str, Any]]) -> str:
    singular = {entity["name"]: entity for entity in entities}
    enums = sorted(
        enum_name(e, f) for e in entities for f in e["fields"] if f["kind"] == "choice"
    )
    lines = [
        HEAD,
        "from collections.abc import Iterable",
        "from datetime import date, datetime, timedelta",
        "from decimal import Decimal",
        "from typing import Any, Literal, type_check_only",
        "",
        f"from . import {', '.join(enums)}",
        "from ._collection import Collection",
        "from ._kith import Record",
        "from ._values import Choice, Money, PersonName, PostalAddress",
        "",
    ]
    for entity in entities:
        lines += record_class(entity, singular)
    for entity in entities:
        lines += collection_class(entity, actions)
    lines.append("class StandardCollections:")
    for entity in entities:
        lines.append(
            f"    @property\n    def {entity['plural']}(self) -> {camel(entity['plural'])}Collection: ..."
        )
    return "\n".join([*lines, ""])


def error_classes() -> list[str]:
    lines = []
    for name, cls in _kith.error_classes.items():
        bases = ", ".join(base.__name__ for base in cls.__bases__)
        lines.append(f"class {name}({bases}): ...")
    return [*lines, ""]


def enum_class(entity: dict[str, Any], field: dict[str, Any]) -> list[str]:
    lines = [f"class {enum_name(entity, field)}(Choice):"]
    lines += [f'    {name} = "{name}"' for name, _, _ in field["choices"]]
    return [*lines, ""]


def package_stub(entities: list[dict[str, Any]]) -> str:
    source = Path(__file__).parent.parent / "kith" / "__init__.py"
    text = source.read_text(encoding="utf-8")
    begin, end = text.index("from . import _kith"), text.index("\nRecord = ")
    imports = [
        line for line in text[begin:end].splitlines() if not line.startswith("from . import")
    ]
    lines = [HEAD, "from typing import Any", "", *imports, ""]
    lines += ["from ._kith import Record as Record", "from ._kith import Visibility as Visibility"]
    lines += ["from ._expressions import EntityKey", "", "__version__: str", ""]
    names = [repr(name) for name in sorted(kith.__all__)]
    lines += [f"__all__ = [{', '.join(names)}]", ""]
    lines += error_classes()
    for entity in entities:
        for field in entity["fields"]:
            if field["kind"] == "choice":
                lines += enum_class(entity, field)
    lines += [f"{entity['name']}: EntityKey" for entity in entities]
    return "\n".join([*lines, ""])


def main() -> int:
    with kith.open(":memory:") as crm:
        actions = _kith.actions(crm._hub)
    entities = _kith.standard_model()
    folder = Path(__file__).parent.parent / "kith"
    stale = []
    for name, text in {
        "__init__.pyi": package_stub(entities),
        "_standard.pyi": standard_stub(entities, actions),
    }.items():
        there = folder / name
        if there.exists() and there.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            there.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"stale: {', '.join(stale)}; run bindings/python/tools/stubs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
