# SPDX-License-Identifier: Apache-2.0
"""A page for the morning: a report as a table and as a chart, and a question beside it.

    python examples/report_page.py > page.html

In a notebook none of this is needed: a cell that ends with `crm.report("pipeline")` or with a query
shows the same table, because results have `_repr_html_()`. The chart is a Vega-Lite specification,
which notebooks draw, too.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from webshop import ZONE, read_sample

import kith

PAGE = """<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<title>{title}</title>
<script src="https://cdn.jsdelivr.net/npm/vega-embed@6"></script>
{body}
</html>"""


def section(title: str, shown: Any) -> str:
    """A heading and what a notebook would show below it."""
    return f"<h2>{escape(title)}</h2>\n{shown._repr_html_()}"


def chart(place: str, table: kith.Table) -> str:
    """Drawn by the browser from the specification."""
    spec = json.dumps(table.chart(), ensure_ascii=False, indent=1)
    return f'<div id="{place}"></div>\n<script>vegaEmbed("#{place}", {spec})</script>'


def page(crm: kith.Crm) -> str:
    pipeline = crm.report("pipeline")
    late = crm.tasks.where("status = 'open' and due < today()").order_by("due")
    parts = [
        f"<h1>Сибсервис, {crm.today}</h1>",
        section("Pipeline", pipeline),
        chart("pipeline", pipeline),
        section("Overdue", late.select("due", what="title", client="client.name")),
    ]
    return PAGE.format(title="Сибсервис", body="\n".join(parts))


def main() -> None:
    now = datetime(2026, 3, 16, 10, tzinfo=ZoneInfo(ZONE))
    with kith.open(":memory:", zone=ZONE, clock=lambda: now) as crm:
        read_sample(crm, tell=lambda text: None)
        text = page(crm)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
