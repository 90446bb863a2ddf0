"""What every network offers: an offline half that sends nothing, and a connection.

The offline half is enough to check, plan and preview, so those need no secret and no
network. A connection does one thing per call and returns one outcome or raises one
`NetworkError`; it never sleeps, retries or prints. Whoever calls it decides what the
error's kind allows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from smmflow.credentials import Credentials
from smmflow.errors import Unsupported
from smmflow.language.measures import (
    code_points,
    grapheme_count,
    utf8_length,
    utf16_length,
)
from smmflow.model.capabilities import Capabilities, Limit, Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.authorizing import SignIn, Typed
from smmflow.networks.signing import Renewal

if TYPE_CHECKING:
    import httpx  # only for types: checking and planning load no HTTP client

__all__ = [
    "Among",
    "Connection",
    "Identity",
    "InstanceLimits",
    "Network",
    "PostSettings",
    "Settings",
    "Thread",
]


def _unsupported(connection: Connection) -> Unsupported:
    return Unsupported(f"{type(connection).__name__} does not offer this")


class Settings(BaseModel):
    """Base of a network's settings in `channels.yaml`; unknown keys are findings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PostSettings(BaseModel):
    """Base of what a post may set for one network under `on: <channel>:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a connection is signed in as, and what for.

    Attributes:
        id: The network's name for the account.
        name: For people.
        url: The account's page; empty if it has none.
        scopes: What the secret allows; None if the network doesn't say.
        expires: When the secret stops to work, aware; None if it doesn't, or if the
            network doesn't say.
    """

    id: str
    name: str
    url: str = ""
    scopes: frozenset[str] | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """Limits as one instance gave them, to be cached in the state with their date.

    Attributes:
        capabilities: The network's, with the instance's own numbers put in.
        raw: The numbers as plain values, for the state file.
    """

    capabilities: Capabilities
    raw: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """The live parts before the one being sent: what a reply must point at."""

    root: Receipt
    parent: Receipt


@dataclass(frozen=True, slots=True)
class Among:
    """What is looked through for a part that may have gone out.

    Attributes:
        since: Nothing older, aware.
        others: Ids of receipts that belong to other parts.
    """

    since: datetime
    others: frozenset[str] = frozenset()


class Connection(ABC):
    """A signed-in channel. Signing in happens at the first request, not before."""

    @abstractmethod
    def whoami(self) -> Identity:
        """Return the account this connection acts for.

        Raises:
            NetworkError: Of the kind that fits.
        """

    @abstractmethod
    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Send one part.

        Args:
            post: What the channel gets.
            part: 0-based.
            after: The live parts before it; None for the first.
            key: The same in every run that sends this part.

        Raises:
            NetworkError: Of the kind that says whether it may be sent again.
        """

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Go on with a part the network was still working on."""
        del pending
        raise _unsupported(self)

    @abstractmethod
    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look whether a part went out although we never heard.

        Args:
            post: What was sent.
            part: 0-based.
            key: As it was sent with.
            among: What to look through. A network that gives no key back is looked at
                by words, and what says the same is not the same.

        Returns:
            Its receipt, or None if it certainly is not there.
        """

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a live post of this account, by its address.

        Every network that can be looked at offers it. Where it isn't offered, the
        address is kept as a person gave it.

        Args:
            url: Where people see the post.

        Raises:
            UsageError: That is no address of a post there, the post is another
                account's, or it is gone.
            NetworkError: The network can't be asked now.
        """
        del url
        raise _unsupported(self)

    def words(self, receipt: Receipt) -> str | None:
        """Return what a live part says, as plain text; None if that can't be seen."""
        del receipt
        return None

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | Pending:
        """Give a part to the network, which sends it at its time.

        Args:
            post: What the channel gets.
            part: 0-based; the only one.
            at: When, aware, no nearer than `capabilities.schedule_limits` allows.
            key: The same in every run that hands it over.

        Returns:
            Proof that it waits there, for `reschedule` and `cancel`.
        """
        del post, part, at, key
        raise _unsupported(self)

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look whether a part waits there although we never heard.

        Returns:
            Proof of it, or None if it certainly does not wait.
        """
        del post, part, at, key
        raise _unsupported(self)

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits there another time."""
        del receipt, at
        raise _unsupported(self)

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits there.

        Returns:
            False if it does not wait there any more: it went out, or was taken back.
        """
        del receipt
        raise _unsupported(self)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Make a live part say what `post` says now."""
        del receipt, post, part
        raise _unsupported(self)

    def withdraw(self, receipt: Receipt) -> None:
        """Take a live part down; one that is gone already is no error."""
        del receipt
        raise _unsupported(self)

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters in one request.

        Args:
            receipts: At most `capabilities.measure_batch`.

        The numbers are the network's own: its replies include our own next part of
        the thread, which whoever keeps the reading takes off (see
        `smmflow.model.metric`).

        Returns:
            By receipt id: counters by metric name, or None for a part that is gone.
        """
        del receipts
        raise _unsupported(self)

    def followers(self) -> int | None:
        """Read how many accounts follow the channel."""
        raise _unsupported(self)

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read what others say to us: comments and replies, and where it is, mentions.

        One call reads a bounded number of them; who wants all of them calls again with
        the cursor it got until `Messages.more` is False.

        Args:
            receipts: Live posts whose comments to read, on networks that can only be
                asked post by post; the others give everything that names us.
            after: The cursor of the call before; empty for the first.

        Returns:
            Messages newer than the cursor, the oldest first, ours left out, and the
            next cursor.
        """
        del receipts, after
        raise _unsupported(self)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message where it stands.

        Args:
            message: As `messages` gave it.
            text: The answer.
            key: The same in every run that sends this answer; networks that can, use
                it to send it once.
        """
        del message, text, key
        raise _unsupported(self)

    def limits(self) -> InstanceLimits | None:
        """Read the instance's own limits; None if they are the same everywhere."""
        return None

    def close(self) -> None:
        """Let go of sockets."""
        return


class Network(ABC):
    """The offline half of a network: pure, needs no secret, sends nothing."""

    name: ClassVar[str]
    title: ClassVar[str]
    documentation: ClassVar[str]
    """URL of the network's own description of its API."""
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[type[Settings]]
    post_settings: ClassVar[type[PostSettings]] = PostSettings
    secrets: ClassVar[Mapping[str, str]] = {}
    """Names of secrets in `channels.yaml`, each with a phrase on where to get it."""
    scopes: ClassVar[frozenset[str]] = frozenset()
    """What the secret must allow for all that `capabilities` declares."""
    renewal: ClassVar[Renewal | None] = None
    """How a token that dies is renewed; None if it doesn't die, or can't be."""
    extras: ClassVar[frozenset[str]] = frozenset()
    """Extras of smmflow that publishing may need, as in `pip install smmflow[...]`."""

    def on(self, channel: Channel) -> Network:
        """Return the network as this channel has it.

        The same, unless a setting decides what can be done: a webhook can do less than
        a bot.
        """
        del channel
        return self

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person can get this channel's secrets, the usual way first.

        They are copied from a page of the network, unless it offers more.
        """
        del channel
        return (Typed(),)

    def variants(self) -> tuple[Network, ...]:
        """Return all that `on` may return, the fullest first; for documentation."""
        return (self,)

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of a part's text as the network counts it.

        This one knows no network's own rules; one that has some brings its own.
        """
        match unit:
            case Unit.GRAPHEMES:
                return grapheme_count(text.text)
            case Unit.CODE_POINTS | Unit.WEIGHTED:
                return code_points(text.text)
            case Unit.UTF8:
                return utf8_length(text.text)
            case Unit.UTF16:
                return utf16_length(text.text)

    def has_link(self, text: str) -> bool:
        """Tell whether a part's text has what the network takes for a link.

        Matters where a part with a link costs more: see `Price`.
        """
        return "://" in text

    def overhead(self, content_warning: str) -> int:
        """Return what a content warning takes of each part's first limit.

        In the unit of `capabilities.text`; 0 where warnings are counted on their own.
        """
        del content_warning
        return 0

    def limits_for(self, raw: Mapping[str, int]) -> Capabilities:
        """Return the capabilities with an instance's cached numbers put in."""
        del raw
        return self.capabilities

    def fits(self, text: RichText, limits: Sequence[Limit]) -> bool:
        """Tell whether the text is within all of the limits."""
        return all(self.length(text, each.unit) <= each.maximum for each in limits)

    @abstractmethod
    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> Connection:
        """Return a connection; sends nothing yet.

        Args:
            channel: Whose settings and names of secrets to use.
            credentials: Where the secrets are.
            transport: What carries the requests; None for the real network.
            root: The workspace, which paths of media are relative to; None for the
                current folder.

        Raises:
            ConfigurationError: A setting is missing or wrong.
            MissingSecret: A secret the channel names is not set.
        """

    def profile(self, channel: Channel) -> str:
        """Return where the account's own page is, if settings tell; else empty."""
        del channel
        return ""

    def permalink(self, channel: Channel, occurrence: str) -> str:
        """Return the address a post will have, if known before; else empty."""
        del channel, occurrence
        return ""
