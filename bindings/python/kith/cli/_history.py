# SPDX-License-Identifier: Apache-2.0
"""Commands about what happened: changes, undo."""

from __future__ import annotations

import argparse
from typing import Any

from .._history import ImportResult
from ._output import Output, as_text
from ._stores import opened, refusal


def changes(given: argparse.Namespace, out: Output) -> int:
    """Change sets, or the history of one record."""
    with opened(given, reads=True) as crm:
        if given.of:
            return _history_of(crm, given, out)
        since = given.since
        if since is None:
            since = max(crm.sequence - given.most, 0)
        sets = []
        for change_set in crm.changes(since):
            sets.append(change_set)
            if len(sets) == given.most:
                break
    if out.json:
        out.value([_told(one) for one in sets])
        return 0
    if not sets:
        out.say("no changes")
        return 0
    rows = [
        (str(one.sequence), one.at, one.actor, one.reason, _summary(one.changes)) for one in sets
    ]
    out.table(("set", "at", "by", "why", "what"), rows)
    return 0


def _told(one: Any) -> dict[str, Any]:
    return {
        "sequence": one.sequence,
        "at": one.at,
        "actor": one.actor,
        "origin": one.origin,
        "reason": one.reason,
        "batch": one.batch,
        "undoes": one.undoes,
        "changes": [{"what": c.what, "entity": c.entity, "id": c.id} for c in one.changes],
    }


def _summary(changes: list[Any]) -> str:
    counts: dict[tuple[str, str], int] = {}
    for change in changes:
        key = (change.what, change.entity or "?")
        counts[key] = counts.get(key, 0) + 1
    return ", ".join(f"{what} {count} {entity}" for (what, entity), count in counts.items())


def _history_of(crm: Any, given: argparse.Namespace, out: Output) -> int:
    entity, number = given.of
    if not number.isdigit():
        raise refusal("misuse", f"an id is a number, not {number!r}")
    entries = crm.history(crm[entity].get(int(number)), given.most)
    if out.json:
        out.value(
            [
                {
                    "sequence": e.sequence,
                    "at": e.at,
                    "actor": e.actor,
                    "reason": e.reason,
                    "what": e.what,
                    "fields": [{"field": f.field, "before": f.before, "after": f.after} for f in e.fields],
                }
                for e in entries
            ]
        )
        return 0
    rows: list[tuple[Any, ...]] = []
    for e in entries:
        head = (str(e.sequence), e.at, e.actor, e.what)
        for f in e.fields or [None]:
            told = ("", "", "") if f is None else (f.field, as_text(f.before), as_text(f.after))
            rows.append((*head, *told))
            head = ("", None, "", "")
    out.table(("set", "at", "by", "what", "field", "before", "after"), rows)
    return 0


def undo(given: argparse.Namespace, out: Output) -> int:
    """Takes changes back."""
    if bool(given.sequence) == bool(given.batch):
        raise refusal("misuse", "undo takes a change set's SEQUENCE or --batch ID, one of them")
    with opened(given) as crm:
        if given.batch:
            done = crm.undo(_batch(given.batch), skip=given.skip)
        else:
            done = crm.undo(given.sequence, skip=given.skip)
    if out.json:
        out.value(
            {
                "sequence": done.sequence,
                "records": done.records,
                "contested": [vars(one) for one in done.contested],
            }
        )
    elif done.sequence == 0:
        out.say("there was nothing to take back")
    else:
        out.say(f"{done.records} records taken back, as change set {done.sequence}")
    for one in done.contested:
        if not out.json:
            out.note(f"left as it is: {one.entity} {one.id} {one.field}: {one.why}")
    return 0


def _batch(number: int) -> ImportResult:
    return ImportResult(
        rows=0, inserted=0, updated=0, unchanged=0, failed=0, errors=[], batch=number,
        cancelled=False, cut_short=False, columns={}, ignored_columns=[],
    )


