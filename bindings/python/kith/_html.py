# SPDX-License-Identifier: Apache-2.0
"""How results look in a notebook; long ones are cut."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice
from typing import Any

MOST_ROWS = 50


def _html(columns: Iterable[str], rows: Iterable[Iterable[object]], more: str = "") -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    note = f"<p>{escape(more)}</p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def table_html(table: Any) -> str:
    """A table, at most MOST_ROWS of it."""
    more = f"{MOST_ROWS} of {len(table)} rows" if len(table) > MOST_ROWS else ""
    return _html(table.columns, islice(iter(table), MOST_ROWS), more)


def record_html(record: Any) -> str:
    """A record, a line for each value that it has."""
    values = [(name, value) for name, value in record.to_dict().items() if value is not None]
    return _html(("field", "value"), values)


def records_html(query: Any) -> str:
    """The first records of a query."""
    found = query.limit(MOST_ROWS + 1).all()
    if not found:
        return "<p>no records</p>"
    rows = [record.to_dict() for record in found[:MOST_ROWS]]
    used = [name for name in rows[0] if any(row.get(name) is not None for row in rows)]
    more = f"the first {MOST_ROWS} records" if len(found) > MOST_ROWS else ""
    return _html(used, [[row.get(name) for name in used] for row in rows], more)
