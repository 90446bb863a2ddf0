"""Proposals: what a pull request would change, as a review, a comment and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from smmflow import approving, content
from smmflow.diagnostics import Finding
from smmflow.memory import repository_of
from smmflow.model.plan import Plan
from smmflow.model.review import Review, ReviewEntry
from smmflow.workflow import Prepared, located, make_plan, prepare, read_inside

if TYPE_CHECKING:  # loaded when they are asked for
    from smmflow import reviewing
    from smmflow.forge import GitHubComments, Kept

__all__ = ["make_preview", "make_review", "post_review"]

_FILES = ("channels.yaml", "calendar.yaml", "strategy.md", "team.yaml", "content")
"""All that a workspace is read from, below its folder."""
_LARGEST_SHOWN = 32 * 1024 * 1024
"""Bytes of a file that a preview copies; larger ones are only described."""


def make_review(prepared: Prepared, plan: Plan, base: str) -> Review:
    """Return what is different from a commit, for each post and channel.

    Looked at is the commit where this work began, so that what others have merged
    since is not told as this change's.

    Args:
        prepared: The workspace as it is proposed.
        plan: Of that, at the moment it was prepared for.
        base: A branch, a tag or a commit.

    Raises:
        NotARepository: There is nothing to compare with.
        UsageError: There is no such commit.
        StateError: The commit can't be read.
    """
    from smmflow import reviewing  # noqa: PLC0415 - a check starts sooner without

    repository = repository_of(prepared.workspace)
    commit = repository.parting(repository.resolve(base))
    with TemporaryDirectory(prefix="smmflow-base-") as folder:
        root = Path(folder).resolve()
        signers = prepared.workspace.team.signers
        repository.export(commit, (*_FILES, *filter(None, [signers])), root)
        before = prepare(content.load(root), prepared.known, plan.at, remember=False)
        found = reviewing.review(
            _side(before, before.findings, make_plan(before, plan.at)),
            _side(prepared, located(prepared), plan),
            prepared.known.publications.values(),
            base_name=base,
            head_name=repository.head or "",
        )
        entries = tuple(_to_approve(each, prepared, root) for each in found.entries)
        return replace(found, entries=entries)


def _to_approve(entry: ReviewEntry, prepared: Prepared, before: Path) -> ReviewEntry:
    """Return an entry with the approvals that its changed files will need."""
    workspace = prepared.workspace
    post = workspace.posts.get(entry.post)
    if post is None:
        return entry
    composed = prepared.composed.get((entry.post, entry.channel))
    sources = composed.sources if composed else ()
    asked = approving.ask_of(workspace, post, entry.channel, sources)
    changed = [
        path
        for path in asked.files
        if read_inside(workspace.root, path) != read_inside(before, path)
    ]
    return replace(entry, approvals=approving.needed(workspace.team, asked, changed))


def post_review(
    review: Review, head: str, comments: GitHubComments
) -> Mapping[int, Kept]:
    """Tell a review on the open pull requests of a commit, in one comment on each.

    If nothing is different there is a comment only where there was one already.

    Args:
        review: What to tell; it may be anybody's words.
        head: The full name of the commit that was looked at.
        comments: Our account's.

    Returns:
        By the number of the pull request, what became of the comment.

    Raises:
        NetworkError: GitHub refused, or can't be reached; it is safe to repeat.
    """
    from smmflow import reviewing  # noqa: PLC0415 - as above

    found = {}
    for number in comments.open_at(head):
        doubtful = comments.changed_workings(number)
        words = reviewing.as_markdown(replace(review, head=head), doubtful=doubtful)
        create = not review.is_empty
        found[number] = comments.keep(number, reviewing.MARK, words, create=create)
    return found


def _side(
    prepared: Prepared, findings: tuple[Finding, ...], plan: Plan
) -> reviewing.Side:
    from smmflow import reviewing  # noqa: PLC0415 - as above

    return reviewing.Side(
        prepared.workspace,
        prepared.composed,
        prepared.occurrences,
        findings,
        plan,
        prepared.networks,
        prepared.capabilities,
    )


def make_preview(
    prepared: Prepared,
    plan: Plan,
    review: Review | None = None,
    *,
    only: str = "",
    live: str = "",
) -> Mapping[str, bytes]:
    """Return pages that show each post as its networks will: bytes by path.

    Args:
        prepared: The workspace as it is proposed.
        plan: Of that, at the moment it was prepared for.
        review: Marks what is different and lies beside the pages, for
            `smmflow comment`; None marks nothing.
        only: The id of the one post to show; empty for all.
        live: What pages that are served hand to the script that loads them anew.
    """
    from smmflow import reviewing, site  # noqa: PLC0415 - a check starts sooner without

    root = prepared.workspace.root
    proposal = site.Proposal(
        prepared.workspace,
        prepared.composed,
        prepared.networks,
        prepared.capabilities,
        prepared.occurrences,
        located(prepared),
        plan,
        review,
    )
    files = site.preview(
        proposal,
        read_media=lambda path: read_inside(root, path, largest=_LARGEST_SHOWN),
        only=only,
        live=live,
    )
    if review is None:
        return files
    return {**files, reviewing.NAME: reviewing.encode_review(review)}
