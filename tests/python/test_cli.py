# SPDX-License-Identifier: Apache-2.0
"""The command line: what people see, what programs get, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import kith

CLIENTS = """name,kind,city,annual_revenue,parent
ООО «Автопарк»,organisation,Омск,12500.50 EUR,
Хлебозавод № 3,organisation,Томск,7 EUR,ООО «Автопарк»
Анна,person,,,
"""


class Shell:
    """Runs `python -m kith` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kith", *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            env={**os.environ, "COLUMNS": "80", "PYTHONWARNINGS": "error::ResourceWarning"},
        )

    def __call__(self, *arguments: str, code: int = 0, given: str | None = None) -> str:
        done = self.run(*arguments, given=given)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def json(self, *arguments: str, code: int = 0) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def sh(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def shop(sh: Shell) -> Shell:
    (sh.folder / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    sh("import", "shop.kith", "clients", "clients.csv", "--create", "--actor", "anna")
    return sh


# ------------------------------------------------------------------------------------------ files


def test_a_store_is_made_and_told_about(sh: Shell) -> None:
    assert sh("open", "shop.kith", code=3) == (
        "kith: there is no store shop.kith; `kith open shop.kith --create` makes one\n"
    )
    assert "no records yet" in sh("open", "shop.kith", "--create")
    assert sh.json("open", "shop.kith")["records"] == {}


def test_open_counts(shop: Shell) -> None:
    told = shop("open", "shop.kith")
    assert "clients" in told and " 3\n" in told
    about = shop.json("open", "shop.kith")
    assert about["records"]["clients"] == 3 and about["bytes"] > 0


def test_import_says_what_it_did(sh: Shell) -> None:
    (sh.folder / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    told = sh("import", "shop.kith", "clients", "clients.csv", "--create", "--dry-run")
    assert told == "3 rows, 3 inserted (dry run: nothing was kept)\n"
    told = sh("import", "shop.kith", "clients", "clients.csv")
    assert told.splitlines()[0] == "3 rows, 3 inserted"
    assert "kith undo shop.kith --batch " in told
    told = sh("import", "shop.kith", "clients", "clients.csv", "--match", "name")
    assert told.splitlines()[0] == "3 rows, 3 unchanged"


def test_refused_rows_are_code_1(sh: Shell) -> None:
    file = "Имя;Доход;Лишнее\nХлеб;много;1\nЛес;5 EUR;2\n"
    done = sh.run(
        "import", "shop.kith", "clients", "-", "--create", "--map", "Имя=name",
        "--map", "Доход=annual_revenue", "--map", "Лишнее=", "--rejected", "refused.csv",
        given=file,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "2 rows, 1 inserted, 1 refused"
    assert done.stderr.startswith("row 1, Доход 'много': 'много' is not an amount")
    assert "много" in (sh.folder / "refused.csv").read_text(encoding="utf-8")
    told = sh.json("import", "shop.kith", "clients", "refused.csv", "--map", "Имя=name",
                   "--map", "Доход=annual_revenue", "--map", "Лишнее=", code=1)  # fmt: skip
    assert told["failed"] == 1 and told["errors"][0]["column"] == "Доход"


def test_export_to_a_file_and_to_a_pipe(shop: Shell) -> None:
    assert shop("export", "shop.kith", "clients", "out.csv") == "3 rows in out.csv\n"
    told = shop(
        "export", "shop.kith", "clients", "-", "--columns", "name,city,parent.city",
        "--where", "kind = 'organisation'", "--delimiter", "tab",
    )  # fmt: skip
    assert told == (
        "name\tcity\tparent.city\nООО «Автопарк»\tОмск\t\nХлебозавод № 3\tТомск\tОмск\n"
    )


def test_backup_and_verify(shop: Shell) -> None:
    assert shop("backup", "shop.kith", "copy.kith").startswith("copy.kith: ")
    assert shop("query", "copy.kith", "clients", "--count") == "3\n"
    assert "there already" in shop("backup", "shop.kith", "copy.kith", code=1)
    assert shop("verify", "shop.kith").startswith("sound: ")
    assert shop.json("check", "shop.kith")["sound"] is True
    (shop.folder / "not.kith").write_text("no store at all, but long enough to look like a file\n" * 200)
    assert shop.run("verify", "not.kith").returncode == 5


# -------------------------------------------------------------------------------------- questions


def test_query_shows_a_table(shop: Shell) -> None:
    told = shop(
        "query", "shop.kith", "clients", "kind = 'organisation'",
        "--columns", "name,city,annual_revenue", "--order-by=-name",
    )  # fmt: skip
    assert told == (
        "name            city   annual_revenue\n"
        "Хлебозавод № 3  Томск        7.00 EUR\n"
        "ООО «Автопарк»  Омск     12500.50 EUR\n"
    )


def test_query_by_default_shows_what_is_there(shop: Shell) -> None:
    head = shop("query", "shop.kith", "clients").splitlines()[0].split()
    assert head[:3] == ["id", "name", "kind"] and "parent" in head and "note" not in head


def test_query_for_programs(shop: Shell) -> None:
    rows = shop.json("query", "shop.kith", "clients", "city = 'Омск'", "--columns", "name,annual_revenue")
    assert rows == [
        {"name": "ООО «Автопарк»", "annual_revenue": {"amount": "12500.50", "currency": "EUR"}}
    ]


def test_groups_and_measures(shop: Shell) -> None:
    told = shop(
        "query", "shop.kith", "clients", "--by", "kind", "--measure", "n=count()",
        "--measure", "total=sum(annual_revenue)", "--order-by=-n",
    )  # fmt: skip
    assert told == (
        "kind          n         total\n"
        "organisation  2  12507.50 EUR\n"
        "person        1\n"
    )
    assert shop("query", "shop.kith", "clients", "--count") == "3\n"


def test_describe(shop: Shell) -> None:
    assert "\nclients " in shop("describe", "shop.kith")
    told = shop("describe", "shop.kith", "clients")
    assert re.search(r"^annual_revenue +money ", told, re.M) and "organisation" in told
    assert "\nrelations: " in told and "\nactions: " in told
    about = shop.json("describe", "shop.kith", "client")
    assert about["plural"] == "clients"
    assert {"name": "kind"}.items() <= next(f for f in about["fields"] if f["name"] == "kind").items()


def test_reports_are_listed_and_answered(shop: Shell) -> None:
    listed = shop.json("report", "shop.kith")
    names = [one["name"] for one in listed]
    assert "pipeline" in names
    shop("report", "shop.kith", "pipeline")
    assert "pipeline" in shop("report", "shop.kith", "pipelin", code=3)
    assert "no argument" in shop("report", "shop.kith", "pipeline", "colour=red", code=3)


# ---------------------------------------------------------------------------------------- history


def test_changes_and_undo(shop: Shell) -> None:
    sets = shop.json("changes", "shop.kith")
    import_set = next(one for one in sets if any(c["entity"] == "client" for c in one["changes"]))
    assert import_set["actor"] == "anna" and import_set["origin"] == "import"
    assert "add 3 client" in shop("changes", "shop.kith")
    told = shop("undo", "shop.kith", "--batch", str(import_set["batch"]))
    assert "taken back, as change set" in told
    assert shop("query", "shop.kith", "clients", "--count") == "0\n"
    assert shop("undo", "shop.kith", "--batch", str(import_set["batch"])) == (
        "there was nothing to take back\n"
    )
    shop("undo", "shop.kith", "9999", code=3)
    shop("undo", "shop.kith", code=2)


def test_history_of_a_record(shop: Shell) -> None:
    client = shop.json("query", "shop.kith", "clients", "city = 'Омск'", "--columns", "id")[0]["id"]
    entries = shop.json("changes", "shop.kith", "--of", "clients", str(client))
    assert entries[-1]["what"] == "add"
    assert "Омск" in shop("changes", "shop.kith", "--of", "clients", str(client))


def test_an_action(sh: Shell) -> None:
    with kith.open(sh.folder / "shop.kith") as crm:
        pipeline = crm.pipelines.add(
            name="Sales",
            stages=[
                {"name": "offer", "position": 1, "probability": 40},
                {"name": "won", "position": 2, "category": "won", "probability": 100},
                {"name": "lost", "position": 3, "category": "lost", "probability": 0},
            ],
        )
        client = crm.clients.add(kind="organisation", name="Омега")
        deal = crm.deals.add(title="Fleet", client=client, stage=pipeline.stages[0]).id
    assert "win" in shop_actions(sh)
    told = sh("call", "shop.kith", "deals", "win", str(deal), "--reason", "best price")
    assert "Fleet" in told
    assert sh.json("query", "shop.kith", "deals", "--columns", "stage.category")[0] == {
        "stage.category": "won"
    }
    assert "best price" in sh("changes", "shop.kith", "--most", "1")
    assert "no action" in sh("call", "shop.kith", "deals", "winn", str(deal), code=3)
    sh("call", "shop.kith", "deals", "win", code=2)


def shop_actions(sh: Shell) -> list[str]:
    return [one["name"] for one in sh.json("call", "shop.kith", "deals")]


# ---------------------------------------------------------------------------------- how it ends


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("query", "no.kith", "clients"), 3, "there is no store no.kith"),
        (("query", ".", "clients"), 3, "is a folder"),
        (("query", "shop.kith", "cleints"), 3, "clients"),
        (("query", "shop.kith", "clients", "citi = 'x'"), 2, "city"),
        (("query", "shop.kith", "clients", "--columns", "nmae"), 2, "name"),
        (("query", "shop.kith"), 2, "ENTITY"),
        (("query", "shop.kith", "clients", "--limit", "0"), 2, "less than 1"),
        (("sell", "shop.kith"), 2, "invalid choice"),
        (("import", "shop.kith", "clients", "no.csv"), 3, "there is no file no.csv"),
        (("import", "shop.kith", "clients", "clients.csv", "--map", "name"), 2, "NAME=VALUE"),
        (("import", "shop.kith", "clients", "clients.csv", "--match", "tax_id"), 1, "match"),
        (("import", "shop.kith", "clients", "clients.csv", "--delimiter", "ab"), 2, "one character"),
        (("export", "shop.kith", "clients", "no/such/folder.csv"), 3, "folder.csv"),
        (("changes", "shop.kith", "--of", "clients", "x"), 2, "an id is a number"),
    ],
)
def test_exit_codes(shop: Shell, arguments: tuple[str, ...], code: int, says: str) -> None:
    told = shop(*arguments, code=code)
    assert says in told


def test_errors_for_programs(shop: Shell) -> None:
    done = shop.run("query", "shop.kith", "cleints", "--json")
    assert done.returncode == 3 and done.stdout == ""
    assert json.loads(done.stderr)["error"] == "not_found"


def test_help_teaches(sh: Shell) -> None:
    whole = sh("--help")
    for name in ("open", "import", "export", "query", "report", "describe", "changes", "undo", "backup", "verify", "call"):
        assert name in whole
        told = sh(name, "--help")
        assert "examples:" in told and f"kith {name} shop.kith" in told
    assert re.fullmatch(r"kith [0-9.]+ with .*sqlite3.*\n", sh("--version"))


def test_a_pipe_that_is_closed(shop: Shell) -> None:
    rows = "name\n" + "".join(f"client {at}\n" for at in range(20_000))
    (shop.folder / "many.csv").write_text(rows, encoding="utf-8")
    shop("import", "shop.kith", "clients", "many.csv")
    for command in (["query", "shop.kith", "clients", "--columns", "name"], ["export", "shop.kith", "clients", "-"]):
        running = subprocess.Popen(
            [sys.executable, "-m", "kith", *command],
            cwd=shop.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 141
        assert running.stderr.read() == b""
        running.stderr.close()


def test_control_c(sh: Shell) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "kith", "import", "shop.kith", "clients", "-", "--create"],
        cwd=sh.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write(b"name\na\n")
    running.stdin.flush()
    deadline = time.monotonic() + 30
    while not (sh.folder / "shop.kith").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert b"Traceback" not in err


def test_in_any_locale(shop: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kith", "query", "shop.kith", "clients", "city = 'Омск'", "--columns", "name"],
        cwd=shop.folder, capture_output=True, timeout=60,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == "name\nООО «Автопарк»\n"
