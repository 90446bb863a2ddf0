"""What approvals are asked about: files that a post on a channel rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.approving.rules import CHANNELS
from smmflow.model.approval import Asked
from smmflow.model.channel_post import ChannelPost
from smmflow.model.plan import Sensitive, Wait, Withdraw, target
from smmflow.model.post import Post
from smmflow.model.workspace import Workspace

__all__ = ["ask_of", "asked_about", "asked_by"]


def asked_by(workspace: Workspace, deed: Sensitive | Wait) -> Asked | None:
    """Return what a deed needs approved; None if its post has no file any more."""
    name, channel = target(deed)
    post = workspace.posts.get(name)
    if post is None:
        return None
    sources = () if isinstance(deed, Withdraw) else deed.post.sources
    return ask_of(workspace, post, channel, sources)


def ask_of(
    workspace: Workspace, post: Post, channel: str, sources: Iterable[str]
) -> Asked:
    """Return what a post on a channel needs approved.

    Args:
        workspace: Its team: who may approve is approved, too.
        post: Its file counts in any case.
        channel: The channel's name.
        sources: What its rendering used; nothing for what is taken down.
    """
    team = workspace.team
    files = {post.path, team.path, CHANNELS, *filter(None, [team.signers]), *sources}
    return Asked(post.id, channel, tuple(sorted(files)), post.campaign, post.risk)


def asked_about(
    workspace: Workspace, composed: Mapping[tuple[str, str], ChannelPost], name: str
) -> tuple[Asked, ...]:
    """Return what one post needs approved on each of its channels."""
    post = workspace.posts[name]
    made = ((channel, composed.get((name, channel))) for channel in post.channels)
    return tuple(
        ask_of(
            workspace,
            post,
            channel,
            each.sources if each is not None and not post.withdrawn else (),
        )
        for channel, each in made
    )
