# Written by bindings/python/tools/stubs.py from the model; do not edit.
# ruff: noqa

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, type_check_only

from . import ClientKind, ClientStatus, ContactPointChannel, InteractionDirection, InteractionKind, ProductKind, SalesOrderStatus, StageCategory, StageChangeFromCategory, StageChangeToCategory, TaskPriority, TaskStatus
from ._collection import Collection
from ._kith import Record
from ._values import Choice, Money, PersonName, PostalAddress

@type_check_only
class Currency(Record):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def active(self) -> bool | None: ...

@type_check_only
class ImportBatch(Record):
    @property
    def format(self) -> str: ...
    @property
    def file_name(self) -> str | None: ...
    @property
    def entity(self) -> str: ...
    @property
    def inserted(self) -> int | None: ...
    @property
    def updated(self) -> int | None: ...
    @property
    def unchanged(self) -> int | None: ...
    @property
    def failed(self) -> int | None: ...
    @property
    def started(self) -> datetime | None: ...
    @property
    def finished(self) -> datetime | None: ...

@type_check_only
class User(Record):
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def mail(self) -> str | None: ...
    @property
    def active(self) -> bool | None: ...
    @property
    def manager(self) -> User | None: ...
    @property
    def manager_id(self) -> int | None: ...
    @property
    def team(self) -> Team | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def zone(self) -> str | None: ...
    @property
    def reports(self) -> list[User]: ...

@type_check_only
class Team(Record):
    @property
    def name(self) -> str: ...
    @property
    def lead(self) -> User | None: ...
    @property
    def lead_id(self) -> int | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def members(self) -> list[User]: ...

@type_check_only
class Client(Record):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> ClientKind: ...
    @property
    def person(self) -> PersonName | None: ...
    @property
    def legal_name(self) -> str | None: ...
    @property
    def tax_id(self) -> str | None: ...
    @property
    def status(self) -> ClientStatus: ...
    @property
    def industry(self) -> str | None: ...
    @property
    def employees(self) -> int | None: ...
    @property
    def annual_revenue(self) -> Money | None: ...
    @property
    def founded_year(self) -> int | None: ...
    @property
    def website(self) -> str | None: ...
    @property
    def address(self) -> PostalAddress | None: ...
    @property
    def street(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def postal_code(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def parent(self) -> Client | None: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def owner(self) -> User | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def team(self) -> Team | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def branches(self) -> list[Client]: ...
    @property
    def emails(self) -> list[str]: ...
    @property
    def phones(self) -> list[str]: ...
    @property
    def employments(self) -> list[Employment]: ...
    @property
    def deals(self) -> list[Deal]: ...
    @property
    def orders(self) -> list[SalesOrder]: ...
    @property
    def interactions(self) -> list[Interaction]: ...
    @property
    def tasks(self) -> list[Task]: ...
    @property
    def tags(self) -> list[str]: ...
    @property
    def external_refs(self) -> list[ExternalRef]: ...

@type_check_only
class Contact(Record):
    @property
    def name(self) -> PersonName: ...
    @property
    def last_name(self) -> str | None: ...
    @property
    def first_name(self) -> str | None: ...
    @property
    def patronymic(self) -> str | None: ...
    @property
    def salutation(self) -> str | None: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def owner(self) -> User | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def employments(self) -> list[Employment]: ...
    @property
    def emails(self) -> list[str]: ...
    @property
    def phones(self) -> list[str]: ...
    @property
    def tags(self) -> list[str]: ...
    @property
    def external_refs(self) -> list[ExternalRef]: ...

@type_check_only
class Employment(Record):
    @property
    def contact(self) -> Contact: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def client(self) -> Client: ...
    @property
    def client_id(self) -> int: ...
    @property
    def title(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def is_primary(self) -> bool | None: ...

@type_check_only
class ContactPoint(Record):
    @property
    def party(self) -> Record: ...
    @property
    def channel(self) -> ContactPointChannel: ...
    @property
    def address(self) -> str: ...
    @property
    def normal_form(self) -> str | None: ...
    @property
    def label(self) -> str | None: ...
    @property
    def is_primary(self) -> bool | None: ...
    @property
    def invalid(self) -> bool | None: ...

@type_check_only
class ExternalRef(Record):
    @property
    def source(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def record(self) -> Record: ...

@type_check_only
class Tag(Record):
    @property
    def record(self) -> Record: ...
    @property
    def name(self) -> str: ...

@type_check_only
class Product(Record):
    @property
    def code(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> ProductKind: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def list_price(self) -> Money | None: ...
    @property
    def cost(self) -> Money | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def active(self) -> bool | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def external_refs(self) -> list[ExternalRef]: ...

@type_check_only
class Pipeline(Record):
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> int | None: ...
    @property
    def stages(self) -> list[Stage]: ...

@type_check_only
class Stage(Record):
    @property
    def pipeline(self) -> Pipeline: ...
    @property
    def pipeline_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> int | None: ...
    @property
    def category(self) -> StageCategory: ...
    @property
    def probability(self) -> int: ...
    @property
    def rot_days(self) -> int | None: ...
    @property
    def deals(self) -> list[Deal]: ...

@type_check_only
class Deal(Record):
    @property
    def title(self) -> str: ...
    @property
    def client(self) -> Client | None: ...
    @property
    def client_id(self) -> int | None: ...
    @property
    def contact(self) -> Contact | None: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def stage_id(self) -> int: ...
    @property
    def amount(self) -> Money | None: ...
    @property
    def probability(self) -> int | None: ...
    @property
    def probability_by_hand(self) -> bool | None: ...
    @property
    def product(self) -> Product | None: ...
    @property
    def product_id(self) -> int | None: ...
    @property
    def owner(self) -> User | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def team(self) -> Team | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def opened(self) -> date | None: ...
    @property
    def closes(self) -> date | None: ...
    @property
    def closed(self) -> date | None: ...
    @property
    def lost_reason(self) -> str | None: ...
    @property
    def last_open_stage(self) -> Stage | None: ...
    @property
    def last_open_stage_id(self) -> int | None: ...
    @property
    def next_step(self) -> str | None: ...
    @property
    def next_step_due(self) -> date | None: ...
    @property
    def weighted(self) -> Money | None: ...
    @property
    def cycle(self) -> timedelta | None: ...
    @property
    def stage_changes(self) -> list[StageChange]: ...
    @property
    def interactions(self) -> list[Interaction]: ...
    @property
    def tasks(self) -> list[Task]: ...
    @property
    def orders(self) -> list[SalesOrder]: ...
    @property
    def external_refs(self) -> list[ExternalRef]: ...

@type_check_only
class StageChange(Record):
    @property
    def deal(self) -> Deal: ...
    @property
    def deal_id(self) -> int: ...
    @property
    def from_stage(self) -> Stage | None: ...
    @property
    def from_stage_id(self) -> int | None: ...
    @property
    def to_stage(self) -> Stage: ...
    @property
    def to_stage_id(self) -> int: ...
    @property
    def from_category(self) -> StageChangeFromCategory | None: ...
    @property
    def to_category(self) -> StageChangeToCategory: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def amount(self) -> Money | None: ...
    @property
    def spent(self) -> timedelta | None: ...

@type_check_only
class SalesOrder(Record):
    @property
    def number(self) -> str | None: ...
    @property
    def client(self) -> Client: ...
    @property
    def client_id(self) -> int: ...
    @property
    def contact(self) -> Contact | None: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def deal(self) -> Deal | None: ...
    @property
    def deal_id(self) -> int | None: ...
    @property
    def owner(self) -> User | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def status(self) -> SalesOrderStatus: ...
    @property
    def ordered(self) -> date | None: ...
    @property
    def required_by(self) -> date | None: ...
    @property
    def shipped(self) -> date | None: ...
    @property
    def freight(self) -> Money | None: ...
    @property
    def net(self) -> Money | None: ...
    @property
    def total(self) -> Money | None: ...
    @property
    def ship_name(self) -> str | None: ...
    @property
    def ship_to(self) -> PostalAddress | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def lines(self) -> list[OrderLine]: ...
    @property
    def external_refs(self) -> list[ExternalRef]: ...

@type_check_only
class OrderLine(Record):
    @property
    def sales_order(self) -> SalesOrder: ...
    @property
    def sales_order_id(self) -> int: ...
    @property
    def position(self) -> int | None: ...
    @property
    def product(self) -> Product | None: ...
    @property
    def product_id(self) -> int | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def unit_price(self) -> Money: ...
    @property
    def discount_percent(self) -> Decimal | None: ...
    @property
    def net(self) -> Money | None: ...

@type_check_only
class Interaction(Record):
    @property
    def client(self) -> Client: ...
    @property
    def client_id(self) -> int: ...
    @property
    def contact(self) -> Contact | None: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def deal(self) -> Deal | None: ...
    @property
    def deal_id(self) -> int | None: ...
    @property
    def kind(self) -> InteractionKind: ...
    @property
    def direction(self) -> InteractionDirection | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def body(self) -> str | None: ...
    @property
    def owner(self) -> User | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def length(self) -> timedelta | None: ...

@type_check_only
class Task(Record):
    @property
    def title(self) -> str: ...
    @property
    def client(self) -> Client | None: ...
    @property
    def client_id(self) -> int | None: ...
    @property
    def contact(self) -> Contact | None: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def deal(self) -> Deal | None: ...
    @property
    def deal_id(self) -> int | None: ...
    @property
    def assignee(self) -> User | None: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def due(self) -> date | None: ...
    @property
    def first_due(self) -> date | None: ...
    @property
    def postponed(self) -> int | None: ...
    @property
    def priority(self) -> TaskPriority: ...
    @property
    def status(self) -> TaskStatus: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def note(self) -> str | None: ...

@type_check_only
class CurrenciesCollection(Collection[Currency]):
    def add(
        self,
        *,
        code: str | None = ...,
        name: str | None = ...,
        active: bool | None = ...,
        **custom: Any,
    ) -> Currency: ...
    def update(
        self,
        _record: Currency | int,
        /,
        *,
        code: str | None = ...,
        name: str | None = ...,
        active: bool | None = ...,
        **custom: Any,
    ) -> Currency: ...

@type_check_only
class ImportBatchesCollection(Collection[ImportBatch]):
    def add(
        self,
        *,
        format: str | None = ...,
        file_name: str | None = ...,
        entity: str | None = ...,
        inserted: int | None = ...,
        updated: int | None = ...,
        unchanged: int | None = ...,
        failed: int | None = ...,
        started: datetime | None = ...,
        finished: datetime | None = ...,
        **custom: Any,
    ) -> ImportBatch: ...
    def update(
        self,
        _record: ImportBatch | int,
        /,
        *,
        format: str | None = ...,
        file_name: str | None = ...,
        entity: str | None = ...,
        inserted: int | None = ...,
        updated: int | None = ...,
        unchanged: int | None = ...,
        failed: int | None = ...,
        started: datetime | None = ...,
        finished: datetime | None = ...,
        **custom: Any,
    ) -> ImportBatch: ...

@type_check_only
class UsersCollection(Collection[User]):
    def add(
        self,
        *,
        login: str | None = ...,
        name: str | None = ...,
        mail: str | None = ...,
        active: bool | None = ...,
        manager: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        title: str | None = ...,
        zone: str | None = ...,
        **custom: Any,
    ) -> User: ...
    def update(
        self,
        _record: User | int,
        /,
        *,
        login: str | None = ...,
        name: str | None = ...,
        mail: str | None = ...,
        active: bool | None = ...,
        manager: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        title: str | None = ...,
        zone: str | None = ...,
        **custom: Any,
    ) -> User: ...

@type_check_only
class TeamsCollection(Collection[Team]):
    def add(
        self,
        *,
        name: str | None = ...,
        lead: User | int | str | None = ...,
        region: str | None = ...,
        **custom: Any,
    ) -> Team: ...
    def update(
        self,
        _record: Team | int,
        /,
        *,
        name: str | None = ...,
        lead: User | int | str | None = ...,
        region: str | None = ...,
        **custom: Any,
    ) -> Team: ...

@type_check_only
class ClientsCollection(Collection[Client]):
    def add(
        self,
        *,
        name: str | None = ...,
        kind: Choice | Literal['person', 'organisation', 'household'] | None = ...,
        person: PersonName | dict[str, str] | str | None = ...,
        legal_name: str | None = ...,
        tax_id: str | None = ...,
        status: Choice | Literal['potential', 'existing', 'former'] | None = ...,
        industry: str | None = ...,
        employees: int | None = ...,
        annual_revenue: Money | str | None = ...,
        founded_year: int | None = ...,
        website: str | None = ...,
        address: PostalAddress | dict[str, str] | str | None = ...,
        street: str | None = ...,
        city: str | None = ...,
        region: str | None = ...,
        postal_code: str | None = ...,
        country: str | None = ...,
        parent: Client | int | str | None = ...,
        owner: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        source: str | None = ...,
        birth_date: date | None = ...,
        note: str | None = ...,
        emails: Iterable[Any] = ...,
        phones: Iterable[Any] = ...,
        employments: Iterable[Any] = ...,
        interactions: Iterable[Any] = ...,
        tasks: Iterable[Any] = ...,
        tags: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Client: ...
    def update(
        self,
        _record: Client | int,
        /,
        *,
        name: str | None = ...,
        kind: Choice | Literal['person', 'organisation', 'household'] | None = ...,
        person: PersonName | dict[str, str] | str | None = ...,
        legal_name: str | None = ...,
        tax_id: str | None = ...,
        status: Choice | Literal['potential', 'existing', 'former'] | None = ...,
        industry: str | None = ...,
        employees: int | None = ...,
        annual_revenue: Money | str | None = ...,
        founded_year: int | None = ...,
        website: str | None = ...,
        address: PostalAddress | dict[str, str] | str | None = ...,
        street: str | None = ...,
        city: str | None = ...,
        region: str | None = ...,
        postal_code: str | None = ...,
        country: str | None = ...,
        parent: Client | int | str | None = ...,
        owner: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        source: str | None = ...,
        birth_date: date | None = ...,
        note: str | None = ...,
        emails: Iterable[Any] = ...,
        phones: Iterable[Any] = ...,
        employments: Iterable[Any] = ...,
        interactions: Iterable[Any] = ...,
        tasks: Iterable[Any] = ...,
        tags: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Client: ...
    def hand_over(
        self,
        subject: Client | int,
        *,
        owner: User | int | str,
        deals: bool | None = ...,
        tasks: bool | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...

@type_check_only
class ContactsCollection(Collection[Contact]):
    def add(
        self,
        *,
        name: PersonName | dict[str, str] | str | None = ...,
        last_name: str | None = ...,
        first_name: str | None = ...,
        patronymic: str | None = ...,
        salutation: str | None = ...,
        birth_date: date | None = ...,
        language: str | None = ...,
        owner: User | int | str | None = ...,
        note: str | None = ...,
        employments: Iterable[Any] = ...,
        emails: Iterable[Any] = ...,
        phones: Iterable[Any] = ...,
        tags: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Contact: ...
    def update(
        self,
        _record: Contact | int,
        /,
        *,
        name: PersonName | dict[str, str] | str | None = ...,
        last_name: str | None = ...,
        first_name: str | None = ...,
        patronymic: str | None = ...,
        salutation: str | None = ...,
        birth_date: date | None = ...,
        language: str | None = ...,
        owner: User | int | str | None = ...,
        note: str | None = ...,
        employments: Iterable[Any] = ...,
        emails: Iterable[Any] = ...,
        phones: Iterable[Any] = ...,
        tags: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Contact: ...

@type_check_only
class EmploymentsCollection(Collection[Employment]):
    def add(
        self,
        *,
        contact: Contact | int | str | None = ...,
        client: Client | int | str | None = ...,
        title: str | None = ...,
        role: str | None = ...,
        since: date | None = ...,
        until: date | None = ...,
        is_primary: bool | None = ...,
        **custom: Any,
    ) -> Employment: ...
    def update(
        self,
        _record: Employment | int,
        /,
        *,
        contact: Contact | int | str | None = ...,
        client: Client | int | str | None = ...,
        title: str | None = ...,
        role: str | None = ...,
        since: date | None = ...,
        until: date | None = ...,
        is_primary: bool | None = ...,
        **custom: Any,
    ) -> Employment: ...

@type_check_only
class ContactPointsCollection(Collection[ContactPoint]):
    def add(
        self,
        *,
        party: Record | None = ...,
        channel: Choice | Literal['email', 'phone', 'website', 'messenger'] | None = ...,
        address: str | None = ...,
        normal_form: str | None = ...,
        label: str | None = ...,
        is_primary: bool | None = ...,
        invalid: bool | None = ...,
        **custom: Any,
    ) -> ContactPoint: ...
    def update(
        self,
        _record: ContactPoint | int,
        /,
        *,
        party: Record | None = ...,
        channel: Choice | Literal['email', 'phone', 'website', 'messenger'] | None = ...,
        address: str | None = ...,
        normal_form: str | None = ...,
        label: str | None = ...,
        is_primary: bool | None = ...,
        invalid: bool | None = ...,
        **custom: Any,
    ) -> ContactPoint: ...

@type_check_only
class ExternalRefsCollection(Collection[ExternalRef]):
    def add(
        self,
        *,
        source: str | None = ...,
        key: str | None = ...,
        record: Record | None = ...,
        **custom: Any,
    ) -> ExternalRef: ...
    def update(
        self,
        _record: ExternalRef | int,
        /,
        *,
        source: str | None = ...,
        key: str | None = ...,
        record: Record | None = ...,
        **custom: Any,
    ) -> ExternalRef: ...

@type_check_only
class TagsCollection(Collection[Tag]):
    def add(
        self,
        *,
        record: Record | None = ...,
        name: str | None = ...,
        **custom: Any,
    ) -> Tag: ...
    def update(
        self,
        _record: Tag | int,
        /,
        *,
        record: Record | None = ...,
        name: str | None = ...,
        **custom: Any,
    ) -> Tag: ...

@type_check_only
class ProductsCollection(Collection[Product]):
    def add(
        self,
        *,
        code: str | None = ...,
        name: str | None = ...,
        kind: Choice | Literal['goods', 'service'] | None = ...,
        unit: str | None = ...,
        list_price: Money | str | None = ...,
        cost: Money | str | None = ...,
        category: str | None = ...,
        active: bool | None = ...,
        description: str | None = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Product: ...
    def update(
        self,
        _record: Product | int,
        /,
        *,
        code: str | None = ...,
        name: str | None = ...,
        kind: Choice | Literal['goods', 'service'] | None = ...,
        unit: str | None = ...,
        list_price: Money | str | None = ...,
        cost: Money | str | None = ...,
        category: str | None = ...,
        active: bool | None = ...,
        description: str | None = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Product: ...

@type_check_only
class PipelinesCollection(Collection[Pipeline]):
    def add(
        self,
        *,
        name: str | None = ...,
        position: int | None = ...,
        stages: Iterable[Any] = ...,
        **custom: Any,
    ) -> Pipeline: ...
    def update(
        self,
        _record: Pipeline | int,
        /,
        *,
        name: str | None = ...,
        position: int | None = ...,
        stages: Iterable[Any] = ...,
        **custom: Any,
    ) -> Pipeline: ...

@type_check_only
class StagesCollection(Collection[Stage]):
    def add(
        self,
        *,
        pipeline: Pipeline | int | str | None = ...,
        name: str | None = ...,
        position: int | None = ...,
        category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        probability: int | None = ...,
        rot_days: int | None = ...,
        **custom: Any,
    ) -> Stage: ...
    def update(
        self,
        _record: Stage | int,
        /,
        *,
        pipeline: Pipeline | int | str | None = ...,
        name: str | None = ...,
        position: int | None = ...,
        category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        probability: int | None = ...,
        rot_days: int | None = ...,
        **custom: Any,
    ) -> Stage: ...

@type_check_only
class DealsCollection(Collection[Deal]):
    def add(
        self,
        *,
        title: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        stage: Stage | int | str | None = ...,
        amount: Money | str | None = ...,
        probability: int | None = ...,
        probability_by_hand: bool | None = ...,
        product: Product | int | str | None = ...,
        owner: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        source: str | None = ...,
        opened: date | None = ...,
        closes: date | None = ...,
        closed: date | None = ...,
        lost_reason: str | None = ...,
        last_open_stage: Stage | int | str | None = ...,
        next_step: str | None = ...,
        next_step_due: date | None = ...,
        stage_changes: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Deal: ...
    def update(
        self,
        _record: Deal | int,
        /,
        *,
        title: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        stage: Stage | int | str | None = ...,
        amount: Money | str | None = ...,
        probability: int | None = ...,
        probability_by_hand: bool | None = ...,
        product: Product | int | str | None = ...,
        owner: User | int | str | None = ...,
        team: Team | int | str | None = ...,
        source: str | None = ...,
        opened: date | None = ...,
        closes: date | None = ...,
        closed: date | None = ...,
        lost_reason: str | None = ...,
        last_open_stage: Stage | int | str | None = ...,
        next_step: str | None = ...,
        next_step_due: date | None = ...,
        stage_changes: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> Deal: ...
    def win(
        self,
        subject: Deal | int,
        *,
        closed: date | None = ...,
        amount: Money | str | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def lose(
        self,
        subject: Deal | int,
        *,
        lost_reason: str,
        closed: date | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def reopen(
        self,
        subject: Deal | int,
        *,
        stage: Stage | int | str | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def move(
        self,
        subject: Deal | int,
        *,
        stage: Stage | int | str,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...

@type_check_only
class StageChangesCollection(Collection[StageChange]):
    def add(
        self,
        *,
        deal: Deal | int | str | None = ...,
        from_stage: Stage | int | str | None = ...,
        to_stage: Stage | int | str | None = ...,
        from_category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        to_category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        at: datetime | None = ...,
        actor: str | None = ...,
        reason: str | None = ...,
        amount: Money | str | None = ...,
        spent: timedelta | None = ...,
        **custom: Any,
    ) -> StageChange: ...
    def update(
        self,
        _record: StageChange | int,
        /,
        *,
        deal: Deal | int | str | None = ...,
        from_stage: Stage | int | str | None = ...,
        to_stage: Stage | int | str | None = ...,
        from_category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        to_category: Choice | Literal['open', 'hold', 'won', 'lost'] | None = ...,
        at: datetime | None = ...,
        actor: str | None = ...,
        reason: str | None = ...,
        amount: Money | str | None = ...,
        spent: timedelta | None = ...,
        **custom: Any,
    ) -> StageChange: ...

@type_check_only
class SalesOrdersCollection(Collection[SalesOrder]):
    def add(
        self,
        *,
        number: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        owner: User | int | str | None = ...,
        status: Choice | Literal['draft', 'confirmed', 'shipped', 'cancelled'] | None = ...,
        ordered: date | None = ...,
        required_by: date | None = ...,
        shipped: date | None = ...,
        freight: Money | str | None = ...,
        ship_name: str | None = ...,
        ship_to: PostalAddress | dict[str, str] | str | None = ...,
        note: str | None = ...,
        lines: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> SalesOrder: ...
    def update(
        self,
        _record: SalesOrder | int,
        /,
        *,
        number: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        owner: User | int | str | None = ...,
        status: Choice | Literal['draft', 'confirmed', 'shipped', 'cancelled'] | None = ...,
        ordered: date | None = ...,
        required_by: date | None = ...,
        shipped: date | None = ...,
        freight: Money | str | None = ...,
        ship_name: str | None = ...,
        ship_to: PostalAddress | dict[str, str] | str | None = ...,
        note: str | None = ...,
        lines: Iterable[Any] = ...,
        external_refs: Iterable[Any] = ...,
        **custom: Any,
    ) -> SalesOrder: ...
    def confirm(
        self,
        subject: SalesOrder | int,
        *,
        ordered: date | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def ship(
        self,
        subject: SalesOrder | int,
        *,
        shipped: date | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def cancel(
        self,
        subject: SalesOrder | int,
        *,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...

@type_check_only
class OrderLinesCollection(Collection[OrderLine]):
    def add(
        self,
        *,
        sales_order: SalesOrder | int | str | None = ...,
        position: int | None = ...,
        product: Product | int | str | None = ...,
        description: str | None = ...,
        quantity: Decimal | int | str | None = ...,
        unit: str | None = ...,
        unit_price: Money | str | None = ...,
        discount_percent: Decimal | int | str | None = ...,
        **custom: Any,
    ) -> OrderLine: ...
    def update(
        self,
        _record: OrderLine | int,
        /,
        *,
        sales_order: SalesOrder | int | str | None = ...,
        position: int | None = ...,
        product: Product | int | str | None = ...,
        description: str | None = ...,
        quantity: Decimal | int | str | None = ...,
        unit: str | None = ...,
        unit_price: Money | str | None = ...,
        discount_percent: Decimal | int | str | None = ...,
        **custom: Any,
    ) -> OrderLine: ...

@type_check_only
class InteractionsCollection(Collection[Interaction]):
    def add(
        self,
        *,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        kind: Choice | Literal['call', 'email', 'letter', 'visit', 'meeting', 'message', 'note', 'web'] | None = ...,
        direction: Choice | Literal['incoming', 'outgoing', 'internal'] | None = ...,
        at: datetime | None = ...,
        subject: str | None = ...,
        body: str | None = ...,
        owner: User | int | str | None = ...,
        length: timedelta | None = ...,
        **custom: Any,
    ) -> Interaction: ...
    def update(
        self,
        _record: Interaction | int,
        /,
        *,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        kind: Choice | Literal['call', 'email', 'letter', 'visit', 'meeting', 'message', 'note', 'web'] | None = ...,
        direction: Choice | Literal['incoming', 'outgoing', 'internal'] | None = ...,
        at: datetime | None = ...,
        subject: str | None = ...,
        body: str | None = ...,
        owner: User | int | str | None = ...,
        length: timedelta | None = ...,
        **custom: Any,
    ) -> Interaction: ...

@type_check_only
class TasksCollection(Collection[Task]):
    def add(
        self,
        *,
        title: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        assignee: User | int | str | None = ...,
        due: date | None = ...,
        first_due: date | None = ...,
        postponed: int | None = ...,
        priority: Choice | Literal['low', 'normal', 'high', 'urgent'] | None = ...,
        status: Choice | Literal['open', 'done', 'cancelled'] | None = ...,
        done_at: datetime | None = ...,
        note: str | None = ...,
        **custom: Any,
    ) -> Task: ...
    def update(
        self,
        _record: Task | int,
        /,
        *,
        title: str | None = ...,
        client: Client | int | str | None = ...,
        contact: Contact | int | str | None = ...,
        deal: Deal | int | str | None = ...,
        assignee: User | int | str | None = ...,
        due: date | None = ...,
        first_due: date | None = ...,
        postponed: int | None = ...,
        priority: Choice | Literal['low', 'normal', 'high', 'urgent'] | None = ...,
        status: Choice | Literal['open', 'done', 'cancelled'] | None = ...,
        done_at: datetime | None = ...,
        note: str | None = ...,
        **custom: Any,
    ) -> Task: ...
    def complete(
        self,
        subject: Task | int,
        *,
        outcome: str | None = ...,
        done_at: datetime | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def postpone(
        self,
        subject: Task | int,
        *,
        due: date,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...
    def cancel(
        self,
        subject: Task | int,
        *,
        outcome: str | None = ...,
        reason: str = ...,
        operation_key: str = ...,
    ) -> Any: ...

class StandardCollections:
    @property
    def currencies(self) -> CurrenciesCollection: ...
    @property
    def import_batches(self) -> ImportBatchesCollection: ...
    @property
    def users(self) -> UsersCollection: ...
    @property
    def teams(self) -> TeamsCollection: ...
    @property
    def clients(self) -> ClientsCollection: ...
    @property
    def contacts(self) -> ContactsCollection: ...
    @property
    def employments(self) -> EmploymentsCollection: ...
    @property
    def contact_points(self) -> ContactPointsCollection: ...
    @property
    def external_refs(self) -> ExternalRefsCollection: ...
    @property
    def tags(self) -> TagsCollection: ...
    @property
    def products(self) -> ProductsCollection: ...
    @property
    def pipelines(self) -> PipelinesCollection: ...
    @property
    def stages(self) -> StagesCollection: ...
    @property
    def deals(self) -> DealsCollection: ...
    @property
    def stage_changes(self) -> StageChangesCollection: ...
    @property
    def sales_orders(self) -> SalesOrdersCollection: ...
    @property
    def order_lines(self) -> OrderLinesCollection: ...
    @property
    def interactions(self) -> InteractionsCollection: ...
    @property
    def tasks(self) -> TasksCollection: ...
