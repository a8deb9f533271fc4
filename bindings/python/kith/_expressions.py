# SPDX-License-Identifier: Apache-2.0
"""Conditions from Python's operators: ``kith.deal.amount > kith.Money(1000, "EUR")``.

They become the same tree that the text form is read into. ``&``, ``|`` and ``~`` stand for and, or
and not; ``kith.entity("x_vehicle")`` gives the keys of an entity that a user added.
"""

from __future__ import annotations

from typing import Any


def _tree(value: object) -> tuple[Any, ...]:
    if isinstance(value, Expression):
        return value._tree
    if isinstance(value, EntityKey):
        raise TypeError(f"{value!r} is no value; name one of its fields")
    return ("value", value)


class Expression:
    """A value or a condition that a store computes."""

    __slots__ = ("_tree",)

    def __init__(self, tree: tuple[Any, ...]) -> None:
        self._tree = tree

    def _with(self, what: str, other: object) -> Expression:
        return Expression((what, self._tree, _tree(other)))

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        if other is None:
            return Expression(("null", self._tree))
        return self._with("=", other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        if other is None:
            return Expression(("not", ("null", self._tree)))
        return self._with("!=", other)

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: object) -> Expression:
        return self._with("<", other)

    def __le__(self, other: object) -> Expression:
        return self._with("<=", other)

    def __gt__(self, other: object) -> Expression:
        return self._with(">", other)

    def __ge__(self, other: object) -> Expression:
        return self._with(">=", other)

    def __add__(self, other: object) -> Expression:
        return self._with("+", other)

    def __radd__(self, other: object) -> Expression:
        return Expression(("+", _tree(other), self._tree))

    def __sub__(self, other: object) -> Expression:
        return self._with("-", other)

    def __rsub__(self, other: object) -> Expression:
        return Expression(("-", _tree(other), self._tree))

    def __mul__(self, other: object) -> Expression:
        return self._with("*", other)

    def __rmul__(self, other: object) -> Expression:
        return Expression(("*", _tree(other), self._tree))

    def __truediv__(self, other: object) -> Expression:
        return self._with("/", other)

    def __neg__(self) -> Expression:
        return Expression(("negate", self._tree))

    def __and__(self, other: Expression) -> Expression:
        return self._with("and", other)

    def __or__(self, other: Expression) -> Expression:
        return self._with("or", other)

    def __invert__(self) -> Expression:
        return Expression(("not", self._tree))

    def __bool__(self) -> bool:
        raise TypeError("a condition is asked of a store: use &, | and ~ instead of and, or, not")

    def in_(self, values: Any) -> Expression:
        """One of these values."""
        return Expression(("in", self._tree, tuple(_tree(value) for value in values)))

    def like(self, pattern: str) -> Expression:
        """SQL's LIKE: ``%`` any run, ``_`` one character."""
        return self._with("like", pattern)

    def between(self, least: object, most: object) -> Expression:
        """From the least to the most, both included."""
        return (self >= least) & (self <= most)

    def is_null(self) -> Expression:
        """There is no value."""
        return Expression(("null", self._tree))

    def desc(self) -> Descending:
        """For order_by: the greatest first."""
        return Descending(self)

    def __repr__(self) -> str:
        return f"<kith expression {self._tree!r}>"


class Descending:
    """An order from the greatest to the least."""

    __slots__ = ("of",)

    def __init__(self, of: Expression) -> None:
        self.of = of


class Key(Expression):
    """A field, or a path through references: ``kith.deal.client.city``."""

    __slots__ = ("_entity", "_path")

    def __init__(self, entity: str, path: str) -> None:
        super().__init__(("path", path))
        self._entity = entity
        self._path = path

    def __getattr__(self, name: str) -> Key:
        if name.startswith("_"):
            raise AttributeError(name)
        return Key(self._entity, f"{self._path}.{name}")

    __getitem__ = __getattr__

    def __repr__(self) -> str:
        return f"kith.{self._entity}.{self._path}"

    def exists(self, where: Expression | None = None) -> Expression:
        """Whether some record of this relation, or one that meets a condition, is live."""
        return Relation(self._path).exists(where)

    def count(self, where: Expression | None = None) -> Expression:
        """How many records of this relation are live."""
        return Relation(self._path).count(where)

    def sum(self, of: Expression, where: Expression | None = None) -> Expression:
        """The sum of a value over the records of this relation."""
        return Relation(self._path).sum(of, where)


class Relation:
    """Records that refer to this one, by the relation's name: ``kith.Relation("tasks")``."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def _of(
        self, what: str, of: Expression | None, where: Expression | None
    ) -> Expression:
        return Expression(
            (
                "related",
                what,
                self._name,
                None if of is None else of._tree,
                None if where is None else where._tree,
            )
        )

    def exists(self, where: Expression | None = None) -> Expression:
        return self._of("exists", None, where)

    def count(self, where: Expression | None = None) -> Expression:
        return self._of("count", None, where)

    def sum(self, of: Expression, where: Expression | None = None) -> Expression:
        return self._of("sum", of, where)

    def min(self, of: Expression, where: Expression | None = None) -> Expression:
        return self._of("min", of, where)

    def max(self, of: Expression, where: Expression | None = None) -> Expression:
        return self._of("max", of, where)

    def avg(self, of: Expression, where: Expression | None = None) -> Expression:
        return self._of("avg", of, where)


class EntityKey:
    """The keys of an entity: ``kith.deal.amount``, ``kith.deal["x_region"]``."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Key:
        if name.startswith("_"):
            raise AttributeError(name)
        return Key(self._name, name)

    __getitem__ = __getattr__

    def __repr__(self) -> str:
        return f"kith.entity({self._name!r})"


def entity(name: str) -> EntityKey:
    """The keys of any entity, by its singular name."""
    return EntityKey(name)
