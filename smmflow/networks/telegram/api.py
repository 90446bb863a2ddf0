"""The Bot API: requests of one bot, and what its errors mean for the caller.

Answers are `{"ok": true, "result"}` or `{"ok": false, "error_code", "description",
"parameters"}`: https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Answer, Http
from smmflow.networks.waiting import retry_after

__all__ = ["BotApi", "Files", "said"]

Files = Mapping[str, tuple[str, bytes, str]]
"""By the name that the fields call it: file name, bytes, media type."""

_NO_RIGHT = (
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "member list is inaccessible",
)
"""Words of a 400 that a person has to do something about, and not to the post."""
_REFUSALS = range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
_JOIN = "add the bot to the channel as an administrator who may post messages"
_TOKEN = "check the secret that the channel names, and `service` if it is set"  # noqa: S105 - a hint


class BotApi:
    """Requests of one bot. Its token is a part of every path, and of no message.

    Args:
        http: Requests to the server of the API.
        token: As BotFather gave it.
        title: The network's, for messages.
    """

    def __init__(self, http: Http, token: Secret, title: str) -> None:
        self.http = http
        self._title = title
        self._token = Secret(quote(token.reveal(), safe=":"))
        http.hide(token)
        http.hide(self._token)

    def ask(
        self,
        method: str,
        fields: Mapping[str, object] | None = None,
        *,
        repeatable: bool,
        files: Files | None = None,
    ) -> object:
        """Call a method and return its result.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange(method, fields, repeatable=repeatable, files=files)
        return self.result(answer, repeatable=repeatable)

    def exchange(
        self,
        method: str,
        fields: Mapping[str, object] | None = None,
        *,
        repeatable: bool,
        files: Files | None = None,
    ) -> Answer:
        """Call a method and return the answer, whatever it says.

        Args:
            method: As in `sendMessage`; what begins with `get` is a GET.
            fields: Sent as JSON; beside files as a form, structures as JSON text.
            repeatable: Doing it twice harms nobody.
            files: Of which fields speak by name.
        """
        path = f"/bot{self._token.reveal()}/{method}"
        given = dict(fields or {})
        if method.startswith("get"):
            params = {key: str(value) for key, value in given.items()}
            return self.http.exchange("GET", path, repeatable=repeatable, params=params)
        if files:
            form = {key: _formed(value) for key, value in given.items()}
            return self.http.exchange(
                "POST", path, repeatable=repeatable, form=form, files=files
            )
        return self.http.exchange("POST", path, repeatable=repeatable, body=given)

    def result(self, answer: Answer, *, repeatable: bool) -> object:
        """Return what a method gave if it was carried out.

        Raises:
            NetworkError: Of the kind that fits.
        """
        fields = answer.fields()
        if fields.get("ok") is False:
            raise self._meant(fields, answer, repeatable=repeatable)
        self.http.accepted(answer, repeatable=repeatable)
        if fields.get("ok") is not True or fields.get("result") is None:
            kind = Unreachable if repeatable else OutcomeUnknown
            raise kind(
                f"{self._title} at {self.http.base} answered without a result",
                hint="check `service` in channels.yaml, if it is set",
            )
        return fields["result"]

    def _meant(
        self, fields: Mapping[str, object], answer: Answer, *, repeatable: bool
    ) -> NetworkError:
        code = fields.get("error_code")
        code = code if isinstance(code, int) else answer.status
        words = said(answer)
        message = f"{self._title} refused: {self.http.safe(words)} ({code})"
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(message, retry_after=_wait(fields, answer))
        if code == HTTPStatus.REQUEST_TIMEOUT or code not in _REFUSALS:
            return (Unreachable if repeatable else OutcomeUnknown)(message)
        if hint := _who_may(code, words.lower()):
            return SignInFailed(message, hint=hint)
        return Rejected(message, hint=_moved(fields))


def said(answer: Answer) -> str:
    """Return the API's words about an error."""
    return str(answer.fields().get("description") or "no reason")


def _who_may(code: int, words: str) -> str:
    """Return what to do about the bot and its rights; empty if they are not at fault.

    A token that can be none at all is answered by 404, as an unknown path is.
    """
    if code == HTTPStatus.FORBIDDEN or any(each in words for each in _NO_RIGHT):
        return _JOIN
    no_bot = code == HTTPStatus.NOT_FOUND and "message" not in words
    return _TOKEN if no_bot or code == HTTPStatus.UNAUTHORIZED else ""


def _formed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parameters(fields: Mapping[str, object]) -> Mapping[str, object]:
    """https://core.telegram.org/bots/api#responseparameters."""
    parameters = fields.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _wait(fields: Mapping[str, object], answer: Answer) -> float | None:
    wait = _parameters(fields).get("retry_after")
    if isinstance(wait, int | float):
        return float(wait)
    return retry_after(answer.headers)


def _moved(fields: Mapping[str, object]) -> str:
    chat = _parameters(fields).get("migrate_to_chat_id")
    return f"its id is {chat} now: put that into channels.yaml" if chat else ""
