"""A Matrix room as its homeserver's API serves it: requests, history, uploads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Unpack
from urllib.parse import quote

from smmflow.credentials import Secret
from smmflow.errors import (
    ConfigurationError,
    OutcomeUnknown,
    RateLimited,
    SignInFailed,
    Unreachable,
)
from smmflow.model.media import Attachment
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.matrix.event import moment_of, objects
from smmflow.networks.media import read_media

__all__ = ["Room"]

_API = "/_matrix/client/v3"
_PAGE = 100
_PAGES = 50

Json = dict[str, object]


class Room:
    """A room, and the account that speaks in it.

    Args:
        http: Requests to the account's homeserver.
        name: The room's id or alias.
        token: What opens the account.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, http: Http, name: str, token: Secret, root: Path) -> None:
        self.http = http
        self.name = name
        self._token = token
        self._root = root
        self._id = "" if name.startswith("#") else name
        self._user = ""

    @property
    def user(self) -> str:
        """Who the token belongs to, asked once.

        https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv3accountwhoami

        Raises:
            Unreachable: What answers is no Matrix homeserver.
        """
        if not self._user:
            said = self.ask("GET", f"{_API}/account/whoami").fields().get("user_id")
            if not isinstance(said, str) or ":" not in said:
                raise Unreachable(
                    f"{self.http.base} does not say whose account the token opens",
                    hint="check the homeserver in channels.yaml: it is the address "
                    "that clients use, and it answers /_matrix/client/versions",
                )
            self._user = said
        return self._user

    @property
    def id(self) -> str:
        """The room's id; what its alias leads to is asked once.

        https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv3directoryroomroomalias

        Raises:
            ConfigurationError: The alias leads to no room.
        """
        if not self._id:
            path = f"{_API}/directory/room/{quote(self.name, safe='')}"
            answer = self._exchange("GET", path, repeatable=True)
            if answer.status == HTTPStatus.NOT_FOUND:
                raise ConfigurationError(
                    f"no room is called {self.name}",
                    hint="check `room` in channels.yaml; the room's settings show its "
                    "address",
                )
            found = self._accepted(answer, repeatable=True).fields().get("room_id")
            if not isinstance(found, str) or not found.startswith("!"):
                raise Unreachable(f"{self.http.base} gave no id for {self.name}")
            self._id = found
        return self._id

    def refuse_if_encrypted(self) -> None:
        """Ask whether what is said there is encrypted, which smmflow can't do.

        https://spec.matrix.org/v1.15/client-server-api/#mroomencryption

        Raises:
            ConfigurationError: It is. Everybody would be warned of our plain text.
        """
        path = f"{self._path}/state/m.room.encryption/"
        answer = self._exchange("GET", path, repeatable=True)
        if answer.status == HTTPStatus.NOT_FOUND:
            return
        self._accepted(answer, repeatable=True)
        raise ConfigurationError(
            f"the room {self.name} is encrypted, and smmflow does not encrypt",
            hint="publish to a room without encryption: it can't be switched off",
        )

    def send(self, kind: str, content: Json, number: str) -> Answer:
        """Send an event; the same number sends the same event only once.

        https://spec.matrix.org/v1.15/client-server-api/#transaction-identifiers
        """
        path = f"{self._path}/send/{kind}/{number}"
        return self.ask("PUT", path, repeatable=False, body=content)

    def redact(self, event: str, number: str) -> None:
        """Take back what an event says."""
        path = f"{self._path}/redact/{quote(event, safe='')}/{number}"
        self.ask("PUT", path, repeatable=False, body={})

    def event(self, name: str) -> Mapping[str, object] | None:
        """Return an event; None if it is not there."""
        path = f"{self._path}/event/{quote(name, safe='')}"
        answer = self._exchange("GET", path, repeatable=True)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return self._accepted(answer, repeatable=True).fields()

    def own(self, since: datetime) -> Iterator[Json]:
        """Yield the account's messages since a moment, the newest first.

        Raises:
            OutcomeUnknown: There are more than anybody should read.
        """
        wanted = {"types": ["m.room.message"], "senders": [self.user]}
        params = {"dir": "b", "limit": str(_PAGE), "filter": json.dumps(wanted)}
        for _ in range(_PAGES):
            page = self.ask("GET", f"{self._path}/messages", params=params).fields()
            for event in objects(page.get("chunk")):
                if moment_of(event) < since:
                    return
                yield event
            end = page.get("end")
            if not isinstance(end, str) or end == params.get("from"):
                return
            params["from"] = end
        raise OutcomeUnknown(f"{self.name} has more than {_PAGE * _PAGES} messages")

    def page(self, token: str) -> tuple[list[Json], str]:
        """Return the next messages after a token, and the token after them.

        https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv3roomsroomidmessages
        """
        params = {"dir": "f", "limit": str(_PAGE)}
        params["filter"] = json.dumps({"types": ["m.room.message"]})
        if token:
            params["from"] = token
        page = self.ask("GET", f"{self._path}/messages", params=params).fields()
        end = page.get("end")
        events = objects(page.get("chunk"))
        return events, end if isinstance(end, str) else ""

    def token_after(self, event: str) -> str:
        """Return the token right after an event; empty if it is not there."""
        path = f"{self._path}/context/{quote(event, safe='')}"
        answer = self._exchange("GET", path, repeatable=True, params={"limit": "0"})
        if answer.status == HTTPStatus.NOT_FOUND:
            return ""
        end = self._accepted(answer, repeatable=True).fields().get("end")
        return end if isinstance(end, str) else ""

    def related(self, event: str, kind: str, of: str) -> list[Json]:
        """Return the events of a type that relate to one.

        https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv1roomsroomidrelationseventidreltypeeventtype

        Raises:
            OutcomeUnknown: There are more than anybody should read.
        """
        room = quote(self.id, safe="")
        path = f"/_matrix/client/v1/rooms/{room}/relations/{quote(event, safe='')}"
        params = {"limit": str(_PAGE)}
        found: list[Json] = []
        for _ in range(_PAGES):
            answer = self.ask("GET", f"{path}/{kind}/{of}", params=params).fields()
            found += objects(answer.get("chunk"))
            after = answer.get("next_batch")
            if not isinstance(after, str):
                return found
            params["from"] = after
        raise OutcomeUnknown(f"more than {_PAGE * _PAGES} events relate to {event}")

    def joined(self) -> int | None:
        """Return how many accounts are in the room; None if it doesn't say."""
        joined = self.ask("GET", f"{self._path}/joined_members").fields().get("joined")
        return len(joined) if isinstance(joined, dict) else None

    def largest_upload(self) -> int | None:
        """Return the bytes that a file may have; None if the server doesn't say.

        https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv1mediaconfig
        """
        path = "/_matrix/client/v1/media/config"
        answer = self._exchange("GET", path, repeatable=True)
        if answer.status == HTTPStatus.NOT_FOUND:  # before Matrix 1.11
            answer = self._exchange("GET", "/_matrix/media/v3/config", repeatable=True)
        fields = self._accepted(answer, repeatable=True).fields()
        size = fields.get("m.upload.size")
        return size if isinstance(size, int) else None

    def upload(self, attachment: Attachment) -> str:
        """Send a file and return its `mxc://` address.

        https://spec.matrix.org/v1.15/client-server-api/#post_matrixmediav3upload
        """
        facts = attachment.facts
        answer = self.ask(
            "POST",
            "/_matrix/media/v3/upload",
            params={"filename": facts.path.rpartition("/")[2]},
            headers={"Content-Type": facts.media_type},
            content=read_media(self._root, facts),
        )
        address = answer.fields().get("content_uri")
        if not isinstance(address, str) or not address.startswith("mxc://"):
            raise Unreachable(f"{self.http.base} gave no address for {facts.path}")
        return address

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Answer:
        """Ask in the account's name; raises NetworkError unless it is accepted."""
        answer = self._exchange(method, path, repeatable=repeatable, **request)
        return self._accepted(answer, repeatable=repeatable)

    @property
    def _path(self) -> str:
        return f"{_API}/rooms/{quote(self.id, safe='')}"

    def _exchange(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        signed: Request = {**request, "token": self._token}
        return self.http.exchange(method, path, repeatable=repeatable, **signed)

    def _accepted(self, answer: Answer, *, repeatable: bool) -> Answer:
        """Return the answer if it is one, read as Matrix's own errors are meant.

        https://spec.matrix.org/v1.15/client-server-api/#standard-error-response
        """
        wait = answer.fields().get("retry_after_ms")
        limited = answer.status == HTTPStatus.TOO_MANY_REQUESTS
        if limited and isinstance(wait, int) and "retry-after" not in answer.headers:
            refusal = self.http.refusal(answer, repeatable=repeatable)
            raise RateLimited(refusal.message, retry_after=wait / 1000)
        if answer.status == HTTPStatus.FORBIDDEN:
            refusal = self.http.refusal(answer, repeatable=repeatable)
            raise SignInFailed(
                refusal.message,
                hint=f"let the account join {self.name}, and let it speak there",
            )
        return self.http.accepted(answer, repeatable=repeatable)
