# SPDX-License-Identifier: Apache-2.0
"""Files in and out; many records at once."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest

import kith

CLIENTS = "Id;Название;Город;Оборот\n7;ООО «Автопарк»;Омск;12,50\n8;Хлеб;Томск;x\n"


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text(CLIENTS, encoding="utf-8-sig")
    return path


MAPPING = {
    "Id": "@shop",
    "Название": "name",
    "Город": {"to": "city", "translate": {"Омск": "Omsk"}},
    "Оборот": {"to": "annual_revenue", "currency": "EUR"},
}


def test_import_reports_each_row(crm, csv):
    done = crm.import_file("clients", csv, MAPPING, match="@shop")
    assert (done.rows, done.inserted, done.failed) == (2, 1, 1)
    assert [(e.row, e.column, e.value) for e in done.errors] == [(2, "Оборот", "x")]
    assert done.errors[0].field == "annual_revenue" and done.errors[0].message
    client = crm.clients.first()
    assert client.city == "Omsk" and client.annual_revenue == kith.Money("12.50", "EUR")
    again = crm.import_file("clients", csv, MAPPING, match="@shop")
    assert (again.inserted, again.unchanged) == (0, 1)
    assert crm.undo(done).records > 0 and crm.clients.count() == 0


def test_a_dry_run_keeps_nothing(crm, csv):
    done = crm.import_file("clients", csv, MAPPING, dry_run=True)
    assert done.inserted == 1 and done.batch is None and crm.clients.count() == 0


def test_progress_may_cancel_and_may_raise(crm):
    text = "name\n" + "".join(f"c{at}\n" for at in range(100))
    seen = []
    done = crm.import_file(
        "clients",
        io.BytesIO(text.encode()),
        chunk_rows=10,
        progress=lambda rows: (seen.append(rows), len(seen) < 3)[1],
    )
    assert done.cancelled and seen == [10, 20, 30]
    with pytest.raises(ZeroDivisionError):
        crm.import_file("clients", io.BytesIO(text.encode()), progress=lambda rows: 1 / 0)


def test_a_file_for_text_is_refused(crm):
    with pytest.raises(TypeError, match="rb"):
        crm.import_file("clients", io.StringIO("name\nA\n"))


def test_wrong_options(crm, csv):
    with pytest.raises(kith.NotFound):
        crm.import_file("clientele", csv)
    with pytest.raises(TypeError):
        crm.import_file("clients", csv, {"Id": {"into": "name"}})
    with pytest.raises(kith.Invalid):
        crm.import_file("clients", csv, mode="replace")


def test_export_and_read_back(crm, tmp_path):
    crm.clients.add(name="=A", city="Омск")
    crm.clients.add(name="B", city="Томск")
    path = tmp_path / "omsk.csv"
    assert crm.export("clients", path, "city = ?", "Омск", columns=["name", "city"]) == 1
    assert path.read_text().splitlines() == ["name,city", "\"'=A\",Омск"]
    out = io.BytesIO()
    assert crm.export(crm.clients.order_by("-name"), out, columns=["name"]) == 2
    assert out.getvalue().split()[0] == b"name"
    with kith.open(":memory:") as other:
        assert other.import_file("clients", path).inserted == 1
        assert other.clients.first().name == "=A"


@dataclass
class Firm:
    name: str
    city: str | None = None


def test_many_records_of_any_form(crm):
    dicts = crm.clients.add_many([{"name": "A"}, {"name": "B", "emails": ["b@x.example"]}])
    tuples = crm.clients.add_many([("C", "Омск")], fields=["name", "city"])
    objects = crm.clients.add_many([Firm("D", "Томск")])
    assert len(dicts) == 2 and crm.clients.get(dicts[1]).emails == ["b@x.example"]
    assert crm.clients.get(tuples[0]).city == "Омск" and crm.clients.get(objects[0]).name == "D"
    assert crm.clients.add_many([]) == []


def test_many_are_one_transaction(crm):
    before = crm.sequence
    crm.clients.add_many({"name": f"c{at}"} for at in range(2500))
    assert crm.sequence == before + 1 and crm.clients.count() == 2500
    with pytest.raises(kith.Invalid) as caught:
        crm.clients.add_many([{"name": "x"}] * 1500 + [{"name": ""}])
    assert caught.value.item == 1500 and crm.clients.count() == 2500

    def broken():
        yield {"name": "x"}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crm.clients.add_many(broken())
    assert crm.clients.count() == 2500


def test_each_keeps_what_can_be_kept(crm):
    added = crm.clients.add_many([{"name": "A"}, {"name": ""}, {"name": "B"}], each=True)
    assert isinstance(added[1], kith.Invalid) and crm.clients.count() == 2
    with pytest.raises(kith.WrongType):
        crm.clients.add_many([("A",)], fields=["name", "city"])
    with pytest.raises(kith.WrongType):
        crm.clients.add_many([5])
    with pytest.raises(kith.WrongType):
        crm.clients.add_many([{"nmae": "A"}])



def test_arrow_streams_go_round(crm):
    pa = pytest.importorskip("pyarrow")
    crm.clients.add(name="A", annual_revenue=kith.Money("1.50", "EUR"), employees=3)
    table = pa.RecordBatchReader.from_stream(crm.clients.query()).read_all()
    assert table.num_rows == 1 and table["name"].to_pylist() == ["A"]
    assert crm.clients.to_arrow(["name", "employees"]).column_names == ["name", "employees"]
    with kith.open(":memory:") as other:
        done = other.import_arrow("clients", crm.clients.to_arrow(["name", "employees"]))
        assert done.inserted == 1 and other.clients.first().employees == 3


def test_an_arrow_capsule_is_released_unread(crm):
    crm.clients.add(name="A")
    crm.clients.query().__arrow_c_stream__()
    crm.clients.aggregate(n="count()").__arrow_c_stream__()
    assert crm.clients.count() == 1
