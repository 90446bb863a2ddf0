"""What others say to us on a network: comments, replies, mentions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Author", "Message", "MessageKind", "Messages"]


class MessageKind(StrEnum):
    """What a message is to us.

    A comment stands below a post of ours, a reply answers a message or part of ours, a
    mention names us elsewhere.
    """

    COMMENT = "comment"
    REPLY = "reply"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Author:
    """Who said it.

    Attributes:
        id: The network's name for the account; empty if it doesn't say.
        name: For people.
        url: The account's page; empty if there is none.
    """

    id: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        id: The network's name for it.
        kind: What it is to us.
        author: Who said it.
        text: Plain text.
        at: When, aware, UTC.
        url: Where people see it; empty if nowhere.
        on: Id of the receipt it stands below; empty if it stands below none of ours.
        conversation: The same for all that belongs together: the id of its first post.
        more: What the network needs to reply.
    """

    id: str
    kind: MessageKind
    author: Author
    text: str
    at: datetime
    url: str = ""
    on: str = ""
    conversation: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Messages:
    """What one call read.

    Attributes:
        messages: The oldest first.
        cursor: For the next call; opaque to everybody but the network.
        more: There is more to be read at once.
    """

    messages: tuple[Message, ...]
    cursor: str
    more: bool = False
