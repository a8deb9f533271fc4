# SPDX-License-Identifier: Apache-2.0
"""A web shop with Kith inside: the program of webshop.cpp, in Python.

    python examples/webshop.py                    the sample of examples/data
    python examples/webshop.py --store FILE       keeps the store there

It reads what it has in CSV files, takes an order in one transaction with its own table, and asks
the questions of the morning. It prints what webshop.cpp prints, to the byte.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import kith

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 3, 16)
ZONE = "Asia/Omsk"

#: Most columns need no mapping: a header is a field's name, its label, or a usual word for it.
FILES: list[tuple[str, dict[str, Any]]] = [
    ("users", {"match": ["login"]}),
    (
        "stages",
        {
            "mapping": {"Воронка": {"to": "pipeline", "create_missing": True}},
            "match": ["pipeline", "name"],
        },
    ),
    ("clients", {"mapping": {"Код 1С": "@1c"}, "match": ["@1c"]}),
    (
        "contacts",
        {
            "mapping": {"Клиент": "employments.client", "Должность": "employments.title"},
            "match": ["name"],
        },
    ),
    ("products", {"match": ["code"]}),
    ("deals", {"mapping": {"Номер": "@1c"}, "match": ["@1c"]}),
    ("orders", {"entity": "sales_orders", "match": ["number"]}),
    ("order_lines", {"match": ["sales_order", "position"]}),
    ("interactions", {}),
    ("tasks", {"match": ["client", "title"]}),
]


class CardDeclined(Exception):
    """The bank said no."""


def read_sample(crm: kith.Crm, tell: Callable[[str], object] = print) -> None:
    """All files of the sample, in the order in which they name each other."""
    tell("\nRead")
    for name, how in FILES:
        given = {"entity": name, **how}
        entity = given.pop("entity")
        done = crm.import_file(entity, DATA / f"{name}.csv", currency="RUB", zone=ZONE, **given)
        refused = f", {done.failed} refused" if done.failed else ""
        tell(f"  {name}.csv: {done.rows} rows, {done.inserted} added{refused}")
        for error in done.errors[:3]:
            tell(f'    row {error.row}, {error.column} "{error.value}": {error.message}')


# ------------------------------------------------------------------ one transaction with the shop


def take_order(crm: kith.Crm, number: str, buyer: Any, product: Any, card_is_good: bool) -> None:
    """An order arrives: the shop's own row and Kith's records are kept together, or not at all."""
    with crm.transaction(reason=f"web order {number}", operation_key=f"web-{number}") as tx:
        if tx.already_done:
            print(f"  {number}: known already, nothing done")
            return
        tx.sql("insert into shop_orders(number, buyer) values (?, ?)", number, buyer.id)
        order = crm.sales_orders.add(number=number, client=buyer, status="confirmed")
        crm.order_lines.add(sales_order=order, product=product, quantity=2)
        crm.interactions.add(client=buyer, kind="web", subject=f"Order {number} in the web shop")
        crm.tasks.add(
            title=f"Call about delivery of {number}",
            client=buyer,
            due=crm.today + timedelta(days=1),
        )
        if not card_is_good:
            raise CardDeclined("the card was declined")
    print(f"  {number}: {crm.sales_orders.get(order.id).net} for {buyer.name}")


def take_orders(crm: kith.Crm) -> None:
    print("\nOrders of the web shop")
    with crm.transaction(reason="the shop's own table") as tx:
        tx.sql("create table if not exists shop_orders(number text primary key, buyer integer)")
    buyer = crm.clients.order_by("name").first()
    product = crm.products.order_by("name").first()
    take_order(crm, "W-1", buyer, product, True)
    take_order(crm, "W-1", buyer, product, True)  # the same message again
    try:
        take_order(crm, "W-2", buyer, product, False)
    except CardDeclined as refused:
        print(f"  W-2: {refused}, nothing kept")
    with crm.snapshot() as tx:
        numbers = tx.sql("select number from shop_orders")
    print("  in the shop's table: " + "".join(f"{number} " for (number,) in numbers))


# ----------------------------------------------------------------------- the questions of the day


def width_of(text: str) -> int:
    return sum(not unicodedata.combining(c) for c in text)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], right: set[str]) -> None:
    """Aligned text, as a table prints itself: for rows that come from several answers."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [
        max(width_of(text) for text in (name, *(row[i] for row in texts)))
        for i, name in enumerate(columns)
    ]
    for line in (list(columns), *texts):
        cells = []
        for name, text, width in zip(columns, line, widths):
            blank = " " * (width - width_of(text))
            cells.append(blank + text if name in right else text + blank)
        print("  ".join(cells).rstrip())


def print_table(table: kith.Table) -> None:
    print(table if len(table) else "(none)")


def print_board(crm: kith.Crm) -> None:
    """The stages that deals are worked on in, each with what the live total says of its deals."""
    print("\nPipeline board")
    stages = (
        crm.stages.where("category in ('open', 'hold')")
        .order_by("pipeline.name", "position")
        .select("id", pipeline="pipeline.name", no="position", stage="name")
    )
    rows = []
    for stage, pipeline, number, name in stages:
        for _, deals, amount, weighted in crm.total("board", stage):
            rows.append((pipeline, number, name, deals, amount, weighted))
    numbers = {"no", "deals", "amount", "weighted"}
    print_rows(("pipeline", "no", "stage", "deals", "amount", "weighted"), rows, numbers)

    print("\nDecided deals")
    decided = crm.deals.where("stage.category in ('won', 'lost')")
    print_table(
        decided.aggregate(by={"category": "stage.category"}, deals="count()", amount="sum(amount)")
    )
    won = crm.deals.where("stage.category = ?", "won").count()
    lost = crm.deals.where("stage.category = ?", "lost").count()
    if won + lost:
        rate = (Decimal(won * 100) / (won + lost)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        print(f"win rate {rate} %")


def print_best_clients(crm: kith.Crm) -> None:
    print("\nBest clients by what they ordered")
    purchases = [row for row in crm.total("purchases").to_dicts() if row["net"] is not None]
    purchases.sort(key=lambda row: row["net"].amount, reverse=True)
    rows = [
        (crm.clients.get(row["client"]).name, row["orders"], row["net"]) for row in purchases[:5]
    ]
    print_rows(("client", "orders", "net"), rows, {"orders", "net"})


def print_timeline(crm: kith.Crm) -> None:
    busiest = crm.interactions.aggregate(by={"client": "client.name"}, n="count()", order_by=["-n"])
    name = busiest[0][0]
    print(f"\nWhat happened with {name}")
    told = crm.interactions.where("client.name = ?", name).order_by("-at").limit(10)
    print_table(told.select("at", "kind", "direction", "subject", by="owner.name"))


def print_promises(crm: kith.Crm) -> None:
    print(f"\nPromises that are overdue on {crm.today}")
    late = crm.tasks.where("status = 'open' and due < today()").order_by("due")
    print_table(late.select("due", what="title", client="client.name", who="assignee.name"))


def run(place: Path) -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=ZoneInfo(ZONE))
    with kith.open(place, actor="webshop", zone=ZONE, clock=lambda: now) as crm:
        print("Сибсервис: other firms' vehicles")
        read_sample(crm)
        take_orders(crm)
        print_board(crm)
        print_best_clients(crm)
        print_timeline(crm)
        print_promises(crm)


def main() -> None:
    words = argparse.ArgumentParser(description="A web shop with Kith inside.")
    words.add_argument("--store", type=Path, help="keeps the store there")
    given = words.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    if given.store:
        run(given.store)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder) / "shop.kith")


if __name__ == "__main__":
    main()
