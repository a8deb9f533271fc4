# SPDX-License-Identifier: Apache-2.0
"""The smallest store that keeps its promises: rows in dicts, one transaction at a time."""

from __future__ import annotations

import threading

import kith


class Content:
    """What a store holds at an instant; nobody changes what was committed."""

    def __init__(self, rows=None, entities=None):
        self.rows = rows or {}  # number of an entity: its rows by id
        self.entities = entities or {}  # and what it was last applied as

    def copy(self):
        return Content({number: dict(kept) for number, kept in self.rows.items()}, dict(self.entities))


class Memory(kith.Store):
    name = "dicts"

    def __init__(self, *, wait=10.0):
        self.committed = Content()
        self.version = 0
        self.line = threading.Lock()
        self.wait = wait  # seconds

    def connect(self):
        return Line(self)


def quick():
    """For tests that wait for a writer to give up."""
    return Memory(wait=0.2)


class Line(kith.StoreConnection):
    def __init__(self, store):
        self.store = store
        self.mine = None  # in a transaction: what it sees
        self.savepoints = []
        self.writes = False

    @property
    def now(self):
        return self.mine or self.store.committed

    def begin(self, write):
        if not self.store.line.acquire(timeout=self.store.wait):
            raise kith.Busy("busy", "somebody else has a transaction open; try again")
        self.mine = self.store.committed.copy() if write else self.store.committed
        self.writes = write

    def commit(self):
        if self.writes:
            self.store.committed = self.mine
            self.store.version += 1
        self.rollback()

    def rollback(self):
        self.mine = None
        self.savepoints = []
        self.store.line.release()

    def savepoint(self, level):
        self.savepoints.append(self.mine.copy())

    def release(self, level):
        del self.savepoints[level - 1 :]

    def rollback_to(self, level):
        self.mine = self.savepoints[level - 1].copy()
        del self.savepoints[level:]

    def data_version(self):
        return self.store.version

    def get(self, entity, id):
        return self.now.rows.get(entity.number, {}).get(id)

    def scan(self, entity, rows, descending, after):
        kept = self.now.rows.get(entity.number, {})
        return iter(
            [
                kept[id]
                for id in sorted(kept, reverse=descending)
                if (after is None or (id < after if descending else id > after))
                and (rows == "all" or (rows == "live") == (kept[id].deleted == 0))
            ]
        )

    def write(self, entity, before, after):
        kept = self.now.rows[entity.number]
        there = kept.get(after.id)
        if there is not None:
            after = after._replace(cells=after.cells + there.cells[len(after.cells) :])
        for name, slots in self.now.entities[entity.number].unique if not after.deleted else ():
            for other in kept.values():
                if other.id != after.id and not other.deleted and same(other, after, slots):
                    return name, other.id
        kept[after.id] = after
        return None

    def erase(self, entity, id):
        self.now.rows[entity.number].pop(id, None)

    def has(self, entity):
        return entity.number in self.now.rows

    def apply(self, entity):
        known = self.now.entities.get(entity.number)
        if known is not None:
            types = dict(known.columns)
            for column, type in entity.columns:
                if types.get(column, type) != type:
                    raise kith.ModelError("model", f"{entity.name}.{column} is {types[column]}")
        rows = [r for r in self.now.rows.get(entity.number, {}).values() if not r.deleted]
        for name, slots in entity.unique:
            for at, one in enumerate(rows):
                if any(same(one, other, slots) for other in rows[:at]):
                    raise kith.Exists("exists", f"two rows have the same values of {name}")
        self.now.rows.setdefault(entity.number, {})
        if known is not None:  # of several programs: what any of them described
            entity = entity._replace(
                columns=max(entity.columns, known.columns, key=len),
                unique=tuple(dict.fromkeys(known.unique + entity.unique)),
            )
        self.now.entities[entity.number] = entity


def same(one, other, slots):
    """Whether both have all of these cells, and the same ones."""
    cells = [(r.cells[s] if s < len(r.cells) else None) for s in slots for r in (one, other)]
    return None not in cells and cells[::2] == cells[1::2]
