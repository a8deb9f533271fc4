# SPDX-License-Identifier: Apache-2.0
"""What all errors have in common; the classes are made from the code table of the core."""

from __future__ import annotations

import re
from typing import Any, NamedTuple


class Violation(NamedTuple):
    """Something that can be corrected: which field, which value, what would be right."""

    entity: str
    field: str | None
    rule: str
    value: str
    message: str


class Error(Exception):
    """Why a call was not done. The message names what was wrong and what would be right."""

    default_code = "misuse"

    def __init__(
        self,
        code: str,
        message: str = "",
        entity: str | None = None,
        id: int | None = None,
        field: str | None = None,
        violations: tuple[Violation, ...] = (),
        item: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.entity = entity
        self.id = id
        self.field = field
        self.violations = tuple(violations)
        self.item = item

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (
            self.code,
            self.message,
            self.entity,
            self.id,
            self.field,
            self.violations,
            self.item,
        )

    @property
    def position(self) -> int | None:
        """Of a query: where in the text, from 1."""
        found = re.search(r"at character (\d+)", self.message)
        return int(found[1]) if found and self.code == "query" else None

    @property
    def near(self) -> list[str]:
        """The names that were probably meant."""
        found = re.search(r"did you mean (.*?)\?", self.message)
        return re.split(r", | or ", found[1]) if found else []
