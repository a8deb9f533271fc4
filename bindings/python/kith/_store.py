# SPDX-License-Identifier: Apache-2.0
"""Stores of a program's own: ``kith.open(store=MyStore())``. Rules, questions and history stay with the
core; a store keeps rows, transactions and the uniqueness of declared indexes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Cell = int | float | str | bytes | None


class StoreRow(NamedTuple):
    """One version of one record. Cells stand in the order of the entity's columns; a row that was
    written before columns were added is shorter."""

    id: int
    revision: int
    created: int
    deleted: int  #: 0: live
    merged_into: int
    checksum: int
    cells: tuple[Cell, ...]


class StoreEntity(NamedTuple):
    """What a store must know about an entity."""

    number: int
    name: str
    columns: tuple[tuple[str, str], ...]  #: name; integer, real, text or blob
    unique: tuple[tuple[str, tuple[int, ...]], ...]  #: name of an index; its columns


class StoreConnection:
    """One line to the store, for one thread at a time. All methods must be there."""

    def begin(self, write: bool) -> None:
        """Begins a transaction; one that writes waits for others, and raises ``kith.Busy`` when it
        has waited too long. All of it lasts, or nothing. Where reading does not wait for writers, a
        reader sees one instant until it ends."""
        raise NotImplementedError

    def commit(self) -> None:
        """Returns when the transaction is as durable as the store promises."""
        raise NotImplementedError

    def rollback(self) -> None:
        """Takes everything back; nothing happens when no transaction is open."""
        raise NotImplementedError

    def savepoint(self, level: int) -> None:
        """Savepoints nest; levels count from 1."""
        raise NotImplementedError

    def release(self, level: int) -> None:
        """Forgets a savepoint; what was written since stays."""
        raise NotImplementedError

    def rollback_to(self, level: int) -> None:
        """Takes back what was written since a savepoint; the savepoint stays."""
        raise NotImplementedError

    def data_version(self) -> int:
        """Changes whenever somebody else's commit has become visible here."""
        raise NotImplementedError

    def get(self, entity: StoreEntity, id: int) -> StoreRow | None:
        """The current version, deleted ones included."""
        raise NotImplementedError

    def scan(
        self, entity: StoreEntity, rows: str, descending: bool, after: int | None
    ) -> Iterable[StoreRow]:
        """The `live`, `deleted` or `all` rows in the order of their ids, behind the id `after`; those
        of this instant, whatever is written before the last one is asked for."""
        raise NotImplementedError

    def write(
        self, entity: StoreEntity, before: StoreRow | None, after: StoreRow
    ) -> tuple[str, int] | None:
        """Adds or replaces a version. Cells that the row has behind those of `after` stay: another
        program added their columns. A unique index - of those applied last - that another live row
        has the same values in (none of them None) is the answer: its name and the other row's id;
        nothing is written. Raises when the entity has no place."""
        raise NotImplementedError

    def erase(self, entity: StoreEntity, id: int) -> None:
        """Removes every trace of the current version."""
        raise NotImplementedError

    def has(self, entity: StoreEntity) -> bool:
        """Whether the store has a place for this entity's rows."""
        raise NotImplementedError

    def apply(self, entity: StoreEntity) -> None:
        """Makes the place, or adds what it lacks; part of the transaction. Raises ``kith.ModelError``
        when a column is there with another type, ``kith.Exists`` when rows that are there break a new
        unique index; nothing is changed then."""
        raise NotImplementedError


class Store:
    """Where the rows are: derive from it, and give it to ``kith.open(store=…)``. Kith calls in the
    order that is right and without the interpreter's lock, from any thread;
    ``pytest --kith-backend=module:Store`` shows whether a store keeps all its promises."""

    name: str = "python"
    durable: bool = False  #: a commit that returned survives a power cut

    def connect(self) -> StoreConnection:
        """A connection of its own; any thread may ask for one."""
        raise NotImplementedError

    def check(self) -> None:
        """Raises when the store cannot be used any more."""
