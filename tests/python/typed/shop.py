# SPDX-License-Identifier: Apache-2.0
"""What a type checker must understand of a program: checked by bindings/python/check, not run."""

from __future__ import annotations

from decimal import Decimal

import kith


def revenue(crm: kith.Crm) -> Decimal:
    acme = crm.clients.add(name="A", kind="organisation", emails=["a@b.example"])
    deal = crm.deals.add(title="d", client=acme, stage="offer", amount=kith.Money(1, "EUR"))
    total = Decimal(0)
    for found in crm.deals.where(kith.deal.amount > kith.Money(1, "EUR")).order_by("-amount"):
        if found.amount is not None:
            total += found.amount.amount
        if found.client is not None:
            name: str = found.client.name
            print(name, found.client.emails, found.stage.category is kith.StageCategory.won)
    won: kith.Record = crm.deals.win(deal, reason="yes")
    with crm.transaction(reason="x") as tx:
        print(tx.sequence, won.id)
    try:
        crm.clients.update(acme, city="Омск")
    except kith.Conflict as error:
        print(error.field, [v.message for v in error.violations])
    return total
