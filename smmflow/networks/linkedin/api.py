"""LinkedIn's versioned REST API: what every request carries, and how it says no."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Unpack
from urllib.parse import urlsplit

import httpx

from smmflow.credentials import Secret
from smmflow.errors import NetworkError, OutcomeUnknown, SignInFailed
from smmflow.networks.http import Answer, Http, Request

__all__ = ["BASE", "Api", "fields_of", "number_of", "objects"]

BASE = "https://api.linkedin.com"
_PROTOCOL = "2.0.0"
"""https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/protocol-version"""
_OWN = ".linkedin.com"

Json = dict[str, object]


class Api:
    """Requests in an account's name.

    Args:
        token: What opens it.
        version: Month of the API, as in `202605`.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        token: Secret,
        version: str,
        *,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self.http = Http(BASE, "LinkedIn", transport=transport)
        self._token = token
        self._version = version

    def exchange(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        action: str = "",
        **request: Unpack[Request],
    ) -> Answer:
        """Ask in the account's name; whatever the answer is comes back.

        Args:
            method: As in `POST`.
            path: With its query, encoded as Rest.li wants it.
            repeatable: Doing it twice harms nobody.
            action: Rest.li's name of what is done, where the method leaves it open.
            request: What it carries.

        Raises:
            SignInFailed: The version of the API has been switched off.
            NetworkError: Of the kind that fits, if there is no answer.
        """
        headers = {
            "LinkedIn-Version": self._version,
            "X-Restli-Protocol-Version": _PROTOCOL,
            **({"X-RestLi-Method": action} if action else {}),
        }
        signed: Request = {**request, "headers": headers, "token": self._token}
        answer = self.http.exchange(method, path, repeatable=repeatable, **signed)
        if answer.status == HTTPStatus.UPGRADE_REQUIRED:
            raise SignInFailed(
                f"LinkedIn no longer speaks version {self._version} of its API, and "
                "did nothing",
                hint="update smmflow, or set `version` of the channel in channels.yaml "
                "to a month that LinkedIn lists at "
                "https://learn.microsoft.com/en-us/linkedin/marketing/versioning",
            )
        return answer

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        action: str = "",
        **request: Unpack[Request],
    ) -> Answer:
        """Ask in the account's name; raises NetworkError unless it is accepted."""
        answer = self.exchange(
            method, path, repeatable=repeatable, action=action, **request
        )
        return self.http.accepted(answer, repeatable=repeatable)

    def create(self, path: str, body: Json) -> Answer:
        """Make something public, once.

        Raises:
            OutcomeUnknown: It may be live: LinkedIn has something that says the same,
                or works on it.
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange("POST", path, repeatable=False, body=body)
        if answer.ok:
            return self.http.accepted(answer, repeatable=False)
        refusal = self.http.refusal(answer, repeatable=False)
        if answer.status == HTTPStatus.CONFLICT or _says_duplicate(refusal):
            raise OutcomeUnknown(refusal.message)
        raise refusal

    def seen(self, path: str) -> Mapping[str, object] | None:
        """Return what is at a path; None if it is gone."""
        answer = self.exchange("GET", path, repeatable=True)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return self.http.accepted(answer, repeatable=True).fields()

    def remove(self, path: str) -> None:
        """Take something down; what is gone already is no error."""
        answer = self.exchange("DELETE", path, repeatable=False, action="DELETE")
        if answer.status != HTTPStatus.NOT_FOUND:
            self.http.accepted(answer, repeatable=False)

    def put(self, url: str, content: bytes, *, signed: bool) -> Answer:
        """Send bytes where LinkedIn said to; the token goes to LinkedIn only."""
        address = urlsplit(url)
        own = address.scheme == "https" and (address.hostname or "").endswith(_OWN)
        request: Request = {
            "content": content,
            "headers": {"Content-Type": "application/octet-stream"},
        }
        if signed and own:
            request["token"] = self._token
        answer = self.http.exchange("PUT", url, repeatable=True, **request)
        if not answer.ok:
            raise self.http.refusal(answer, repeatable=True)
        return answer


def _says_duplicate(refusal: NetworkError) -> bool:
    # What is there may be the very post whose answer was lost.
    return "duplicate" in refusal.message.lower()


def fields_of(value: object) -> Json:
    """Return an object; empty if it is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


def number_of(value: object) -> int | None:
    """Return a count; None if it is none.

    Likes can be below zero where a like of an advertisement was taken back:
    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    return max(0, value) if whole and isinstance(value, int) else None
