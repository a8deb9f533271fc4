# SPDX-License-Identifier: Apache-2.0
"""A guest in the host's SQLite connection: one transaction, one file, both programs' tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kith

try:
    import apsw
except ImportError:
    apsw = None
OTHER = len(kith._kith.sqlite_copies()) > 1  # the apsw of PyPI brings a SQLite of its own


@pytest.fixture
def host(tmp_path):
    if apsw is None or OTHER:
        pytest.skip("no apsw with the system's SQLite")
    connection = apsw.Connection(str(tmp_path / "shop.db"))
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # Kith says why, without
    connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, client INTEGER)")
    return connection


def test_one_transaction_of_both(host):
    with kith.open(connection=host) as crm:
        host.execute("BEGIN IMMEDIATE")
        client = crm.clients.add(name="ООО «Ромашка»")
        host.execute("INSERT INTO orders (client) VALUES (?)", (client.id,))
        host.execute("COMMIT")
        assert crm.clients.get(client.id).name == "ООО «Ромашка»"
    assert host.execute("SELECT client FROM orders").fetchall() == [(client.id,)]


def test_a_rollback_of_both(host):
    with kith.open(connection=host) as crm:
        host.execute("BEGIN IMMEDIATE")
        crm.clients.add(name="A")
        host.execute("INSERT INTO orders (client) VALUES (1)")
        host.execute("ROLLBACK")
        assert crm.clients.count() == 0
    assert host.execute("SELECT count(*) FROM orders").fetchall() == [(0,)]


def test_a_savepoint_inside_it(host):
    with kith.open(connection=host) as crm:
        host.execute("BEGIN IMMEDIATE")
        crm.clients.add(name="kept")
        host.execute("SAVEPOINT s")
        crm.clients.add(name="gone")
        host.execute("ROLLBACK TO s")
        host.execute("RELEASE s")
        host.execute("COMMIT")
        assert [c.name for c in crm.clients] == ["kept"]


def test_the_connection_stays_open(host):
    crm = kith.open(connection=host)
    crm.clients.add(name="A")
    crm.close()
    assert host.execute("SELECT 1").fetchall() == [(1,)]
    with kith.open(connection=host) as again:
        assert again.clients.count() == 1


def test_a_guest_takes_no_place(host):
    with pytest.raises(kith.Misuse, match="elsewhere.kith"):
        kith.open("elsewhere.kith", connection=host)


def test_another_program_reads_the_file(host, tmp_path):
    with kith.open(connection=host) as crm:
        crm.clients.add(name="A")
    read = "import sys, kith; crm = kith.open(sys.argv[1], read_only=True); print(crm.clients.count()); crm.close()"
    done = subprocess.run(
        [sys.executable, "-c", read, str(tmp_path / "shop.db")], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "1", done.stderr


@pytest.mark.skipif(OTHER, reason="another SQLite is refused first")
def test_of_sqlite3_the_module_there_is_no_guest():
    import sqlite3

    with pytest.raises(TypeError, match="apsw.Connection, not Connection"):
        kith.open(connection=sqlite3.connect(":memory:"))


def test_a_host_that_may_lose_commits_is_told(host):
    host.execute("PRAGMA wal_autocheckpoint = 1000")
    with pytest.raises(kith.StorageError, match="set wal_autocheckpoint to 0"):
        kith.open(connection=host)
    kith.open(connection=host, accept_weak_durability=True).close()


@pytest.mark.skipif(apsw is None or not OTHER, reason="no apsw with a SQLite of its own")
def test_a_real_second_sqlite_is_refused(tmp_path):
    with pytest.raises(kith.Unsupported, match="apsw"):
        kith.open(connection=apsw.Connection(str(tmp_path / "shop.db")))
    with pytest.warns(RuntimeWarning, match="has another one"):
        kith._crm._warn_of_second_sqlite.cache_clear()
        kith.open(tmp_path / "shop.kith").close()
