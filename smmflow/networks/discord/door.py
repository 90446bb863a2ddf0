"""What opens a Discord channel, and a bot's way into one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from http import HTTPStatus
from typing import Unpack

import httpx

from smmflow.credentials import Secret
from smmflow.errors import (
    ConfigurationError,
    NetworkError,
    RateLimited,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.interface import Identity

__all__ = ["BotDoor", "Door", "id_in", "is_gone"]

_UNKNOWN_MESSAGE = 10008
_GONE = frozenset({10003, 10015})
"""Unknown channel, unknown webhook.
https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes"""

Json = Mapping[str, object]


class Door(ABC):
    """What opens a channel, and where its messages are.

    Args:
        service: Address of the API.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self, service: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.http = Http(service, "Discord", transport=transport)
        self._opened: Json | None = None

    @abstractmethod
    def messages(self) -> str:
        """Return the path below which messages are.

        Raises:
            SignInFailed: The secret is none.
        """

    @abstractmethod
    def birthplace(self) -> str:
        """Return the path that new messages are sent to; raises as `messages`."""

    @abstractmethod
    def sending(self, thread_name: str) -> Mapping[str, str]:
        """Return the query of a request that makes a message."""

    @abstractmethod
    def beside(self, channel: str) -> Mapping[str, str]:
        """Return the query of a request about a message in that channel or thread."""

    @abstractmethod
    def headers(self) -> Mapping[str, str]:
        """Return what signs a request."""

    @abstractmethod
    def room(self) -> Json:
        """Return the channel's `id` and `guild_id`, asked once.

        Raises:
            NetworkError: Of the kind that fits.
        """

    @abstractmethod
    def whoami(self) -> Identity:
        """Return who speaks."""

    def exchange(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Ask; whatever the answer is comes back."""
        signed: Request = {**request, "headers": self.headers()}
        return self.http.exchange(method, path, repeatable=repeatable, **signed)

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Answer:
        """Ask; raises NetworkError unless it is accepted."""
        answer = self.exchange(method, path, repeatable=repeatable, **request)
        return self.accepted(answer, repeatable=repeatable)

    def accepted(self, answer: Answer, *, repeatable: bool) -> Answer:
        """Return the answer if Discord did what it was asked to.

        Raises:
            NetworkError: Of the kind that fits; a rate limit with the seconds that the
                answer's body names, which are exact where the header's are rounded:
                https://docs.discord.com/developers/topics/rate-limits
        """
        if answer.ok:
            return self.http.accepted(answer, repeatable=repeatable)
        raise self._refusal(answer, repeatable=repeatable)

    def message(self, name: str, channel: str = "") -> Json | None:
        """Return a message; None if it is gone."""
        path = f"{self.messages()}/{name}"
        params = dict(self.beside(channel))
        answer = self.exchange("GET", path, repeatable=True, params=params)
        if is_gone(answer):
            return None
        return self.accepted(answer, repeatable=True).fields()

    def _refusal(self, answer: Answer, *, repeatable: bool) -> NetworkError:
        error = self.http.refusal(answer, repeatable=repeatable)
        said = answer.fields()
        seconds = said.get("retry_after")
        if isinstance(error, RateLimited) and isinstance(seconds, int | float):
            return RateLimited(error.message, retry_after=float(seconds))
        if answer.status == HTTPStatus.NOT_FOUND and said.get("code") in _GONE:
            return SignInFailed(
                error.message,
                hint="was the webhook deleted, or is channel_id another server's?",
            )
        return error


class BotDoor(Door):
    """A bot in a channel.

    Args:
        service: Address of the API.
        token: The bot's.
        channel: Id of the channel.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        service: str,
        token: Secret,
        channel: str,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(service, transport=transport)
        self.http.hide(token)
        self._token = token
        self.channel = channel

    def messages(self) -> str:
        """Return the path of the channel's messages."""
        return f"/channels/{self.channel}/messages"

    def birthplace(self) -> str:
        """Return the same path."""
        return self.messages()

    def sending(self, thread_name: str) -> Mapping[str, str]:
        """Return nothing: a bot's channel is the only place.

        Raises:
            ConfigurationError: The post wants to open a thread in a forum.
        """
        if thread_name:
            raise ConfigurationError(
                "thread_name opens threads by webhook only",
                hint="leave it out, or connect the forum by a webhook",
            )
        return {}

    def beside(self, channel: str) -> Mapping[str, str]:
        """Return nothing: the path says where."""
        del channel
        return {}

    def headers(self) -> Mapping[str, str]:
        """Sign as https://docs.discord.com/developers/reference#authentication says."""
        return {"Authorization": f"Bot {self._token.reveal()}"}

    def room(self) -> Json:
        """Return the channel's own id and its server's."""
        if self._opened is None:
            found = self.ask("GET", f"/channels/{self.channel}").fields()
            self._opened = {
                "id": self.channel,
                "guild_id": str(found.get("guild_id") or "@me"),
            }
        return self._opened

    def whoami(self) -> Identity:
        """Return the bot's account."""
        user = self.ask("GET", "/users/@me").fields()
        name = id_in(user, "id", "whose token it is")
        return Identity(name, str(user.get("username", "")))


def id_in(fields: Json, key: str, what: str) -> str:
    """Return an id; what answers with another JSON is no Discord.

    Raises:
        Unreachable: It is none.
    """
    name = fields.get(key)
    if not isinstance(name, str) or not name.isdecimal():
        raise Unreachable(
            f"Discord did not say {what}",
            hint="check `service` in channels.yaml, and proxies on the way",
        )
    return name


def is_gone(answer: Answer) -> bool:
    """Tell whether a message is gone, or the thread that it was in."""
    unknown = answer.fields().get("code") in {_UNKNOWN_MESSAGE, 10003}
    return answer.status == HTTPStatus.NOT_FOUND and unknown
