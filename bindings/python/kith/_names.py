# SPDX-License-Identifier: Apache-2.0
"""What the standard model adds to the package: keys of entities, classes of choices."""

from __future__ import annotations

from typing import Any

from . import _kith
from ._expressions import EntityKey


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


_entities: dict[str, dict[str, Any]] = {}
_enums: dict[str, tuple[str, str]] = {}


def _load() -> None:
    for described in _kith.standard_model():
        _entities[described["name"]] = described
        for field in described["fields"]:
            if field["choices"]:
                _enums[_camel(described["name"]) + _camel(field["name"])] = (
                    described["name"],
                    field["name"],
                )


def standard_names() -> list[str]:
    if not _entities:
        _load()
    return [*_entities, *_enums]


def standard_name(name: str) -> Any:
    if name.startswith("_"):
        return None
    if not _entities:
        _load()
    if name in _entities:
        return EntityKey(name)
    if name in _enums:
        return _kith.standard_choices(*_enums[name])
    return None
