"""Containers: steps in which Instagram and Threads take a post; the last one is seen.

A container holds what a post will be. Making one harms nobody, however often; it is
worked on for a while; publishing it is what everybody sees, and is possible once.
https://developers.facebook.com/docs/instagram-platform/content-publishing/ and
https://developers.facebook.com/docs/threads/posts
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.model.publication import Pending
from smmflow.networks.graph import Graph
from smmflow.networks.http import Answer

__all__ = ["Containers", "Published"]

_LONGEST_WAIT = 60.0
_FILES, _POST = "files", "post"
"""Whose containers are waited for: those of the files first, then the post's."""
_NOT_READY = 2207027
_LIMIT_REACHED = 2207042
_RESTRICTED = 2207050
"""The account may not publish, so nothing of it went live."""
_AGAIN = frozenset({2207001, 2207003, 2207020, 2207032, 2207053})
"""Troubles of fetching a file, over which the network says to try again:
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes"""
_PASSING = re.compile(
    r"\b(?:220700[13]|22070(?:20|32|53))\b|^FAILED_DOWNLOADING|^UNKNOWN$"
)
"""Why a container fails that may be better the next time: those numbers, or
https://developers.facebook.com/docs/threads/troubleshooting"""

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: the id of what is live now."""

    id: str


class _SpoiltError(Exception):
    """A container will never be ready, and another one may be."""


@dataclass(frozen=True, slots=True)
class Containers:
    """The steps on one network.

    Attributes:
        graph: Requests.
        create: Path that makes a container, as in `/me/threads`.
        publish: Path that publishes one.
        state: Field of a container that tells how far it is.
        reason: Field that tells why it failed.
        listed: How a container names those of its files.
    """

    graph: Graph
    create: str
    publish: str
    state: str
    reason: str
    listed: Callable[[Sequence[str]], str]

    def begin(self, whole: Params, children: Sequence[Params] = ()) -> Pending:
        """Make the containers of a post.

        Args:
            whole: Parameters of the post's own.
            children: Of each file, where the post shows several.

        Raises:
            NetworkError: Of the kind that fits.
        """
        files: list[Params] = [{**e, "is_carousel_item": "true"} for e in children]
        names = [self._made(each) for each in files or [whole]]
        return Pending(
            {
                "names": " ".join(names),
                "step": _FILES if files else _POST,
                "whole": json.dumps(dict(whole)),
                "children": json.dumps(files),
            },
            unseen=True,
        )

    def go_on(self, pending: Pending) -> Pending | Published:
        """Take the next step, if the network is ready for it.

        Raises:
            Rejected: The network can't use what it was given; nothing was published.
            Unreachable: It can't be asked now; nothing was published.
            OutcomeUnknown: It may be live.
        """
        token = pending.token
        names = token["names"].split()
        later = replace(pending, wait=min(pending.wait * 2, _LONGEST_WAIT))
        try:
            ready = [self._is_ready(each) for each in names]
        except _SpoiltError:
            anew = self.begin(json.loads(token["whole"]), json.loads(token["children"]))
            return replace(anew, wait=later.wait)
        if not all(ready):
            return later
        if token["step"] == _FILES:
            whole = {**json.loads(token["whole"]), "children": self.listed(names)}
            token = {**token, "names": self._made(whole), "step": _POST}
            return Pending(token, unseen=True)
        try:
            return self._published(names[0]) or later
        except RateLimited:
            if not pending.unseen:
                raise
            # Not even this is sure to mean no: the container is asked what became of
            # it, and nobody makes another one while it does not answer.
            return replace(later, unseen=False)

    def _made(self, params: Params) -> str:
        answer = self.graph.exchange(
            "POST", self.create, repeatable=True, params=params
        )
        try:
            name = self.graph.accepted(answer, repeatable=True).get("id")
        except Rejected as error:
            if _subcode(answer) in _AGAIN:
                raise Unreachable(error.message) from None
            raise
        if not isinstance(name, str) or not name.isdecimal():
            raise Unreachable("the network made a container and did not say which")
        return name

    def _is_ready(self, name: str) -> bool:
        fields = f"id,{self.state},{self.reason}"
        answer = self.graph.exchange(
            "GET", f"/{name}", repeatable=True, params={"fields": fields}
        )
        if self.graph.is_gone(answer):
            raise Unreachable("the network does not have what was prepared for it")
        found = self.graph.accepted(answer, repeatable=True)
        state = found.get(self.state)
        why = self.graph.http.safe(str(found.get(self.reason) or state))
        match state:
            case "FINISHED":
                return True
            case "IN_PROGRESS":
                return False
            case "PUBLISHED":
                raise OutcomeUnknown("the network says that it is live already")
            case "EXPIRED":
                raise _SpoiltError
            case "ERROR" if _PASSING.search(why):
                raise _SpoiltError
            case "ERROR":
                raise Rejected(f"the network can't use it: {why}")
            case _:
                raise Unreachable(f"what was prepared can't be used now: {why}")

    def _published(self, container: str) -> Published | None:
        """Make a post public; None if it is not ready after all."""
        answer = self.graph.exchange(
            "POST", self.publish, repeatable=False, params={"creation_id": container}
        )
        if _subcode(answer) == _NOT_READY:
            return None
        try:
            name = self.graph.accepted(answer, repeatable=False).get("id")
        except NetworkError as error:
            raise _meant(error, answer) from None
        if not isinstance(name, str) or not name:
            raise OutcomeUnknown("the network published it and did not say which it is")
        return Published(name)


def _meant(error: NetworkError, answer: Answer) -> NetworkError:
    """Return what an error of publishing means: some come with posts that are live."""
    subcode = _subcode(answer)
    if subcode == _LIMIT_REACHED:
        return RateLimited(error.message)
    harmless = isinstance(error, RateLimited | SignInFailed | Unreachable)
    broken = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if (harmless or subcode == _RESTRICTED) and not broken:
        return error
    return OutcomeUnknown(error.message, hint="look at the account: it may be live")


def _subcode(answer: Answer) -> object:
    error = answer.fields().get("error")
    return error.get("error_subcode") if isinstance(error, dict) else None
