# SPDX-License-Identifier: Apache-2.0
"""The command line: ``kith import shop.kith clients clients.csv``.

It does nothing that the package does not: each command is a few calls, and its help shows how it
is used. What a user can correct is one sentence on stderr and an exit code, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .. import _kith
from .._errors import Error
from ._arguments import parser
from ._output import Output

#: What the codes of errors become; all others are 1: refused.
EXIT_CODES = {
    "query": 2,
    "misuse": 2,
    "not_found": 3,
    "busy": 4,
    "retry": 4,
    "stale": 4,
    "storage": 5,
    "full": 5,
    "damaged": 5,
    "foreign": 5,
    "newer": 5,
    "outcome_unknown": 5,
    "poisoned": 5,
}
INTERRUPTED = 130
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a pipe is as good as a terminal
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = parser().parse_args(_utf8(sys.argv[1:] if arguments is None else arguments))
    out = Output(as_json=given.json, plain=given.plain)
    try:
        code: int = given.run(given, out)
        out.finish()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        out.fail("interrupted", "interrupted")
        return INTERRUPTED
    except Error as error:
        if isinstance(error, _kith.error_classes["Interrupted"]):
            out.fail("interrupted", "interrupted")
            return INTERRUPTED
        out.refuse(error)
        return EXIT_CODES.get(error.code, 1)
    except (OSError, UnicodeError) as error:
        missing = isinstance(error, FileNotFoundError)
        out.fail("not_found" if missing else "storage", _os_message(error))
        return 3 if missing else 5


def _utf8(arguments: Sequence[str]) -> list[str]:
    """The words as they were typed: UTF-8, also where the locale knows nothing but ASCII."""
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in arguments]


def _os_message(error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}"
    return str(error)
