"""Money: what publishing costs, exactly, by currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

__all__ = ["NOTHING", "Cost"]

_WRITTEN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Cost:
    """Amounts by currency; currencies are never converted.

    Attributes:
        amounts: Currency (ISO 4217) and amount, sorted, none of them zero.
    """

    amounts: tuple[tuple[str, Decimal], ...] = ()

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Self:
        """Return a cost in one currency."""
        return cls(((currency, amount),) if amount else ())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what a file says, as in `20 USD` or `0.5 EUR`.

        Raises:
            ValueError: It is written in another way.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no amount of money")
        return cls.of(Decimal(found[1]), found[2])

    @classmethod
    def total(cls, costs: Iterable[Cost]) -> Self:
        """Return the sum."""
        sums: dict[str, Decimal] = {}
        for cost in costs:
            for currency, amount in cost.amounts:
                sums[currency] = sums.get(currency, Decimal()) + amount
        return cls(tuple(sorted(sums.items())))

    def exceeds(self, cap: Cost) -> bool:
        """Tell whether any amount is above the cap's in its currency.

        A currency for which the cap says nothing is above it.
        """
        most = dict(cap.amounts)
        return any(amount > most.get(name, 0) for name, amount in self.amounts)

    def has(self, currency: str) -> bool:
        """Tell whether there is an amount in a currency."""
        return currency in dict(self.amounts)

    def __bool__(self) -> bool:
        return bool(self.amounts)

    def __str__(self) -> str:
        said = [f"{amount.normalize():f} {name}" for name, amount in self.amounts]
        return " + ".join(said) or "nothing"


NOTHING = Cost()
