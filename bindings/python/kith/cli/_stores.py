# SPDX-License-Identifier: Apache-2.0
"""What all commands begin with: the store, and texts that stand for names and values."""

from __future__ import annotations

import argparse
import os
from typing import Any

from .. import _kith
from .._crm import Crm, open
from .._errors import Error


def refusal(code: str, message: str) -> Error:
    """An error as the engine would raise it."""
    kind = {"not_found": "NotFound", "invalid": "Invalid", "misuse": "Misuse"}[code]
    made: Error = _kith.error_classes[kind](code, message)
    return made


def opened(given: argparse.Namespace, *, reads: bool = False) -> Crm:
    """The store of a command; one that is missing is made only where that was asked for."""
    place: str = given.store
    in_memory = place == ":memory:" or place.startswith("memory:")
    if not in_memory and not os.path.exists(place):
        if not given.create:
            raise refusal("not_found", f"there is no store {place}; `kith open {place} --create` makes one")
    elif os.path.isdir(place):
        raise refusal("not_found", f"{place} is a folder; name the file of a store")
    return open(place, read_only=reads, actor=given.actor, zone=given.zone)


def split_names(text: str) -> list[str]:
    """`a,b(c,d),e` at the commas outside of brackets and quotes."""
    names, depth, quote, begin = [], 0, "", 0
    for at, c in enumerate(text):
        if quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif c == "," and depth == 0:
            names.append(text[begin:at].strip())
            begin = at + 1
    names.append(text[begin:].strip())
    return [name for name in names if name]


def pair(text: str, option: str) -> tuple[str, str]:
    """`name=value`."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise refusal("misuse", f"{option} is NAME=VALUE, not {text!r}")
    return name.strip(), value


def arguments_of(crm: Crm, described: Any, owner: str, given: list[str]) -> dict[str, Any]:
    """The arguments of an action or report, read as people write values of their kinds."""
    known = {about["name"]: about for about in described.arguments}
    values: dict[str, Any] = {}
    for text in given:
        name, value = pair(text, "an argument")
        if name not in known:
            names = ", ".join(known) or "none"
            raise refusal("not_found", f"{owner} has no argument {name!r}; it takes: {names}")
        is_name = known[name]["kind"] == "ref" and not value.isdigit()
        values[name] = value if is_name else crm.parse(owner, name, value)
    return values
