# SPDX-License-Identifier: Apache-2.0
"""The n-th allocation of Kith or SQLite fails while a program in Python works: MemoryError, nothing half
done, nothing left behind, the handle goes on. ``KITH_FAULTS=long`` tries more of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = os.environ.get("KITH_PYTHON_FAULTS", "")
SWEEP = Path(__file__).parent / "memory" / "sweep.py"
POINTS = "100" if os.environ.get("KITH_FAULTS") == "long" else "12"


@pytest.mark.skipif(not LIBRARY, reason="the library that makes allocations fail is made by CMake")
@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_the_nth_allocation_fails(store, tmp_path):
    place = ":memory:" if store == "memory" else str(tmp_path / "shop.kith")
    done = subprocess.run(
        [sys.executable, str(SWEEP), LIBRARY, place, POINTS],
        capture_output=True,
        text=True,
        timeout=3000,
        env=os.environ | {"LD_PRELOAD": LIBRARY},
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines[-1] == "end", done.stdout + done.stderr
    assert [line for line in lines[:-1] if not line.startswith("ok ")] == []
