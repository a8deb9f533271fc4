# SPDX-License-Identifier: Apache-2.0
"""An open store, and transactions in it."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime
from types import TracebackType
from typing import Any

from . import _history, _kith
from ._collection import Collection, collection_of
from ._history import (
    AuditAnchor,
    AuditCheck,
    ChangeSet,
    Erasure,
    HistoryEntry,
    ImportResult,
    LegalHold,
    Subscription,
    UndoResult,
    Verification,
)
from ._model import Model
from ._query import Query
from ._standard import StandardCollections
from ._store import Store
from ._table import Table


class Transaction:
    """``with crm.transaction(reason="…") as tx``: commits at the end, rolls back on an exception.

    One inside another is a savepoint. It belongs to the thread and task that began it.
    """

    __slots__ = ("_crm", "_reason", "_key", "_origin", "_reads", "_level")

    def __init__(self, crm: Crm, reason: str, key: str, origin: str, reads: bool) -> None:
        self._crm = crm
        self._reason = reason
        self._key = key
        self._origin = origin
        self._reads = reads
        self._level: int | None = None

    def __enter__(self) -> Transaction:
        if self._level is not None:
            raise _kith.error_classes["Misuse"]("misuse", "the transaction is open already")
        self._level = _kith.begin(
            self._crm._hub, self._reason, self._key, self._origin, self._reads
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._level is not None:
            try:
                self._end(kind is None)
            except _kith.error_classes["Closed"]:
                if kind is None:
                    raise

    def _open_level(self) -> int:
        if self._level is None:
            raise _kith.error_classes["Closed"]("closed", "the transaction is not open")
        return self._level

    def _end(self, commit: bool) -> None:
        level, self._level = self._open_level(), None
        try:
            _kith.end(self._crm._hub, level, commit)
        except MemoryError:  # perhaps before the call came to be
            try:
                _kith.end(self._crm._hub, level, False)
            except _kith.error_classes["Closed"]:
                pass
            raise

    def commit(self) -> None:
        """Makes it last now; the block goes on outside of it."""
        self._end(True)

    def rollback(self) -> None:
        """Takes everything back now."""
        self._end(False)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """The program's own statement, on tables that are not Kith's, in this transaction."""
        if len(values) == 1 and isinstance(values[0], (tuple, list)):
            values = tuple(values[0])
        return _kith.sql(self._crm._hub, self._open_level(), text, values)  # type: ignore[no-any-return]

    @property
    def already_done(self) -> bool:
        """Work with this operation key was committed before: do nothing and leave."""
        return _kith.already_done(self._crm._hub, self._open_level())  # type: ignore[no-any-return]

    @property
    def sequence(self) -> int:
        """The sequence of its change set."""
        return _kith.transaction_sequence(self._crm._hub, self._open_level())  # type: ignore[no-any-return]

    @property
    def operation_key(self) -> bytes:
        """What names the work: ask crm.outcome(key) after a lost answer."""
        return _kith.operation_key(self._crm._hub, self._open_level())  # type: ignore[no-any-return]


class Crm(StandardCollections):
    """An open store. Collections are attributes: ``crm.clients``, ``crm["x_vehicles"]``."""

    _hub: Any

    def __init__(self, hub: Any, owner: bool, name: str) -> None:
        self._hub = hub
        self._owner = owner
        self._place = name

    # ------------------------------------------------------------------------------ opening

    def __enter__(self) -> Crm:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store, or only this handle when it came from session() or as_of()."""
        _kith.close(self._hub, self._owner)

    @property
    def closed(self) -> bool:
        return _kith.is_closed(self._hub)  # type: ignore[no-any-return]

    def __del__(self) -> None:
        hub = self.__dict__.get("_hub")
        if hub is None or not self._owner or _kith.is_closed(hub):
            return  # other handles end with the last record that knows them
        warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=2)
        _kith.close(hub, True)

    def __repr__(self) -> str:
        return f"<kith.Crm {self._place}{' closed' if self.closed else ''}>"

    def session(
        self, actor: str = "", *, actor_id: Any = None, zone: str = "", sees: Any = None
    ) -> Crm:
        """A handle of its own on the same store: for another thread, actor, or rights."""
        options = {"actor": actor, "actor_id": actor_id, "zone": zone, "sees": sees}
        return Crm(_kith.another(self._hub, options), False, self._place)

    # -------------------------------------------------------------------------- collections

    def __getitem__(self, name: str) -> Collection[Any]:
        found = self.__dict__.get(name)
        if isinstance(found, Collection):
            return found
        made = collection_of(self._hub, name)
        self.__dict__[name] = made
        return made

    def __getattr__(self, name: str) -> Collection[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except _kith.error_classes["NotFound"] as error:
            raise AttributeError(f"crm.{name}: {error}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.model]

    # ------------------------------------------------------------------------- transactions

    def transaction(
        self, reason: str = "", *, operation_key: str = "", origin: str = "user"
    ) -> Transaction:
        """``with crm.transaction(reason="…"):`` all of it, or nothing."""
        return Transaction(self, reason, operation_key, origin, False)

    def snapshot(self) -> Transaction:
        """``with crm.snapshot():`` everything that is read is of one instant."""
        return Transaction(self, "", "", "user", True)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread and task has a transaction open."""
        return _kith.in_transaction(self._hub)  # type: ignore[no-any-return]

    def interrupt(self) -> None:
        """Stops what other threads are asking this handle: kith.Interrupted for them."""
        _kith.interrupt(self._hub)

    # -------------------------------------------------------------------------------- model

    @property
    def model(self) -> Model:
        """The model in force: entities, fields, kinds, labels, choices."""
        return Model(
            _kith.model(self._hub), _kith.actions(self._hub), _kith.reports(self._hub)
        )

    def add_field(
        self,
        entity: str,
        name: str,
        kind: str = "text",
        *,
        choices: Any = (),
        target: str = "",
        required: bool = False,
        unique: bool = False,
        indexed: bool = False,
        searchable: bool = False,
        personal: bool = False,
        folded: bool = False,
        scale: int | None = None,
        max_length: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        on_delete: str = "restrict",
        label: str = "",
        ru: str = "",
        doc: str = "",
    ) -> None:
        """Adds a field to an entity; its name begins with a prefix of its own: ``x_card``."""
        about = {key: value for key, value in locals().items() if key not in ("self", "entity")}
        _kith.add_field(self._hub, entity, _field(about))

    def add_entity(
        self,
        name: str,
        plural: str,
        fields: Any = (),
        *,
        title: str = "",
        ru: str = "",
        ru_plural: str = "",
        doc: str = "",
    ) -> Collection[Any]:
        """Adds an entity: ``fields`` are dicts with the arguments of add_field()."""
        about = {
            "name": name,
            "plural": plural,
            "title": title,
            "ru": ru,
            "ru_plural": ru_plural,
            "doc": doc,
        }
        _kith.add_entity(self._hub, about, [_field(dict(field)) for field in fields])
        return self[plural]

    def parse(self, entity: str, field: str, text: str) -> Any:
        """The value of a field as people write it: ``parse("deals", "amount", "9.99 EUR")``."""
        return _kith.parsed(self._hub, entity, field, text)

    def retire_field(self, entity: str, name: str) -> None:
        """Hides a field that a user added; what was written stays."""
        _kith.retire_field(self._hub, entity, name)


    # ------------------------------------------------------------------------------ history

    @property
    def sequence(self) -> int:
        """The sequence of the newest commit."""
        return _kith.sequence(self._hub)  # type: ignore[no-any-return]

    def sequence_at(self, when: datetime) -> int:
        """The newest sequence that is not after this moment; 0 before the first."""
        return _kith.sequence_at(self._hub, when)  # type: ignore[no-any-return]

    def changes(self, since: int = 0) -> Iterator[ChangeSet]:
        """The change sets after a sequence, in their order."""
        while sets := _kith.changes(self._hub, since, 500):
            for about in sets:
                yield _history.change_set(about)
            since = sets[-1]["sequence"]

    def history(self, record: Any, most: int = 1000) -> list[HistoryEntry]:
        """What happened to a record, newest first."""
        return [_history.history_entry(one) for one in _kith.history(self._hub, record, most)]

    def as_of(self, when: datetime | int) -> Crm:
        """The store as it stood at a moment, or right after a sequence: to be read and closed."""
        sequence = when if isinstance(when, int) else self.sequence_at(when)
        return Crm(_kith.at_sequence(self._hub, sequence), False, f"{self._place} as of {when}")

    def undo(self, change_set: ChangeSet | ImportResult | int, *, skip: bool = False) -> UndoResult:
        """Takes a change set, or a whole import, back; kith.Conflict lists what is contested.

        With ``skip`` the rest is taken back, and what is contested is reported.
        """
        if isinstance(change_set, ImportResult):
            if change_set.batch is None:
                raise _kith.error_classes["Misuse"]("misuse", "a dry run has nothing to undo")
            return _history.undo_result(_kith.undo(self._hub, change_set.batch, True, skip))
        number = change_set if isinstance(change_set, int) else change_set.sequence
        return _history.undo_result(_kith.undo(self._hub, number, False, skip))

    def on_commit(self, listener: Callable[[ChangeSet], object]) -> Subscription:
        """Calls a listener after each commit of this process; ``cancel()`` ends it."""
        return Subscription(_kith.subscribe(self._hub, listener, False))

    def before_commit(self, veto: Callable[[ChangeSet], object]) -> Subscription:
        """Asks before each commit: what it raises takes the transaction back."""
        return Subscription(_kith.subscribe(self._hub, veto, True))

    def consumed(self, consumer: str) -> int:
        """How far a named reader of the feed has come."""
        return _kith.consumed(self._hub, consumer)  # type: ignore[no-any-return]

    def consume(self, consumer: str, sequence: int) -> None:
        """Notes that a named reader has worked off everything up to a sequence."""
        _kith.consume(self._hub, consumer, sequence)

    def trim(self, before: datetime) -> int:
        """Removes the change sets before a moment; how many."""
        return _kith.trim(self._hub, before)  # type: ignore[no-any-return]

    def outcome(self, operation_key: str | bytes) -> str:
        """What became of the work with this operation key: `committed` or `absent`."""
        return _kith.outcome(self._hub, operation_key)  # type: ignore[no-any-return]

    @property
    def now(self) -> datetime:
        """The moment, by the store's clock."""
        return _kith.now(self._hub)  # type: ignore[no-any-return]

    @property
    def today(self) -> date:
        """The day in this handle's time zone."""
        return _kith.today(self._hub)  # type: ignore[no-any-return]

    # -------------------------------------------------------------------- totals and reports

    def total(self, name: str, *group: Any) -> Table:
        """A live total: a row for each group, or that of one group."""
        return Table(_kith.total(self._hub, name, group or None))

    def add_total(
        self, name: str, entity: str, *, measures: str, where: str = "", by: str = ""
    ) -> None:
        """Defines a live total and counts what there is."""
        _kith.add_total(self._hub, name, entity, where, by, measures)

    def remove_total(self, name: str) -> None:
        """Forgets a live total that add_total() defined."""
        _kith.remove_total(self._hub, name)

    def report(self, name: str, **arguments: Any) -> Table:
        """The answer of a report, of one instant: ``crm.report("pipeline", by="stage")``."""
        return Table(*_kith.report(self._hub, name, arguments))

    # -------------------------------------------------------------------------------- files

    def import_file(
        self,
        entity: str,
        file: Any,
        mapping: Any = None,
        *,
        match: Any = (),
        mode: str = "upsert",
        constants: Any = None,
        only_mapped: bool = False,
        empty_clears: bool = False,
        dry_run: bool = False,
        progress: Callable[[int], object] | None = None,
        reason: str = "",
        chunk_rows: int = 5000,
        most_errors: int = 10_000,
        rejected_file: str = "",
        zone: str = "",
        currency: str = "",
        delimiter: str = "",
        decimal_point: str = "",
        dates: str = "",
        header: bool = True,
    ) -> ImportResult:
        """Reads a CSV file (a path, or a file opened for bytes) into an entity.

        ``mapping`` says where columns go: ``{"Город": "city", "Id": "@shop", "Note": None}``;
        ``match`` how a row finds the record that it changes. ``progress`` is called with the
        number of rows; False cancels.
        """
        options = _import_options(
            entity,
            mapping=mapping,
            match=match,
            mode=mode,
            constants=constants,
            only_mapped=only_mapped,
            empty_clears=empty_clears,
            dry_run=dry_run,
            progress=progress,
            reason=reason,
            chunk_rows=chunk_rows,
            most_errors=most_errors,
            rejected_file=os.fspath(rejected_file),
            zone=zone,
            currency=currency,
            delimiter=delimiter,
            decimal_point=decimal_point,
            dates=dates,
            header=header,
        )
        given = os.fspath(file) if isinstance(file, (str, os.PathLike)) else file
        return _history.import_result(_kith.import_file(self._hub, given, options))

    def import_arrow(self, entity: str, data: Any, mapping: Any = None, **how: Any) -> ImportResult:
        """Reads a table of pyarrow, polars or pandas, or any Arrow stream, into an entity.

        ``how`` are the options of import_file() that are not about the file.
        """
        options = _import_options(entity, mapping=mapping, **how)
        return _history.import_result(_kith.import_arrow(self._hub, data, options))

    def export(
        self,
        what: str | Query[Any],
        file: Any,
        where: str = "",
        *values: Any,
        columns: Any = (),
        delimiter: str = ",",
        byte_order_mark: bool = False,
        labels: bool = False,
        by_id: bool = False,
        progress: Callable[[int], object] | None = None,
        **named: Any,
    ) -> int:
        """Writes records as a CSV file (a path, or a file opened for bytes); how many."""
        query = what if isinstance(what, Query) else self[what].query()
        if where:
            query = query.where(where, *values, **named)
        options = {
            "columns": list(columns),
            "delimiter": delimiter,
            "byte_order_mark": byte_order_mark,
            "labels": labels,
            "by_id": by_id,
            "progress": progress,
        }
        given = os.fspath(file) if isinstance(file, (str, os.PathLike)) else file
        return _kith.export_file(query._parts, given, options)  # type: ignore[no-any-return]

    # ------------------------------------------------------------------------- care of files

    @property
    def capabilities(self) -> dict[str, Any]:
        """What the store can do: durability, backup, views, …"""
        return _kith.capabilities(self._hub)  # type: ignore[no-any-return]

    def save(self) -> None:
        """Writes a store that keeps its rows in memory to its file."""
        _kith.save(self._hub)

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Writes a verified copy of one instant to a new file, while others read and write."""
        _kith.backup(self._hub, os.fspath(path))

    def compact(self) -> None:
        """Rewrites the files so that nothing erased is left in them."""
        _kith.compact(self._hub)

    def write_views(self) -> None:
        """Writes, or brings up to date, views for reporting tools."""
        _kith.write_views(self._hub)

    def verify(self) -> Verification:
        """Looks at every record, key, reference and change set."""
        records, sets, found, more = _kith.verify(self._hub)
        return Verification(records, sets, _history.damages(found), more)

    @property
    def newest_anchor(self) -> AuditAnchor:
        """The newest place of the audit chain; keep it elsewhere."""
        return AuditAnchor(*_kith.newest_anchor(self._hub))

    def check_audit(self, kept: AuditAnchor | None = None) -> AuditCheck:
        """Follows the audit chain, up to an anchor that was kept."""
        count, head = (0, b"") if kept is None else (kept.count, kept.head)
        sets, first, found = _kith.check_audit(self._hub, count, head)
        return AuditCheck(sets, first, _history.damages(found))

    def host_committed(self) -> None:
        """As a guest: the host's transaction has committed; listeners are told."""
        _kith.host_committed(self._hub)

    # ------------------------------------------------------------------------------ erasure

    def erase(self, record: Any, reason: str = "", *, legal_basis: str = "") -> Erasure:
        """Removes a person's values for ever; the ledger stays. Then compact()."""
        return _history.erasure(_kith.erase(self._hub, record, reason, legal_basis))

    @property
    def erasures(self) -> list[Erasure]:
        """The proofs of all erasures, oldest first."""
        return [_history.erasure(one) for one in _kith.erasures(self._hub)]

    def about(self, record: Any) -> dict[str, list[int]]:
        """The ids of all records about a person, by entity."""
        return _kith.about(self._hub, record)  # type: ignore[no-any-return]

    def access_export(self, record: Any) -> dict[str, str]:
        """Everything that the store has about a person, as CSV texts by file name."""
        return _kith.access_export(self._hub, record)  # type: ignore[no-any-return]

    def hold(self, record: Any, reason: str) -> None:
        """Keeps a record from being erased until release()."""
        _kith.hold(self._hub, record, reason)

    def release(self, record: Any) -> None:
        """Ends a hold."""
        _kith.release(self._hub, record)

    @property
    def holds(self) -> list[LegalHold]:
        """The records that are kept from being erased."""
        return [LegalHold(*one) for one in _kith.holds(self._hub)]

    def due(self, entity: str, condition: str) -> list[int]:
        """The ids of those that a retention rule says are due."""
        return _kith.due(self._hub, entity, condition)  # type: ignore[no-any-return]

    def apply_retention(
        self,
        entity: str,
        condition: str,
        reason: str = "",
        *,
        legal_basis: str = "",
        most: int = 1000,
    ) -> list[Erasure]:
        """Erases what is due, each in a transaction of its own."""
        done = _kith.apply_retention(self._hub, entity, condition, reason, legal_basis, most)
        return [_history.erasure(one) for one in done]


_FIELD: dict[str, Any] = {
    "kind": "text",
    "choices": (),
    "target": "",
    "required": False,
    "unique": False,
    "indexed": False,
    "searchable": False,
    "personal": False,
    "folded": False,
    "scale": None,
    "max_length": None,
    "at_least": None,
    "at_most": None,
    "on_delete": "restrict",
    "label": "",
    "ru": "",
    "doc": "",
}


_IMPORT: dict[str, Any] = {
    "mapping": None,
    "match": (),
    "mode": "upsert",
    "constants": None,
    "only_mapped": False,
    "empty_clears": False,
    "dry_run": False,
    "progress": None,
    "reason": "",
    "chunk_rows": 5000,
    "most_errors": 10_000,
    "rejected_file": "",
    "zone": "",
    "currency": "",
    "delimiter": "",
    "decimal_point": "",
    "dates": "",
    "header": True,
}


def _import_options(entity: str, **given: Any) -> dict[str, Any]:
    if unknown := set(given) - set(_IMPORT):
        raise TypeError(f"an import has no option {', '.join(sorted(unknown))}")
    whole = {**_IMPORT, **given, "entity": entity}
    whole["mapping"] = dict(whole["mapping"] or {})
    whole["constants"] = dict(whole["constants"] or {})
    match = whole["match"]
    whole["match"] = [match] if isinstance(match, str) else list(match)
    return whole


def _field(about: dict[str, Any]) -> dict[str, Any]:
    unknown = set(about) - set(_FIELD) - {"name"}
    if unknown or "name" not in about:
        raise TypeError(f"a field has a name and {', '.join(_FIELD)}; not {', '.join(unknown)}")
    whole = {**_FIELD, **about}
    whole["choices"] = [
        (choice, "") if isinstance(choice, str) else tuple(choice) for choice in whole["choices"]
    ]
    return whole


def _refuse_foreign_sqlite() -> None:
    copies = _kith.sqlite_copies()
    if len(copies) > 1:
        raise _kith.error_classes["Unsupported"](
            "unsupported",
            f"a connection can only be shared within one SQLite, but besides {copies[0]} there is "
            f"the one of {', '.join(copies[1:])}; use an apsw that is built with the system's "
            "(Debian: python3-apsw)",
        )


def _sqlite3_of(connection: Any) -> int:
    """The address of an APSW connection's handle; an address is taken as it is."""
    if isinstance(connection, int):
        return connection
    for name in ("sqlite3_pointer", "sqlite3pointer"):  # the second until APSW 3.42
        if hasattr(connection, name):
            return int(getattr(connection, name)())
    raise TypeError(f"connection must be an apsw.Connection, not {type(connection).__name__}")


@functools.cache
def _warn_of_second_sqlite() -> None:
    copies = _kith.sqlite_copies()
    if len(copies) > 1:
        warnings.warn(
            f"Kith uses the SQLite of {copies[0]}, and {', '.join(copies[1:])} has another one: open "
            "no file with both, or each takes the other's locks away",
            RuntimeWarning,
            stacklevel=3,
        )


def open(
    where: str | os.PathLike[str] = "",
    *,
    read_only: bool = False,
    actor: str = "",
    actor_id: Any = None,
    zone: str = "",
    sees: Any = None,
    clock: Any = None,
    audit_key: bytes | None = None,
    busy_timeout_ms: int = 10_000,
    origin_number: int = 0,
    connection: Any = None,
    accept_weak_durability: bool = False,
    store: Store | None = None,
) -> Crm:
    """Opens a store, and makes it when it is not there.

    ``where`` is a path, ``":memory:"`` or ``"memory:demo.snapshot"``. ``clock`` is called for the
    time. ``connection`` is an APSW connection whose transactions Kith joins, as a guest; ``store`` a
    store of the program's own.
    """
    options = {
        "actor": actor,
        "actor_id": actor_id,
        "zone": zone,
        "sees": sees,
        "read_only": read_only,
        "clock": clock,
        "audit_key": audit_key,
        "busy_timeout_ms": busy_timeout_ms,
        "origin_number": origin_number,
        "accept_weak_durability": accept_weak_durability,
    }
    pointer = 0
    if connection is not None:
        if where:
            raise _kith.error_classes["Misuse"](
                "misuse", f"a guest has no place of its own: leave {os.fspath(where)!r} out, or the connection"
            )
        _refuse_foreign_sqlite()
        pointer = _sqlite3_of(connection)
    place = os.fspath(where)
    if connection is None and store is None and not place.startswith((":memory:", "memory:")):
        _warn_of_second_sqlite()
    hub = _kith.open_store(place, options, pointer, store)
    return Crm(hub, True, place or ("guest" if store is None else store.name))
