# SPDX-License-Identifier: Apache-2.0
"""Results in rows and columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import _kith


class Table:
    """Rows and columns: of an aggregation, a selection, a report, a live total."""

    __slots__ = ("_data", "_chart")

    def __init__(self, data: Any, chart: Any = None) -> None:
        self._data = data
        self._chart = chart

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self._data.columns  # type: ignore[no-any-return]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the columns hold: `money`, `text`, …"""
        return self._data.kinds  # type: ignore[no-any-return]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """All rows, as tuples."""
        return [self._data.row(at) for at in range(len(self._data))]

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return (self._data.row(at) for at in range(len(self._data)))

    def __getitem__(self, at: int) -> tuple[Any, ...]:
        return self._data.row(at if at >= 0 else len(self._data) + at)  # type: ignore[no-any-return]

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        if name not in self.columns:
            raise KeyError(name)
        at = self.columns.index(name)
        return [row[at] for row in self]

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dicts."""
        return [dict(zip(self.columns, row)) for row in self]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """For pyarrow, polars, pandas, DuckDB and whoever else reads Arrow streams."""
        return _kith.arrow_stream_of_table(self._data)

    def to_arrow(self) -> Any:
        """A pyarrow Table."""
        import pyarrow

        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_polars(self) -> Any:
        """A polars DataFrame."""
        import polars

        return polars.from_arrow(self.to_arrow())

    def to_pandas(self) -> Any:
        """A pandas DataFrame of the rows; exact numbers stay Decimal, money stays Money."""
        import pandas

        return pandas.DataFrame.from_records(self.rows, columns=list(self.columns))

    def chart(self) -> dict[str, Any]:
        """Of a report: its chart as a Vega-Lite specification; kith.Unsupported without one."""
        if self._chart is None:
            raise _kith.error_classes["Unsupported"](
                "unsupported", "this table describes no chart; reports do"
            )
        return json.loads(self._chart)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        text: str = self._data.text()
        return text.removesuffix("\n")

    def __repr__(self) -> str:
        return f"<kith table of {len(self)} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from ._html import table_html

        return table_html(self)
