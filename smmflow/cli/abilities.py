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
    if capabilities.caption:
        yield "text of files", " and ".join(map(_limit, capabilities.caption))
    if capabilities.comment is not None:
        yield "first comment", _limit(capabilities.comment)
    for each in capabilities.most:
        unsure = "" if each.sure else ", unsure"
        yield f"{each.kind}s a part", f"{each.maximum}{unsure}"
    if capabilities.media:
        kinds = ", ".join(_media(each) for each in capabilities.media)
        needed = ", at least one" if capabilities.media_required else ""
        fetched = ", from public addresses" if capabilities.public_media else ""
        most = f"up to {capabilities.max_media} a part{needed}{fetched}"
        yield "media", f"{most}: {kinds}"
    else:
        yield "media", "none"
    if capabilities.alt_text is not None:
        yield "alt text", _limit(capabilities.alt_text)
    if (poll := capabilities.poll) is not None:
        answers = f"{poll.min_options} to {poll.max_options} answers"
        asks = f", the question {_limit(poll.question)}" if poll.question else ""
        one = "" if poll.multiple else ", one of everybody"
        yield "polls", f"{answers}, each {_limit(poll.option)}{one}{asks}"
    yield from _abilities(capabilities)


def _abilities(capabilities: Capabilities) -> Iterator[tuple[str, str]]:
    named = {
        "threads": capabilities.threads,
        "link cards": capabilities.card,
        "content warnings": capabilities.content_warning,
        "editing": capabilities.edit,
        "withdrawing": capabilities.withdraw,
        "scheduling": capabilities.schedule,
        "looking up": capabilities.find,
        "followers": capabilities.followers,
        "reading messages": capabilities.messages,
        "answering": capabilities.reply,
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
        most = capabilities.measure_batch
        yield "counters", f"{counted}; {most} post{'s' * (most > 1)} a request"
    again = "held, because nobody can know whether it is live"
    if capabilities.find is Support.YES:
        again = "looked up first"
    if capabilities.idempotent:
        again = "the same key posts once"
    yield "sent again", again
    if (price := capabilities.price) is not None:
        each = f"{price.post} {price.currency} a part, {price.link} with a link"
        yield "price", f"{each} (as of {price.since})"


def _limit(limit: Limit) -> str:
    if limit.maximum >= _HUGE:
        return f"{limit.unit} without a bound"
    unsure = "" if limit.sure else ", unsure"
    return f"{limit.maximum} {limit.unit}{unsure}"


def _media(limits: MediaLimits) -> str:
    return " ".join((str(limits.kind), *_bounds(limits)))


def _bounds(limits: MediaLimits) -> Iterator[str]:
    if limits.max_bytes is not None:
        yield f"up to {limits.max_bytes / _MEGABYTE:.3g} MB"
    if limits.most is not None:
        yield f"({limits.most} at most)"
    if limits.shortest or limits.longest:
        yield f"of {limits.shortest or 0:g} to {_or_more(limits.longest)} s"
    if limits.min_ratio or limits.max_ratio:
        yield f"from {limits.min_ratio or 0:.3g}:1 to {_or_more(limits.max_ratio)}:1"
    if limits.min_side or limits.max_side:
        yield f"with sides of {limits.min_side or 1} to {_or_more(limits.max_side)} px"


def _or_more(bound: float | None) -> str:
    return "any" if bound is None else f"{bound:.6g}"
