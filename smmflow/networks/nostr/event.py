"""A Nostr event: what is signed, and what a relay gives back, read with suspicion.

https://github.com/nostr-protocol/nips/blob/master/01.md
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from smmflow.networks.nostr.keys import Signer

__all__ = ["Event", "Kind", "Tags", "signed"]

Tags = tuple[tuple[str, ...], ...]

_HEX = re.compile(r"[0-9a-f]{64}")


class Kind:
    """Numbers of kinds, by the NIP that gives each its meaning."""

    PROFILE = 0  # NIP-01
    NOTE = 1  # NIP-01
    DELETION = 5  # NIP-09
    REPOST = 6  # NIP-18
    REACTION = 7  # NIP-25
    GENERIC_REPOST = 16  # NIP-18
    AUTH = 22242  # NIP-42
    UPLOAD = 24242  # Blossom, BUD-01
    ARTICLE = 30023  # NIP-23


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        id: SHA-256 of what is signed: the same words at the same time by the same key
            are the same event, however often they are sent.
        author: The public key, in hex.
        at: Unix time, in seconds.
        kind: As in `Kind`.
        tags: Lists of words.
        content: Its text.
        signature: In hex.
    """

    id: str
    author: str
    at: int
    kind: int
    tags: Tags
    content: str
    signature: str = ""

    @classmethod
    def of_json(cls, value: object) -> Self | None:
        """Return what a relay gave; None if it is no event, or says a wrong id.

        Signatures are not checked: a relay that lies about others' words can be told
        from nothing else either, and of our own we know the id.
        """
        if not isinstance(value, dict):
            return None
        fields: Mapping[str, object] = value
        tags = fields.get("tags")
        try:
            event = cls(
                str(fields["id"]),
                str(fields["pubkey"]),
                int(str(fields["created_at"])),
                int(str(fields["kind"])),
                tuple(
                    tuple(map(str, each))
                    for each in (tags if isinstance(tags, list) else ())
                    if isinstance(each, list)
                ),
                str(fields["content"]),
                str(fields.get("sig", "")),
            )
        except (KeyError, ValueError):
            return None
        sound = _HEX.fullmatch(event.author) and event.id == _id_of(event)
        return event if sound else None

    def as_json(self) -> dict[str, object]:
        """Return it as relays take it."""
        return {
            "id": self.id,
            "pubkey": self.author,
            "created_at": self.at,
            "kind": self.kind,
            "tags": [list(each) for each in self.tags],
            "content": self.content,
            "sig": self.signature,
        }

    def tag(self, name: str) -> str:
        """Return the first value of a tag; empty if there is none."""
        return next(
            (each[1] for each in self.tags if each[:1] == (name,) and each[1:]), ""
        )

    @property
    def parent(self) -> str:
        """Id of what it answers, by NIP-10; empty if it answers nothing."""
        marked = {each[3]: each[1] for each in self._references() if len(each) > _MARK}
        if marked:
            return marked.get("reply") or marked.get("root", "")
        last = [each[1] for each in self._references()]
        return last[-1] if last else ""

    @property
    def root(self) -> str:
        """Id of the first of its conversation, by NIP-10; its own if it is that."""
        references = self._references()
        marked = {each[3]: each[1] for each in references if len(each) > _MARK}
        first = references[0][1] if references else self.id
        return marked.get("root", first)

    @property
    def moment(self) -> datetime:
        """When it says it was made, aware, UTC."""
        try:
            return datetime.fromtimestamp(self.at, UTC)
        except (OverflowError, OSError, ValueError):
            return datetime.max.replace(tzinfo=UTC)

    def _references(self) -> list[tuple[str, ...]]:
        return [
            each
            for each in self.tags
            if each[:1] == ("e",) and len(each) > 1 and each[3:4] != ("mention",)
        ]


_MARK = 3


def signed(
    signer: Signer, kind: int, content: str, *, tags: Tags, at: datetime
) -> Event:
    """Return a new event of ours."""
    bare = Event("", signer.public, int(at.timestamp()), kind, tags, content)
    name = _id_of(bare)
    return Event(name, bare.author, bare.at, kind, tags, content, signer.sign(name))


def _id_of(event: Event) -> str:
    """Return the digest of the one way in which an event is written for signing."""
    tags = [list(each) for each in event.tags]
    whole = [0, event.author, event.at, event.kind, tags, event.content]
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
