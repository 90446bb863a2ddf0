"""A Page as the Graph API serves it: requests in its name, lists, uploads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from smmflow.errors import OutcomeUnknown, Unreachable
from smmflow.model.media import Attachment
from smmflow.networks.facebook.post import SHOWN, TAGGED, moment_of, objects
from smmflow.networks.graph import Graph, next_cursor
from smmflow.networks.media import read_media

__all__ = ["Page"]

_PAGE = 100
_PAGES = 10

Json = dict[str, object]


class Page:
    """A Page behind its access token.

    Args:
        graph: Requests in its name.
        name: Its id.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, graph: Graph, name: str, root: Path) -> None:
        self.graph = graph
        self.name = name
        self._root = root

    def read(self, name: str, fields: str) -> Mapping[str, object] | None:
        """Return an object's fields; None if it is gone.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.graph.exchange(
            "GET", f"/{name}", repeatable=True, params={"fields": fields}
        )
        if self.graph.is_gone(answer):
            return None
        return self.graph.accepted(answer, repeatable=True)

    def upload(self, attachment: Attachment, *, waits: bool) -> str:
        """Send a picture that nothing shows yet; return its id.

        https://developers.facebook.com/docs/graph-api/reference/page/photos/#multi

        Args:
            attachment: The picture and its description.
            waits: It is for a post that is sent at its time.
        """
        form = {"published": "false"}
        if waits:
            form["temporary"] = "true"
        if attachment.alt:
            form["alt_text_custom"] = attachment.alt
        made = self.graph.ask(
            "POST",
            f"/{self.name}/photos",
            repeatable=True,
            params=form,
            files=self.file(attachment),
        )
        if not isinstance(made.get("id"), str):
            raise Unreachable(f"Facebook gave no id for {attachment.facts.path}")
        return str(made["id"])

    def file(self, attachment: Attachment) -> Mapping[str, tuple[str, bytes, str]]:
        """Return a file as requests carry it."""
        facts = attachment.facts
        name = facts.path.rpartition("/")[2]
        content = read_media(self._root, facts)
        return {"source": (name, content, facts.media_type)}

    def published(self, since: datetime) -> Iterator[Json]:
        """Yield its own posts since a moment, the newest first; as `every`.

        What is out of its order, as a post that was dated back, ends no list.
        """
        return self._recent("published_posts", SHOWN, since)

    def tagged(self, since: datetime) -> Iterator[Json]:
        """Yield others' posts that name the Page, the newest first; as `published`.

        https://developers.facebook.com/docs/graph-api/reference/page/tagged/
        """
        return self._recent("tagged", TAGGED, since)

    def _recent(self, edge: str, fields: str, since: datetime) -> Iterator[Json]:
        for posts in self._pages(f"/{self.name}/{edge}", {"fields": fields}):
            recent = [e for e in posts if moment_of(e.get("created_time")) >= since]
            yield from recent
            if posts and not recent:
                return

    def every(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        """Yield what a list has.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        for page in self._pages(path, params):
            yield from page

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[list[Json]]:
        asked = {"limit": str(_PAGE), **params}
        for _ in range(_PAGES):
            answer = self.graph.ask("GET", path, repeatable=True, params=asked)
            yield objects(answer.get("data"))
            if not (after := next_cursor(answer)):
                return
            asked["after"] = after
        raise OutcomeUnknown(f"{path} has more than {_PAGES * _PAGE} entries")
