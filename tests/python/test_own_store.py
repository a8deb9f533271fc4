# SPDX-License-Identifier: Apache-2.0
"""A store written in Python answers like the others."""

from __future__ import annotations

import pytest
from own_store import Line, Memory

import kith


@pytest.fixture
def store():
    return Memory()


@pytest.fixture
def crm(store):
    with kith.open(store=store, actor="anna") as opened:
        yield opened


def test_records_questions_and_history(crm, acme, offer):
    with crm.transaction():
        for at in range(20):
            crm.deals.add(
                title=f"deal {at}", client=acme, stage=offer, amount=kith.Money(at, "EUR")
            )
    q = crm.deals.where("amount >= ? and client.city = 'омск'", kith.Money(10, "EUR"))
    assert [d.title for d in q.order_by("-amount").limit(2)] == ["deal 19", "deal 18"]
    assert q.count() == 10 and q.first().client == acme
    assert q.aggregate(total="sum(amount)").rows == [(kith.Money(145, "EUR"),)]
    page = crm.deals.order_by("-id").page(15)
    assert len(crm.deals.order_by("-id").page(15, after=page.next).records) == 5
    changed = crm.deals.update(q.first(), title="renamed")
    assert [h.what for h in crm.history(changed)] == ["update", "add"]
    with crm.as_of(crm.sequence - 1) as past:
        assert past.deals.get(changed.id).title == "deal 10"
    assert crm.undo(crm.sequence).records == 1 and crm.verify().sound


def test_transactions_and_savepoints(crm):
    with pytest.raises(ZeroDivisionError):
        with crm.transaction():
            crm.clients.add(name="A")
            raise ZeroDivisionError
    with crm.transaction():
        crm.clients.add(name="B")
        with pytest.raises(kith.Invalid):
            with crm.transaction():
                crm.clients.add(name="C")
                crm.clients.add(name="")
        crm.clients.add(name="D")
    assert [c.name for c in crm.clients.order_by("name")] == ["B", "D"]


def test_unique_values(crm):
    first = crm.pipelines.add(name="Sales")
    with pytest.raises(kith.Exists) as caught:
        crm.pipelines.add(name="SALES")
    assert caught.value.id == first.id and caught.value.field == "name"


def test_fields_that_users_add(crm, store):
    old = crm.clients.add(name="A")
    crm.add_field("clients", "x_card", unique=True)
    assert crm.clients.get(old.id).x_card is None
    crm.clients.update(old, x_card="7")
    assert crm.clients.find(x_card="7").id == old.id
    crm.close()
    with kith.open(store=store) as again:
        assert again.clients.find(x_card="7").name == "A"


def test_what_it_raises_reaches_the_caller(crm, monkeypatch):
    class Broken(Exception):
        pass

    def fail(*_):
        raise Broken("disk")

    monkeypatch.setattr(Line, "write", fail)
    with pytest.raises(Broken, match="disk"):
        crm.clients.add(name="A")
    monkeypatch.undo()
    assert crm.clients.add(name="B").name == "B"


WRONG_ROWS = [None, 5, (1, 2), (1, 2, 3, 4, 5, 6, [7]), ("x", 1, 1, 0, 0, 0, ()), (1, 1, 1, 0, 0, 0, (5,))]


@pytest.mark.parametrize("row", WRONG_ROWS)
def test_a_wrong_row_is_damage_not_a_crash(crm, monkeypatch, row):
    monkeypatch.setattr(Line, "scan", lambda *_: iter([row]))
    with pytest.raises((kith.Damaged, TypeError)):
        crm.clients.all()
