# SPDX-License-Identifier: Apache-2.0
"""Runs under LD_PRELOAD: each work of a program with the n-th allocation failing. Prints a line for each
work; anything else is a failure. ``sweep.py LIBRARY PLACE POINTS [WORK…]``; POINTS 0: every n."""

from __future__ import annotations

import ctypes
import datetime as dt
import gc
import io
import sys
import warnings

import kith

warnings.simplefilter("ignore", ResourceWarning)
faults = ctypes.CDLL(sys.argv[1])
faults.kith_faults_arm.argtypes = [ctypes.c_uint64]
faults.kith_faults_disarm.restype = ctypes.c_uint64
faults.kith_faults_alive.restype = ctypes.c_int64
place, points, wanted = sys.argv[2], int(sys.argv[3]), sys.argv[4:]

crm = kith.open(place, actor="anna")
client = crm.clients.add(name="Омега", city="Омск", phones=["8 (3812) 123-456"])
crm.clients.add_many({"name": f"c{at}"} for at in range(40))
ROWS = 30
FILE = b"name,city\n" + "".join(f"Имя {n},Омск\n" for n in range(ROWS)).encode()


def transaction():
    with crm.transaction(reason="two"):
        a = crm.clients.add(name="A")
        crm.clients.add(name="B", parent=a)


def savepoint():
    with crm.transaction():
        crm.clients.add(name="A")
        try:
            with crm.transaction():
                crm.clients.add(name="B")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass


def imported():
    done = crm.import_file("clients", io.BytesIO(FILE))
    if done.errors or done.cut_short:
        raise MemoryError(str(done.errors))


def undone():
    crm.undo(crm.sequence)


WORKS = {
    "add": lambda: crm.clients.add(name="Новый", emails=["a@example.org"], tags=["vip"]),
    "add_many": lambda: crm.clients.add_many([{"name": f"m{n}", "city": "Омск"} for n in range(20)]),
    "update": lambda: crm.clients.update(client.id, note=str(dt.datetime.now())),
    "transaction": transaction,
    "savepoint": savepoint,
    "get": lambda: crm.clients.get(client.id).to_dict(),
    "relations": lambda: list(crm.clients.get(client.id).phones),
    "list": lambda: [c.name for c in crm.clients.where("city = ?", "Омск").order_by("name").limit(20)],
    "page": lambda: crm.clients.order_by("-id").page(10),
    "aggregate": lambda: crm.clients.aggregate(by=["city"], n="count()").rows,
    "select": lambda: crm.clients.select("name", "city"),
    "history": lambda: crm.history(client),
    "changes": lambda: [c.what for s in crm.changes() for c in s.changes],
    "as_of": lambda: close_of(crm.as_of(1)),
    "import": imported,
    "undo": undone,
    "report": lambda: str(crm.report("clients")),
    "refused": lambda: refused(),  # the error needs memory, too
    "describe": lambda: list(crm.model["clients"].fields),
    "session": lambda: close_of(crm.session(actor="пётр")),
}


READS = {"get", "relations", "list", "page", "aggregate", "select", "history", "report", "refused", "describe"}


def close_of(session):
    rows = session.clients.where("name = 'c1'").all()
    session.close()
    return rows


def refused():
    try:
        crm.clients.add(name="")
    except kith.Invalid as error:
        return error.violations
    raise AssertionError("it was not refused")


def one(work, n):
    """What a work came to; everything that it made is forgotten."""
    faults.kith_faults_arm(n)
    try:
        work()
        return "done", faults.kith_faults_disarm()
    except MemoryError:
        return "no_memory", faults.kith_faults_disarm()
    except kith.Error as error:
        asked = faults.kith_faults_disarm()
        return error.code, asked
    finally:
        faults.kith_faults_disarm()  # whatever else it was


for name in wanted or WORKS:
    work = WORKS[name]
    for _ in range(3):
        assert one(work, 0)[0] == "done", name
    total = one(work, 0)[1]
    step = max(1, total // points) if points else 1
    failed = tried = 0
    for n in range(1, total + 1, step):
        tried += 1
        before = crm.clients.count(), crm.sequence
        answer, _ = one(work, n)
        after = crm.clients.count(), crm.sequence
        if answer in ("no_memory", "retry"):  # a savepoint that could not be taken back took all with it
            failed += 1
            # A file comes in by chunks: what is in stays (and can be undone), whole.
            chunk = name == "import" and after[0] - before[0] in (0, ROWS)
            if after != before and not chunk:
                print(f"{name} {n}: failed, but {before} became {after}")
        elif answer != "done":
            print(f"{name} {n}: {answer}")
        if one(work, 0)[0] != "done":
            print(f"{name} {n}: cannot be done again")
    gc.collect()
    alive = faults.kith_faults_alive()
    for _ in range(20):
        if name in READS:
            one(work, max(1, total // 2))
    gc.collect()
    grown = faults.kith_faults_alive() - alive
    if grown > 25:
        print(f"{name}: {grown} allocations were not given back in 20 rounds")
    if not crm.verify().sound:
        print(f"{name}: the store is damaged")
    print(f"ok {name}: {tried} faults of {total}, {failed} refused", flush=True)
crm.close()
print("end")
