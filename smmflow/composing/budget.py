"""How much a template may do, counted in steps and characters, never in seconds.

So a template that is too much fails alike on every machine, at once.
"""

from __future__ import annotations

__all__ = [
    "BUDGET",
    "MAX_CHARACTERS",
    "MAX_NODES",
    "MAX_STEPS",
    "Budget",
    "TooLong",
    "bound",
]

MAX_CHARACTERS = 200_000
"""The longest text a template may have, make, or hold on the way."""

MAX_STEPS = 10_000
"""How many turns all loops may take together; an included template is one, too."""

MAX_NODES = 5_000
"""How many expressions and pieces of text a template may consist of."""

BUDGET = "_budget"
"""The name a render's budget has among its variables."""


class TooLong(Exception):
    """A template takes more steps, or makes more text, than any post needs."""


class Budget:
    """What one render may still spend; nothing of it can be reached from a template."""

    def __init__(self) -> None:
        self._steps = MAX_STEPS

    def spend(self) -> None:
        """Take one step.

        Raises:
            TooLong: There is none left.
        """
        self._steps -= 1
        if self._steps < 0:
            raise TooLong(f"it takes more than {MAX_STEPS:,} steps")


def bound(size: int) -> None:
    """Refuse a text of so many characters if that is too many.

    Raises:
        TooLong: It is.
    """
    if size > MAX_CHARACTERS:
        raise TooLong(f"it makes more than {MAX_CHARACTERS:,} characters")
