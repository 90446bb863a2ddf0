"""Capabilities in words."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.model.capabilities import Capabilities, Limit, MediaLimits, Support

__all__ = ["describe"]

_MEGABYTE = 1_000_000
_HUGE = 1_000_000


def describe(capabilities: Capabilities) -> Iterator[tuple[str, str]]:
    """Yield what a network takes and can do, as name and words."""
    limits = [_limit(each) for each in (capabilities.text, *capabilities.also)]
    yield "text", " and ".join(limits)
    if capabilities.media:
        kinds = ", ".join(_media(each) for each in capabilities.media)
        yield "media", f"up to {capabilities.max_media} a part: {kinds}"
    else:
        yield "media", "none"
    if capabilities.alt_text is not None:
        yield "alt text", _limit(capabilities.alt_text)
    if (poll := capabilities.poll) is not None:
        answers = f"{poll.min_options} to {poll.max_options} answers"
        yield "polls", f"{answers}, each {_limit(poll.option)}"
    yield from _abilities(capabilities)


def _abilities(capabilities: Capabilities) -> Iterator[tuple[str, str]]:
    named = {
        "threads": capabilities.threads,
        "link cards": capabilities.card,
        "editing": capabilities.edit,
        "withdrawing": capabilities.withdraw,
        "scheduling": capabilities.schedule,
        "looking up": capabilities.find,
        "followers": capabilities.followers,
    }
    for support, words in (
        (Support.YES, "can"),
        (Support.UNSUPPORTED, "can't"),
        (Support.NOT_WRITTEN, "not yet"),
    ):
        names = [name for name, value in named.items() if value is support]
        if names:
            yield words, ", ".join(names)
    if capabilities.fixed:
        yield "never edited", ", ".join(sorted(capabilities.fixed))
    if capabilities.measure is Support.YES:
        counted = ", ".join(capabilities.metrics)
        yield "counters", f"{counted}; {capabilities.measure_batch} posts a request"
    again = "the same key posts once" if capabilities.idempotent else "looked up first"
    yield "sent again", again


def _limit(limit: Limit) -> str:
    if limit.maximum >= _HUGE:
        return f"{limit.unit} without a bound"
    unsure = "" if limit.sure else ", unsure"
    return f"{limit.maximum} {limit.unit}{unsure}"


def _media(limits: MediaLimits) -> str:
    if limits.max_bytes is None:
        return str(limits.kind)
    return f"{limits.kind} up to {limits.max_bytes / _MEGABYTE:.3g} MB"
