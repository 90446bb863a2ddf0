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

from smmflow.errors import OutcomeUnknown, Rejected, Unreachable
from smmflow.model.publication import Pending
from smmflow.networks.graph import Graph

__all__ = ["Containers", "Published"]

_READY = frozenset({"FINISHED"})
_WORKING = frozenset({"IN_PROGRESS"})
_LONGEST_WAIT = 30.0


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
        states = [self._state(each) for each in names]
        if not all(each in _READY for each in states):
            return Pending(token, min(pending.wait * 2, _LONGEST_WAIT))
        if "children" in token:
            whole = {**json.loads(token["then"]), "children": ",".join(names)}
            return Pending({"whole": self._made(whole)})
        answer = self.graph.ask(
            "POST", self.publish, repeatable=False, params={"creation_id": names[0]}
        )
        name = answer.get("id")
        if not name:
            raise OutcomeUnknown("the network published it and did not say which it is")
        return Published(str(name))

    def _made(self, params: Mapping[str, str]) -> str:
        answer = self.graph.ask("POST", self.create, repeatable=True, params=params)
        name = answer.get("id")
        if not name:
            raise Unreachable("the network made a container and did not say which")
        return str(name)

    def _state(self, name: str) -> str:
        fields = ",".join(dict.fromkeys(("id", self.state, "status", "error_message")))
        answer = self.graph.ask(
            "GET", f"/{name}", repeatable=True, params={"fields": fields}
        )
        state = str(answer.get(self.state, ""))
        if state in _READY | _WORKING:
            return state
        said = answer.get("error_message") or answer.get("status") or state
        if state == "PUBLISHED":
            raise OutcomeUnknown("an earlier run published it")
        if state == "EXPIRED":
            raise Unreachable("the network took too long to be asked again")
        raise Rejected(f"the network can't use it: {self.graph.http.safe(str(said))}")
