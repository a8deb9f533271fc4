# SPDX-License-Identifier: Apache-2.0
"""Every call that reaches a store gives the interpreter's lock away first: a store in Python is refused
(kith.Misuse) when it is called by a thread that holds it. Each public method is here, or says that it
needs no store."""

from __future__ import annotations

import datetime as dt

import pytest
from kith._collection import Collection
from kith._crm import Crm, Transaction
from kith._query import Query
from kith._standard import StandardCollections
from own_store import Line, Memory

import kith


class World:
    """A store that counts how often it is called, with a client and something in its past."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = 0
        world = self

        class Counting(Line):
            def __getattribute__(self, name):
                if name in STORE_CALLS:
                    world.calls += 1
                return super().__getattribute__(name)

        class Store(Memory):
            def connect(self):
                return Counting(self)

        self.crm = kith.open(store=Store(), actor="anna", audit_key=b"0123456789abcdef" * 2)
        self.clients = self.crm.clients
        self.client = self.clients.add(name="Омега", city="Омск")
        self.person = self.crm.contacts.add(first_name="Анна", last_name="Иванова")
        self.changed = self.crm.sequence
        self.client = self.clients.update(self.client, city="Томск")

    def file(self):
        path = self.folder / "clients.csv"
        path.write_text("name\nБета\n")
        return path

    def in_transaction(self, work):
        with self.crm.transaction() as tx:
            self.clients.add(name="inside")
            return work(tx)

    def gone(self):
        self.clients.delete(self.client)
        return self.client


STORE_CALLS = {
    "begin", "commit", "rollback", "savepoint", "release", "rollback_to", "data_version", "get", "scan",
    "write", "erase", "has", "apply",
}  # fmt: skip
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

CALLS = {
    "Crm.about": lambda w: w.crm.about(w.person),
    "Crm.access_export": lambda w: w.crm.access_export(w.person),
    "Crm.add_entity": lambda w: w.crm.add_entity("x_car", "x_cars", [{"name": "plate"}]),
    "Crm.add_field": lambda w: w.crm.add_field("clients", "x_card"),
    "Crm.add_total": lambda w: w.crm.add_total("cities", "clients", measures="count() as n", by="city"),
    "Crm.apply_retention": lambda w: w.crm.apply_retention("contacts", "created_at < '2000-01-01'"),
    "Crm.as_of": lambda w: w.crm.as_of(w.changed).clients.all(),
    "Crm.changes": lambda w: list(w.crm.changes()),
    "Crm.check_audit": lambda w: w.crm.check_audit(),
    "Crm.consume": lambda w: w.crm.consume("shop", 1),
    "Crm.consumed": lambda w: w.crm.consumed("shop"),
    "Crm.due": lambda w: w.crm.due("contacts", "first_name = 'Анна'"),
    "Crm.erase": lambda w: w.crm.erase(w.person, "asked for"),
    "Crm.erasures": lambda w: w.crm.erasures,
    "Crm.export": lambda w: w.crm.export(w.clients.query(), w.folder / "out.csv"),
    "Crm.history": lambda w: w.crm.history(w.client),
    "Crm.hold": lambda w: w.crm.hold(w.person, "a lawsuit"),
    "Crm.holds": lambda w: w.crm.holds,
    "Crm.import_arrow": lambda w: w.crm.import_arrow("clients", w.clients.query()),
    "Crm.import_file": lambda w: w.crm.import_file("clients", w.file()),
    "Crm.newest_anchor": lambda w: w.crm.newest_anchor,
    "Crm.outcome": lambda w: w.crm.outcome("0" * 32),
    "Crm.release": lambda w: w.crm.release(w.person),
    "Crm.remove_total": lambda w: w.crm.remove_total("x_nothing"),
    "Crm.report": lambda w: w.crm.report("clients"),
    "Crm.retire_field": lambda w: (w.crm.add_field("clients", "x_old"), w.crm.retire_field("clients", "x_old")),
    "Crm.sequence": lambda w: w.crm.sequence,
    "Crm.sequence_at": lambda w: w.crm.sequence_at(LONG_AGO),
    "Crm.session": lambda w: w.crm.session(actor="пётр").clients.all(),
    "Crm.snapshot": lambda w: w.crm.snapshot().__enter__(),
    "Crm.total": lambda w: w.crm.total("pipeline_board"),
    "Crm.transaction": lambda w: w.in_transaction(lambda tx: None),
    "Crm.trim": lambda w: w.crm.trim(LONG_AGO),
    "Crm.undo": lambda w: w.crm.undo(w.crm.sequence),
    "Crm.verify": lambda w: w.crm.verify(),
    "Collection.add": lambda w: w.clients.add(name="B"),
    "Collection.add_many": lambda w: w.clients.add_many([{"name": "B"}, {"name": "C"}]),
    "Collection.aggregate": lambda w: w.clients.aggregate(n="count()"),
    "Collection.all": lambda w: w.clients.all(),
    "Collection.call": lambda w: w.clients.call("hand_over", w.client, owner=0),
    "Collection.count": lambda w: w.clients.count(),
    "Collection.delete": lambda w: w.clients.delete(w.client),
    "Collection.exists": lambda w: w.clients.exists(),
    "Collection.find": lambda w: w.clients.find(tax_id="7"),
    "Collection.first": lambda w: w.clients.first(),
    "Collection.get": lambda w: w.clients.get(w.client.id),
    "Collection.named": lambda w: w.clients.named("Омега"),
    "Collection.page": lambda w: w.clients.page(5),
    "Collection.restore": lambda w: w.clients.restore(w.gone()),
    "Collection.select": lambda w: w.clients.select("name"),
    "Collection.to_arrow": lambda w: list_of_batches(w.clients),
    "Collection.update": lambda w: w.clients.update(w.client, city="Уфа"),
    "Collection.__iter__": lambda w: list(w.clients),
    "Query.aggregate": lambda w: w.clients.query().aggregate(n="count()"),
    "Query.all": lambda w: w.clients.query().all(),
    "Query.count": lambda w: w.clients.query().count(),
    "Query.delete": lambda w: w.clients.query().delete(),
    "Query.exists": lambda w: w.clients.query().exists(),
    "Query.first": lambda w: w.clients.query().first(),
    "Query.page": lambda w: w.clients.query().page(5),
    "Query.select": lambda w: w.clients.query().select("name"),
    "Query.to_arrow": lambda w: list_of_batches(w.clients.query()),
    "Query.update": lambda w: w.clients.query().update(city="Уфа"),
    "Query.__iter__": lambda w: list(w.clients.query()),
    "Transaction.commit": lambda w: w.in_transaction(lambda tx: tx.commit()),
    "Transaction.rollback": lambda w: w.in_transaction(lambda tx: tx.rollback()),
    "Transaction.sequence": lambda w: w.in_transaction(lambda tx: tx).sequence,
    "Record.reference": lambda w: w.clients.add(name="B", parent=w.client).parent.name,
    "Record.relation": lambda w: list(w.client.branches),
}
# What keeps no rows, or only describes what another call does.
NO_STORE = {
    "Crm": "backup before_commit capabilities close closed compact host_committed in_transaction interrupt "
    "model now on_commit parse save today write_views",
    "Collection": "including_deleted limit order_by query where to_pandas to_polars",
    "Query": "including_deleted limit only_deleted order_by where to_pandas to_polars",
    "Transaction": "already_done operation_key sql",
}


def list_of_batches(rows):
    pa = pytest.importorskip("pyarrow")
    return pa.table(rows)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_reaches_the_store_holds_no_lock(call, tmp_path):
    world = World(tmp_path)
    before = world.calls
    try:
        CALLS[call](world)
    except kith.Misuse as error:
        assert "lock" not in str(error), error
    except kith.Error:
        pass  # refused behind the store
    assert world.calls > before


@pytest.mark.parametrize("kind", [Crm, Collection, Query, Transaction])
def test_every_method_is_tried(kind):
    tried = {name.split(".")[1] for name in CALLS if name.startswith(kind.__name__ + ".")}
    tried |= set(NO_STORE[kind.__name__].split())
    public = {name for name in dir(kind) if not name.startswith("_")} - set(dir(StandardCollections))
    assert public - tried == set()
    assert {name for name in tried if not name.startswith("_")} - set(dir(kind)) == set()
