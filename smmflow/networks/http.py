"""Requests, and the one place that says what their outcomes mean for the caller.

A write is *repeatable* if doing it twice harms nobody: signing in, uploading a file
that nothing shows yet. Only for those does a lost answer mean "again"; for all others
it means that nobody knows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypedDict, Unpack

import httpx

from smmflow import __version__
from smmflow.credentials import Secret, struck_out
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.waiting import http_date, retry_after

__all__ = ["USER_AGENT", "Answer", "Http", "Request", "first_line"]

USER_AGENT = f"smmflow/{__version__}"
_ABSOLUTE = ("https://", "http://")
_LARGEST_ANSWER = 8 * 1024 * 1024
_LONGEST_WORDS = 300
_MOST_FAULTS = 3
_WORDS = (
    "error",
    "error_description",
    "message",
    "title",
    "detail",
    "description",
    "errors",
)
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# Node servers close idle connections after five seconds, at times just as they are
# used again, and a write that meets such an end has an unknown outcome.
_LIMITS = httpx.Limits(keepalive_expiry=2.0)
# It writes every address it asks into the log, and some addresses hold a token.
logging.getLogger("httpx").addFilter(lambda _: False)
# Likewise for the headers of answers, for whoever wants to be told everything.
logging.getLogger("httpcore").setLevel(logging.WARNING)
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, read to its end."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def at(self) -> datetime | None:
        """When the server answered by its own clock, aware, UTC."""
        return http_date(self.headers.get("date", ""))

    def content(self) -> object:
        """Return the decoded JSON; None if the body is none."""
        try:
            content: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return content

    def fields(self) -> Mapping[str, object]:
        """Return the decoded JSON object; empty if it is no object."""
        content = self.content()
        return content if isinstance(content, dict) else {}


class Request(TypedDict, total=False):
    """What a request carries besides its method and path.

    Attributes:
        token: The bearer.
        headers: Further ones.
        params: The query.
        body: Sent as JSON.
        content: Sent as it is.
        files: Sent as `multipart/form-data`: name, bytes and media type of each.
        form: Fields beside `files`.
    """

    token: Secret
    headers: Mapping[str, str]
    params: Mapping[str, str | list[str]]
    body: object
    content: bytes
    files: Mapping[str, tuple[str, bytes, str]]
    form: Mapping[str, str]


class Http:
    """Requests to one server.

    Args:
        base: Its address, without a slash at the end.
        network: The network's title, for messages.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        base: str,
        network: str,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base = base
        self._network = network
        self._secrets: set[Secret] = set()
        self._client = httpx.Client(
            transport=transport,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            follow_redirects=False,
            trust_env=transport is None,
        )

    def hide(self, secret: Secret) -> None:
        """Replace this secret by `***` wherever a server repeats it in an error.

        In whichever way it writes it there: see `struck_out`.
        """
        self._secrets.add(secret)

    def exchange(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        **request: Unpack[Request],
    ) -> Answer:
        """Send one request and return the answer, whatever its status.

        Args:
            method: As in `POST`.
            path: Behind the base; or a whole address that the network gave, as for
                uploads. Such a place gets no secret unless `request` says so.
            repeatable: Doing it twice harms nobody.
            request: What it carries.

        Raises:
            Unreachable: Nothing was sent, or a repeatable request got no answer.
            OutcomeUnknown: A request that is not repeatable got no answer.
        """
        headers = dict(request.get("headers", {}))
        address = path if path.startswith(_ABSOLUTE) else f"{self.base}{path}"
        if "token" in request:
            self.hide(request["token"])
            headers["Authorization"] = f"Bearer {request['token'].reveal()}"
        try:
            with self._client.stream(
                method,
                address,
                headers=headers,
                params=request.get("params"),
                json=request.get("body"),
                content=request.get("content"),
                files=request.get("files"),
                data=request.get("form"),
            ) as response:
                read = self._read(response, repeatable=repeatable)
                return Answer(response.status_code, response.headers, read)
        except _NOTHING_SENT as error:
            raise self._unreachable(error) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            if repeatable:
                raise self._unreachable(error) from None
            raise OutcomeUnknown(
                f"{self._network} at {self.base} did not answer "
                f"({type(error).__name__}), so nobody knows what it did",
            ) from None

    def carry_out(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        **request: Unpack[Request],
    ) -> Answer:
        """Send one request and return the answer of a server that carried it out.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange(method, path, repeatable=repeatable, **request)
        return self.accepted(answer, repeatable=repeatable)

    def accepted(self, answer: Answer, *, repeatable: bool) -> Answer:
        """Return the answer if the server did what it was asked to, in JSON.

        Raises:
            NetworkError: Of the kind that fits.
        """
        if not answer.ok:
            raise self.refusal(answer, repeatable=repeatable)
        if answer.body and answer.content() is None:
            kind = Unreachable if repeatable else OutcomeUnknown
            raise kind(
                f"{self._network} at {self.base} answered with {_what(answer)} "
                "instead of JSON",
                hint="check the address in channels.yaml",
            )
        return answer

    def refusal(self, answer: Answer, *, repeatable: bool) -> NetworkError:
        """Return the error that an answer other than success means."""
        said = f"{self._network} at {self.base} answered {answer.status}"
        words = self._words(answer)
        message = f"{said}: {words}" if words else said
        match answer.status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                return SignInFailed(
                    message, hint="check the secret that the channel names"
                )
            case HTTPStatus.TOO_MANY_REQUESTS:
                return RateLimited(message, retry_after=retry_after(answer.headers))
            # It was carried out, and what came of it is elsewhere:
            # https://www.rfc-editor.org/rfc/rfc9110#name-303-see-other
            case HTTPStatus.SEE_OTHER if not repeatable:
                return OutcomeUnknown(message)
            case status if (
                status == HTTPStatus.REQUEST_TIMEOUT
                or status >= HTTPStatus.INTERNAL_SERVER_ERROR
            ):
                return (Unreachable if repeatable else OutcomeUnknown)(message)
            case status if status >= HTTPStatus.BAD_REQUEST:
                return Rejected(message)
            case _:
                return Unreachable(
                    f"{said}, which sends elsewhere",
                    hint="give the address it redirects to in channels.yaml",
                )

    def close(self) -> None:
        """Let go of sockets."""
        self._client.close()

    def _read(self, response: httpx.Response, *, repeatable: bool) -> bytes:
        read = bytearray()
        for some in response.iter_bytes():
            read += some
            if len(read) > _LARGEST_ANSWER:
                kind = Unreachable if repeatable else OutcomeUnknown
                raise kind(
                    f"{self._network} at {self.base} answered with more than "
                    f"{_LARGEST_ANSWER} bytes"
                )
        return bytes(read)

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(
            f"{self._network} at {self.base} can't be reached: "
            f"{self.safe(str(error)) or type(error).__name__}",
            hint="nothing was published; try again later",
        )

    def _words(self, answer: Answer) -> str:
        fields = answer.fields()
        said = list(_said(fields))
        if said:
            return self.safe(", ".join(dict.fromkeys(said)))
        return _what(answer) if answer.body and not fields else ""

    def safe(self, words: str) -> str:
        """Return somebody else's words as one line without our secrets."""
        return first_line(struck_out(words, self._secrets))


def _said(fields: Mapping[str, object], deep: int = 2) -> Iterator[str]:
    """Yield what an answer says of what went wrong, wherever networks put it."""
    for key in _WORDS:
        value = fields.get(key)
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, dict) and deep:
            yield from _said(value, deep - 1)
        elif isinstance(value, list) and deep:
            for each in value[:_MOST_FAULTS]:
                if isinstance(each, dict):
                    yield from _said(each, deep - 1)


def first_line(words: str) -> str:
    """Return somebody else's words as one line of bounded length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + "…"


def _what(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    start = answer.body[:200].lstrip().lower()
    if kind == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if kind == "application/json" or kind.endswith("+json"):
        return "broken text"
    return first_line(kind) or "an unknown kind of content"
