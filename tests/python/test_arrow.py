# SPDX-License-Identifier: Apache-2.0
"""Results in the hands of others, and their tables in ours; each where it is installed."""

from __future__ import annotations

from decimal import Decimal

import pytest

import kith


@pytest.fixture
def clients(crm):
    acme = crm.clients.add(
        kind="organisation", name="Омега", city="Омск", annual_revenue=kith.Money("5", "EUR")
    )
    crm.clients.add(kind="person", name="Анна", parent=acme)
    return crm.clients.order_by("name")


def test_pyarrow_finds_nothing_wrong(clients):
    pa = pytest.importorskip("pyarrow")
    table = pa.table(clients)
    table.validate(full=True)
    assert table.select(["name", "kind", "city", "annual_revenue"]).to_pylist() == [
        {"name": "Анна", "kind": "person", "city": None, "annual_revenue": None},
        {
            "name": "Омега",
            "kind": "organisation",
            "city": "Омск",
            "annual_revenue": {"amount": Decimal("5.0000"), "currency": "EUR"},
        },
    ]


def test_pyarrow_slices_and_structs_come_in(crm):
    pa = pytest.importorskip("pyarrow")
    amount = pa.struct([("amount", pa.decimal128(20, 2)), ("currency", pa.string())])
    revenue = [{"amount": Decimal("1.10"), "currency": "USD"}, None, {"amount": 2, "currency": "JPY"}]
    table = pa.table({"name": ["a", "b", "c"], "annual_revenue": pa.array(revenue, type=amount)})
    done = crm.import_arrow("clients", table.slice(1))
    assert (done.rows, done.inserted, done.errors) == (2, 2, [])
    found = crm.clients.order_by("name").all()
    assert [(c.name, c.annual_revenue) for c in found] == [("b", None), ("c", kith.Money("2", "JPY"))]


def test_polars_both_ways(clients, crm):
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(clients)
    assert frame["name"].to_list() == ["Анна", "Омега"]
    given = pl.DataFrame({"name": ["Бета", "Гамма с длинным именем"], "city": ["Омск", None]})
    assert crm.import_arrow("clients", given).inserted == 2
    assert crm.clients.where("city = 'Омск'").count() == 2


def test_pandas_both_ways(clients, crm):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert clients.to_pandas()["name"].to_list() == ["Анна", "Омега"]
    given = pd.DataFrame(
        {
            "name": ["Дельта", "Эпсилон"],
            "annual_revenue": [1.5, float("nan")],
            "kind": pd.Categorical(["person", "organisation"]),
        }
    )
    done = crm.import_arrow("clients", given, currency="EUR")
    assert (done.inserted, done.errors) == (2, [])
    assert crm.clients.where("name = 'Дельта'").first().annual_revenue == kith.Money("1.50", "EUR")
    assert crm.clients.where("name = 'Эпсилон'").first().annual_revenue is None


def test_duckdb_asks_a_query(clients, crm):
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    assert duckdb.sql("SELECT name FROM clients ORDER BY name").fetchall() == [("Анна",), ("Омега",)]
    found = duckdb.sql("SELECT 'Бета' AS name, 'Омск' AS city UNION ALL SELECT 'Гамма', NULL")
    assert crm.import_arrow("clients", found).inserted == 2
    assert crm.clients.where("city = 'Омск'").count() == 2


def test_tables_are_added_like_lists(crm):
    pa = pytest.importorskip("pyarrow")
    money = pa.struct([("amount", pa.decimal128(20, 2)), ("currency", pa.string())])
    revenue = pa.array([{"amount": Decimal("1.10"), "currency": "USD"}, None], type=money)
    table = pa.table({"name": ["Бета", "Гамма"], "city": ["Омск", None], "annual_revenue": revenue})
    added = [crm.clients.get(id) for id in crm.clients.add_many(table)]
    assert [(c.city, c.annual_revenue) for c in added] == [("Омск", kith.Money("1.10", "USD")), (None, None)]
    wrong = pa.table({"name": ["Дельта", None]})
    with pytest.raises(kith.Invalid, match="name"):
        crm.clients.add_many(wrong)
    assert crm.clients.count() == 2
    assert [type(one) for one in crm.clients.add_many(wrong, each=True)] == [int, kith.Invalid]


def test_frames_of_queries(clients):
    pytest.importorskip("pyarrow")
    pl = pytest.importorskip("polars")
    pytest.importorskip("pandas")
    assert isinstance(clients.to_polars(), pl.DataFrame)
    assert clients.to_polars()["name"].to_list() == clients.to_pandas()["name"].to_list()
    assert clients.to_arrow().num_rows == 2
