"""A network in a folder: each posting is a file, so whoever looks can count them."""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from smmflow.credentials import Credentials
from smmflow.errors import OutcomeUnknown, Rejected, UsageError
from smmflow.model.capabilities import Capabilities, Limit, Support, Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Occurrence, Part, PartKey
from smmflow.model.plan import Plan, Publish
from smmflow.model.publication import Pending, Publication, Receipt
from smmflow.model.text import RichText
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    Network,
    Settings,
    Thread,
)

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
FINDS = Capabilities(
    Limit(300), find=Support.YES, edit=Support.YES, withdraw=Support.YES
)
IDEMPOTENT = Capabilities(Limit(300), idempotent=True)
BLIND = Capabilities(Limit(300))
"""Neither can be looked at nor knows a key twice."""


class FolderNetwork(Network):
    """The offline half."""

    name = "folder"
    title = "Folder"
    documentation = "https://example.com"
    capabilities = FINDS
    settings = Settings

    def length(self, text: RichText, unit: Unit) -> int:
        del unit
        return len(text.text)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> Connection:
        del channel, credentials, transport
        return FolderConnection(root or Path())


class FindsNetwork(FolderNetwork):
    pass


class IdempotentNetwork(FolderNetwork):
    capabilities = IDEMPOTENT


class BlindNetwork(FolderNetwork):
    capabilities = BLIND


Trouble = Callable[[str, str], None]
"""Called with a moment and a part's text; raises, kills, waits.

Moments are `before`, `after`, `resume`, and `before edit`, `after edit` and so on.
"""


@dataclass
class FolderConnection(Connection):
    """The online half.

    Args:
        folder: Where postings lie.
        trouble: What goes wrong.
        keyed: The same key posts once.
        steps: How many `Pending` answers come before a receipt.
        wait: Seconds that each of them asks for.
        unseen: Each of them says that nothing goes live by itself.
    """

    folder: Path
    trouble: Trouble = lambda _when, _text: None
    keyed: bool = False
    steps: int = 0
    wait: float = 2.0
    unseen: bool = False
    resumed: list[str] = field(default_factory=list)

    def whoami(self) -> Identity:
        return Identity("1", "folder")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        text = post.parts[part].text.text
        self.trouble("before", text)
        if self.keyed and (there := self.find(post, part, key=key, among=Among(NOON))):
            return there
        if self.steps:
            token = {"left": str(self.steps), "text": text, "key": key.hex}
            return Pending(token, self.wait, self.unseen)
        return self._post(text, key.hex, after.parent.id if after else "")

    def resume(self, pending: Pending) -> Receipt | Pending:
        self.trouble("resume", pending.token["text"])
        left = int(pending.token["left"]) - 1
        self.resumed.append(pending.token["text"])
        if left:
            token = {**pending.token, "left": str(left)}
            return Pending(token, self.wait, self.unseen)
        return self._post(pending.token["text"], pending.token["key"], "")

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        del post, part
        assert among.since.utcoffset() is not None
        for posting in postings(self.folder):
            if posting["key"] == key.hex:
                return Receipt(
                    posting["id"], f"https://f.example/{posting['id']}", NOON
                )
        return None

    def adopt(self, url: str) -> Receipt:
        name = url.removeprefix("https://f.example/")
        if all(posting["id"] != name for posting in postings(self.folder)):
            message = f"{url} is gone"
            raise UsageError(message)
        return Receipt(name, url, NOON)

    def words(self, receipt: Receipt) -> str | None:
        said = {posting["id"]: posting["text"] for posting in postings(self.folder)}
        return said.get(receipt.id)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        text = post.parts[part].text.text
        self.trouble("before edit", text)
        file = self._file(receipt)
        if file is None:
            message = "it is gone"
            raise Rejected(message)
        draft = self.folder / f".{receipt.id}"
        draft.write_text(json.dumps({**json.loads(file.read_text()), "text": text}))
        draft.rename(file)
        self.trouble("after edit", text)
        return replace(receipt, more={"version": text})

    def withdraw(self, receipt: Receipt) -> None:
        file = self._file(receipt)
        text = json.loads(file.read_text())["text"] if file else ""
        self.trouble("before withdraw", text)
        if file is not None:
            file.unlink()
        self.trouble("after withdraw", text)

    def _file(self, receipt: Receipt) -> Path | None:
        return next(self.folder.glob(f"*-{receipt.id}.json"), None)

    def _post(self, text: str, key: str, parent: str) -> Receipt:
        name = uuid.uuid4().hex
        posting = {"id": name, "text": text, "key": key, "parent": parent}
        order = len(list(self.folder.iterdir()))
        draft = self.folder / f".{name}"
        draft.write_text(json.dumps(posting))
        draft.rename(self.folder / f"{order:05}-{name}.json")
        self.trouble("after", text)
        return Receipt(name, f"https://f.example/{name}", NOON)


def postings(folder: Path) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]


def texts(folder: Path) -> list[str]:
    return [posting["text"] for posting in postings(folder)]


def post(name: str, *parts: str, channel: str = "folder") -> ChannelPost:
    return ChannelPost(
        post=name,
        channel=channel,
        network="folder",
        title=name,
        summary="",
        language="fa",
        parts=tuple(Part(RichText(text)) for text in parts or (f"سلام از {name}",)),
        digest=f"sha256:{name}",
    )


def plan(
    *posts: ChannelPost,
    known: Mapping[str, Publication] | None = None,
    at: datetime = NOON,
) -> Plan:
    """Publish each, going on after the parts that are live already."""
    live = {key: len(record.receipts) for key, record in (known or {}).items()}
    return Plan(
        at,
        tuple(
            Publish(each, Occurrence(each.post, each.post, at), live.get(each.post, 0))
            for each in posts
        ),
    )


@dataclass
class Once:
    """Trouble at one moment of one text, the first so many times."""

    when: str
    text: str
    action: Callable[[], object]
    times: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, when: str, text: str) -> None:
        with self._lock:
            if (when, text) != (self.when, self.text) or self.times == 0:
                return
            self.times -= 1
        self.action()


def fail(problem: Exception) -> Callable[[], object]:
    def action() -> None:
        raise problem

    return action


def lose_the_answer() -> None:
    message = "the connection broke"
    raise OutcomeUnknown(message)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
