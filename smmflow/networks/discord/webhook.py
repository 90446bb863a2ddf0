"""A webhook's way into a Discord channel: its address is the secret."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from smmflow.credentials import Secret
from smmflow.errors import SignInFailed
from smmflow.networks.discord.door import Door, id_in
from smmflow.networks.interface import Identity

__all__ = ["WebhookDoor"]

_WEBHOOK = re.compile(
    r"(?:^|/)webhooks/(?P<id>[0-9]{5,25})/(?P<token>[\w-]{8,})/?(?:\?|$)",
    re.ASCII,
)

Json = Mapping[str, object]


class WebhookDoor(Door):
    """A webhook of a channel; who has its address may speak.

    Args:
        service: Address of the API.
        url: The webhook's whole address.
        thread: Id of a thread in its channel; empty for the channel itself.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        service: str,
        url: Secret,
        thread: str,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(service, transport=transport)
        self._found = _WEBHOOK.search(url.reveal())
        self._thread = thread
        self.http.hide(url)
        if self._found:
            self.http.hide(Secret(self._found["token"]))

    def messages(self) -> str:
        """Return the path of the webhook's own messages."""
        return f"{self.birthplace()}/messages"

    def birthplace(self) -> str:
        """Return the webhook's path, its token in it.

        Raises:
            SignInFailed: The secret is no webhook's address.
        """
        if self._found is None:
            raise SignInFailed(
                "the secret is no address of a Discord webhook",
                hint="copy it whole: https://discord.com/api/webhooks/, two names",
            )
        return f"/webhooks/{self._found['id']}/{self._found['token']}"

    def sending(self, thread_name: str) -> Mapping[str, str]:
        """Ask for the message, which tells its id, and say which thread gets it.

        https://docs.discord.com/developers/resources/webhook#execute-webhook
        """
        known = {"thread_id": self._thread} if self._thread and not thread_name else {}
        return {"wait": "true", **known}

    def beside(self, channel: str) -> Mapping[str, str]:
        """Name the thread, if that is no channel: messages in one need it."""
        other = channel and channel != self.room()["id"]
        return {"thread_id": channel} if other else {}

    def headers(self) -> Mapping[str, str]:
        """Return nothing: the path is the secret."""
        return {}

    def room(self) -> Json:
        """Return the webhook's channel and server."""
        webhook = self._webhook()
        return {
            "id": id_in(webhook, "channel_id", "where the webhook posts"),
            "guild_id": str(webhook.get("guild_id") or "@me"),
        }

    def whoami(self) -> Identity:
        """Return the webhook's name, asked anew."""
        self._opened = None
        webhook = self._webhook()
        return Identity(
            str(webhook.get("id", "")), str(webhook.get("name") or "webhook")
        )

    def _webhook(self) -> Json:
        if self._opened is None:
            self._opened = self.ask("GET", self.birthplace()).fields()
        return self._opened
