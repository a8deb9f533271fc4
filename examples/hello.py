# SPDX-License-Identifier: Apache-2.0
"""The program of the README, in Python."""

from datetime import timedelta

import kith

with kith.open(":memory:", actor="anna") as crm:  # "shop.kith" keeps it in a file
    sales = crm.pipelines.add(name="Sales")
    offer = crm.stages.add(pipeline=sales, name="Offer", probability=40)
    acme = crm.clients.add(name="ООО «Автопарк»", city="Омск")

    with crm.transaction(reason="call of this morning"):  # all of it, or, on an exception, nothing
        deal = crm.deals.add(title="Winter tyres", client=acme, stage=offer,
                             amount=kith.Money("412500.50", "RUB"))
        crm.interactions.add(client=acme, deal=deal, kind="call", subject="Needs tyres by May")
        crm.tasks.add(title="Send the offer", client=acme, due=crm.today + timedelta(days=1))

    for found in crm.deals.where(kith.deal.client.city == "омск"):
        print(f"{found.title}: {found.weighted}")
    print(crm.clients.where("exists(tasks where status = 'open')").order_by("name")
          .select(client="name", deals="count(deals)"))
