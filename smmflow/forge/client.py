"""Requests to a forge, and what their outcomes mean for the caller."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

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

__all__ = ["Answer", "Client"]

_LARGEST_ANSWER = 32 * 1024 * 1024
_LONGEST_WORDS = 300
_MOST_PAGES = 50
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a forge said, read to its end.

    Attributes:
        status: Of HTTP.
        content: The decoded JSON; None if there is none.
        next: The address of the next page; empty if this is the last.
    """

    status: int
    content: object
    next: str = ""

    @property
    def fields(self) -> Mapping[str, object]:
        """The object in the answer; empty if it is none."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def rows(self) -> tuple[Mapping[str, object], ...]:
        """The objects of the list in the answer; empty if it is none."""
        rows = self.content if isinstance(self.content, list) else []
        return tuple(row for row in rows if isinstance(row, dict))


class Client:
    """Requests to one forge.

    Args:
        base: The address of its API, without a slash at the end.
        name: What people call it, for messages.
        token: The bearer; None to ask as a stranger, as of a public repository.
        headers: Sent with every request.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        base: str,
        name: str,
        *,
        token: Secret | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base = base
        self._name = name
        self._token = token
        sent = {"User-Agent": f"smmflow/{__version__}", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token.reveal()}"
        self._client = httpx.Client(
            transport=transport,
            timeout=_TIMEOUT,
            headers=sent,
            follow_redirects=False,
            trust_env=transport is None,
        )

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read something.

        Returns:
            The answer; its status is 404 if there is no such thing.

        Raises:
            NetworkError: Of the kind that fits.
        """
        return self._ask("GET", f"{self.base}{path}", params=params, headers=headers)

    def pages(
        self, path: str, *, params: Mapping[str, str] | None = None
    ) -> Iterator[Mapping[str, object]]:
        """Yield the objects of a list, page after page, by the `Link` header.

        https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.get(path, params={"per_page": "100", **(params or {})})
        yield from answer.rows
        for _ in range(_MOST_PAGES):
            # A token goes to the forge it is for, wherever an answer points.
            if not answer.next.startswith(f"{self.base}/"):
                return
            answer = self._ask("GET", answer.next)
            yield from answer.rows
        raise Unreachable(f"{self._name} answered with a list without an end")

    def write(self, method: str, path: str, body: object) -> Answer:
        """Create or change something.

        Raises:
            OutcomeUnknown: It may have been done.
            NetworkError: It was not.
        """
        return self._ask(method, f"{self.base}{path}", body=body)

    def close(self) -> None:
        """Let go of sockets."""
        self._client.close()

    def _ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        lost = Unreachable if method == "GET" else OutcomeUnknown
        try:
            with self._client.stream(
                method, url, params=params, headers=headers, json=body
            ) as response:
                said = self._read(response, lost)
        except _NOTHING_SENT as problem:
            raise Unreachable(
                f"{self._name} can't be reached: {self._safe(str(problem))}",
                hint="try again later",
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise lost(
                f"{self._name} did not answer ({type(problem).__name__})",
                hint="try again later",
            ) from None
        self._refuse(response, said, lost)
        following = response.links.get("next", {}).get("url", "")
        return Answer(response.status_code, _decoded(said), following)

    def _read(self, response: httpx.Response, lost: type[NetworkError]) -> bytes:
        read = bytearray()
        for some in response.iter_bytes():
            read += some
            if len(read) > _LARGEST_ANSWER:
                raise lost(f"{self._name} answered with too much")
        return bytes(read)

    def _refuse(
        self, response: httpx.Response, said: bytes, lost: type[NetworkError]
    ) -> None:
        """Do nothing, unless the forge did not do what it was asked to.

        Limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
        """
        status, headers = response.status_code, response.headers
        if response.is_success and (not said or _decoded(said) is not None):
            return
        message = f"{self._name} answered {status}{self._words(said)}"
        wait = headers.get("retry-after", "")
        if status == HTTPStatus.TOO_MANY_REQUESTS or (
            status == HTTPStatus.FORBIDDEN
            and (wait or headers.get("x-ratelimit-remaining") == "0")
        ):
            seconds = float(wait) if wait.isdecimal() else None
            raise RateLimited(
                message, retry_after=seconds, hint="it answers again within the hour"
            )
        match status:
            case HTTPStatus.NOT_FOUND:
                return
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                raise SignInFailed(message, hint=self._about_token())
            case status if HTTPStatus.BAD_REQUEST <= status < 500:  # noqa: PLR2004
                raise Rejected(message)
            case _:
                raise lost(message, hint="try again later")

    def _about_token(self) -> str:
        if self._token is None:
            return "set GITHUB_TOKEN: a private repository answers nobody without it"
        return "see that GITHUB_TOKEN is still valid and may read contents and pulls"

    def _words(self, said: bytes) -> str:
        content = _decoded(said)
        words = content.get("message") if isinstance(content, dict) else None
        return f": {self._safe(words)}" if isinstance(words, str) and words else ""

    def _safe(self, words: str) -> str:
        if self._token is not None:
            words = struck_out(words, (self._token,))
        flat = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        return flat[:_LONGEST_WORDS]


def _decoded(said: bytes) -> object:
    try:
        content: object = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return content
