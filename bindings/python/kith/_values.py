# SPDX-License-Identifier: Apache-2.0
"""Values that Python has no type for: money, names of persons, addresses, choices."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from . import _kith


def _exact(amount: Decimal | int | str) -> Decimal:
    if isinstance(amount, Decimal):
        exact = amount
    elif isinstance(amount, (int, str)) and not isinstance(amount, bool):
        try:
            exact = Decimal(amount)
        except ArithmeticError:
            raise _kith.error_classes["Invalid"](
                "invalid", f"{amount!r} is no number; write it like '12.50'"
            ) from None
    else:
        raise _kith.error_classes["WrongType"](
            "invalid",
            f"an amount is a Decimal, int or str, not {type(amount).__name__} {amount!r}: "
            "a float is not exact",
        )
    if not exact.is_finite():
        raise _kith.error_classes["Invalid"]("invalid", f"{amount!r} is no finite number")
    return exact


class Money:
    """An exact amount of one currency: ``Money("12500.00", "EUR")``."""

    __slots__ = ("amount", "currency")
    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | int | str, currency: str | None = None) -> None:
        if currency is None:
            if not isinstance(amount, str) or len(amount.split()) != 2:
                raise _kith.error_classes["WrongType"](
                    "invalid", f"money has a currency: Money({str(amount)!r}, 'EUR')"
                )
            amount, currency = amount.split()
        exact = _exact(amount)
        digits = _kith.currency_digits(currency)
        exponent = exact.as_tuple().exponent
        if isinstance(exponent, int) and -exponent < digits:
            exact = exact.quantize(Decimal(1).scaleb(-digits))
        object.__setattr__(self, "amount", exact)
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("money is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("money is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return Money, (self.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{self.amount:f}', '{self.currency}')"

    def __format__(self, spec: str) -> str:
        return f"{format(self.amount, spec)} {self.currency}" if spec else str(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.currency == other.currency and self.amount == other.amount

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def __bool__(self) -> bool:
        return bool(self.amount)

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise _kith.error_classes["Invalid"](
                "invalid", f"{self} and {other} are of two currencies; convert one of them first"
            )
        return other.amount

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount + self._same(other), self.currency)

    def __radd__(self, other: object) -> Money:
        if other == 0:  # sum() begins with it
            return self
        return NotImplemented

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, (Decimal, int)) and not isinstance(factor, bool):
            return Money(self.amount * factor, self.currency)
        return NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount >= self._same(other)


class MoneySum(Mapping[str, Money]):
    """Amounts added up by currency: ``total["EUR"]``."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[str, Money]) -> None:
        self._parts = dict(parts)

    def __getitem__(self, currency: str) -> Money:
        return self._parts[currency]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __hash__(self) -> int:
        return hash(tuple(self._parts.items()))

    def __str__(self) -> str:
        return " + ".join(str(part) for part in self._parts.values())

    def __repr__(self) -> str:
        return f"MoneySum({list(self._parts.values())!r})"


class PersonName(NamedTuple):
    """A person's name in parts, any of which may be missing."""

    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class PostalAddress(NamedTuple):
    """Where something is, as the post needs it; any part may be missing."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in self if part)


class Choice(str, enum.Enum):  # noqa: UP042  (StrEnum takes no labels)
    """One of a closed set of values; equal to its name as text."""

    number: int
    ru: str

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)


_standard: dict[str, type[Choice]] = {}


def choice_class(
    name: str, members: list[tuple[str, int, str]], custom: bool
) -> type[Choice]:
    """The enumeration of a choice field; one for all stores, unless a user described it."""
    if not custom and name in _standard:
        return _standard[name]
    made: Any = Choice(name, [(text, text) for text, _, _ in members])  # type: ignore[call-overload]
    made.__module__ = "kith"
    made.__doc__ = "Choices: " + ", ".join(text for text, _, _ in members) + "."
    for text, number, ru in members:
        member = made(text)
        member.number = number
        member.ru = ru
    type.__setattr__(made, "by_number_", {number: made(text) for text, number, _ in members})
    if custom:
        made.__reduce_ex__ = lambda self, protocol: (str, (str(self.value),))
    else:
        _standard[name] = made
    return made  # type: ignore[no-any-return]


_kith.use_money(Money)


def restored(*state: Any) -> Any:
    """A record that was pickled: detached from its store."""
    return _kith.restored(*state)
