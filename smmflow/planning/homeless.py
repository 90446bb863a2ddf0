"""Posts that are live without a file, and what looks like them under another name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smmflow.model.plan import Action, HandOver, Hold, HoldReason, Publish
from smmflow.model.publication import Outcome, Publication
from smmflow.model.workspace import Workspace

__all__ = ["homeless", "unless_renamed"]

_OUT = {Outcome.PUBLISHED, Outcome.CLAIMED, Outcome.IN_DOUBT, Outcome.SCHEDULED}
_Shown = tuple[tuple[str, tuple[str, ...]], ...]
"""Of each part, its words and the hashes of its files."""


def homeless(
    workspace: Workspace, publications: Mapping[tuple[str, str], Publication]
) -> Mapping[tuple[str, _Shown], str]:
    """Return, by channel and what is shown, the posts that are live without a file."""
    return {
        (record.channel, shown): record.post
        for record in publications.values()
        if record.post not in workspace.posts
        and (record.outcome in _OUT or record.uncertain or _is_half_out(record))
        for shown in _shown(record)
    }


def _shown(record: Publication) -> Iterator[_Shown]:
    """Yield what readers see of it, or may see if a change of it was begun.

    Titles and labels don't count: whoever renames a file often mends them, too.
    """
    media = [tuple(sha256 for _, sha256, _ in part.media) for part in record.parts]
    texts = [part.text for part in record.parts]
    yield tuple(zip(texts, media, strict=True))
    if record.change is not None and len(record.change.words) == len(media):
        yield tuple(zip(record.change.words, media, strict=True))


def _is_half_out(record: Publication) -> bool:
    return bool(record.receipts) and record.outcome is not Outcome.WITHDRAWN


def unless_renamed(action: Action, gone: Mapping[tuple[str, _Shown], str]) -> Action:
    """Hold a post whose very words are live under a name that has no file any more."""
    if not isinstance(action, Publish | HandOver):
        return action
    shown = tuple(
        (part.text.text, tuple(each.facts.sha256 for each in part.media))
        for part in action.post.parts
    )
    before = gone.get((action.post.channel, shown))
    if before is None:
        return action
    return Hold(
        action.post.post,
        action.post.channel,
        action.occurrence,
        HoldReason.RENAMED,
        f"the same post is live as {before}, which has no file any more; if its file "
        f"was renamed, write `id: {before}` into it, else change its words",
        action.post.title,
    )
