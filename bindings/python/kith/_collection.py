# SPDX-License-Identifier: Apache-2.0
"""``crm.clients``: all records of one entity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from . import _kith
from ._expressions import Descending, Expression
from ._query import Page, Query, _condition
from ._table import Table

R = TypeVar("R")


class Collection(_kith.CollectionBase, Generic[R]):  # type: ignore[misc]
    """The records of one entity: add, get, update, delete, ask; its actions are methods, too."""

    __slots__ = ()

    def where(self, condition: str | Expression, *values: Any, **named: Any) -> Query[R]:
        """The live records that meet a condition: ``where("amount > ?", Money(1000, "EUR"))``."""
        return Query((self, (_condition(condition, values, named),), (), None, 0))

    def query(self) -> Query[R]:
        """All live records, to be narrowed."""
        return Query((self, (), (), None, 0))

    def order_by(self, *keys: str | Expression | Descending) -> Query[R]:
        """All live records in an order."""
        return self.query().order_by(*keys)

    def limit(self, records: int) -> Query[R]:
        """At most so many of them."""
        return self.query().limit(records)

    def including_deleted(self) -> Query[R]:
        """Deleted records, too."""
        return self.query().including_deleted()

    def __iter__(self) -> Iterator[R]:
        return iter(self.query())

    def all(self) -> list[R]:
        """All live records."""
        return self.query().all()

    def first(self) -> R | None:
        """The oldest live record, or None."""
        return self.query().first()

    def count(self) -> int:
        """How many live records there are."""
        return self.query().count()

    __len__ = None

    def exists(self) -> bool:
        """Whether there is a live record."""
        return self.query().exists()

    def page(self, size: int = 50, after: Any = None, same_instant: bool = False) -> Page[R]:
        """At most so many records, and the mark for the next page."""
        return self.query().page(size, after, same_instant)

    def aggregate(
        self, by: Any = (), having: str = "", order_by: Any = (), **measures: str
    ) -> Table:
        """Groups and measures over all live records; see Query.aggregate."""
        return self.query().aggregate(by, having, order_by, **measures)

    def select(self, *columns: str, **named: str) -> Table:
        """A column for each expression, a row for each live record."""
        return self.query().select(*columns, **named)

    def _repr_html_(self) -> str:
        return self.query()._repr_html_()
