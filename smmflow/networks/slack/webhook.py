"""An incoming webhook of a Slack channel: it takes a message, and says only `ok`."""

from __future__ import annotations

import re
from http import HTTPStatus

import httpx

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    Rejected,
    SignInFailed,
    Unsupported,
)
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.http import Answer, Http
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.slack.message import message_body, previews

__all__ = ["SlackWebhookConnection"]

_ADDRESS = re.compile(
    r"/services/(?P<team>T[A-Z0-9]+)/(?P<hook>B[A-Z0-9]+)/(?P<token>[A-Za-z0-9]+)/?$"
)
_SIGN_IN = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
"""https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors"""


class SlackWebhookConnection(Connection):
    """Nothing but posting; what was posted is never heard of again.

    Args:
        hooks: Address of webhooks.
        url: The webhook's whole address.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self, hooks: str, url: Secret, *, transport: httpx.BaseTransport | None
    ) -> None:
        self._http = Http(hooks, "Slack", transport=transport)
        self._found = _ADDRESS.search(url.reveal())
        self._http.hide(url)
        if self._found:
            self._http.hide(Secret(self._found["token"]))

    def whoami(self) -> Identity:
        """Return the webhook's own names; whether it still works only posting tells."""
        address = self._address()
        name = f"{address['team']}/{address['hook']}"
        return Identity(name, f"webhook {address['hook']}")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Post a message.

        Slack tells no name of it. The receipt's is our own, made of the key, and
        stands in the message as its block's: nothing can be done with it here, but who
        can read the channel through the API finds the message by it.

        Raises:
            NetworkError: Of the kind that fits.
        """
        if after is not None:
            raise Unsupported("messages of a webhook can't follow each other")
        address = self._address()
        name = f"webhook-{key.hex[:24]}"
        body = message_body(post.settings, post.parts[part], [], name=name)
        answer = self._http.exchange(
            "POST",
            f"/services/{address['team']}/{address['hook']}/{address['token']}",
            repeatable=False,
            body={**body, **previews(post.settings)},
        )
        if not answer.ok or answer.body.strip() != b"ok":
            raise self._refusal(answer)
        return Receipt(name, "", answer.at or key.due)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Refuse: a webhook can read nothing."""
        del post, part, key, among
        raise Unsupported("a webhook can't look at what it posted")

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()

    def _address(self) -> re.Match[str]:
        if self._found is None:
            raise SignInFailed(
                "the secret is no address of a Slack webhook",
                hint="copy it whole: https://hooks.slack.com/services/, three names",
            )
        return self._found

    def _refusal(self, answer: Answer) -> NetworkError:
        said = self._http.safe(answer.body.decode("utf-8", "replace"))
        words = f"Slack answered {answer.status}: {said[:80]}"
        if answer.ok:
            return OutcomeUnknown(f"{words}, and not `ok`")
        if answer.status in _SIGN_IN:
            return SignInFailed(words, hint="make a new webhook for the channel")
        if answer.status == HTTPStatus.BAD_REQUEST:
            return Rejected(words)
        return self._http.refusal(answer, repeatable=False)
