# Written by bindings/python/tools/stubs.py from the model; do not edit.
# ruff: noqa

from typing import Any

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

from ._kith import Record as Record
from ._kith import Visibility as Visibility
from ._expressions import EntityKey

__version__: str

__all__ = ['ActionInfo', 'AuditAnchor', 'AuditCheck', 'Busy', 'Change', 'ChangeSet', 'Choice', 'Closed', 'Collection', 'Conflict', 'Contested', 'Crm', 'Damage', 'Damaged', 'Denied', 'EntityInfo', 'ErasedCategory', 'Erasure', 'Error', 'Exists', 'Expression', 'FieldChange', 'FieldInfo', 'Foreign', 'Forked', 'Full', 'HistoryEntry', 'ImportResult', 'Interrupted', 'Invalid', 'Key', 'LegalHold', 'Limit', 'Misuse', 'Model', 'ModelError', 'Money', 'MoneySum', 'Newer', 'NotFound', 'OutcomeUnknown', 'Page', 'PersonName', 'Poisoned', 'PostalAddress', 'Query', 'QueryError', 'ReadOnly', 'Record', 'Reentrant', 'Relation', 'RelationInfo', 'ReportInfo', 'Retry', 'RowError', 'Stale', 'StorageError', 'Store', 'StoreConnection', 'StoreEntity', 'StoreRow', 'Subscription', 'Table', 'Transaction', 'UndoResult', 'Unsupported', 'Verification', 'Violation', 'Visibility', 'WrongThread', 'WrongType', 'entity', 'open']

class NotFound(Error, LookupError): ...
class Invalid(Error, ValueError): ...
class Exists(Error): ...
class Conflict(Error): ...
class Busy(Error): ...
class Retry(Error): ...
class Denied(Error): ...
class ReadOnly(Error): ...
class Unsupported(Error): ...
class Limit(Error): ...
class Interrupted(Error): ...
class StorageError(Error, OSError): ...
class Full(StorageError): ...
class Damaged(Error): ...
class Foreign(Error): ...
class Newer(Error): ...
class OutcomeUnknown(Error): ...
class Poisoned(Error): ...
class Closed(Error): ...
class Forked(Error): ...
class QueryError(Error, ValueError): ...
class WrongThread(Error): ...
class Reentrant(Error): ...
class Misuse(Error): ...
class Stale(Error): ...
class ModelError(Error): ...
class WrongType(Invalid, TypeError): ...

class ClientKind(Choice):
    person = "person"
    organisation = "organisation"
    household = "household"

class ClientStatus(Choice):
    potential = "potential"
    existing = "existing"
    former = "former"

class ContactPointChannel(Choice):
    email = "email"
    phone = "phone"
    website = "website"
    messenger = "messenger"

class ProductKind(Choice):
    goods = "goods"
    service = "service"

class StageCategory(Choice):
    open = "open"
    hold = "hold"
    won = "won"
    lost = "lost"

class StageChangeFromCategory(Choice):
    open = "open"
    hold = "hold"
    won = "won"
    lost = "lost"

class StageChangeToCategory(Choice):
    open = "open"
    hold = "hold"
    won = "won"
    lost = "lost"

class SalesOrderStatus(Choice):
    draft = "draft"
    confirmed = "confirmed"
    shipped = "shipped"
    cancelled = "cancelled"

class InteractionKind(Choice):
    call = "call"
    email = "email"
    letter = "letter"
    visit = "visit"
    meeting = "meeting"
    message = "message"
    note = "note"
    web = "web"

class InteractionDirection(Choice):
    incoming = "incoming"
    outgoing = "outgoing"
    internal = "internal"

class TaskPriority(Choice):
    low = "low"
    normal = "normal"
    high = "high"
    urgent = "urgent"

class TaskStatus(Choice):
    open = "open"
    done = "done"
    cancelled = "cancelled"

currency: EntityKey
import_batch: EntityKey
user: EntityKey
team: EntityKey
client: EntityKey
contact: EntityKey
employment: EntityKey
contact_point: EntityKey
external_ref: EntityKey
tag: EntityKey
product: EntityKey
pipeline: EntityKey
stage: EntityKey
deal: EntityKey
stage_change: EntityKey
sales_order: EntityKey
order_line: EntityKey
interaction: EntityKey
task: EntityKey
