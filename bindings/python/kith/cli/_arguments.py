# SPDX-License-Identifier: Apache-2.0
"""The commands and their options, with the examples that their help shows."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from typing import Any

from . import _files, _history, _questions, _verbs

Run = Callable[..., int]

EPILOG = """examples:
  kith open shop.kith --create                  a new store
  kith import shop.kith clients clients.csv     rows of a file become clients
  kith query shop.kith deals "amount > 1000 EUR and client.city = 'Омск'"
  kith report shop.kith pipeline                the answer of a report
  kith undo shop.kith 17                        change set 17 is taken back

exit codes:
  0 done    1 refused: the input breaks a rule, rows were refused, damage was found
  2 usage   3 not found   4 busy: try again   5 the file or the disk   130 interrupted

kith COMMAND --help says more about each command."""


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from .. import __version__, _kith

        print(f"kith {__version__} with {', '.join(_kith.sqlite_copies())}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="kith",
        description="Customer relationship management in a file.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="the version, and the file of its SQLite")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    _add_open(commands)
    _add_import(commands)
    _add_export(commands)
    _add_query(commands)
    _add_report(commands)
    _add_describe(commands)
    _add_changes(commands)
    _add_undo(commands)
    _add_call(commands)
    _add_backup(commands)
    _add_verify(commands)
    return whole


def _command(
    commands: Any,
    name: str,
    run: Run,
    summary: str,
    examples: str,
    aliases: tuple[str, ...] = (),
    create: bool = False,
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary[0].lower() + summary[1:].rstrip("."),
        description=summary,
        epilog="examples:\n" + examples.rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        aliases=list(aliases),
    )
    made.set_defaults(run=run, create=False)
    made.add_argument("store", metavar="STORE", help="the file of the store")
    made.add_argument("--json", action="store_true", help="JSON, for programs")
    made.add_argument("--plain", action="store_true", help="no lines, no colours")
    made.add_argument("--zone", default="", metavar="ZONE", help="time zone, such as Asia/Omsk")
    made.add_argument(
        "--actor", default=_login(), metavar="NAME", help="who does it, for the history"
    )
    if create:
        made.add_argument("--create", action="store_true", help="make the store if it is missing")
    return made


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _add_open(commands: Any) -> None:
    _command(
        commands,
        "open",
        _files.open_store,
        "Shows what is in a store.",
        """  kith open shop.kith
  kith open new.kith --create
""",
        create=True,
    )


def _add_import(commands: Any) -> None:
    made = _command(
        commands,
        "import",
        _files.import_file,
        "Reads the rows of a CSV file into an entity.",
        """  kith import shop.kith clients clients.csv --dry-run
  kith import shop.kith clients clients.csv --match tax_id
  kith import shop.kith clients export.csv --map "Город=city" --map "Id=@shop" --match @shop
  kith import shop.kith deals deals.csv --rejected refused.csv

Columns are found by name, label or synonym; --map says where the others go: a field (city),
a part (name.last_name), a reference by a field (client.tax_id), a key of another system (@shop),
or nowhere (an empty place).""",
        create=True,
    )
    made.add_argument("entity", metavar="ENTITY", help="clients, contacts, deals, …")
    made.add_argument("file", metavar="FILE", help="the CSV file, or - for standard input")
    made.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=PLACE", help="where a column goes"
    )
    made.add_argument(
        "--match", action="append", default=[], metavar="PLACE",
        help="how a row finds the record that it changes",
    )
    made.add_argument(
        "--set", action="append", default=[], metavar="PLACE=TEXT", dest="constants",
        help="the same text for every row",
    )
    made.add_argument(
        "--create-missing", action="append", default=[], metavar="COLUMN",
        help="a reference that names nobody adds a record",
    )
    made.add_argument("--mode", choices=("upsert", "insert_only", "update_only"), default="upsert",
                      help="which rows are taken (default: upsert)")
    made.add_argument("--only-mapped", action="store_true", help="other columns are left out")
    made.add_argument("--empty-clears", action="store_true", help="an empty cell clears the value")
    made.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
    made.add_argument("--rejected", default="", metavar="FILE", help="where refused rows go")
    made.add_argument("--reason", default="", metavar="TEXT", help="for the history")
    made.add_argument("--delimiter", default="", metavar="CHAR", help="default: found out")
    made.add_argument("--decimal-point", default="", choices=("", ".", ","), help="default: found out")
    made.add_argument("--dates", default="", choices=("", "ymd", "dmy", "mdy"), help="default: found out")
    made.add_argument("--currency", default="", metavar="CODE", help="of amounts that name none")
    made.add_argument("--most-errors", type=_count, default=20, metavar="N", help="shown (default: 20)")


def _add_export(commands: Any) -> None:
    made = _command(
        commands,
        "export",
        _files.export_file,
        "Writes records as a CSV file.",
        """  kith export shop.kith clients clients.csv
  kith export shop.kith deals - --where "stage.category = 'open'" | head
  kith export shop.kith deals open.csv --columns title,client.name,amount
""",
    )
    made.add_argument("entity", metavar="ENTITY")
    made.add_argument("file", metavar="FILE", help="the CSV file, or - for standard output")
    made.add_argument("--where", default="", metavar="CONDITION")
    made.add_argument("--columns", default="", metavar="A,B,…", help="fields, paths and parts; default: all")
    made.add_argument("--delimiter", default=",", metavar="CHAR")
    made.add_argument("--labels", action="store_true", help="Russian labels in the header")
    made.add_argument("--by-id", action="store_true", help="records and references by their ids")
    made.add_argument("--bom", action="store_true", help="a byte order mark, for spreadsheets")


def _add_query(commands: Any) -> None:
    made = _command(
        commands,
        "query",
        _questions.query,
        "Asks for records, or for groups and sums over them.",
        """  kith query shop.kith clients "city = 'Омск'"
  kith query shop.kith deals --columns title,client.name,amount --order-by=-amount --limit 10
  kith query shop.kith deals "stage.category = 'won'" --by client.name --measure "total=sum(amount)"
  kith query shop.kith clients --count
""",
    )
    made.add_argument("entity", metavar="ENTITY")
    made.add_argument("condition", metavar="CONDITION", nargs="?", default="")
    made.add_argument("--columns", default="", metavar="A,B,…", help="fields, paths, expressions")
    made.add_argument("--order-by", default="", metavar="A,-B,…", help="a minus is descending")
    made.add_argument("--limit", type=_count, default=0, metavar="N", help="at most so many")
    made.add_argument("--by", default="", metavar="A,B,…", help="groups")
    made.add_argument(
        "--measure", action="append", default=[], metavar="NAME=EXPRESSION",
        help="count(), sum(amount), avg(…), min(…), max(…)",
    )
    made.add_argument("--count", action="store_true", help="only how many there are")
    made.add_argument("--deleted", action="store_true", help="deleted records, too")


def _add_report(commands: Any) -> None:
    made = _command(
        commands,
        "report",
        _questions.report,
        "Shows the answer of a report, or which reports there are.",
        """  kith report shop.kith
  kith report shop.kith pipeline
  kith report shop.kith pipeline by=owner --chart pipeline.json
""",
    )
    made.add_argument("name", metavar="REPORT", nargs="?", default="")
    made.add_argument("arguments", metavar="NAME=VALUE", nargs="*")
    made.add_argument("--chart", default="", metavar="FILE", help="a Vega-Lite specification")


def _add_describe(commands: Any) -> None:
    made = _command(
        commands,
        "describe",
        _questions.describe,
        "Shows the model: entities, or the fields, relations and actions of one.",
        """  kith describe shop.kith
  kith describe shop.kith deals
""",
    )
    made.add_argument("entity", metavar="ENTITY", nargs="?", default="")


def _add_changes(commands: Any) -> None:
    made = _command(
        commands,
        "changes",
        _history.changes,
        "Shows what happened: who changed what, when and why.",
        """  kith changes shop.kith
  kith changes shop.kith --since 17 --most 100
  kith changes shop.kith --of deals 816233368780801024
""",
    )
    made.add_argument("--since", type=_number, default=None, metavar="N",
                      help="after this change set; default: the newest ones")
    made.add_argument("--most", type=_count, default=20, metavar="N", help="(default: 20)")
    made.add_argument("--of", nargs=2, metavar=("ENTITY", "ID"), help="the history of one record")


def _add_undo(commands: Any) -> None:
    made = _command(
        commands,
        "undo",
        _history.undo,
        "Takes a change set, or a whole import, back.",
        """  kith undo shop.kith 17
  kith undo shop.kith --batch 816233368780801024
  kith undo shop.kith 17 --skip      the rest, where later changes stand against it
""",
    )
    made.add_argument("sequence", metavar="SEQUENCE", nargs="?", type=_count, default=0)
    made.add_argument("--batch", type=_count, default=0, metavar="ID", help="of an import")
    made.add_argument("--skip", action="store_true", help="leave what is contested as it is")


def _add_call(commands: Any) -> None:
    made = _command(
        commands,
        "call",
        _verbs.call,
        "Does an action to a record, or shows which actions an entity has.",
        """  kith call shop.kith deals
  kith call shop.kith deals win 816233368780801024 reason="best price"
""",
    )
    made.add_argument("entity", metavar="ENTITY")
    made.add_argument("action", metavar="ACTION", nargs="?", default="")
    made.add_argument("arguments", metavar="ID NAME=VALUE", nargs="*")
    made.add_argument("--reason", default="", metavar="TEXT", help="for the history")


def _add_backup(commands: Any) -> None:
    made = _command(
        commands,
        "backup",
        _files.backup,
        "Writes a verified copy of a store, while others work with it.",
        """  kith backup shop.kith shop-2026-03-31.kith
""",
    )
    made.add_argument("file", metavar="FILE", help="a new file")


def _add_verify(commands: Any) -> None:
    _command(
        commands,
        "verify",
        _files.verify,
        "Looks at every record, key, reference and change set of a store.",
        """  kith verify shop.kith
""",
        aliases=("check",),
    )


def _count(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is less than 1")
    return number


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
