"""A bot's account in a Slack workspace: who it is, and what is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smmflow.errors import Unreachable
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Identity
from smmflow.networks.slack.message import moment_of, page_of, pictures_in, ts_of
from smmflow.networks.slack.web import Web

__all__ = ["Account", "files_of"]

Json = Mapping[str, object]


class Account:
    """A bot, asked once who it is.

    Args:
        web: Methods of the Web API.
        channel: Id of its channel.
    """

    def __init__(self, web: Web, channel: str) -> None:
        self._web = web
        self._channel = channel
        self._known: Json | None = None

    def identity(self) -> Identity:
        """Return the bot, its workspace and its scopes, asked anew.

        https://docs.slack.dev/reference/methods/auth.test
        """
        self._known = None
        me = self.me()
        return Identity(
            str(me.get("user_id") or ""),
            f"{me.get('user')} in {me.get('team')}",
            self.workspace(),
            scopes=self._web.scopes,
        )

    def me(self) -> Json:
        """Return what Slack says of the token.

        Raises:
            NetworkError: Of the kind that fits.
        """
        if self._known is None:
            me = self._web.read("auth.test")
            if not me.get("user_id") or not me.get("url"):
                raise Unreachable(
                    "Slack did not say whose token it is",
                    hint="check `service` in channels.yaml, and proxies on the way",
                )
            self._known = me
        return self._known

    def workspace(self) -> str:
        """Return the workspace's address."""
        return str(self.me().get("url") or "")

    def owns(self, message: Json) -> bool:
        """Tell whether the bot wrote a message."""
        me = self.me()
        pairs = (("bot_id", "bot_id"), ("user_id", "user"))
        return any(me.get(a) and me.get(a) == message.get(b) for a, b in pairs)

    def page(self, ts: str, thread: str) -> str:
        """Return where people see a message, by its name and its thread's."""
        return page_of(self.workspace(), self._channel, ts, thread)

    def receipt(self, message: Json, digests: Sequence[str]) -> Receipt:
        """Return the receipt of a message.

        Args:
            message: As Slack gave it, or as it was sent with its `ts`.
            digests: SHA-256 of its pictures, in order, for later edits.

        Raises:
            OutcomeUnknown: It has no name.
        """
        ts = ts_of(message)
        thread = str(message.get("thread_ts") or "")
        below = {"thread": thread} if thread not in {"", ts} else {}
        more = {**below, **files_of(pictures_in(message), digests)}
        return Receipt(ts, self.page(ts, below.get("thread", "")), moment_of(ts), more)


def files_of(files: Sequence[str], digests: Sequence[str]) -> Mapping[str, str]:
    """Return what a receipt keeps of pictures: their ids and what was in them."""
    if not files or len(files) != len(digests):
        return {}
    return {"files": " ".join(files), "sha256": " ".join(digests)}
