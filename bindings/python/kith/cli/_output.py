# SPDX-License-Identifier: Apache-2.0
"""What a command shows: tables for people, JSON for programs, problems on stderr.

With `rich` installed and a terminal, tables have lines and long work a bar; else it is plain
aligned text, the same on every machine.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .. import _kith
from .._errors import Error
from .._values import Choice, Money, MoneySum, PersonName, PostalAddress

NUMBERS = (int, float, Decimal, Money, MoneySum)


def as_json(value: Any) -> Any:
    """A value as JSON has it: exact numbers are text, amounts name their currency."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, MoneySum):
        return [as_json(part) for part in value.values()]
    if isinstance(value, (PersonName, PostalAddress)):
        return {name: part for name, part in value._asdict().items() if part}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, _kith.Record):
        return value.id
    if isinstance(value, Choice):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    return str(value)


def as_text(value: Any) -> str:
    """A value for people; nothing is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value)} bytes"
    if isinstance(value, _kith.Record):
        return str(value.id)
    return str(value)


def width_of(text: str) -> int:
    """How many places of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


class Output:
    """Where results go."""

    def __init__(self, as_json: bool, plain: bool) -> None:
        self.json = as_json
        self._pretty = not (as_json or plain) and sys.stdout.isatty() and _has_rich()

    # ------------------------------------------------------------------------------ results

    def say(self, text: str = "") -> None:
        """A line for people; nothing with --json."""
        if not self.json:
            print(text)

    def value(self, value: Any) -> None:
        """The one answer of a command with --json; nothing else is printed then."""
        if self.json:
            print(json.dumps(as_json(value), ensure_ascii=False, indent=2))

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = ""
    ) -> None:
        """Rows for people; nothing with --json."""
        if self.json:
            return
        kept = [list(row) for row in rows]
        right = [
            any(row[i] is not None for row in kept)
            and all(
                row[i] is None or (isinstance(row[i], NUMBERS) and not isinstance(row[i], bool))
                for row in kept
            )
            for i in range(len(columns))
        ]
        texts = [[_one_line(as_text(cell)) for cell in row] for row in kept]
        if self._pretty:
            _rich_table(columns, texts, right, title)
            return
        if title:
            print(title)
        for line in plain_table(columns, texts, right):
            print(line)

    def answer(self, table: Any) -> None:
        """A table of the package, for people or as a list of objects."""
        if self.json:
            self.value([dict(zip(table.columns, row)) for row in table])
        else:
            self.table(table.columns, table)

    def pairs(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """Lines of `name  value`."""
        kept = [(name, value) for name, value in pairs if value not in (None, "", [])]
        width = max((width_of(name) for name, _ in kept), default=0)
        for name, value in kept:
            self.say(f"{name}{' ' * (width - width_of(name))}  {_one_line(as_text(value))}")

    def finish(self) -> None:
        """What is printed is out; a broken pipe is noticed here."""
        sys.stdout.flush()

    # ----------------------------------------------------------------------------- problems

    def note(self, text: str) -> None:
        """A remark beside the result."""
        print(text, file=sys.stderr)

    def fail(self, code: str, message: str) -> None:
        """What went wrong."""
        if self.json:
            print(json.dumps({"error": code, "message": message}, ensure_ascii=False), file=sys.stderr)
        else:
            print(f"kith: {message}", file=sys.stderr)

    def refuse(self, error: Error) -> None:
        """An error of the engine, with everything that can be corrected."""
        if not self.json:
            self.fail(error.code, str(error))
            return
        about: dict[str, Any] = {"error": error.code, "message": str(error)}
        for name in ("entity", "id", "field"):
            if getattr(error, name) is not None:
                about[name] = getattr(error, name)
        if error.violations:
            about["violations"] = [violation._asdict() for violation in error.violations]
        print(json.dumps(about, ensure_ascii=False), file=sys.stderr)

    # ----------------------------------------------------------------------------- progress

    def progress(self, what: str) -> Progress:
        """``with out.progress("rows") as tell: … tell(1000)``: shown on a terminal only."""
        return Progress(what, not self.json and sys.stderr.isatty())


class Progress:
    """How far long work has come, on one line of stderr that goes away."""

    def __init__(self, what: str, shown: bool) -> None:
        self._what = what
        self._shown = shown

    def __enter__(self) -> Callable[[int], bool]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _tell(self, count: int) -> bool:
        if self._shown:
            sys.stderr.write(f"\r{count:,} {self._what}")
            sys.stderr.flush()
        return True


def plain_table(
    columns: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool]
) -> Iterable[str]:
    """Aligned lines, the header first."""
    widths = [
        max([width_of(name), *(width_of(row[i]) for row in texts)])
        for i, name in enumerate(columns)
    ]

    def line(cells: Sequence[str]) -> str:
        padded = []
        for cell, width, to_right in zip(cells, widths, right):
            blank = " " * (width - width_of(cell))
            padded.append(blank + cell if to_right else cell + blank)
        return "  ".join(padded).rstrip()

    yield line(columns)
    for row in texts:
        yield line(row)


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text or "\r" in text else text


def _has_rich() -> bool:
    try:
        import rich  # noqa: F401
    except ImportError:
        return False
    return True


def _rich_table(
    columns: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool], title: str
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left")
    for name, to_right in zip(columns, right):
        table.add_column(Text(name), justify="right" if to_right else "left", overflow="fold")
    for row in texts:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
