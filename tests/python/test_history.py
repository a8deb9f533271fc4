# SPDX-License-Identifier: Apache-2.0
"""The feed, histories, undo, as-of, listeners; care of files; rights and erasure; actions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

import kith

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.time = MORNING

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def crm(place, clock):
    with kith.open(place, actor="anna", clock=clock, zone="Asia/Omsk") as opened:
        yield opened


def test_the_clock_is_given(crm, clock):
    assert crm.now == MORNING and crm.today == date(2026, 3, 2)
    clock.time += timedelta(hours=10)
    assert crm.today == date(2026, 3, 3)  # in Omsk
    clock.time = "noon"
    with pytest.raises(kith.WrongType, match="time zone"):
        crm.clients.add(name="A")
    clock.time = MORNING


def test_every_commit_leaves_a_change_set(crm):
    start = crm.sequence
    client = crm.clients.add(name="A", city="Омск")
    with crm.transaction(reason="moved"):
        crm.clients.update(client, city="Томск", employees=7)
        crm.clients.add(name="B")
    first, second = crm.changes(start)
    assert (first.sequence, first.at, first.actor, first.origin) == (start + 1, MORNING, "anna", "user")
    assert [(c.what, c.entity, c.id) for c in first.changes] == [("add", "client", client.id)]
    assert second.reason == "moved" and [c.what for c in second.changes] == ["update", "add"]
    assert second.changes[0].before["address"].city == "Омск"
    assert second.changes[0].previous == first.sequence
    assert [s.sequence for s in crm.changes(since=first.sequence)] == [crm.sequence]


def test_a_record_has_a_history(crm):
    client = crm.clients.add(name="A")
    crm.clients.update(client, employees=7)
    crm.clients.delete(client)
    newest, middle, oldest = crm.history(client)
    assert [newest.what, middle.what, oldest.what] == ["delete", "update", "add"]
    assert [(f.field, f.before, f.after) for f in middle.fields] == [("employees", None, 7)]
    assert crm.clients.restore(client).deleted is False


def test_the_store_as_it_stood(crm, clock):
    client = crm.clients.add(name="A")
    clock.time += timedelta(days=1)
    crm.clients.update(client, name="B")
    with crm.as_of(MORNING) as past:
        assert past.clients.get(client.id).name == "A"
        assert [c.name for c in past.clients.where("name = 'a'")] == ["A"]
        with pytest.raises(kith.ReadOnly):
            past.clients.add(name="C")
    with crm.as_of(0) as empty:
        assert empty.clients.count() == 0
    assert crm.clients.get(client.id).name == "B" and crm.sequence_at(MORNING) == client.revision


def test_undo_takes_a_change_set_back(crm):
    client = crm.clients.add(name="A")
    crm.clients.update(client, name="B")
    last = list(crm.changes())[-1]
    undone = crm.undo(last)
    assert undone.records == 1 and crm.clients.get(client.id).name == "A"
    crm.clients.update(client.id, name="C")
    with pytest.raises(kith.Conflict):
        crm.undo(client.revision)
    assert crm.undo(client.revision, skip=True).contested[0].entity == "client"


def test_listeners_are_told_until_they_cancel(crm):
    told = []
    sub = crm.on_commit(told.append)
    crm.clients.add(name="A")
    sub.cancel()
    crm.clients.add(name="B")
    assert [s.sequence for s in told] == [crm.sequence - 1] and told[0].changes[0].entity == "client"


def test_a_veto_takes_the_transaction_back_with_its_own_exception(crm):
    class No(Exception):
        pass

    def veto(change_set):
        if len(change_set.changes) > 1:
            raise No("too much at once")

    sub = crm.before_commit(veto)
    with pytest.raises(No):
        with crm.transaction():
            crm.clients.add(name="A")
            crm.clients.add(name="B")
    assert crm.clients.count() == 0
    sub.cancel()


def test_what_a_listener_raises_does_not_reach_the_writer(crm):
    sub = crm.on_commit(lambda s: 1 / 0)
    hook, seen = __import__("sys").unraisablehook, []
    __import__("sys").unraisablehook = lambda u: seen.append(u.exc_type)
    try:
        crm.clients.add(name="A")
    finally:
        __import__("sys").unraisablehook = hook
        sub.cancel()
    assert seen == [ZeroDivisionError] and crm.clients.count() == 1


def test_named_readers_of_the_feed(crm):
    crm.clients.add(name="A")
    assert crm.consumed("search") == 0
    crm.consume("search", crm.sequence)
    assert crm.consumed("search") == crm.sequence


def test_backup_verify_compact(tmp_path):
    with kith.open(tmp_path / "shop.kith") as crm:
        crm.clients.add(name="A")
        crm.backup(tmp_path / "copy.kith")
        found = crm.verify()
        assert found.sound and found.records > 0 and found.change_sets == crm.sequence
        crm.compact()
        crm.write_views()
        with pytest.raises(kith.Exists):
            crm.backup(tmp_path / "copy.kith")
    with kith.open(tmp_path / "copy.kith", read_only=True) as copy:
        assert copy.clients.count() == 1
        with pytest.raises(kith.ReadOnly):
            copy.clients.add(name="B")


def test_a_snapshot_file_is_saved(tmp_path):
    where = f"memory:{tmp_path / 'demo.snapshot'}"
    with kith.open(where) as crm:
        crm.clients.add(name="A")
        assert crm.capabilities["durability"] == "on_save"
        crm.save()
    with kith.open(where) as crm:
        assert crm.clients.count() == 1


def test_the_audit_chain(tmp_path):
    key = b"k" * 32
    with kith.open(tmp_path / "shop.kith", audit_key=key) as crm:
        crm.clients.add(name="A")
        kept = crm.newest_anchor
        crm.clients.add(name="B")
        checked = crm.check_audit(kept)
        assert checked.sound and checked.sets == crm.sequence
    with kith.open(tmp_path / "shop.kith") as without_key, pytest.raises(kith.Denied):
        without_key.clients.add(name="C")
    with kith.open(tmp_path / "shop.kith", read_only=True) as crm:
        assert crm.clients.count() == 2


def test_live_totals(crm, offer):
    crm.deals.add(title="A", stage=offer, amount=kith.Money(100, "EUR"))
    crm.deals.add(title="B", stage=offer, amount=kith.Money(50, "EUR"))
    board = crm.total("board")
    assert board.columns[0] == "stage" and board.column("deals") == [2]
    crm.add_total("titles", "deals", measures="count() as n", by="owner")
    assert crm.total("titles").column("n") == [2]
    crm.remove_total("titles")
    with pytest.raises(kith.NotFound):
        crm.total("titles")


def test_a_person_is_shown_kept_and_forgotten(crm):
    person = crm.clients.add(name="Анна", kind="person", emails=["a@b.example"])
    assert set(crm.about(person)) >= {"client", "contact_point"}
    assert any("a@b.example" in text for text in crm.access_export(person).values())
    crm.hold(person, "court")
    assert crm.holds[0].reason == "court"
    with pytest.raises(kith.Denied):
        crm.erase(person, "request")
    crm.release(person)
    proof = crm.erase(person, "request", legal_basis="GDPR 17(1)(a)")
    assert proof.subject == person.id and crm.erasures == [proof]
    assert "Анна" not in crm.clients.including_deleted().select("name").column("name")
    assert crm.due("interactions", "at < now()") == []
    assert crm.apply_retention("interactions", "at < now()", "old") == []


def test_rights(crm):
    mine = crm.clients.add(name="A", city="Омск", note="secret")
    other = crm.clients.add(name="B", city="Томск")
    sees = kith.Visibility().only("clients", "city = ?", "Омск").mask("clients", "note")
    with crm.session(actor="oleg", sees=sees) as oleg:
        assert [c.name for c in oleg.clients] == ["A"]
        assert oleg.clients.find(other.id) is None and oleg.clients.get(mine.id).note is None
        with pytest.raises(kith.Denied):
            oleg.clients.where("note = 'secret'").count()
        with pytest.raises(kith.Denied):
            oleg.clients.add(name="C", city="Томск")


def test_actions_are_methods(crm, acme, offer):
    deal = crm.deals.add(title="d", client=acme, stage=offer, amount=kith.Money(1, "EUR"))
    won = crm.deals.win(deal, reason="they said yes")
    assert won.stage.category == "won" and won.id == deal.id
    assert list(crm.changes())[-1].reason == "they said yes"
    assert "win" in dir(crm.deals) and crm.deals.win.__doc__
    with pytest.raises(kith.Error):
        crm.deals.lose(deal, lost_reason=5)
    again = crm.deals.add(title="e", client=acme, stage=offer)
    assert crm.deals.call("lose", again, lost_reason="price").lost_reason == "price"
    assert "win" in crm.model["deals"].actions


def test_reports_are_tables_with_charts(crm, acme, offer):
    crm.deals.add(title="d", client=acme, stage=offer, amount=kith.Money(100, "EUR"))
    table = crm.report("pipeline", by="stage")
    assert "stage" in table.columns and len(table) >= 1
    chart = table.chart()
    assert "vega-lite" in chart["$schema"] and json.dumps(chart)
    with pytest.raises(kith.NotFound):
        crm.report("nonsense")
    with pytest.raises(kith.Invalid):
        crm.report("pipeline", by="moon")
    with pytest.raises(kith.Unsupported):
        crm.deals.aggregate(n="count()").chart()
    assert "pipeline" in crm.model.reports
