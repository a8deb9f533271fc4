# SPDX-License-Identifier: Apache-2.0
"""Questions, asked when they are iterated, each time anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from . import _kith
from ._expressions import Descending, Expression
from ._table import Table

if TYPE_CHECKING:
    from ._collection import Collection

R = TypeVar("R")


class Page(NamedTuple, Generic[R]):
    """Some records, and where the next page begins: None after the last one."""

    records: list[R]
    next: Any


class _Stream:
    """A stream that is read once."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._capsule


def _order_key(key: str | Expression | Descending) -> tuple[tuple[Any, ...], bool]:
    if isinstance(key, str):
        return (("text", key[1:]), True) if key.startswith("-") else (("text", key), False)
    if isinstance(key, Descending):
        return key.of._tree, True
    return key._tree, False


def _pairs(columns: Any) -> list[tuple[str, str]]:
    if isinstance(columns, str):
        raise TypeError(f"a list of names is wanted: [{columns!r}]")
    if isinstance(columns, dict):
        return list(columns.items())
    return [(name, name) if isinstance(name, str) else name for name in columns]


class Query(Generic[R]):
    """A question about records of one entity. Each step gives a new one."""

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self._parts = parts  # collection, conditions, order, limit, lifecycle

    def _but(self, place: int, value: object) -> Query[R]:
        parts = list(self._parts)
        parts[place] = value
        return Query(tuple(parts))

    def where(self, condition: str | Expression, *values: Any, **named: Any) -> Query[R]:
        """With one more condition: text with values for ``?`` and ``:name``, or an expression."""
        return self._but(1, (*self._parts[1], _condition(condition, values, named)))

    def order_by(self, *keys: str | Expression | Descending) -> Query[R]:
        """In this order: ``"-amount"`` is descending. The id is always the last key."""
        return self._but(2, tuple(_order_key(key) for key in keys))

    def limit(self, records: int) -> Query[R]:
        """At most so many."""
        if isinstance(records, bool) or not isinstance(records, int) or records < 1:
            raise _kith.error_classes["Invalid"]("invalid", f"a limit is 1 or more, not {records!r}")
        return self._but(3, records)

    def including_deleted(self) -> Query[R]:
        """Deleted records, too."""
        return self._but(4, 2)

    def only_deleted(self) -> Query[R]:
        """Deleted records only."""
        return self._but(4, 1)

    def __iter__(self) -> Iterator[R]:
        return _kith.rows(self._parts)  # type: ignore[no-any-return]

    def all(self) -> list[R]:
        """All of them, as a list."""
        return list(_kith.rows(self._parts))

    def first(self) -> R | None:
        """The first one, or None."""
        return _kith.first(self._parts)  # type: ignore[no-any-return]

    def count(self) -> int:
        """How many there are; a limit does not count."""
        return _kith.count(self._parts)  # type: ignore[no-any-return]

    def exists(self) -> bool:
        """Whether there is one."""
        return _kith.exists(self._parts)  # type: ignore[no-any-return]

    def delete(self) -> int:
        """Deletes them, in one transaction; how many."""
        return _kith.remove(self._parts)  # type: ignore[no-any-return]

    def update(self, **values: Any) -> int:
        """Changes them, in one transaction; how many."""
        return _kith.update(self._parts, values)  # type: ignore[no-any-return]

    def page(self, size: int = 50, after: Any = None, same_instant: bool = False) -> Page[R]:
        """At most so many records, and the mark for the next page."""
        return Page(*_kith.page(self._parts, size, after, same_instant))

    def aggregate(
        self,
        by: Any = (),
        having: str = "",
        order_by: Any = (),
        **measures: str,
    ) -> Table:
        """Groups and measures: ``aggregate(by=["stage.name"], total="sum(amount)", n="count()")``."""
        order = [(key.lstrip("-"), key.startswith("-")) for key in order_by]
        return Table(
            _kith.aggregate(self._parts, _pairs(by), list(measures.items()), having, order)
        )

    def select(self, *columns: str, **named: str) -> Table:
        """A column for each expression: ``select("title", city="client.city")``."""
        return Table(_kith.select(self._parts, [*_pairs(columns), *named.items()]))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """For pyarrow, polars, pandas, DuckDB and whoever else reads Arrow streams."""
        return _kith.arrow_stream(self._parts, [], 8192)

    def to_arrow(self, columns: list[str] | None = None, batch_rows: int = 8192) -> Any:
        """A pyarrow Table of all values, or of these columns."""
        import pyarrow

        stream = _Stream(_kith.arrow_stream(self._parts, columns or [], batch_rows))
        return pyarrow.RecordBatchReader.from_stream(stream).read_all()

    def to_polars(self, columns: list[str] | None = None) -> Any:
        """A polars DataFrame."""
        import polars

        return polars.from_arrow(self.to_arrow(columns))

    def to_pandas(self, columns: list[str] | None = None) -> Any:
        """A pandas DataFrame."""
        return self.to_arrow(columns).to_pandas()

    def __repr__(self) -> str:
        return f"<kith query of {self._parts[0]._name}>"

    def _repr_html_(self) -> str:
        from ._html import records_html

        return records_html(self)


def _condition(
    condition: str | Expression, values: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, ...]:
    if isinstance(condition, Expression):
        if values or named:
            raise TypeError("an expression has its values inside; give them to text only")
        return (condition._tree,)
    if not isinstance(condition, str):
        raise TypeError(f"a condition is text or an expression, not {condition!r}")
    return (condition, values, named)


def query_of(collection: Collection[R]) -> Query[R]:
    """All live records of a collection."""
    return Query((collection, (), (), None, 0))
