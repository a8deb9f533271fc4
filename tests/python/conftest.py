# SPDX-License-Identifier: Apache-2.0
"""Stores for tests: in memory, and as a SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kith


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ":memory:" if request.param == "memory" else str(tmp_path / "shop.kith")


@pytest.fixture
def crm(place: str) -> Iterator[kith.Crm]:
    with kith.open(place, actor="anna") as opened:
        yield opened


@pytest.fixture
def offer(crm: kith.Crm) -> Any:
    """The first stage of a pipeline `Sales`; the others are `won` and `lost`."""
    pipeline = crm.pipelines.add(
        name="Sales",
        stages=[
            {"name": "offer", "position": 1, "probability": 40},
            {"name": "won", "position": 2, "category": "won", "probability": 100},
            {"name": "lost", "position": 3, "category": "lost", "probability": 0},
        ],
    )
    return pipeline.stages[0]


@pytest.fixture
def acme(crm: kith.Crm) -> Any:
    return crm.clients.add(kind="organisation", name="ООО «Автопарк»", city="Омск")
