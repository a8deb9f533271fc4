# SPDX-License-Identifier: Apache-2.0
"""`pytest --kith-backend`: stores that conform, stores that do not, and calls that are wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("kith._conformance")
HERE = Path(__file__).parent


def suite(backend, folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "kith.pytest_plugin"]
        + [f"--kith-backend={backend}", "--rootdir", str(folder), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=280,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_smallest_store_conforms():
    code, said = suite("own_store:quick", HERE, "own_store.py")
    assert code == 0 and "passed" in said and "failed" not in said, said


def test_what_does_not_conform_is_named(tmp_path):
    (tmp_path / "forgetful.py").write_text(
        f"import sys; sys.path.append({str(HERE)!r})\n"
        "from own_store import Line, Memory\n"
        "class Keeps(Line):\n"
        "    def erase(self, entity, id): pass\n"
        "class Store(Memory):\n"
        "    def connect(self): return Keeps(self)\n"
    )
    code, said = suite("forgetful:Store", tmp_path, "-k", "versions")
    assert code == 1 and "versions.an_erased_record_leaves_no_trace" in said, said


@pytest.mark.parametrize(
    "backend, says",
    [
        ("own_store", "say MODULE:FACTORY"),
        ("nowhere:Store", "No module named 'nowhere'"),
        ("own_store:Nobody", "no attribute 'Nobody'"),
        ("own_store:threading", "is no function and no class"),
    ],
)
def test_wrong_calls(backend, says):
    code, said = suite(backend, HERE, "own_store.py")
    assert code == 4 and says in said, said
