"""The steps by which something goes live on Instagram: containers, then publishing.

https://developers.facebook.com/docs/instagram-platform/content-publishing/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from smmflow.clock import SystemClock
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unreachable,
)
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.http import Answer
from smmflow.networks.instagram.account import Account
from smmflow.networks.instagram.post import MEDIA_FIELDS, Containers, receipt_of

__all__ = ["Publishing", "created"]

_BEFORE_FIRST = 1.0
"""Each wait is twice the one before it."""
_LONGEST_WAIT = 60.0
_NOT_READY = 2207027
_LIMIT_REACHED = 2207042
_SURE = frozenset({2207050})
"""The account is restricted, so nothing of it went live."""
_BLOCKED = 2207051
"""Comes with posts that are live: https://github.com/gitroomhq/postiz-app/issues/1681"""
_AGAIN = frozenset({2207001, 2207003, 2207020, 2207032, 2207053})
"""Troubles of fetching a file, over which Instagram says to try again:
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes"""
_SERVER_ERROR = 500
_CODE = re.compile(r"\b2207\d{3}\b")


class Publishing:
    """Makes containers, waits until Instagram has fetched their files, publishes.

    A container that is never published expires after a day and harms nobody.

    Args:
        account: Who publishes.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    def begin(self, containers: Containers) -> Receipt | Pending:
        """Let Instagram fetch the files."""
        waiting = " ".join(self._container(each) for each in containers.files)
        album = json.dumps(dict(containers.album)) if containers.album else ""
        return self.go_on(Pending({"waiting": waiting, "album": album}, _BEFORE_FIRST))

    def go_on(self, pending: Pending) -> Receipt | Pending:
        """Ask for the containers, and take the next step once all are ready.

        Raises:
            Rejected: Instagram can't use a file.
            NetworkError: Of the kind that fits.
        """
        waiting, album = pending.token["waiting"].split(), pending.token["album"]
        later = Pending(pending.token, min(pending.wait * 2, _LONGEST_WAIT))
        ready = [self._is_ready(each) for each in waiting]
        if not all(ready):
            return later
        if not album:
            return self._publish(waiting[0]) or later
        holding = {**json.loads(album), "children": json.dumps(waiting)}
        whole = {"waiting": self._container(holding), "album": ""}
        return self.go_on(Pending(whole, _BEFORE_FIRST))

    def _container(self, params: Mapping[str, str]) -> str:
        """Make a container; whoever repeats it has two, and publishes one."""
        path = f"/{self._account.number}/media"
        answer = self._account.graph.exchange(
            "POST", path, repeatable=True, params=params
        )
        try:
            made = self._account.graph.accepted(answer, repeatable=True)
        except Rejected as error:
            if _subcode(answer) in _AGAIN:
                raise Unreachable(error.message) from None
            raise
        name = made.get("id")
        if not isinstance(name, str) or not name.isdecimal():
            raise Unreachable("Instagram gave no id for a container")
        return name

    def _is_ready(self, container: str) -> bool:
        """Ask what became of a container.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-container
        """
        said = self._account.read(container, "status_code,status") or {}
        match said.get("status_code"):
            case "FINISHED":
                return True
            case "IN_PROGRESS":
                return False
            case "ERROR":
                why = self._account.graph.http.safe(str(said.get("status") or ""))
                code = _CODE.search(why)
                kind = Unreachable if code and int(code[0]) in _AGAIN else Rejected
                raise kind(f"Instagram can't use a file: {why or 'no reason'}")
            case "PUBLISHED":
                raise OutcomeUnknown("Instagram says that the post is live already")
            case _:
                raise Unreachable("Instagram no longer has what was prepared for it")

    def _publish(self, container: str) -> Receipt | None:
        """Make a post public; None if its files are not ready after all.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media_publish
        """
        answer = self._account.graph.exchange(
            "POST",
            f"/{self._account.number}/media_publish",
            repeatable=False,
            params={"creation_id": container},
        )
        if _subcode(answer) == _NOT_READY:
            return None
        name = created(self._said(answer))
        try:
            media = self._account.read(name, MEDIA_FIELDS)
        except NetworkError:
            # It is live: not to know its address is less than not to know that.
            media = None
        return receipt_of({**(media or {}), "id": name}, otherwise=SystemClock().now())

    def _said(self, answer: Answer) -> Mapping[str, object]:
        """Return what was answered to publishing; errors prove little there."""
        subcode = _subcode(answer)
        try:
            return self._account.graph.accepted(answer, repeatable=False)
        except NetworkError as error:
            if subcode == _LIMIT_REACHED:
                raise RateLimited(error.message) from None
            if (
                subcode == _BLOCKED
                or answer.status >= _SERVER_ERROR
                or (isinstance(error, Rejected) and subcode not in _SURE)
            ):
                raise OutcomeUnknown(
                    error.message, hint="look at the account: it may be live"
                ) from None
            raise


def created(said: Mapping[str, object]) -> str:
    """Return the id of what was made public.

    Raises:
        OutcomeUnknown: There is none.
    """
    name = said.get("id")
    if not isinstance(name, str) or not name:
        raise OutcomeUnknown("Instagram answered without an id")
    return name


def _subcode(answer: Answer) -> object:
    error = answer.fields().get("error")
    return error.get("error_subcode") if isinstance(error, dict) else None
