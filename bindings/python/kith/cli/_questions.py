# SPDX-License-Identifier: Apache-2.0
"""Commands that ask: query, report, describe."""

from __future__ import annotations

import argparse
import json
from typing import Any

from .._crm import Crm
from .._query import Query
from ._output import Output
from ._stores import arguments_of, opened, pair, split_names


def query(given: argparse.Namespace, out: Output) -> int:
    """Records, groups, or a count."""
    with opened(given, reads=True) as crm:
        asked: Query[Any] = crm[given.entity].query()
        if given.condition:
            asked = asked.where(given.condition)
        if given.deleted:
            asked = asked.including_deleted()
        if given.count:
            count = asked.count()
            out.value(count) if out.json else out.say(str(count))
            return 0
        order = split_names(given.order_by)
        if given.by or given.measure:
            measures = dict(pair(text, "--measure") for text in given.measure) or {"n": "count()"}
            by = [_named(text) for text in split_names(given.by)]
            if given.limit:
                asked = asked.limit(given.limit)
            out.answer(asked.aggregate(by=by, order_by=order, **measures))
            return 0
        if order:
            asked = asked.order_by(*order)
        if given.limit:
            asked = asked.limit(given.limit)
        if given.columns:
            columns = dict(_named(text) for text in split_names(given.columns))
        else:
            columns = _used_columns(crm, given.entity, asked)
        out.answer(asked.select(**columns) if columns else asked.select("id"))
    return 0


def _named(text: str) -> tuple[str, str]:
    """`name: expression`, or an expression that is its own name."""
    name, colon, expression = text.partition(":")
    return (name.strip(), expression.strip()) if colon else (text, text)


def _used_columns(crm: Crm, entity: str, asked: Query[Any]) -> dict[str, str]:
    """The id, the title, and every stored field that some of the first records have."""
    about = crm.model[entity]
    names = [name for name, field in about.fields.items() if field.kind != "blob"]
    first = [record.to_dict() for record in asked.limit(100)]
    used = [
        name
        for name in names
        if any(row.get(name) not in (None, "") for row in first)
    ]
    columns = {"id": "id"}
    for name in used:
        field = about.fields[name]
        title = field.kind == "ref" and crm.model[field.target].title
        columns[name] = f"{name}.{title}" if title else name
    return columns


def report(given: argparse.Namespace, out: Output) -> int:
    """The answer of a report, or the list of reports."""
    with opened(given, reads=True) as crm:
        reports = crm.model.reports
        if not given.name:
            rows = [
                (name, " ".join(_argument(a) for a in about.arguments), about.doc)
                for name, about in reports.items()
            ]
            if out.json:
                out.value([{"name": n, "arguments": reports[n].arguments, "doc": d} for n, _, d in rows])
            else:
                out.table(("report", "arguments", "what it shows"), rows)
            return 0
        arguments: dict[str, Any] = {}
        if given.arguments and given.name in reports:
            arguments = arguments_of(crm, reports[given.name], given.name, given.arguments)
        answer = crm.report(given.name, **arguments)
        out.answer(answer)
        if given.chart:
            with open(given.chart, "w", encoding="utf-8") as file:
                json.dump(answer.chart(), file, ensure_ascii=False, indent=2)
            out.note(f"chart: {given.chart}")
    return 0


def _argument(about: dict[str, Any]) -> str:
    text = f"{about['name']}={'|'.join(about['choices']) or about['kind']}"
    return text if about["required"] else f"[{text}]"


def describe(given: argparse.Namespace, out: Output) -> int:
    """The model, or one entity of it."""
    with opened(given, reads=True) as crm:
        if not given.entity:
            entities = crm.model.entities
            if out.json:
                out.value([{"name": e.name, "plural": e.plural, "doc": e.doc} for e in entities])
            else:
                out.table(("entity", "fields", "what it is"), [(e.plural, len(e.fields), e.doc) for e in entities])
            return 0
        crm[given.entity]  # NotFound with near names
        about = crm.model[given.entity]
        if out.json:
            out.value(
                {
                    "name": about.name,
                    "plural": about.plural,
                    "doc": about.doc,
                    "fields": [_field(f) for f in about.fields.values()],
                    "relations": [r.name for r in about.relations.values()],
                    "actions": list(about.actions),
                }
            )
            return 0
        out.say(f"{about.plural}: {about.doc}")
        out.say()
        rows = []
        for field in map(_field, about.fields.values()):
            marks = [name for name in ("required", "unique", "indexed") if field[name]]
            kind = f"{field['kind']} of {field['target']}" if field["target"] else field["kind"]
            what = field["doc"] or ""
            if field["choices"]:
                what = f"{what} ({', '.join(field['choices'])})"
            rows.append((field["name"], kind, " ".join(marks), what.strip()))
        out.table(("field", "kind", "", "what it is"), rows)
        if about.relations:
            out.say()
            out.say("relations: " + ", ".join(about.relations))
        if about.actions:
            out.say("actions:   " + ", ".join(about.actions))
    return 0


def _field(field: Any) -> dict[str, Any]:
    def told(name: str) -> Any:
        return getattr(field, name, None)

    return {
        "name": field.name,
        "kind": field.kind,
        "target": told("target"),
        "required": bool(told("required")),
        "unique": bool(told("unique")),
        "indexed": bool(told("indexed")),
        "choices": list(field.choices),
        "doc": told("doc"),
    }


