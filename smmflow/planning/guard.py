"""The guard: a plan that would do more than anybody meant refuses itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from smmflow.errors import PlanRefused
from smmflow.model.plan import Edit, HandOver, Plan, Publish, Withdraw, target
from smmflow.model.publication import Outcome, Publication

__all__ = ["CHANGED_AT_MOST", "CHANGED_SHARE", "MAX_PER_RUN", "guard"]

MAX_PER_RUN = 10
"""Posts one run publishes on one channel, at most."""
CHANGED_SHARE = 0.3
"""Share of a channel's live posts that one run edits or withdraws, at most."""
CHANGED_AT_MOST = 3
"""So many changes on a channel are never too many, however few posts are live."""


def guard(plan: Plan, publications: Mapping[tuple[str, str], Publication]) -> None:
    """Do nothing, unless the plan does too much at once on a channel.

    Args:
        plan: What is about to be carried out.
        publications: What the ledger says, which tells how many posts are live.

    Raises:
        PlanRefused: It does too much; the hint says how to allow it once.
    """
    objections = tuple(_objections(plan, publications))
    if objections:
        raise PlanRefused(
            f"this plan is larger than anybody may have meant: {'; '.join(objections)}",
            hint="look at `smmflow plan`, then allow it once with "
            "`smmflow publish --allow-many`, or do a part of it with --post",
        )


def _objections(
    plan: Plan, publications: Mapping[tuple[str, str], Publication]
) -> Iterable[str]:
    publishes = Counter(
        target(each)[1] for each in plan.deeds if isinstance(each, Publish | HandOver)
    )
    for channel, number in sorted(publishes.items()):
        if number > MAX_PER_RUN:
            yield f"{number} posts at once on {channel}, more than {MAX_PER_RUN}"
    live = Counter(
        each.channel
        for each in publications.values()
        if each.outcome is Outcome.PUBLISHED
    )
    changes = Counter(
        target(each)[1] for each in plan.deeds if isinstance(each, Edit | Withdraw)
    )
    for channel, number in sorted(changes.items()):
        if number > max(CHANGED_AT_MOST, CHANGED_SHARE * live[channel]):
            yield (
                f"{number} of {live[channel]} live posts on {channel} edited or "
                f"withdrawn, more than {CHANGED_SHARE:.0%}"
            )
