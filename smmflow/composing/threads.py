"""Text too long for one part, split into a thread by the network's own counting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from smmflow.composing.cuts import Cut, Ending, cuts
from smmflow.language.digits import localise
from smmflow.model.text import RichText

__all__ = ["MAX_PARTS", "Fits", "number", "split"]

Fits = Callable[[RichText], bool]
"""Tells whether a text is short enough for one part."""

MAX_PARTS = 100
"""Nobody reads a longer thread: what remains stays in the last part, and is too long
for the rules to let it pass."""

_WELL_FILLED = 0.4
"""A part may end early, at the end of a sentence or paragraph, if it is as full as
this share of what would fit."""


def split(rich: RichText, fits: Fits) -> tuple[RichText, ...]:
    """Split a text into parts that fit, of which none is empty.

    Only white space at the cuts is lost. A word that is too long by itself stays whole.
    """
    if fits(rich):
        return (rich,)
    whole = len(rich.text)
    places = (*cuts(rich), Cut(whole, whole, Ending.PARAGRAPH))
    last = len(places) - 1
    parts: list[RichText] = []
    first = 0
    while first <= last:
        start = places[first - 1].start if first else 0
        rest = _Rest(rich, start, fits)
        chosen = last
        if len(parts) < MAX_PARTS - 1:
            chosen = rest.choose(places, first)
        parts.append(rest.until(places[chosen].end))
        first = chosen + 1
    return tuple(parts)


def number(
    texts: Sequence[RichText], fits: Fits, language: str
) -> tuple[tuple[RichText, ...], ...]:
    """Split texts into one thread whose parts say which they are: ` (1/3)`.

    Args:
        texts: What the author parted already.
        fits: Whether a text, its number included, is short enough.
        language: Decides the digits.

    Returns:
        For each text its parts. A thread of one part has no number.
    """
    split_texts: list[tuple[RichText, ...]] = []
    for width in range(1, len(str(MAX_PARTS * len(texts))) + 1):
        widest = _suffix("9" * width, "9" * width, language)
        split_texts = [split(each, _leaving_room(fits, widest)) for each in texts]
        if len(str(sum(map(len, split_texts)))) <= width:
            break
    total = sum(map(len, split_texts))
    if total == 1:
        return (tuple(texts),)
    counter = iter(range(1, total + 1))
    return tuple(
        tuple(
            _with(part, _suffix(str(next(counter)), str(total), language))
            for part in parts
        )
        for parts in split_texts
    )


def _suffix(part: str, total: str, language: str) -> str:
    return localise(f" ({part}/{total})", language)


def _leaving_room(fits: Fits, suffix: str) -> Fits:
    return lambda rich: fits(_with(rich, suffix))


def _with(rich: RichText, suffix: str) -> RichText:
    return replace(rich, text=rich.text + suffix)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a text when its next part begins at `start`."""

    rich: RichText
    start: int
    fits: Fits

    def until(self, end: int) -> RichText:
        """Return the part that ends there, with its own spans."""
        start, spans = self.start, []
        for each in self.rich.spans:
            if each.start >= end:
                break
            if each.end > start:
                first, last = max(each.start, start), min(each.end, end)
                spans.append(replace(each, start=first - start, end=last - start))
        return RichText(self.rich.text[start:end], tuple(spans))

    def choose(self, places: Sequence[Cut], first: int) -> int:
        """Return the index of the place to cut at: a good ending of a well-filled part.

        The end of the text is the best of all, if it fits.
        """
        furthest = self._furthest(places, first)
        if furthest == len(places) - 1:
            return furthest
        fill = _WELL_FILLED * (places[furthest].end - self.start)
        full_enough = (
            index
            for index in range(first, furthest + 1)
            if places[index].end >= self.start + fill
        )
        best = max(full_enough, key=lambda index: (places[index].ending, index))
        while best > first and not self._fit(places[best]):
            best -= 1
        return best

    def _furthest(self, places: Sequence[Cut], first: int) -> int:
        low, high, step = first, first + 1, 1
        while high < len(places) and self._fit(places[high]):
            low, step = high, step * 2
            high += step
        high = min(high, len(places))
        while high - low > 1:
            middle = (low + high) // 2
            if self._fit(places[middle]):
                low = middle
            else:
                high = middle
        return low

    def _fit(self, place: Cut) -> bool:
        return self.fits(self.until(place.end))
