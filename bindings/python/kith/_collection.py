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


class Collection(_kith.CollectionBase, Generic[R]):
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

    def call(
        self,
        action: str,
        subject: Any = None,
        *,
        reason: str = "",
        operation_key: str = "",
        **arguments: Any,
    ) -> Any:
        """Does an action to a record: ``crm.deals.call("win", deal)`` is ``crm.deals.win(deal)``."""
        return _kith.call(self, action, subject, arguments, reason, operation_key)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """All live records as an Arrow stream."""
        return self.query().__arrow_c_stream__(requested_schema)

    def to_arrow(self, columns: list[str] | None = None) -> Any:
        """A pyarrow Table of all live records."""
        return self.query().to_arrow(columns)

    def to_pandas(self, columns: list[str] | None = None) -> Any:
        """A pandas DataFrame of all live records."""
        return self.query().to_pandas(columns)

    def to_polars(self, columns: list[str] | None = None) -> Any:
        """A polars DataFrame of all live records."""
        return self.query().to_polars(columns)

    def _repr_html_(self) -> str:
        return self.query()._repr_html_()


def _action(about: dict[str, Any]) -> Any:
    """A method for an action."""
    name = about["name"]

    if about["subject"]:

        def method(self: Any, subject: Any, *, reason: str = "", operation_key: str = "", **arguments: Any) -> Any:
            return _kith.call(self, name, subject, arguments, reason, operation_key)

    else:

        def method(self: Any, *, reason: str = "", operation_key: str = "", **arguments: Any) -> Any:  # type: ignore[misc]
            return _kith.call(self, name, None, arguments, reason, operation_key)

    lines = [f"{a['name']}: {a['doc']}" for a in about["arguments"]]
    method.__name__ = name
    method.__qualname__ = f"Collection.{name}"
    method.__doc__ = "\n\n".join(filter(None, [about["doc"], "\n".join(lines)]))
    return method


_classes: dict[tuple[str, tuple[str, ...]], type[Collection[Any]]] = {}


def collection_of(hub: Any, name: str) -> Collection[Any]:
    """The collection of an entity, its actions as methods."""
    plain: Collection[Any] = Collection(hub, name)
    singular = _kith.singular(plain)
    actions = [about for about in _kith.actions(hub) if about["entity"] == singular]
    if not actions:
        return plain
    key = (plain._name, tuple(about["name"] for about in actions))
    if key not in _classes:
        body = {about["name"]: _action(about) for about in actions}
        title = "".join(word.title() for word in plain._name.split("_"))
        _classes[key] = type(title, (Collection,), {**body, "__slots__": (), "__module__": "kith"})
    return _classes[key](hub, name)
