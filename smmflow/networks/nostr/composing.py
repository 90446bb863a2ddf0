"""What a part becomes as an event: its tags, and the addresses of its files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.media import Attachment
from smmflow.model.text import SpanKind
from smmflow.networks.interface import Thread
from smmflow.networks.nostr.event import Event, Tags
from smmflow.networks.nostr.keys import decoded

__all__ = [
    "KEY",
    "Files",
    "answer_tags",
    "article_tags",
    "content_of",
    "key_of",
    "note_tags",
    "warning_tags",
]

KEY = "smmflow"
"""Name of the tag that tells our own parts apart, even if they say the same."""
_NAMED = re.compile(r"nostr:(npub1[a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Files:
    """Files of a part, each with its address on the host that keeps it."""

    placed: tuple[tuple[Attachment, str], ...]

    def below(self, text: str) -> str:
        """Return a text with the addresses below it, where clients show the files."""
        addresses = "\n".join(url for _, url in self.placed)
        return "\n\n".join(each for each in (text, addresses) if each)

    def tags(self) -> Tags:
        """Return what readers learn of the files before they load them.

        https://github.com/nostr-protocol/nips/blob/master/92.md
        """
        return tuple(_imeta(each, url) for each, url in self.placed)


def key_of(key: PartKey) -> str:
    """Return what an event carries of a part's key."""
    return key.hex[:32]


def warning_tags(post: ChannelPost) -> Tags:
    """Return the tag that hides an event until a reader asks for it.

    https://github.com/nostr-protocol/nips/blob/master/36.md
    """
    warning = post.content_warning
    return (("content-warning", warning),) if warning else ()


def note_tags(content: Part, files: Files, after: Thread | None) -> Tags:
    """Return the tags of a note: what it answers, names, is about, and shows.

    https://github.com/nostr-protocol/nips/blob/master/10.md for answers,
    https://github.com/nostr-protocol/nips/blob/master/27.md for names and
    https://github.com/nostr-protocol/nips/blob/master/24.md for topics.
    """
    answered = answer_tags(after.root.id, after.parent.id) if after else ()
    names = (decoded(each, "npub") for each in _NAMED.findall(content.text.text))
    people = tuple(("p", each) for each in dict.fromkeys(names) if each)
    return (*answered, *people, *_topics(content), *files.tags())


def answer_tags(root: str, parent: str) -> Tags:
    """Return the tags of an answer."""
    first = ("e", root, "", "root")
    return (first,) if root == parent else (first, ("e", parent, "", "reply"))


def article_tags(
    post: ChannelPost, name: str, files: Files, *, first: datetime
) -> Tags:
    """Return the tags of an article, which is known by its name.

    https://github.com/nostr-protocol/nips/blob/master/23.md#metadata
    """
    given = (
        ("title", post.title),
        ("summary", post.summary),
        ("image", files.placed[0][1] if files.placed else ""),
        ("published_at", str(int(first.timestamp()))),
    )
    topics = tuple(("t", each.lower()) for each in post.tags)
    said = tuple(each for each in given if each[1])
    return (("d", name), *said, *topics, *files.tags())


def content_of(event: Event) -> Mapping[str, object]:
    """Return an event's content as JSON; empty if it is no object."""
    try:
        content = json.loads(event.content)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _topics(content: Part) -> Tags:
    spans = (each for each in content.text.spans if each.kind is SpanKind.TAG)
    return tuple(("t", each) for each in dict.fromkeys(s.target.lower() for s in spans))


def _imeta(attachment: Attachment, url: str) -> tuple[str, ...]:
    facts = attachment.facts
    known = [f"url {url}", f"m {facts.media_type}", f"x {facts.sha256}"]
    if facts.width and facts.height:
        known.append(f"dim {facts.width}x{facts.height}")
    if attachment.alt:
        known.append(f"alt {' '.join(attachment.alt.split())}")
    return ("imeta", *known)
