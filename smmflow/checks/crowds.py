"""Rules about how much of one thing stands in a text: hashtags, mentions, links."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_part
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import Most
from smmflow.model.text import RichText, SpanKind

__all__ = ["TooManyMarks"]

_NAMES = {
    SpanKind.TAG: "hashtags",
    SpanKind.MENTION: "mentions",
    SpanKind.LINK: "links",
}


class TooManyMarks(ChannelPostRule):
    """A part has more hashtags, mentions or links than the channel's network takes.

    What: The hashtags, the mentions or the different links of one part are more than
    the network takes. Where sources disagree how many that are, this is a warning.

    Why: The network refuses the post when it is due.

    Fix: Keep the ones that matter, or write fewer for this channel with `::: only`.

    Bad:
        channels: [instagram]
        ---
        New! #a1 #a2 #a3 ... #a31

    Good:
        channels: [instagram]
        ---
        New! #a1 #a2 #a3

    Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    https://developers.facebook.com/docs/threads/posts
    """

    name = "too-many-marks"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts that have too many, for each kind the gravest bound."""
        for index, part in enumerate(case.composed.parts):
            if part.comment:
                continue
            for kind, name in _NAMES.items():
                count = _count(part.text, kind)
                bounds = [e for e in case.capabilities.most if e.kind is kind]
                over = [each for each in bounds if count > each.maximum]
                if over:
                    yield self._over(case, index, name, max(over, key=_gravity), count)

    def _over(
        self, case: Case, index: int, name: str, most: Most, count: int
    ) -> Finding:
        return self.finding(
            at_part(case.post, case.composed, index),
            f"{case.composed.network} takes {most.maximum} {name} in a part, "
            f"this one has {count}",
            hint=f"take {count - most.maximum} of them away",
            channel=case.channel.name,
            severity=Severity.ERROR if most.sure else Severity.WARNING,
        )


def _count(text: RichText, kind: SpanKind) -> int:
    targets = [each.target for each in text.spans if each.kind is kind]
    return len(set(targets)) if kind is SpanKind.LINK else len(targets)


def _gravity(most: Most) -> tuple[bool, int]:
    return most.sure, most.maximum
