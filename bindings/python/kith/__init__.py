# SPDX-License-Identifier: Apache-2.0
"""Kith: customer relationship management in a program's own process.

    import kith
    with kith.open("shop.kith") as crm:
        acme = crm.clients.add(name="ООО «Автопарк»", city="Омск")
        for deal in crm.deals.where("client.city = ?", "Омск").order_by("-amount"):
            print(deal.title, deal.amount, deal.client.name)
"""

from __future__ import annotations

from typing import Any

from . import _kith
from ._collection import Collection
from ._crm import Crm, Transaction, open
from ._errors import Error, Violation
from ._expressions import Expression, Key, Relation, entity
from ._history import (
    AuditAnchor,
    AuditCheck,
    Change,
    ChangeSet,
    Contested,
    Damage,
    ErasedCategory,
    Erasure,
    FieldChange,
    HistoryEntry,
    ImportResult,
    LegalHold,
    RowError,
    Subscription,
    UndoResult,
    Verification,
)
from ._model import ActionInfo, EntityInfo, FieldInfo, Model, RelationInfo, ReportInfo
from ._query import Page, Query
from ._store import Store, StoreConnection, StoreEntity, StoreRow
from ._table import Table
from ._values import Choice, Money, MoneySum, PersonName, PostalAddress

Record = _kith.Record
Visibility = _kith.Visibility
__version__: str = _kith.version

globals().update(_kith.error_classes)

__all__ = [
    "ActionInfo",
    "AuditAnchor",
    "AuditCheck",
    "Change",
    "ChangeSet",
    "Choice",
    "Collection",
    "Contested",
    "Crm",
    "Damage",
    "EntityInfo",
    "ErasedCategory",
    "Erasure",
    "Error",
    "Expression",
    "FieldChange",
    "FieldInfo",
    "HistoryEntry",
    "ImportResult",
    "Key",
    "LegalHold",
    "Model",
    "Money",
    "MoneySum",
    "Page",
    "PersonName",
    "PostalAddress",
    "Query",
    "Record",
    "Relation",
    "RelationInfo",
    "ReportInfo",
    "RowError",
    "Store",
    "StoreConnection",
    "StoreEntity",
    "StoreRow",
    "Subscription",
    "Table",
    "Transaction",
    "UndoResult",
    "Verification",
    "Violation",
    "Visibility",
    "entity",
    "open",
    *_kith.error_classes,
]


def __getattr__(name: str) -> Any:
    """Typed keys (kith.deal) and enumerations (kith.ClientStatus) of the standard model."""
    from ._names import standard_name

    found = standard_name(name)
    if found is None:
        raise AttributeError(f"module 'kith' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    from ._names import standard_names

    return sorted([*globals(), *standard_names()])
