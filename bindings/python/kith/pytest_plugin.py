# SPDX-License-Identifier: Apache-2.0
"""Kith's conformance suite for stores written in Python::

    pytest --kith-backend=my_module:MyStore

``MyStore()`` must be a new, empty `kith.Store`; called as ``MyStore(place)``, where it takes an argument,
a store of what is kept at that path: empty at first, and the same again when it is opened once more.
Each test of the suite is a test of pytest, ``my_module:MyStore::transactions.rolls_back``.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ._store import Store

Factory = Callable[..., Store]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("kith").addoption(
        "--kith-backend",
        action="append",
        default=[],
        metavar="MODULE:FACTORY",
        help="run Kith's conformance suite on the store that FACTORY of MODULE makes",
    )


def factory_of(name: str, folder: Path) -> Factory:
    """What `module:factory` names; modules of the folder that pytest was started in are found, too."""
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise pytest.UsageError(f"--kith-backend={name}: say MODULE:FACTORY, such as my_store:MyStore")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found: Any = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise pytest.UsageError(f"--kith-backend={name}: {error}") from error
    if not callable(found):
        raise pytest.UsageError(f"--kith-backend={name}: {attribute} is no function and no class")
    return found  # type: ignore[no-any-return]


def takes_a_place(factory: Factory) -> bool:
    needed = inspect.signature(factory).parameters.values()
    return any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in needed)


class Nonconforming(Exception):
    """What the suite says about a test that failed."""


class Backend(pytest.Collector):
    """A store under test."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            from . import _conformance
        except ImportError as error:
            raise pytest.UsageError(
                "this kith was built without its conformance suite; install it from its sources with "
                "GoogleTest and -C cmake.define.KITH_CONFORMANCE=ON"
            ) from error
        factory = factory_of(self.name, self.config.invocation_params.dir)
        for name in _conformance.tests():
            yield Conformance.from_parent(self, name=name, factory=factory)


class Conformance(pytest.Item):
    """A test of the suite."""

    def __init__(self, *, factory: Factory, **given: Any) -> None:
        super().__init__(**given)
        self.factory = factory

    def runtest(self) -> None:
        from . import _conformance

        with tempfile.TemporaryDirectory(prefix="kith-conformance-") as folder:
            made = 0

            def place() -> str:
                return f"{folder}/{made}"

            def fresh() -> Store:
                nonlocal made
                made += 1
                return self.factory(place()) if keeps else self.factory()

            keeps = takes_a_place(self.factory)
            reopen = (lambda: self.factory(place())) if keeps else None
            outcome, text = _conformance.run(self.name, fresh, reopen)
        if outcome == "skipped":
            pytest.skip(text)
        if outcome == "failed":
            raise Nonconforming(text)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, Nonconforming):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.parent.name if self.parent else ''}::{self.name}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    for name in session.config.getoption("--kith-backend"):
        backend = Backend.from_parent(session, name=name)
        items.extend(backend.collect())
