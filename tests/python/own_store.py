# SPDX-License-Identifier: Apache-2.0
"""The smallest store that keeps its promises: rows in dicts, one transaction at a time."""

from __future__ import annotations

import copy
import threading

import kith


class Memory(kith.Store):
    name = "dicts"

    def __init__(self):
        self.tables = {}
        self.version = 0
        self.line = threading.RLock()

    def connect(self):
        return Line(self)


class Line(kith.StoreConnection):
    def __init__(self, store):
        self.store = store
        self.before = None  # the tables as they were: at the begin, at each savepoint
        self.writes = False

    @property
    def tables(self):
        return self.store.tables

    def state(self):
        return {number: dict(rows) for number, rows in self.tables.items()}

    def begin(self, write):
        if not self.store.line.acquire(timeout=10):
            raise kith.Busy("busy", "somebody else writes; try again")
        self.before = [self.state()] if write else [None]
        self.writes = write

    def commit(self):
        if self.writes:
            self.store.version += 1
        self.leave()

    def rollback(self):
        if self.before is None:
            return
        if self.writes:
            self.store.tables = self.before[0]
        self.leave()

    def leave(self):
        self.before = None
        self.store.line.release()

    def savepoint(self, level):
        self.before[level:] = [self.state()]

    def release(self, level):
        del self.before[level:]

    def rollback_to(self, level):
        self.store.tables = copy.copy(self.before[level])
        self.before[level] = self.state()

    def data_version(self):
        return self.store.version

    def get(self, entity, id):
        return self.tables.get(entity.number, {}).get(id)

    def scan(self, entity, rows, descending, after):
        kept = self.tables.get(entity.number, {})
        for id in sorted(kept, reverse=descending):
            if after is not None and (id >= after if descending else id <= after):
                continue
            if rows == "all" or (rows == "live") == (kept[id].deleted == 0):
                yield kept[id]

    def write(self, entity, before, after):
        kept = self.tables.setdefault(entity.number, {})
        for name, slots in entity.unique if after.deleted == 0 else ():
            mine = self.key(after, slots)
            for other in kept.values():
                if other.id != after.id and not other.deleted and None not in mine:
                    if self.key(other, slots) == mine:
                        return name, other.id
        kept[after.id] = after
        return None

    @staticmethod
    def key(row, slots):
        return tuple(row.cells[slot] if slot < len(row.cells) else None for slot in slots)

    def erase(self, entity, id):
        self.tables[entity.number].pop(id, None)

    def has(self, entity):
        return entity.number in self.tables

    def apply(self, entity):
        self.tables.setdefault(entity.number, {})
