# SPDX-License-Identifier: Apache-2.0
"""Records and the values that they hold, both ways."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

import kith


def test_a_record_has_its_values_as_attributes(crm, acme):
    assert acme.name == "ООО «Автопарк»"
    assert acme.city == "Омск"
    assert acme.address == kith.PostalAddress(city="Омск")
    assert acme.kind == "organisation" and acme.kind is kith.ClientKind.organisation
    assert acme.kind.ru == "организация"
    assert acme.employees is None and acme.parent is None
    assert acme.id > 0 and acme.revision > 0 and acme.deleted is False
    assert isinstance(acme, kith.Record) and type(acme).__name__ == "Client"


def test_a_record_never_changes(acme):
    for name in ("name", "id", "anything"):
        with pytest.raises(AttributeError):
            setattr(acme, name, "x")


def test_an_unknown_attribute_is_an_attribute_error(acme):
    with pytest.raises(AttributeError, match="nmae"):
        acme.nmae  # noqa: B018


def test_records_are_equal_by_version(crm, acme):
    again = crm.clients.get(acme.id)
    assert again == acme and hash(again) == hash(acme) and len({again, acme}) == 1
    changed = crm.clients.update(acme, city="Томск")
    assert changed != acme and acme.city == "Омск" and changed.city == "Томск"
    assert acme != "ООО «Автопарк»"


def test_a_record_shows_itself_shortly(acme):
    assert repr(acme) == f"<Client {acme.id} 'ООО «Автопарк»'>"
    assert str(acme) == "ООО «Автопарк»"
    assert "<td>ООО «Автопарк»</td>" in acme._repr_html_()


def test_a_record_is_a_dict_when_asked(acme):
    values = acme.to_dict()
    assert values["id"] == acme.id and values["name"] == acme.name
    assert values["address"].city == "Омск" and values["parent"] is None
    assert dict(acme) == values
    assert acme["name"] == acme.name
    with pytest.raises(KeyError):
        acme["nmae"]


def test_a_pickled_record_is_the_same_but_detached(crm, acme):
    crm.add_field("clients", "x_card", kind="text")
    branch = crm.clients.add(name="Филиал", parent=acme, x_card="17")
    again = pickle.loads(pickle.dumps(branch))
    assert again == branch and again.x_card == "17" and again.parent_id == acme.id
    with pytest.raises(kith.Closed, match="detached"):
        again.parent  # noqa: B018


VALUES = [
    ("text", {}, "Ёлка", "Ёлка"),
    ("text", {}, "", ""),
    ("integer", {}, -(2**63), -(2**63)),
    ("real", {}, 0.5, 0.5),
    ("real", {}, 2, 2.0),
    ("decimal", {"scale": 3}, Decimal("1.5"), Decimal("1.500")),
    ("decimal", {"scale": 3}, "-0.001", Decimal("-0.001")),
    ("decimal", {"scale": 3}, Decimal("1E+2"), Decimal("100.000")),
    ("decimal", {"scale": 0}, 7, Decimal("7")),
    ("boolean", {}, True, True),
    ("date", {}, date(2026, 2, 28), date(2026, 2, 28)),
    ("date", {}, date(1, 1, 1), date(1, 1, 1)),
    ("date", {}, date(9999, 12, 31), date(9999, 12, 31)),
    (
        "instant",
        {},
        datetime(2026, 3, 31, 15, 0, 0, 7, timezone(timedelta(hours=6))),
        datetime(2026, 3, 31, 9, 0, 0, 7, UTC),
    ),
    ("instant", {}, datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)),
    ("duration", {}, timedelta(days=-1, microseconds=3), timedelta(days=-1, microseconds=3)),
    ("money", {}, kith.Money("12.5", "EUR"), kith.Money("12.50", "EUR")),
    ("money", {}, "100 JPY", kith.Money(100, "JPY")),
    ("money", {"scale": 4}, kith.Money("0.0001", "EUR"), kith.Money("0.0001", "EUR")),
    ("email", {}, "a@b.example", "a@b.example"),
    ("phone", {}, "8 (3812) 123-456", "8 (3812) 123-456"),
    ("url", {}, "https://kith.example", "https://kith.example"),
    ("person_name", {}, kith.PersonName("Иванова", "Анна"), kith.PersonName("Иванова", "Анна", "")),
    ("person_name", {}, {"last_name": "Иванова"}, kith.PersonName("Иванова")),
    ("postal_address", {}, {"city": "Омск"}, kith.PostalAddress(city="Омск")),
    ("blob", {}, b"\x00\xff", b"\x00\xff"),
    ("choice", {"choices": ["low", "high"]}, "high", "high"),
]


@pytest.mark.parametrize("kind, options, given, read", VALUES)
def test_each_kind_reads_back(crm, kind, options, given, read):
    crm.add_field("clients", "x_value", kind=kind, **options)
    client = crm.clients.add(name="A", x_value=given)
    assert client.x_value == read and type(client.x_value) is type(read) or kind == "choice"
    assert crm.clients.get(client.id).x_value == read
    if given != "":
        assert crm.clients.update(client, x_value=None).x_value is None


REFUSED = [
    ("text", {}, 5, "takes text"),
    ("integer", {}, "5", "takes a whole number"),
    ("integer", {}, True, "takes a whole number"),
    ("integer", {}, 2**63, "64 bits"),
    ("decimal", {"scale": 2}, 1.5, "float"),
    ("decimal", {"scale": 2}, Decimal("0.001"), "x_value"),
    ("decimal", {"scale": 2}, Decimal("NaN"), "nan|NaN"),
    ("money", {}, 12.5, "float"),
    ("money", {}, 12, "Money"),
    ("money", {}, kith.Money("0.001", "EUR"), "x_value"),
    ("boolean", {}, 1, "True or False"),
    ("date", {}, datetime(2026, 1, 1), "datetime.date"),
    ("date", {}, "2026-01-01", "datetime.date"),
    ("instant", {}, datetime(2026, 1, 1), "time zone"),
    ("instant", {}, date(2026, 1, 1), "time zone"),
    ("duration", {}, 5, "timedelta"),
    ("choice", {"choices": ["low", "high"]}, "middle", "low, high"),
    ("choice", {"choices": ["low", "high"]}, 1, "choice"),
    ("person_name", {}, {"surname": "x"}, "parts"),
    ("blob", {}, "text", "bytes"),
    ("text", {}, "\ud800", "surrogate"),
    ("text", {}, "a\0b", "NUL"),
]


@pytest.mark.parametrize("kind, options, given, message", REFUSED)
def test_what_a_kind_does_not_take_is_refused_with_the_field(crm, kind, options, given, message):
    crm.add_field("clients", "x_value", kind=kind, **options)
    with pytest.raises(kith.Invalid, match=message):
        crm.clients.add(name="A", x_value=given)
    assert crm.clients.count() == 0


def test_a_wrong_type_is_a_type_error_and_a_value_error(crm, offer):
    with pytest.raises(TypeError) as caught:
        crm.deals.add(title="x", stage=offer, amount=1.5)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, kith.Invalid)
    assert caught.value.field == "amount" and caught.value.violations[0].entity == "deal"


def test_references_are_records_or_ids(crm, acme, offer):
    one = crm.deals.add(title="one", client=acme, stage=offer)
    two = crm.deals.add(title="two", client=acme.id, stage=offer.id)
    assert one.client == two.client == acme and two.client_id == acme.id
    with pytest.raises(kith.WrongType, match="clients"):
        crm.deals.add(title="three", client=one, stage=offer)
    assert crm.deals.update(one, client=None).client is None


def test_a_reference_to_anything_is_a_record(crm, acme):
    point = crm.contact_points.add(party=acme, channel="email", address="a@b.example")
    assert point.party == acme
    with pytest.raises(kith.WrongType, match="a record"):
        crm.contact_points.add(party=acme.id, channel="email", address="a@b.example")


def test_computed_values_are_read_like_others(crm, acme, offer):
    deal = crm.deals.add(title="d", client=acme, stage=offer, amount=kith.Money("100", "EUR"))
    assert deal.weighted == kith.Money("40", "EUR")
    with pytest.raises(kith.Misuse):
        crm.deals.update(deal, weighted=kith.Money("1", "EUR"))


def test_owned_records_come_along_and_are_read_as_lists(crm):
    ann = crm.contacts.add(
        first_name="Анна",
        last_name="Иванова",
        emails=["ann@example.org", {"address": "a@example.com", "label": "home"}],
        phones=["8 (3812) 123-456"],
    )
    assert ann.emails == ["ann@example.org", "a@example.com"]
    assert ann.phones == ["8 (3812) 123-456"]
    points = crm.contact_points.where("party = ? order by id", ann).all()
    assert [(str(p.channel), p.label) for p in points] == [
        ("email", None),
        ("email", "home"),
        ("phone", None),
    ]


def test_a_given_list_replaces_the_one_before(crm):
    ann = crm.contacts.add(last_name="Иванова", emails=["a@x.example", "b@x.example"])
    kept = crm.contact_points.where("address = 'b@x.example'").first()
    crm.contacts.update(ann, emails=["b@x.example", "c@x.example"])
    assert ann.emails == ["b@x.example", "c@x.example"]
    assert crm.contact_points.get(kept.id) == kept


def test_an_order_and_its_lines_are_one_transaction(crm, acme):
    before = crm.sequence
    line = {"description": "Oil", "quantity": "2", "unit_price": "10.0000 EUR"}
    order = crm.sales_orders.add(client=acme, lines=[line, line])
    assert crm.sequence == before + 1
    assert [one.net for one in order.lines] == [kith.Money("20", "EUR")] * 2
    with pytest.raises(kith.Invalid):
        crm.sales_orders.add(client=acme, lines=[line, {"description": "no price"}])
    assert crm.sales_orders.count() == 1


def test_what_is_not_owned_is_added_on_its_own(crm, acme):
    with pytest.raises(kith.WrongType, match=r"crm\.deals"):
        crm.clients.update(acme, deals=[{"title": "x"}])


def test_money_is_exact_and_knows_its_currency():
    eur = kith.Money("9.99", "EUR")
    assert eur + kith.Money("0.01", "EUR") == kith.Money(10, "EUR")
    assert str(kith.Money(5, "EUR")) == "5.00 EUR" and str(kith.Money(5, "JPY")) == "5 JPY"
    assert eur * 2 == kith.Money("19.98", "EUR") and -eur < eur and kith.Money("5 EUR") < eur
    assert sum([eur, eur]) == kith.Money("19.98", "EUR")
    assert hash(kith.Money("1.0", "EUR")) == hash(kith.Money("1.00", "EUR"))
    assert pickle.loads(pickle.dumps(eur)) == eur
    for wrong in [
        lambda: kith.Money(1.5, "EUR"),
        lambda: kith.Money("1", "EURO"),
        lambda: kith.Money("x", "EUR"),
        lambda: eur + kith.Money(1, "USD"),
        lambda: eur < kith.Money(1, "USD"),
        lambda: kith.Money(True, "EUR"),
    ]:
        with pytest.raises(kith.Invalid):
            wrong()
    with pytest.raises(AttributeError):
        eur.amount = Decimal(1)
