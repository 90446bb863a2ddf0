"""The one issue on the forge that says what needs a person, and ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from smmflow.forge import Issues
from smmflow.model.issue import Issue
from smmflow.watching.needs import Need
from smmflow.watching.words import MARK, as_markdown, as_title

__all__ = ["Deed", "Told", "tell"]

_OVER = "Nothing needs a person any more."
_TWICE = "{url} tells the same."


class Deed(StrEnum):
    """What was done with the issue."""

    OPENED = "opened"
    REOPENED = "reopened"
    UPDATED = "updated"
    CLOSED = "closed"
    LEFT = "left as it is"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the issue.

    Attributes:
        deed: What was done.
        issue: As it is now; None if there is none and none is needed.
    """

    deed: Deed
    issue: Issue | None


def tell(issues: Issues, needs: Sequence[Need]) -> Told:
    """Make one issue say what needs a person; close it if nothing does.

    An issue that a person has closed stays closed until other things need somebody:
    whoever closed it has read it. Two runs at once may both open one; the older stays.

    Raises:
        OutcomeUnknown: Something may have been written.
        NetworkError: The forge did not do what was asked.
    """
    closed = issues.written(MARK, is_open=False)
    current = _only(issues) or (closed[-1] if closed else None)
    if current is not None:
        return _keep(issues, current, needs)
    if not needs:
        return Told(Deed.LEFT, None)
    opened = issues.create(as_title(needs), as_markdown(needs))
    return Told(Deed.OPENED, _only(issues) or opened)


def _only(issues: Issues) -> Issue | None:
    """Return the oldest open issue, and close the others."""
    found = issues.written(MARK, is_open=True)
    for each in found[1:]:
        issues.change(_saying(each, ()))
        issues.comment(each, f"{found[0].url} tells the same.")
    return found[0] if found else None


def _keep(issues: Issues, current: Issue, needs: Sequence[Need]) -> Told:
    wanted = _saying(current, needs)
    known = current.body.strip() == wanted.body.strip()
    if known and (needs or not current.is_open):
        return Told(Deed.LEFT, current)
    issues.change(wanted)
    match current.is_open, wanted.is_open:
        case True, False:
            issues.comment(wanted, "Nothing needs a person any more.")
            return Told(Deed.CLOSED, wanted)
        case False, True:
            return Told(Deed.REOPENED, wanted)
        case _:
            return Told(Deed.UPDATED, wanted)


def _saying(issue: Issue, needs: Sequence[Need]) -> Issue:
    """Return the issue as it has to be: what it says tells who has closed it."""
    return replace(
        issue, title=as_title(needs), body=as_markdown(needs), is_open=bool(needs)
    )
