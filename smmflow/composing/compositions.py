"""What every channel gets of every post, composed when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smmflow.composing.compose import Composed, Composer
from smmflow.diagnostics import Finding
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost
from smmflow.model.post import Post
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network

__all__ = ["Compositions"]


class Compositions(Mapping[tuple[str, str], ChannelPost]):
    """Channel posts by post and channel; those that can't be composed are absent.

    Composing is pure, so it makes no difference when it is done, or whether at all.

    Args:
        workspace: Whose posts and channels.
        networks: By channel.
        capabilities: By channel.
    """

    def __init__(
        self,
        workspace: Workspace,
        networks: Mapping[str, Network],
        capabilities: Mapping[str, Capabilities],
    ) -> None:
        self._workspace = workspace
        self._networks = networks
        self._capabilities = capabilities
        self._composer = Composer(workspace)
        self._made: dict[tuple[str, str], Composed | None] = {}

    def findings(self, post: Post) -> tuple[Finding, ...]:
        """Return what is wrong with a post on any channel, each fault once."""
        made = (self._compose((post.id, name)) for name in post.channels)
        every = (finding for each in made if each for finding in each.findings)
        return tuple(dict.fromkeys(every))

    def __getitem__(self, key: tuple[str, str]) -> ChannelPost:
        """Return what a channel gets of a post."""
        made = self._compose(key)
        if made is None or made.post is None:
            raise KeyError(key)
        return made.post

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Go through all posts and channels, which composes everything."""
        for post in self._workspace.posts.values():
            for channel in dict.fromkeys(post.channels):
                if (post.id, channel) in self:
                    yield post.id, channel

    def __len__(self) -> int:
        """Return how many there are, which composes everything."""
        return sum(1 for _ in self)

    def _compose(self, key: tuple[str, str]) -> Composed | None:
        try:
            return self._made[key]
        except KeyError:
            made = self._made[key] = self._make(*key)
            return made

    def _make(self, post_id: str, name: str) -> Composed | None:
        post = self._workspace.posts.get(post_id)
        channel = self._workspace.channels.get(name)
        if post is None or channel is None or name not in post.channels:
            return None
        return self._composer.compose(
            post, channel, self._networks[name], self._capabilities[name]
        )
