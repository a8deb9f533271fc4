# SPDX-License-Identifier: Apache-2.0
"""``python -m kith``: the command line."""

import sys

from kith.cli import main

if __name__ == "__main__":
    sys.exit(main())
