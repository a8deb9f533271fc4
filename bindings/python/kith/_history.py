# SPDX-License-Identifier: Apache-2.0
"""What happened: change sets, histories, undos, verifications, proofs of erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Change:
    """What a commit did to one record."""

    what: str  #: add, update, delete, restore, erase or merge
    entity: str | None  #: None: of an entity that this program does not know
    id: int
    previous: int  #: sequence of the record's change before this one; 0: none
    before: dict[str, Any]  #: of an update: the values that were there


@dataclass(frozen=True)
class ChangeSet:
    """One commit: who, when, why, what."""

    sequence: int
    at: datetime
    actor: str
    origin: str
    reason: str
    batch: int | None
    undoes: int | None
    operation_key: bytes
    changes: list[Change]


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class HistoryEntry:
    """One change of one record."""

    sequence: int
    at: datetime
    actor: str
    origin: str
    reason: str
    batch: int | None
    undoes: int | None
    what: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Contested:
    """A change that cannot be taken back any more, and why."""

    entity: str | None
    id: int
    field: str
    why: str


@dataclass(frozen=True)
class UndoResult:
    """What an undo did."""

    sequence: int  #: of the change set that takes back; 0: there was nothing to do
    records: int
    contested: list[Contested]


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong in a store, and what helps."""

    entity: str
    id: int
    what: str
    remedy: str


@dataclass(frozen=True)
class Verification:
    """What a verification looked at and found."""

    records: int
    change_sets: int
    found: list[Damage]
    more: int

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.found


@dataclass(frozen=True)
class AuditAnchor:
    """A place in the audit chain, to be kept outside of the store."""

    count: int
    head: bytes


@dataclass(frozen=True)
class AuditCheck:
    """What a check of the audit chain found."""

    sets: int
    first: int
    found: list[Damage]

    @property
    def sound(self) -> bool:
        """Nobody changed what was written."""
        return not self.found


@dataclass(frozen=True)
class ErasedCategory:
    """What an erasure touched in one entity."""

    entity: str
    erased: int
    emptied: int
    fields: list[str]


@dataclass(frozen=True)
class Erasure:
    """The proof of an erasure, without a value of the person."""

    sequence: int
    at: datetime
    actor: str
    reason: str
    legal_basis: str
    entity: str
    subject: int
    change_sets: int
    categories: list[ErasedCategory]


@dataclass(frozen=True)
class LegalHold:
    """A record that must be kept, whoever asks."""

    entity: str
    record: int
    reason: str
    since: datetime


@dataclass(frozen=True)
class RowError:
    """One thing that is wrong with one row."""

    row: int
    line: int
    column: str
    field: str
    value: str
    message: str


@dataclass(frozen=True)
class ImportResult:
    """What an import did."""

    rows: int
    inserted: int
    updated: int
    unchanged: int
    failed: int
    errors: list[RowError]
    batch: int | None
    cancelled: bool
    cut_short: bool
    columns: dict[str, str]
    ignored_columns: list[str]


class Subscription:
    """A listener that is told of commits until cancel()."""

    __slots__ = ("_token",)

    def __init__(self, token: Any) -> None:
        self._token = token

    def cancel(self) -> None:
        """It is told no more."""
        self._token.cancel()


def change_set(about: dict[str, Any]) -> ChangeSet:
    """A change set of what the core says."""
    return ChangeSet(**{**about, "changes": [Change(**one) for one in about["changes"]]})


def history_entry(about: dict[str, Any]) -> HistoryEntry:
    return HistoryEntry(**{**about, "fields": [FieldChange(*one) for one in about["fields"]]})


def undo_result(about: dict[str, Any]) -> UndoResult:
    return UndoResult(**{**about, "contested": [Contested(*one) for one in about["contested"]]})


def damages(found: list[tuple[Any, ...]]) -> list[Damage]:
    return [Damage(*one) for one in found]


def erasure(about: dict[str, Any]) -> Erasure:
    return Erasure(**{**about, "categories": [ErasedCategory(**one) for one in about["categories"]]})


def import_result(about: dict[str, Any]) -> ImportResult:
    return ImportResult(**{**about, "errors": [RowError(*one) for one in about["errors"]]})
