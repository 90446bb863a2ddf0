"""Rules about what is live although its file is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import WorkspaceRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Severity
from smmflow.model.publication import Outcome, Publication

__all__ = ["LiveWithoutFile"]

_POSTS = "content/posts/"


class LiveWithoutFile(WorkspaceRule):
    """A post is live, and no file has its id any more.

    What: The ledger says that a post is live on a channel of the workspace, and no file
    under `content/posts/` has that id. While a file there can't be read, nobody knows
    its id, and nothing is said.

    Why: Deleting a file takes nothing down: the post stays where people see it, and
    nobody can correct it any more.

    Fix: To take it down, put the file back with `withdrawn: true`, and delete it once
    that has been published. If the file was renamed, write its old name as `id:` into
    it.

    Bad:
        git rm content/posts/launch.md

    Good:
        title: Version 1 is out
        withdrawn: true
    """

    name = "live-without-file"
    severity = Severity.WARNING

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return a finding for each post that is live without a file."""
        workspace = subject.workspace
        if any(path.startswith(_POSTS) for path in workspace.unreadable):
            return
        channels: dict[str, set[str]] = defaultdict(set)
        for record in subject.publications.values():
            if (
                record.post not in workspace.posts
                and record.channel in workspace.channels
                and _is_live(record)
            ):
                channels[record.post].add(record.channel)
        for post, names in sorted(channels.items()):
            first, *others = sorted(names)
            yield self.finding(
                at_key("channels.yaml", "channels", first, on_key=True),
                f"{post} stays live on {', '.join((first, *others))}, but no file has "
                "that id any more",
                hint=f"to take it down, put {_POSTS}{post}.md back with `withdrawn: "
                f"true`; if it was renamed, write `id: {post}` into the file",
                channel="" if others else first,
            )


def _is_live(record: Publication) -> bool:
    return record.outcome is not Outcome.WITHDRAWN and any(
        part.receipt is not None and not part.gone for part in record.parts
    )
