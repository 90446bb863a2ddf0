"""A Mastodon account as its API serves it: requests in its name, lists, uploads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Unpack

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Unreachable
from smmflow.model.media import Attachment
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.mastodon.status import moment_of, objects
from smmflow.networks.media import read_media

__all__ = ["Account"]

_IDENTITY = ("id", "acct", "url")
"""https://docs.joinmastodon.org/entities/Account/"""
_PAGE = 40
_PAGES = 10

Json = dict[str, object]


class Account:
    """An account behind a token.

    Args:
        http: Requests to its instance.
        token: What opens it.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, http: Http, token: Secret, root: Path) -> None:
        self.http = http
        self._token = token
        self._root = root
        self._known: Json | None = None

    def exchange(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Ask in the account's name; whatever the answer is comes back."""
        signed: Request = {**request, "token": self._token}
        return self.http.exchange(method, path, repeatable=repeatable, **signed)

    def forget(self) -> None:
        """Ask anew who it is, the next time."""
        self._known = None

    def me(self) -> Json:
        """Return who it is, asked once.

        Raises:
            Unreachable: What answers is no Mastodon.
        """
        if self._known is None:
            answer = self.ask("GET", "/api/v1/accounts/verify_credentials")
            account = dict(answer.fields())
            if not all(isinstance(account.get(key), str) for key in _IDENTITY):
                raise Unreachable(
                    f"{self.http.base} does not say whose account the token opens",
                    hint="check the address in channels.yaml: is that a Mastodon?",
                )
            self._known = account
        return self._known

    def upload(self, attachment: Attachment) -> tuple[str, bool]:
        """Send a file; return its id, and whether it is ready to be used.

        https://docs.joinmastodon.org/methods/media/#v2
        """
        facts = attachment.facts
        content = read_media(self._root, facts)
        name = facts.path.rpartition("/")[2]
        answer = self.ask(
            "POST",
            "/api/v2/media",
            repeatable=True,
            files={"file": (name, content, facts.media_type)},
            form={"description": attachment.alt} if attachment.alt else {},
        )
        media = answer.fields().get("id")
        if not media:
            raise Unreachable(f"{self.http.base} gave no id for {facts.path}")
        return str(media), answer.status != HTTPStatus.ACCEPTED

    def own(self, since: datetime) -> Iterator[Json]:
        """Yield its own statuses since a moment, the newest first; as `pages`."""
        path = f"/api/v1/accounts/{self.me().get('id')}/statuses"
        for status in self.pages(path, exclude_reblogs="true"):
            if moment_of(status.get("created_at")) < since:
                return
            yield status

    def pages(self, path: str, **params: str) -> Iterator[Json]:
        """Yield what a list has, the newest first.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        asked = {"limit": str(_PAGE), **params}
        seen: set[str] = set()
        for _ in range(_PAGES):
            page = objects(self.ask("GET", path, params=asked).content())
            fresh = [each for each in page if str(each.get("id")) not in seen]
            if not fresh:  # a short page proves nothing: servers leave entries out
                return
            yield from fresh
            seen.update(str(each.get("id")) for each in fresh)
            asked["max_id"] = str(fresh[-1].get("id"))
        raise OutcomeUnknown(f"{path} has more than {_PAGES * _PAGE} entries")

    def status(self, name: str) -> Mapping[str, object] | None:
        """Return a status; None if it is gone."""
        path = f"/api/v1/statuses/{name}"
        answer = self.exchange("GET", path, repeatable=True)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return self.http.accepted(answer, repeatable=True).fields()

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Answer:
        """Ask in the account's name; raises NetworkError unless it is accepted."""
        signed: Request = {**request, "token": self._token}
        return self.http.carry_out(method, path, repeatable=repeatable, **signed)
