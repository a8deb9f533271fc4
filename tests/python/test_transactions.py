# SPDX-License-Identifier: Apache-2.0
"""Transactions: all or nothing, nested, bound to the thread and task that began them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

import kith


def in_thread(work):
    """What the work gave, or raised, in another thread."""
    result = []

    def run():
        try:
            result.append(work())
        except BaseException as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert not thread.is_alive(), "it should fail fast"
    return result[0]


def names(crm):
    return [client.name for client in crm.clients.order_by("name")]


def test_single_writes_commit_themselves(crm, place):
    before = crm.sequence
    crm.clients.add(name="A")
    assert crm.sequence == before + 1 and not crm.in_transaction


def test_it_commits_at_the_end(crm):
    with crm.transaction(reason="import") as tx:
        crm.clients.add(name="A")
        crm.clients.add(name="B")
        assert crm.in_transaction and names(crm) == ["A", "B"]
        sequence = tx.sequence
    assert crm.sequence == sequence and names(crm) == ["A", "B"]
    assert [s.reason for s in crm.changes(sequence - 1)] == ["import"]


def test_an_exception_takes_everything_back(crm):
    with pytest.raises(ZeroDivisionError):
        with crm.transaction():
            crm.clients.add(name="A")
            raise ZeroDivisionError
    assert names(crm) == [] and not crm.in_transaction


def test_one_inside_another_is_a_savepoint(crm):
    with crm.transaction():
        crm.clients.add(name="A")
        with pytest.raises(kith.Invalid):
            with crm.transaction():
                crm.clients.add(name="B")
                crm.clients.add(name="")
        with crm.transaction() as inner:
            crm.clients.add(name="C")
            inner.rollback()
        with crm.transaction():
            crm.clients.add(name="D")
    assert names(crm) == ["A", "D"]


def test_it_may_end_before_its_block(crm):
    with crm.transaction() as tx:
        crm.clients.add(name="A")
        tx.commit()
        with pytest.raises(kith.Closed):
            tx.commit()
    assert names(crm) == ["A"]


def test_a_snapshot_is_of_one_instant(crm):
    if not crm.capabilities["parallel_reads"]:
        pytest.skip("readers keep writers out")
    crm.clients.add(name="A")
    with crm.snapshot():
        in_thread(lambda: crm.session().clients.add(name="B"))
        assert names(crm) == ["A"]
        with pytest.raises(kith.ReadOnly):
            crm.clients.add(name="C")
    assert names(crm) == ["A", "B"]


def test_work_with_a_key_is_done_once(crm):
    for _ in range(2):
        with crm.transaction(operation_key="order 17") as tx:
            if tx.already_done:
                continue
            crm.clients.add(name="A")
    assert names(crm) == ["A"] and crm.outcome("order 17") == "committed"
    assert crm.outcome("order 18") == "absent"


def test_another_threads_write_fails_fast(crm):
    with crm.transaction():
        crm.clients.add(name="A")
        failed = in_thread(lambda: crm.clients.add(name="B"))
        assert isinstance(failed, kith.WrongThread) and "session()" in str(failed)
        assert isinstance(in_thread(lambda: crm.transaction().__enter__()), kith.WrongThread)
        assert in_thread(lambda: names(crm)) == []  # it reads what is committed
    assert in_thread(lambda: crm.clients.add(name="C")).name == "C"


def test_another_tasks_write_fails_fast(crm):
    async def main():
        inside, done = asyncio.Event(), asyncio.Event()

        async def first():
            with crm.transaction():
                crm.clients.add(name="A")
                inside.set()
                await done.wait()

        async def second():
            await inside.wait()
            try:
                with pytest.raises(kith.WrongThread):
                    crm.clients.add(name="B")
            finally:
                done.set()

        await asyncio.gather(first(), second())

    asyncio.run(main())
    assert names(crm) == ["A"]


def test_a_handle_for_each_thread_waits_in_line(crm):
    before = crm.sequence

    def work(at):
        with crm.session(actor=f"t{at}") as own:
            for n in range(20):
                with own.transaction():
                    own.clients.add(name=f"{at}/{n}")

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crm.clients.count() == 80
    assert {s.actor for s in crm.changes(before)} == {"t0", "t1", "t2", "t3"}


def test_the_programs_own_tables_join_in(tmp_path):
    path = tmp_path / "shop.kith"
    with kith.open(path) as crm:
        with crm.transaction() as tx:
            tx.sql("create table cart (id integer primary key, note text)")
        with pytest.raises(ZeroDivisionError):
            with crm.transaction() as tx:
                crm.clients.add(name="A")
                tx.sql("insert into cart (note) values (?)", "x")
                raise ZeroDivisionError
        with crm.transaction() as tx:
            tx.sql("insert into cart (note) values (?)", "ё")
            assert tx.sql("select id, note, null, 1.5, x'00' from cart") == [
                (1, "ё", None, 1.5, b"\0")
            ]
            with pytest.raises(kith.Denied):
                tx.sql("delete from kith_client")
        assert crm.clients.count() == 0
    plain = sqlite3.connect(path)
    assert plain.execute("select count(*) from cart").fetchone() == (1,)
    plain.close()


def test_what_a_result_reads_of_a_transaction_ends_with_it(crm):
    crm.clients.add_many([{"name": f"c{at}"} for at in range(100)])
    with crm.snapshot():
        rows = iter(crm.clients)
        next(rows)
    if crm.capabilities["parallel_reads"]:
        with pytest.raises(kith.Closed):
            list(rows)
