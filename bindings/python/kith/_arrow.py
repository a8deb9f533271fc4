# SPDX-License-Identifier: Apache-2.0
"""Tables of others as records: what ``add_many()`` takes besides dicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import _kith
from ._values import Money


def _value(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        return None if value["amount"] is None else Money(value["amount"], value["currency"])
    return value


def records_of(table: Any) -> Iterator[dict[str, Any]]:
    """The rows of anything that gives an Arrow stream, as dicts, a batch at a time; nulls are left out."""
    try:
        import pyarrow as pa
    except ImportError as missing:
        raise _kith.error_classes["Unsupported"](
            "unsupported", "add_many() reads tables by pyarrow; install it, or use crm.import_arrow()"
        ) from missing
    for batch in pa.table(table).to_batches():
        for row in batch.to_pylist():
            yield {name: _value(value) for name, value in row.items() if value is not None}
