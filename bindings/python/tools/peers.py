# SPDX-License-Identifier: Apache-2.0
"""The same work through Kith and through what Python programs use else. Each peer has a table of
clients with 13 columns and three indexes, in a SQLite file with WAL and full synchronisation."""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
COLUMNS = (
    "name", "legal_name", "tax_id", "industry", "employees", "founded_year", "website", "street",
    "city", "region", "postal_code", "country", "note",
)  # fmt: skip
CITIES = [f"city {n}" for n in range(200)]


def row(n: int) -> tuple[Any, ...]:
    return (
        f"client {n}", f"legal {n}", f"55{n:08d}", "trade", n % 500, 1990 + n % 30,
        f"https://c{n}.example", f"street {n % 99}", CITIES[n % 200], "region", "644000", "RU", "note",
    )  # fmt: skip


class Peer:
    """What is measured; ids are those of the bulk insert."""

    ids: list[int]

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / (type(self).__name__ + ".db"))

    def bulk(self, rows: list[tuple[Any, ...]]) -> None: ...
    def get(self, id: int) -> str: ...
    def iterate(self) -> int: ...
    def page(self, city: str) -> int: ...
    def durable(self, n: int) -> None: ...


DDL = (
    f"create table client (id integer primary key, {', '.join(c + (' integer' if c in ('employees', 'founded_year') else ' text') for c in COLUMNS)})",
    "create index c1 on client(city)",
    "create index c2 on client(name)",
    "create unique index c3 on client(tax_id)",
)
INSERT = f"insert into client ({', '.join(COLUMNS)}) values ({', '.join('?' * 13)})"


class sqlite3_module(Peer):  # noqa: N801
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.db = sqlite3.connect(self.path, isolation_level=None)
        for text in ("pragma journal_mode=wal", "pragma synchronous=full", *DDL):
            self.db.execute(text)

    def bulk(self, rows):
        self.db.execute("begin")
        self.db.executemany(INSERT, rows)
        self.db.execute("commit")
        self.ids = [i for (i,) in self.db.execute("select id from client")]

    def get(self, id):
        return self.db.execute("select * from client where id = ?", (id,)).fetchone()[1]

    def iterate(self):
        return sum(len(r[1]) for r in self.db.execute("select * from client"))

    def page(self, city):
        return len(
            self.db.execute(
                "select * from client where city = ? order by name limit 50", (city,)
            ).fetchall()
        )

    def durable(self, n):
        self.db.execute(INSERT, row(n))


class kith_package(Peer):  # noqa: N801
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import kith

        self.crm = kith.open(self.path)

    def bulk(self, rows):
        self.ids = self.crm.clients.add_many(rows, fields=COLUMNS)

    def get(self, id):
        return self.crm.clients.get(id).name

    def iterate(self):
        return sum(len(c.name) for c in self.crm.clients)

    def page(self, city):
        return len(self.crm.clients.where("city = ?", city).order_by("name").limit(50).all())

    def durable(self, n):
        self.crm.clients.add(**dict(zip(COLUMNS, row(n))))


class sqlalchemy_orm(Peer):  # noqa: N801
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        from sqlalchemy import Column, Integer, String, create_engine, event
        from sqlalchemy.orm import Session, declarative_base

        self.engine = create_engine(f"sqlite:///{self.path}")

        @event.listens_for(self.engine, "connect")
        def pragmas(connection, _):
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")

        base = declarative_base()
        body: dict[str, Any] = {"__tablename__": "client", "id": Column(Integer, primary_key=True)}
        for name in COLUMNS:
            kind = Integer if name in ("employees", "founded_year") else String
            body[name] = Column(kind, index=name in ("city", "name"), unique=name == "tax_id")
        self.Client = type("Client", (base,), body)
        base.metadata.create_all(self.engine)
        self.Session = Session

    def bulk(self, rows):
        with self.Session(self.engine) as s:
            s.add_all([self.Client(**dict(zip(COLUMNS, r))) for r in rows])
            s.commit()
            from sqlalchemy import select

            self.ids = list(s.scalars(select(self.Client.id)))

    def get(self, id):
        with self.Session(self.engine) as s:
            return s.get(self.Client, id).name

    def iterate(self):
        from sqlalchemy import select

        with self.Session(self.engine) as s:
            return sum(len(c.name) for c in s.scalars(select(self.Client)))

    def page(self, city):
        from sqlalchemy import select

        c = self.Client
        with self.Session(self.engine) as s:
            return len(
                s.scalars(select(c).where(c.city == city).order_by(c.name).limit(50)).all()
            )

    def durable(self, n):
        with self.Session(self.engine) as s:
            s.add(self.Client(**dict(zip(COLUMNS, row(n)))))
            s.commit()


class django_orm(Peer):  # noqa: N801
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import django
        from django.conf import settings

        options = {"init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=full"}
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.path}
        if django.VERSION >= (5, 1):
            database["OPTIONS"] = options
        settings.configure(DATABASES={"default": database}, INSTALLED_APPS=[], USE_TZ=True)
        django.setup()
        from django.db import connection, models

        if django.VERSION < (5, 1):
            with connection.cursor() as cursor:
                cursor.execute("pragma journal_mode=wal")
                cursor.execute("pragma synchronous=full")

        body: dict[str, Any] = {
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "peers", "db_table": "client"}),
        }
        for name in COLUMNS:
            if name in ("employees", "founded_year"):
                body[name] = models.IntegerField(null=True)
            else:
                body[name] = models.TextField(
                    null=True, db_index=name in ("city", "name"), unique=name == "tax_id"
                )
        self.Client = type("Client", (models.Model,), body)
        with connection.schema_editor() as editor:
            editor.create_model(self.Client)

    def bulk(self, rows):
        self.Client.objects.bulk_create(
            [self.Client(**dict(zip(COLUMNS, r))) for r in rows], batch_size=1000
        )
        self.ids = list(self.Client.objects.values_list("id", flat=True))

    def get(self, id):
        return self.Client.objects.get(pk=id).name

    def iterate(self):
        return sum(len(c.name) for c in self.Client.objects.iterator())

    def page(self, city):
        return len(list(self.Client.objects.filter(city=city).order_by("name")[:50]))

    def durable(self, n):
        self.Client.objects.create(**dict(zip(COLUMNS, row(n))))


class peewee_orm(Peer):  # noqa: N801
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import peewee

        self.db = peewee.SqliteDatabase(
            self.path, pragmas={"journal_mode": "wal", "synchronous": "full"}
        )
        body: dict[str, Any] = {
            "Meta": type("Meta", (), {"database": self.db, "table_name": "client"})
        }
        for name in COLUMNS:
            if name in ("employees", "founded_year"):
                body[name] = peewee.IntegerField(null=True)
            else:
                body[name] = peewee.TextField(
                    null=True, index=name in ("city", "name"), unique=name == "tax_id"
                )
        self.Client = type("Client", (peewee.Model,), body)
        self.db.connect()
        self.db.create_tables([self.Client])

    def bulk(self, rows):
        with self.db.atomic():
            for at in range(0, len(rows), 1000):
                self.Client.bulk_create(
                    [self.Client(**dict(zip(COLUMNS, r))) for r in rows[at : at + 1000]], 50
                )
        self.ids = [c.id for c in self.Client.select(self.Client.id)]

    def get(self, id):
        return self.Client.get_by_id(id).name

    def iterate(self):
        return sum(len(c.name) for c in self.Client.select().iterator())

    def page(self, city):
        c = self.Client
        return len(list(c.select().where(c.city == city).order_by(c.name).limit(50)))

    def durable(self, n):
        self.Client.create(**dict(zip(COLUMNS, row(n))))


def seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(peers: list[Peer]) -> dict[str, dict[str, float]]:
    """Peers take turns in each round, so that a busy moment meets all of them."""
    rows = [row(n) for n in range(ROWS)]
    found: dict[str, dict[str, list[float]]] = {}

    def note(peer: Peer, work: str, per: int, took: float) -> None:
        found.setdefault(work, {}).setdefault(type(peer).__name__, []).append(took / per * 1e6)

    for peer in peers:
        note(peer, "bulk insert, per row", ROWS, seconds(lambda p=peer: p.bulk(rows)))
    random.seed(7)
    for turn in range(5):
        for peer in peers:
            some = random.sample(peer.ids, 400)
            for one in some[:50]:
                peer.get(one)
            note(peer, "get by id", 400, seconds(lambda p=peer, s=some: [p.get(i) for i in s]))
            note(peer, "iterate, per row", ROWS, seconds(peer.iterate))
            cities = random.sample(CITIES, 20)
            note(peer, "page of 50", 20, seconds(lambda p=peer, c=cities: [p.page(x) for x in c]))
            base = ROWS + turn * 50
            note(
                peer,
                "durable insert",
                50,
                seconds(lambda p=peer, b=base: [p.durable(b + n) for n in range(50)]),
            )
    return {
        work: {name: statistics.median(times) for name, times in by.items()}
        for work, by in found.items()
    }


def main() -> None:
    with tempfile.TemporaryDirectory(dir="build") as folder:
        peers = [
            kind(Path(folder))
            for kind in (kith_package, sqlite3_module, sqlalchemy_orm, django_orm, peewee_orm)
        ]
        result = measure(peers)
        names = [type(peer).__name__ for peer in peers]
        print(f"{ROWS} clients; us, and times Kith's\n")
        print("| work | " + " | ".join(names) + " |")
        print("|---|" + "--:|" * len(names))
        for work, by in result.items():
            kith_time = by["kith_package"]
            cells = [f"{by[n]:.1f}" + ("" if n == "kith_package" else f" ({by[n] / kith_time:.1f})") for n in names]
            print(f"| {work} | " + " | ".join(cells) + " |")
        peers[0].crm.close()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
