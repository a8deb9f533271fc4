# SPDX-License-Identifier: Apache-2.0
"""The model as data: ``crm.model["deals"].fields["amount"].kind``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class _Info:
    """What the core says about a thing; each key is an attribute."""

    __slots__ = ("_about",)

    def __init__(self, about: dict[str, Any]) -> None:
        self._about = about

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._about:
            raise AttributeError(name)
        return self._about[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._about]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._about['name']}>"


class FieldInfo(_Info):
    """A field: name, kind, label, choices, what it requires."""

    __slots__ = ()

    @property
    def choices(self) -> list[str]:
        """The names of a choice field's values."""
        return [name for name, _, _ in self._about["choices"]]


class RelationInfo(_Info):
    """Records of another entity that refer to this one."""

    __slots__ = ()


class ActionInfo(_Info):
    """A verb: what it is called and which arguments it takes."""

    __slots__ = ()


class ReportInfo(_Info):
    """A report: what it is called and which arguments it takes."""

    __slots__ = ()


class EntityInfo(_Info):
    """An entity: its names, fields and relations."""

    __slots__ = ()

    @property
    def fields(self) -> dict[str, FieldInfo]:
        """The fields by name."""
        return {field["name"]: FieldInfo(field) for field in self._about["fields"]}

    @property
    def relations(self) -> dict[str, RelationInfo]:
        """The relations by name."""
        return {relation["name"]: RelationInfo(relation) for relation in self._about["relations"]}

    @property
    def actions(self) -> dict[str, ActionInfo]:
        """The actions by name."""
        return {action["name"]: ActionInfo(action) for action in self._about["actions"]}


class Model(Mapping[str, EntityInfo]):
    """All entities, by plural or singular name; iteration gives the plurals."""

    __slots__ = ("_entities", "_names", "_reports")

    def __init__(
        self,
        described: list[dict[str, Any]],
        actions: list[dict[str, Any]],
        reports: list[dict[str, Any]],
    ) -> None:
        self._entities = {about["plural"]: EntityInfo(about) for about in described}
        for about in described:
            about["actions"] = [a for a in actions if a["entity"] == about["name"]]
        self._reports = {about["name"]: ReportInfo(about) for about in reports}
        self._names = {about["name"]: about["plural"] for about in described}

    @property
    def entities(self) -> list[EntityInfo]:
        """All entities in the order of their numbers."""
        return list(self._entities.values())

    @property
    def reports(self) -> dict[str, ReportInfo]:
        """The reports by name."""
        return dict(self._reports)

    @property
    def kinds(self) -> list[str]:
        """The kinds that fields of this model have."""
        return sorted({f.kind for e in self.entities for f in e.fields.values()})

    def __getitem__(self, name: str) -> EntityInfo:
        return self._entities[self._names.get(name, name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entities)

    def __len__(self) -> int:
        return len(self._entities)

    def __repr__(self) -> str:
        return f"<kith model: {', '.join(self)}>"
