"""A site as its REST API serves it: requests in a user's name, files and tags."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Unpack

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Unreachable
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.media import read_media
from smmflow.networks.wordpress.content import figure

__all__ = ["Json", "Library", "moment_of", "objects"]

Json = dict[str, object]
_API = "/wp-json/wp/v2"
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_LONGEST_SLUG = 32


class Library:
    """A site behind an application password.

    https://developer.wordpress.org/rest-api/using-the-rest-api/authentication/

    Args:
        http: Requests to the site.
        user: Name of the user.
        password: One made for applications.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, http: Http, user: str, password: Secret, root: Path) -> None:
        self.http = http
        self._root = root
        pair = f"{user}:{password.reveal()}".encode()
        self._basic = Secret(base64.b64encode(pair).decode())
        http.hide(password)
        http.hide(self._basic)

    def exchange(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Ask in the user's name; whatever the answer is comes back."""
        headers = {"Authorization": f"Basic {self._basic.reveal()}"}
        signed: Request = {**request, "headers": headers}
        return self.http.exchange(
            method, f"{_API}{path}", repeatable=repeatable, **signed
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Answer:
        """Ask in the user's name; raises NetworkError unless it is accepted."""
        answer = self.exchange(method, path, repeatable=repeatable, **request)
        return self.http.accepted(answer, repeatable=repeatable)

    def read(self, path: str) -> Mapping[str, object] | None:
        """Return an object with all its fields; None if it is gone."""
        answer = self.exchange("GET", path, repeatable=True, params={"context": "edit"})
        if answer.status in _GONE:
            return None
        found = self.http.accepted(answer, repeatable=True).fields()
        return None if found.get("status") == "trash" else found

    def discard(self, path: str) -> bool:
        """Put a post or a comment into the site's trash, or delete it if it has none.

        https://developer.wordpress.org/rest-api/reference/posts/#delete-a-post

        Returns:
            False if it is gone already.
        """
        answer = self.exchange("DELETE", path, repeatable=False)
        if answer.status == HTTPStatus.NOT_IMPLEMENTED:
            answer = self.exchange(
                "DELETE", path, repeatable=False, params={"force": "true"}
            )
        if answer.status in _GONE:
            return False
        self.http.accepted(answer, repeatable=False)
        return True

    def figures(self, content: Part) -> list[str]:
        """Return a part's files as HTML, uploaded unless the site has them."""
        return [self._figure(each) for each in content.media]

    def _figure(self, attachment: Attachment) -> str:
        slug = f"smmflow-{attachment.facts.sha256}"[:_LONGEST_SLUG]
        asked = {"slug": slug, "context": "edit"}
        known = objects(self.ask("GET", "/media", params=asked).content())
        media = known[0] if known else self._upload(attachment, slug)
        name, url = media.get("id"), media.get("source_url")
        if not isinstance(name, int) or not isinstance(url, str):
            raise Unreachable(f"the site gave no address for {attachment.facts.path}")
        return figure(attachment, str(name), url)

    def _upload(self, attachment: Attachment, slug: str) -> Mapping[str, object]:
        """https://developer.wordpress.org/rest-api/reference/media/#create-a-media-item."""
        facts = attachment.facts
        content = read_media(self._root, facts)
        name = facts.path.rpartition("/")[2]
        form = {"slug": slug}
        if attachment.alt:
            form["alt_text"] = attachment.alt
        answer = self.ask(
            "POST",
            "/media",
            files={"file": (name, content, facts.media_type)},
            form=form,
        )
        return answer.fields()

    def tags(self, names: Sequence[str]) -> list[int]:
        """Return ids of tags, made unless the site has them.

        https://developer.wordpress.org/rest-api/reference/tags/#create-a-tag
        """
        return [self._tag(name) for name in names]

    def _tag(self, name: str) -> int:
        answer = self.exchange("POST", "/tags", repeatable=True, body={"name": name})
        fields = answer.fields()
        about = fields.get("data")
        if fields.get("code") == "term_exists" and isinstance(about, dict):
            tag = about.get("term_id")
        else:
            tag = self.http.accepted(answer, repeatable=True).fields().get("id")
        if not isinstance(tag, int):
            raise Unreachable(f"the site gave no id for the tag {name}")
        return tag


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


def moment_of(given: object) -> datetime:
    """Return a moment that the site gave, in UTC as `date_gmt` has it, aware.

    Raises:
        OutcomeUnknown: It is none.
    """
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise OutcomeUnknown(f"the site gave no time but {given!r}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
