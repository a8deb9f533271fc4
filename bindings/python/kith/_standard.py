# SPDX-License-Identifier: Apache-2.0
"""For type checkers: what the standard model adds. The stub beside it is written from the model."""


class StandardCollections:
    """The collections of the standard entities; found by Crm.__getattr__."""
