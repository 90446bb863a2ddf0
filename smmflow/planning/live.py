"""What is live: whether it follows the files, and what can be done where it doesn't."""

from __future__ import annotations

from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.channel_post import ChannelPost
from smmflow.model.plan import Action, Edit, Hold, HoldReason, Live, Withdraw
from smmflow.model.post import Repeating
from smmflow.model.publication import ChangeKind, Publication
from smmflow.planning.case import Case

__all__ = ["being_changed", "follow", "withdraw"]

_INSTEAD = (
    "put it back as it was, or write `withdrawn: true` and publish it anew under "
    "another `id:`"
)


def being_changed(case: Case, record: Publication) -> Hold | None:
    """Return the hold of what a run is changing this very moment; None if none is."""
    change = record.change
    if change is None or change.lease_until <= case.now:
        return None
    return case.hold(
        HoldReason.CLAIMED,
        f"run {change.run} is at it ({change.kind}), until "
        f"{change.lease_until:%H:%M} UTC at the latest",
    )


def withdraw(case: Case, record: Publication) -> Action:
    """Return what is to be done with something live that the file calls withdrawn.

    A freeze and faults in files don't stand in the way: taking something down is what
    people do in an emergency.
    """
    able = case.capabilities
    support = able.withdraw if able else Support.UNSUPPORTED
    if support is Support.YES:
        return Withdraw(case.occurrence, record, "withdrawn in the file")
    return case.hold(
        HoldReason.WITHDRAWN,
        f"withdrawn in the file, but it is still live: {_unable(support)} take "
        f"down a post on {record.network}; do it there by hand",
    )


def follow(case: Case, record: Publication) -> Action:
    """Return what is to be done with something that is live and wanted."""
    change, composed = record.change, case.composed
    in_doubt = change is not None and change.uncertain
    if change is not None and in_doubt and change.kind is ChangeKind.WITHDRAW:
        return case.hold(
            HoldReason.CHANGED,
            f"its withdrawal by run {change.run} began and may be half done; write "
            "`withdrawn: true` again to finish it",
        )
    if isinstance(case.post.schedule, Repeating) or (
        composed is not None and composed.digest == record.digest and not in_doubt
    ):
        # The words of a recurring post today are for the times to come.
        url = record.receipts[0].url if record.receipts else ""
        return Live(case.post.id, case.channel, case.occurrence, url, case.post.title)
    if composed is None:
        return case.hold(
            HoldReason.FINDINGS,
            case.fault or "it can't be composed; what is live stays as it is",
        )
    held = _held(case, composed, record)
    return held or Edit(composed, case.occurrence, record)


def _held(case: Case, post: ChannelPost, record: Publication) -> Hold | None:
    change = record.change
    if case.fault is not None:
        return case.hold(HoldReason.FINDINGS, case.fault)
    if change is not None and change.refused and change.digest == post.digest:
        return case.hold(
            HoldReason.REFUSED,
            f"{record.network} refused the edit: {record.error}; change the post and "
            "it is tried again",
        )
    if freeze := case.freeze:
        return case.hold(
            HoldReason.FROZEN, f"frozen by {freeze.owner}: {freeze.reason}"
        )
    if obstacle := _obstacle(post, record, case.capabilities):
        return case.hold(
            HoldReason.CHANGED, f"what is live stays as it was: {obstacle}; {_INSTEAD}"
        )
    return None


def _obstacle(
    post: ChannelPost, record: Publication, capabilities: Capabilities | None
) -> str:
    """Return why an edit can't make it so; empty if it can."""
    support = capabilities.edit if capabilities else Support.UNSUPPORTED
    if capabilities is None or support is not Support.YES:
        return f"{_unable(support)} change a live post on {record.network}"
    live, wanted = len(record.parts), len(post.parts)
    if live != wanted:
        return f"{_count(live)} live and the file has {wanted} now"
    changed = {
        "media": [
            [(each.facts.sha256, each.alt) for each in part.media]
            for part in post.parts
        ]
        != [[(sha256, alt) for _, sha256, alt in part.media] for part in record.parts],
        "poll": [part.poll.options if part.poll else () for part in post.parts]
        != [part.poll for part in record.parts],
        "visibility": post.visibility != (record.visibility or post.visibility),
    }
    fixed = [name for name in sorted(capabilities.fixed) if changed[name]]
    if fixed:
        return f"{record.network} can't change the {' or the '.join(fixed)} of a post"
    return ""


def _unable(support: Support) -> str:
    return "smmflow can't yet" if support is Support.NOT_WRITTEN else "nobody can"


def _count(parts: int) -> str:
    return f"{parts} part is" if parts == 1 else f"{parts} parts are"
