# SPDX-License-Identifier: Apache-2.0
"""Closing, forgetting, forking, interrupting, threads: nothing hangs, nothing crashes."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import textwrap
import threading
import time
import warnings

import pytest

import kith


def script(text, *arguments, **how):
    """Runs Python text in a process of its own."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-c", textwrap.dedent(text), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        **how,
    )


def test_with_closes(place):
    with kith.open(place) as crm:
        clients = crm.clients
        client = clients.add(name="A", parent=clients.add(name="P"))
        rows = iter(clients)
    assert crm.closed
    for late in [
        lambda: clients.count(),
        lambda: clients.add(name="B"),
        lambda: list(rows),
        lambda: client.parent,
        lambda: crm.transaction().__enter__(),
        lambda: crm.verify(),
    ]:
        with pytest.raises(kith.Closed):
            late()
    assert client.name == "A"  # what was read stays
    crm.close()


def test_a_forgotten_close_warns(place):
    crm = kith.open(place)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del crm
        gc.collect()
    assert [w.category for w in caught] == [ResourceWarning]


def test_a_session_is_forgotten_silently(crm):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        crm.session().clients.count()
        gc.collect()


def test_closing_the_store_closes_its_sessions(place):
    with kith.open(place) as crm:
        own = crm.session()
        own.clients.add(name="A")
        crm.close()
        with pytest.raises(kith.Closed):
            own.clients.count()


def test_a_file_is_free_after_close(tmp_path):
    path = tmp_path / "shop.kith"
    for _ in range(3):
        with kith.open(path) as crm:
            crm.clients.add(name="A")
            rows = iter(crm.clients)
            next(rows)
    assert sorted(os.listdir(tmp_path)) == ["shop.kith"]


def test_a_result_collected_after_close_does_no_harm(place):
    with kith.open(place) as crm:
        crm.clients.add_many([{"name": f"c{at}"} for at in range(300)])
        rows = iter(crm.clients)
        next(rows)
    del rows
    gc.collect()


def test_the_lock_of_the_interpreter_is_released(crm):
    """Another thread runs while each call is in the store."""
    crm.clients.add_many([{"name": f"c{at}"} for at in range(5000)])
    ran = threading.Event()
    asked = threading.Event()

    def wait_in_line():
        with crm.session() as own:
            asked.set()
            own.clients.add(name="late")
        ran.set()

    with crm.transaction():
        crm.clients.add(name="early")
        thread = threading.Thread(target=wait_in_line)
        thread.start()
        asked.wait()
        began = time.monotonic()
        time.sleep(0.2)  # the other one waits for the writer, without our lock
        assert time.monotonic() - began < 2 and not ran.is_set()
    thread.join(10)
    assert ran.is_set()


# A condition that takes some milliseconds on each record: half a minute in one call.
LONG = f"note like '%{'a' * 300}b%'"


@pytest.mark.parametrize("ask", ["count()", "all()", "aggregate(by=['city'], n='count()')"])
def test_ctrl_c_stops_a_long_question(place, ask):
    done = script(
        f"""
        import os, signal, sys, threading, time, kith
        crm = kith.open(sys.argv[1])
        crm.clients.add_many({{"name": f"c{{at}}", "note": "a" * 9000}} for at in range(9000))
        threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        try:
            crm.clients.where({LONG!r}).{ask}
            print("answered after", time.monotonic() - began)
        except KeyboardInterrupt:
            print("interrupted", time.monotonic() - began < 8)
        print(crm.clients.limit(1).count())
        crm.close()
        """,
        place,
    )
    assert done.stdout.split("\n")[:2] == ["interrupted True", "9000"], done.stdout + done.stderr


def test_another_thread_may_interrupt(crm):
    crm.clients.add_many({"name": f"c{at}", "note": "a" * 9000} for at in range(4000))
    stop = threading.Timer(0.3, crm.interrupt)
    stop.start()
    with pytest.raises(kith.Interrupted):
        crm.clients.where(LONG).count()
    stop.join()
    assert crm.clients.count() == 4000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_does_not_use_what_its_parent_opened(tmp_path):
    done = script(
        """
        import os, sys, warnings, kith
        warnings.simplefilter("ignore")
        crm = kith.open(sys.argv[1])
        crm.clients.add(name="A")
        child = os.fork()
        if child == 0:
            try:
                crm.clients.add(name="B")
                os._exit(1)
            except kith.Forked:
                os._exit(0)
        print(os.waitpid(child, 0)[1])
        print(crm.clients.count())
        crm.close()
        """,
        str(tmp_path / "shop.kith"),
    )
    assert done.stdout.split() == ["0", "1"], done.stderr


ENDS = {
    "open handles": "crm = kith.open(sys.argv[1]); crm.clients.add(name='A')",
    "a result half read": """
crm = kith.open(sys.argv[1]); crm.clients.add_many([{'name': str(n)} for n in range(500)])
rows = iter(crm.clients); next(rows); keep = sys.modules; keep['rows'] = rows""",
    "an open transaction": """
crm = kith.open(sys.argv[1]); tx = crm.transaction().__enter__(); crm.clients.add(name='A')""",
    "a thread that reads": """
import threading
crm = kith.open(sys.argv[1]); crm.clients.add_many([{'name': str(n)} for n in range(500)])
def read():
    while True: list(crm.clients)
for _ in range(3): threading.Thread(target=read, daemon=True).start()
import time; time.sleep(0.2)""",
    "listeners": """
crm = kith.open(sys.argv[1]); sub = crm.on_commit(lambda s: None); crm.clients.add(name='A')""",
    "a cycle": """
class C: pass
c = C(); c.crm = kith.open(sys.argv[1]); c.me = c; c.record = c.crm.clients.add(name='A')""",
}


@pytest.mark.parametrize("what", ENDS)
def test_the_interpreter_ends_quietly_with(what, tmp_path):
    done = script("import sys, kith\n" + ENDS[what], str(tmp_path / "shop.kith"))
    assert done.returncode == 0, done.stderr
    with kith.open(tmp_path / "shop.kith") as crm:
        assert crm.verify().sound


def test_import_starts_no_threads_and_prints_nothing():
    done = script("import kith, threading; assert threading.active_count() == 1\n"
                  "assert len(__import__('os').listdir('/proc/self/task')) == 1")
    assert done.returncode == 0 and done.stdout == "" and done.stderr == "", done.stderr


def test_threads_share_a_handle_for_reading(crm):
    crm.clients.add_many([{"name": f"c{at}"} for at in range(200)])
    failed = []

    def read():
        try:
            for _ in range(20):
                assert sum(1 for _ in crm.clients) == 200
                assert crm.clients.where("name = 'c7'").first().name == "c7"
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


@pytest.fixture
def second_sqlite(monkeypatch):
    from kith import _crm, _kith

    copies = ["/lib/libsqlite3.so.0", "/opt/other.so"]
    monkeypatch.setattr(_kith, "sqlite_copies", lambda: copies)
    _crm._warn_of_second_sqlite.cache_clear()
    yield copies[1]
    _crm._warn_of_second_sqlite.cache_clear()


def test_a_second_sqlite_is_warned_of_once(tmp_path, second_sqlite):
    with pytest.warns(RuntimeWarning, match=second_sqlite):
        kith.open(tmp_path / "a.kith").close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kith.open(tmp_path / "b.kith").close()


def test_a_second_sqlite_is_no_matter_in_memory(second_sqlite):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kith.open(":memory:").close()


def test_a_connection_of_another_sqlite_is_refused(second_sqlite):
    with pytest.raises(kith.Unsupported, match=second_sqlite):
        kith.open(connection=1)
