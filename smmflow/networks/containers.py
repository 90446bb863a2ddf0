"""Containers: steps in which Threads takes a post, of which only the last is seen.

A container holds what a post will be. Making one harms nobody, however often; it is
worked on for a while; publishing it is what everybody sees, and is possible once.
https://developers.facebook.com/docs/threads/posts; Instagram does the same:
https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smmflow.errors import OutcomeUnknown, RateLimited, Rejected, Unreachable
from smmflow.model.publication import Pending
from smmflow.networks.graph import Graph
from smmflow.networks.http import Answer

__all__ = ["Containers", "Published"]

_LONGEST_WAIT = 30.0
_NOT_READY = 2207027
_BLOCKED = 2207051
"""Comes with posts that are live: https://github.com/gitroomhq/postiz-app/issues/1681"""
_AGAIN = frozenset({"FAILED_DOWNLOADING_VIDEO", "UNKNOWN"})
"""Why a container fails that may be better the next time:
https://developers.facebook.com/docs/threads/troubleshooting#publishing-does-not-return-a-media-id"""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: the id of what is live now."""

    id: str


@dataclass(frozen=True, slots=True)
class Containers:
    """The steps on one network.

    Attributes:
        graph: Requests.
        create: Path that makes a container, as in `/me/threads`.
        publish: Path that publishes one.
        state: Field of a container that tells how far it is.
    """

    graph: Graph
    create: str
    publish: str
    state: str

    def begin(
        self, whole: Mapping[str, str], children: Sequence[Mapping[str, str]] = ()
    ) -> Pending:
        """Make the containers of a post.

        Args:
            whole: Parameters of the post's own.
            children: Of each file, where the post shows several.
        """
        if not children:
            return Pending({"whole": self._made(whole)})
        names = [self._made({**each, "is_carousel_item": "true"}) for each in children]
        return Pending({"children": " ".join(names), "then": json.dumps(dict(whole))})

    def go_on(self, pending: Pending) -> Pending | Published:
        """Take the next step, if the network is ready for it.

        Raises:
            Rejected: The network can't use what it was given; nothing was published.
            Unreachable: A container is too old; making it anew harms nobody.
            OutcomeUnknown: It may be live.
        """
        token = pending.token
        names = (token.get("children") or token["whole"]).split()
        if not all(self._is_ready(each) for each in names):
            return _later(pending)
        if "children" in token:
            whole = {**json.loads(token["then"]), "children": ",".join(names)}
            return Pending({"whole": self._made(whole)})
        return self._published(names[0]) or _later(pending)

    def _published(self, container: str) -> Published | None:
        """Make a post public; None if it is not ready after all.

        Errors prove little here: some come with posts that are live.
        """
        answer = self.graph.exchange(
            "POST", self.publish, repeatable=False, params={"creation_id": container}
        )
        subcode = _subcode(answer)
        if subcode == _NOT_READY:
            return None
        try:
            name = self.graph.accepted(answer, repeatable=False).get("id")
        except (Rejected, RateLimited) as error:
            if isinstance(error, RateLimited) and subcode != _BLOCKED:
                raise
            raise OutcomeUnknown(
                error.message, hint="look at the account: it may be live"
            ) from None
        if not name:
            raise OutcomeUnknown("the network published it and did not say which it is")
        return Published(str(name))

    def _made(self, params: Mapping[str, str]) -> str:
        answer = self.graph.ask("POST", self.create, repeatable=True, params=params)
        name = answer.get("id")
        if not name:
            raise Unreachable("the network made a container and did not say which")
        return str(name)

    def _is_ready(self, name: str) -> bool:
        fields = ",".join(dict.fromkeys(("id", self.state, "status", "error_message")))
        answer = self.graph.exchange(
            "GET", f"/{name}", repeatable=True, params={"fields": fields}
        )
        if self.graph.is_gone(answer):
            raise Unreachable("the network does not have what was prepared for it")
        found = self.graph.accepted(answer, repeatable=True)
        state = found.get(self.state)
        said = self.graph.http.safe(str(found.get("error_message") or state))
        match state:
            case "FINISHED":
                return True
            case "IN_PROGRESS":
                return False
            case "PUBLISHED":
                raise OutcomeUnknown("the network says that it is live already")
            case "ERROR":
                kind = Unreachable if said in _AGAIN else Rejected
                raise kind(f"the network can't use it: {said}")
            case _:
                raise Unreachable(f"what was prepared can't be used any more: {said}")


def _later(pending: Pending) -> Pending:
    return Pending(pending.token, min(pending.wait * 2, _LONGEST_WAIT))


def _subcode(answer: Answer) -> object:
    error = answer.fields().get("error")
    return error.get("error_subcode") if isinstance(error, dict) else None
