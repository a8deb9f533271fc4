# SPDX-License-Identifier: Apache-2.0
"""Commands about files: open, import, export, backup, verify."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from ._output import Output
from ._stores import opened, pair, refusal, split_names


def open_store(given: argparse.Namespace, out: Output) -> int:
    """What is in a store."""
    with opened(given, reads=not given.create) as crm:
        counts = [
            (entity.plural, crm[entity.plural].count())
            for entity in crm.model.entities
        ]
        used = [(name, count) for name, count in counts if count]
        newest = None
        sequence = crm.sequence
        if sequence:
            newest = next(iter(crm.changes(sequence - 1)), None)
        size = os.path.getsize(given.store) if os.path.exists(given.store) else 0
        if out.json:
            out.value(
                {
                    "store": given.store,
                    "bytes": size,
                    "sequence": sequence,
                    "newest": newest and newest.at,
                    "entities": len(counts),
                    "records": dict(used),
                }
            )
            return 0
        out.pairs(
            [
                ("store", given.store),
                ("size", f"{size:,} bytes"),
                ("change sets", sequence),
                ("newest", newest and newest.at),
                ("by", newest and newest.actor),
            ]
        )
        out.say()
        if used:
            out.table(("entity", "records"), used)
        else:
            out.say(f"no records yet; {len(counts)} entities: kith describe {given.store}")
    return 0


def import_file(given: argparse.Namespace, out: Output) -> int:
    """Rows of a file into records."""
    mapping: dict[str, Any] = {}
    for text in given.map:
        column, place = pair(text, "--map")
        mapping[column] = place.strip() or None
    for column in given.create_missing:
        mapping[column] = {"to": mapping.get(column) or column, "create_missing": True}
    if given.file != "-" and not os.path.exists(given.file):
        raise refusal("not_found", f"there is no file {given.file}")
    with opened(given) as crm, out.progress("rows") as tell:
        done = crm.import_file(
            given.entity,
            sys.stdin.buffer if given.file == "-" else given.file,
            mapping,
            match=given.match,
            mode=given.mode,
            constants=dict(pair(text, "--set") for text in given.constants),
            only_mapped=given.only_mapped,
            empty_clears=given.empty_clears,
            dry_run=given.dry_run,
            progress=tell,
            reason=given.reason,
            rejected_file=given.rejected,
            zone=given.zone,
            currency=given.currency,
            delimiter=_character(given.delimiter),
            decimal_point=given.decimal_point,
            dates=given.dates,
        )
    shown = done.errors[: given.most_errors]
    if out.json:
        about = {name: getattr(done, name) for name in done.__dataclass_fields__}
        about["errors"] = [vars(error) for error in shown]
        out.value(about)
    else:
        _tell_import(given, done, shown, out)
    return 1 if done.failed or done.cut_short else 0


def _tell_import(given: argparse.Namespace, done: Any, shown: list[Any], out: Output) -> None:
    parts = [f"{done.rows} rows"]
    for name in ("inserted", "updated", "unchanged", "failed"):
        count = getattr(done, name)
        if count:
            parts.append(f"{count} {'refused' if name == 'failed' else name}")
    text = ", ".join(parts)
    out.say(f"{text} (dry run: nothing was kept)" if given.dry_run else text)
    if done.batch is not None:
        out.say(f"batch {done.batch}: kith undo {given.store} --batch {done.batch} takes it back")
    if done.ignored_columns:
        out.say(f"columns left out: {', '.join(done.ignored_columns)}")
    for error in shown:
        column = f", {error.column}" if error.column else ""
        value = f" '{error.value}'" if error.value else ""
        out.note(f"row {error.row}{column}{value}: {error.message}")
    more = len(done.errors) - len(shown)
    if more > 0:
        out.note(f"… and {more} more; --most-errors shows them, --rejected keeps the rows")


def _character(text: str) -> str:
    if text in ("tab", "\\t"):
        return "\t"
    if len(text) > 1:
        raise refusal("misuse", f"a delimiter is one character (or `tab`), not {text!r}")
    return text


def export_file(given: argparse.Namespace, out: Output) -> int:
    """Records into a file."""
    to_pipe = given.file == "-"
    with opened(given, reads=True) as crm, out.progress("rows") as tell:
        count = crm.export(
            given.entity,
            sys.stdout.buffer if to_pipe else given.file,
            given.where,
            columns=split_names(given.columns),
            delimiter=_character(given.delimiter) or ",",
            byte_order_mark=given.bom,
            labels=given.labels,
            by_id=given.by_id,
            progress=tell,
        )
    if to_pipe:
        sys.stdout.buffer.flush()
        return 0
    if out.json:
        out.value({"rows": count, "file": given.file})
    else:
        out.say(f"{count} rows in {given.file}")
    return 0


def backup(given: argparse.Namespace, out: Output) -> int:
    """A verified copy."""
    if os.path.exists(given.file):
        raise refusal("invalid", f"{given.file} is there already; name a new file")
    with opened(given, reads=True) as crm:
        crm.backup(given.file)
    size = os.path.getsize(given.file)
    if out.json:
        out.value({"file": given.file, "bytes": size})
    else:
        out.say(f"{given.file}: {size:,} bytes, verified")
    return 0


def verify(given: argparse.Namespace, out: Output) -> int:
    """Whether a store is sound."""
    with opened(given, reads=True) as crm:
        found = crm.verify()
    if out.json:
        out.value(
            {
                "sound": found.sound,
                "records": found.records,
                "change_sets": found.change_sets,
                "found": [vars(one) for one in found.found],
                "more": found.more,
            }
        )
    else:
        looked = f"{found.records} records, {found.change_sets} change sets"
        out.say(f"sound: {looked}" if found.sound else f"damaged: {looked}")
        for one in found.found:
            where = " ".join(str(part) for part in (one.entity, one.id or "") if part)
            out.say(f"{where}{': ' if where else ''}{one.what}; {one.remedy}")
        if found.more:
            out.say(f"… and {found.more} more")
    return 0 if found.sound else 1
