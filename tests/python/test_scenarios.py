# SPDX-License-Identifier: Apache-2.0
"""Every scenario of tests/scenarios, through Python: what is written is the file itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kith
from kith import _kith

FILES = sorted((Path(__file__).parent.parent / "scenarios").glob("*.txt"))
UNITS = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds", "w": "weeks"}


def parts(text, separator):
    return [part.strip(" ") for part in text.split(separator)]


def cut(text, separator):
    before, _, behind = text.partition(separator)
    return before.strip(" "), behind.strip(" ")


def refused(error):
    found = []
    for v in error.violations:
        words = f"{v.field} {v.rule}" if v.field and v.rule else v.field or v.rule
        found.append(words)
    if not found and error.field:
        found.append(error.field)
    return f"! {error.code}" + (": " + ", ".join(found) if found else "")


class Story:
    """Does a scenario line by line."""

    def __init__(self):
        self.time = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.base = kith.open(":memory:", actor="anna", clock=lambda: self.time)
        self.crm = self.base
        self.records, self.marks, self.open = {}, {}, []

    def told(self, file):
        out = []
        for line in file.splitlines():
            if line.startswith(("= ", "! ")):
                continue
            out.append(line)
            if line and not line.startswith("#"):
                out += self.answer(line)
        return "\n".join(out) + "\n"

    def answer(self, line):
        word, rest = cut(line, " ")
        try:
            return getattr(self, "do_" + word)(rest) or []
        except kith.Error as error:
            return [refused(error)]

    # ------------------------------------------------------------------------------ values

    def put(self, entity, assigned):
        values = {}
        for one in parts(assigned, ";") if assigned else []:
            name, text = cut(one, "=")
            if text.startswith("@"):
                values[name] = self.records[text[1:]][1]
            else:
                values[name] = self.crm.parse(entity, name, text)
        return values

    def named(self, name):
        if name not in self.records:
            raise kith.Misuse("misuse", f"no record is called {name}")
        return self.records[name]

    def shown(self, table, row, column):
        value = table[row][column]
        if value is None:
            return "-"
        if table.kinds[column] == "ref":
            for name, (_, number) in self.records.items():
                if number == value:
                    return "@" + name
        return table._data.value_text(row, column)

    def rows(self, table):
        return [
            "= " + " | ".join(self.shown(table, at, c) for c in range(len(table.columns)))
            for at in range(len(table))
        ]

    def ask(self, crm, text):
        entity, condition = cut(text, " ")
        given = []

        def place(found):
            given.append(self.named(found[1])[1])
            return "?"

        condition = re.sub(r"@([^ )]+)", place, condition)
        query = crm[entity].query()
        if not condition:
            return query
        records = [self.crm_record(number) for number in given]
        return query.where(condition, *records)

    def crm_record(self, number):
        for entity, known in self.records.values():
            if known == number:
                return self.base[entity].get(number)
        raise AssertionError(number)

    # ---------------------------------------------------------------------------- commands

    def do_wait(self, rest):
        number, unit = re.fullmatch(r"(\d+)(\w+)", rest).groups()
        self.time += timedelta(**{UNITS[unit]: int(number)})

    def do_add(self, rest):
        head, values = cut(rest, ":")
        entity, name = cut(head, " as ")
        made = self.crm[entity].add(**self.put(entity, values))
        if name:
            self.records[name] = (entity, made.id)

    def do_set(self, rest):
        name, values = cut(rest, ":")
        entity, number = self.named(name)
        self.crm[entity].update(number, **self.put(entity, values))

    def do_delete(self, rest):
        entity, number = self.named(rest)
        self.crm[entity].delete(number)

    def do_restore(self, rest):
        entity, number = self.named(rest)
        self.crm[entity].restore(number)

    def do_begin(self, rest):
        self.open.append(self.crm.transaction(reason=rest).__enter__())

    def do_commit(self, rest):
        self.open.pop().commit()

    def do_rollback(self, rest):
        self.open.pop().rollback()

    def do_mark(self, rest):
        self.marks[rest] = self.crm.sequence

    def do_undo(self, rest):
        return [f"= {self.crm.undo(self.marks[rest]).records}"]

    def do_field(self, rest):
        entity, name, kind = rest.split()
        self.crm.add_field(entity, name, kind)

    def do_call(self, rest):
        head, values = cut(rest, ":")
        what, names = cut(head, " ")
        subject, answer = cut(names, " as ")
        entity, action = cut(what, ".")
        given, reason = [], ""
        for one in parts(values, ";") if values else []:
            name, text = cut(one, "=")
            if name == "reason":
                reason = text
            else:
                given.append(one)
        singular = self.crm.model[entity].name
        arguments = self.put(f"{singular}.{action}", "; ".join(given))
        done = self.crm[entity].call(
            action, self.named(subject)[1], reason=reason, **arguments
        )
        if answer:
            self.records[answer] = (done._entity, done.id)

    def do_report(self, rest):
        name, values = cut(rest, ":")
        if name not in self.crm.model.reports:
            self.crm.report(name)
        table = self.crm.report(name, **self.put("report " + name, values))
        return ["= " + " | ".join(table.columns), *self.rows(table)]

    def do_total(self, rest):
        return self.rows(self.crm.total(rest))

    def do_history(self, rest):
        entity, number = self.named(rest)
        record = self.crm[entity].get(number)
        lines = []
        for entry in self.crm.history(record):
            kinds = {name: f.kind for name, f in self.crm.model[entity].fields.items()}
            fields = [
                f"{f.field}: {self.text(kinds.get(f.field), f.before)} -> "
                f"{self.text(kinds.get(f.field), f.after)}"
                for f in entry.fields
            ]
            lines.append(f"= {entry.actor}: {'; '.join(fields)}")
        return lines

    def text(self, kind, value):
        if value is None:
            return "-"
        if kind == "ref":
            for name, (_, number) in self.records.items():
                if number == value:
                    return "@" + name
        return str(value) if isinstance(value, (kith.PersonName, kith.PostalAddress)) else _kith.printed(value)

    def do_as(self, rest):
        actor, conditions = cut(rest, " ")
        sees = kith.Visibility()
        for one in parts(conditions, ";") if conditions else []:
            sees.only(*cut(one, ":"))
        self.crm = self.base.session(actor=actor, sees=sees)

    def do_then(self, rest):
        mark, command = cut(rest, " ")
        word, about = cut(command, " ")
        with self.crm.as_of(self.marks[mark]) as past:
            return getattr(self, "ask_" + word)(past, about)

    def do_show(self, rest):
        return self.ask_show(self.crm, rest)

    def do_list(self, rest):
        return self.ask_list(self.crm, rest)

    def do_count(self, rest):
        return self.ask_count(self.crm, rest)

    def do_group(self, rest):
        return self.ask_group(self.crm, rest)

    def ask_show(self, crm, rest):
        name, expressions = cut(rest, ":")
        entity, number = self.named(name)
        crm[entity].get(number)
        query = crm[entity].where("id = ?", self.crm_record(number)).including_deleted()
        return self.rows(query.select(*parts(expressions, ";")))

    def ask_list(self, crm, rest):
        asked, columns = cut(rest, " : ")
        return self.rows(self.ask(crm, asked).select(*parts(columns, ";")))

    def ask_count(self, crm, rest):
        return [f"= {self.ask(crm, rest).count()}"]

    def ask_group(self, crm, rest):
        asked, by, measures = parts(rest, " : ")
        named = dict(cut(one, "=") for one in parts(measures, ";"))
        return self.rows(self.ask(crm, asked).aggregate(by=parts(by, ";"), **named))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_same_story(file):
    story = Story()
    text = file.read_text(encoding="utf-8")
    assert story.told(text) == text
    story.base.close()
