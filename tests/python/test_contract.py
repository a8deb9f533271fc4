# SPDX-License-Identifier: Apache-2.0
"""The lines that users rely on, as the documentation has them."""

from __future__ import annotations

import pytest

import kith


@pytest.fixture(autouse=True)
def stages(crm):
    crm.pipelines.add(
        name="Sales",
        stages=[
            {"name": "offer", "probability": 40},
            {"name": "won", "category": "won", "probability": 100},
            {"name": "lost", "category": "lost", "probability": 0},
        ],
    )


def test_first_steps(crm):
    acme = crm.clients.add(kind="organisation", name="ООО «Автопарк»", city="Омск")
    with crm.transaction(reason="import"):
        ann = crm.contacts.add(
            first_name="Анна",
            last_name="Иванова",
            emails=["ann@example.org"],
            phones=["8 (3812) 123-456"],
        )
        deal = crm.deals.add(
            title="Fleet service",
            client=acme,
            amount=kith.Money("12500.00", "EUR"),
            stage="offer",
        )
    assert ann.emails == ["ann@example.org"]
    assert deal.amount == kith.Money("12500.00", "EUR")
    assert deal.client.name == "ООО «Автопарк»"
    assert deal.stage.name == "offer"
    assert deal.to_dict()["id"] == deal.id and deal.revision == crm.sequence
    newer = crm.deals.update(deal, amount=kith.Money("13000", "EUR"))
    with pytest.raises(kith.Conflict):
        crm.deals.update(deal, amount=kith.Money("14000", "EUR"))
    assert crm.deals.get(deal.id) == newer
    assert crm.deals.find(7) is None
    with pytest.raises(kith.NotFound):
        crm.deals.get(7)

    q = crm.deals.where("amount > ? and client.city = ?", kith.Money(1000, "EUR"), "Омск")
    q = q.order_by("-amount").limit(50)
    assert [d.title for d in q] == ["Fleet service"]
    q = crm.deals.where(kith.deal.amount > kith.Money(1000, "EUR"))
    assert q.count() == 1 and q.first() == newer and q.all() == [newer] and q.exists()
    assert q.aggregate(by=["stage"], total="sum(amount)", n="count()").column("n") == [1]
    crm.deals.delete(deal)
    assert q.delete() == 0 and crm.deals.get(deal.id).deleted


def test_custom_fields_and_entities(crm):
    crm.add_field("clients", "x_loyalty_card", kind="text", indexed=True)
    crm.clients.add(name="Анна", x_loyalty_card="17")
    assert crm.clients.find(x_loyalty_card="17").name == "Анна"
    vehicles = crm.add_entity(
        "x_vehicle",
        "x_vehicles",
        [
            {"name": "plate", "required": True, "unique": True},
            {"name": "holder", "kind": "ref", "target": "clients"},
        ],
        title="plate",
    )
    car = vehicles.add(plate="А001АА", holder=crm.clients.first())
    assert crm.x_vehicles.where("holder.name = 'анна'").all() == [car]
    with pytest.raises(kith.Exists) as caught:
        vehicles.add(plate="А001АА")
    assert caught.value.id == car.id and caught.value.field == "plate"
    assert "x_loyalty_card" in crm.model["clients"].fields


def test_model(crm):
    model = crm.model
    assert "deals" in model and model["deal"].ru == "Сделка"
    assert model["deals"].fields["amount"].kind == "money"
    assert model["stages"].fields["category"].choices == ["open", "hold", "won", "lost"]
    assert model["clients"].relations["emails"].owned
    assert [e.plural for e in model.entities] == list(model) and "money" in model.kinds
