from collections.abc import Callable

from ._store import Store

def tests() -> list[str]: ...
def run(
    test: str, fresh: Callable[[], Store], reopen: Callable[[], Store] | None
) -> tuple[str, str]: ...
