"""A WordPress in memory, for trials that want many of them: one user, one reader.

What it does was looked up on a real one, which the contract is held against as well.
https://developer.wordpress.org/rest-api/reference/
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import HTTP
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx

from smmflow.networks.wordpress import WordPress
from smmflow.networks.wordpress.content import shown
from tests.networks.descriptions import Methods, at_hand
from tests.vendors.vendor import Account, Posting, Vendor

Json = dict[str, Any]
URL = "https://blog.example"
USER, PASSWORD = "sara", "abcd EFGH 1234 ijkl MNOP 5678"
_DESCRIBED = "wordpress/wordpress.schema.json"
_LONGEST_COMMENT = 65_525
_LISTS = {"slug", "status", "post", "author", "author_exclude", "parent"}
_ME, _READER = 1, 2
_BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class Refusal(Exception):
    """An error as the REST API words it."""

    def __init__(self, status: int, code: str, **more: object) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"code": code, "message": code, "data": {"status": status, **more}}


class WordPressVendor(Vendor):
    """A site.

    Attributes:
        things: Posts, comments, files and tags by their path, as the API shows them.
        has_trash: Whether it keeps what is deleted.
    """

    account = Account("wordpress", {"url": URL, "user": USER}, {"password": PASSWORD})

    def __init__(self) -> None:
        super().__init__()
        self.things: dict[str, Json] = {}
        self.has_trash = True
        self._numbers = count(1)
        self._methods = Methods(_DESCRIBED) if at_hand(_DESCRIBED) else None

    # --- Being asked ------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        now = datetime.now(UTC)
        path = request.url.path.removeprefix("/wp-json/wp/v2")
        try:
            if request.headers.get("authorization") != f"Basic {_BASIC}":
                refusal = Refusal(401, "incorrect_password")
                return httpx.Response(refusal.status, json=refusal.body)
            said = _said(request)
            self.faults += self._request_faults(request, path, said)
            body = self._carried_out(request.method, path, said, now)
        except Refusal as refusal:
            return httpx.Response(refusal.status, json=refusal.body)
        headers = {"Date": format_datetime(now, usegmt=True), "X-WP-TotalPages": "1"}
        if isinstance(body, list):
            headers["X-WP-Total"] = str(len(body))
        return httpx.Response(200, json=body, headers=headers)

    def _request_faults(
        self, request: httpx.Request, path: str, said: Json
    ) -> Iterator[str]:
        if self._methods is None:
            return
        named = re.sub(r"/\d+$", r"/(?P<id>[\\d]+)", path)
        sent = {name: each for name, each in said.items() if name != "file"}
        method = f"{request.method} /wp/v2{named}"
        yield from self._methods.faults(request, sent, path=method)

    def _carried_out(self, method: str, path: str, said: Json, now: datetime) -> object:
        if path == "/users/me":
            user = {"id": _ME, "name": "Sara", "link": f"{URL}/author/{USER}/"}
            return {**user, "capabilities": dict.fromkeys(WordPress.scopes, True)}
        calls: dict[tuple[str, str], Callable[[], object]] = {
            ("POST", "/posts"): lambda: self._post(said, now),
            ("GET", "/posts"): lambda: self._named("/posts/", said),
            ("POST", "/media"): lambda: self._file(said),
            ("GET", "/media"): lambda: self._named("/media/", said),
            ("POST", "/tags"): lambda: self._tag(said["name"]),
            ("POST", "/comments"): lambda: self._comment(said, _ME, now),
            ("GET", "/comments"): lambda: self._comments(said),
        }
        if (method, path) in calls:
            return calls[method, path]()
        thing = self._thing(path)
        match method:
            case "GET":
                return thing
            case "POST":
                return self._change(thing, said)
            case _:
                return self._delete(path, thing, forced=said.get("force", False))

    def live(self) -> list[Posting]:
        posts = [
            Posting(str(each["id"]), shown(each["content"]["raw"]))
            for path, each in self.things.items()
            if path.startswith("/posts/") and each["status"] == "publish"
        ]
        return posts + [
            Posting(f"comment-{each['id']}", *_words_and_parent(each))
            for path, each in self.things.items()
            if path.startswith("/comments/") and each["status"] == "approved"
        ]

    def waiting(self) -> list[Posting]:
        return [
            Posting(str(each["id"]), shown(each["content"]["raw"]))
            for path, each in self.things.items()
            if path.startswith("/posts/") and each["status"] == "future"
        ]

    def send_due(self) -> None:
        for path, each in self.things.items():
            if path.startswith("/posts/") and each["status"] == "future":
                each["status"] = "publish"

    def say(self, post: str, words: str) -> str:
        made = self._comment(
            {"post": int(post), "content": words}, _READER, datetime.now(UTC)
        )
        return f"comment-{made['id']}"

    # --- Making -----------------------------------------------------------------------

    def _post(self, said: Json, now: datetime) -> Json:
        number = next(self._numbers)
        slugs = {e["slug"] for p, e in self.things.items() if p.startswith("/posts/")}
        slug = said["slug"]
        while slug in slugs:
            slug = f"{said['slug']}-{next(self._numbers)}"
        at = said.get("date_gmt", _written(now))
        self.things[f"/posts/{number}"] = {
            "id": number,
            "slug": slug,
            "status": said["status"] if at > _written(now) else "publish",
            "link": f"{URL}/{slug}/",
            "date_gmt": at,
            "title": {"raw": said["title"]},
            "content": {"raw": said["content"]},
            "excerpt": {"raw": said.get("excerpt", "")},
            "tags": said["tags"],
        }
        return self.things[f"/posts/{number}"]

    def _file(self, said: Json) -> Json:
        if not said.get("file"):
            raise Refusal(400, "rest_upload_no_data")
        number = next(self._numbers)
        place = f"{URL}/wp-content/uploads/{number}.png"
        self.things[f"/media/{number}"] = {
            "id": number,
            "slug": said["slug"],
            "status": "inherit",
            "source_url": place,
            "alt_text": said.get("alt_text", ""),
        }
        return self.things[f"/media/{number}"]

    def _tag(self, name: str) -> Json:
        for path, each in self.things.items():
            if path.startswith("/tags/") and each["name"] == name:
                raise Refusal(400, "term_exists", term_id=each["id"])
        number = next(self._numbers)
        self.things[f"/tags/{number}"] = {"id": number, "name": name}
        return self.things[f"/tags/{number}"]

    def _comment(self, said: Json, author: int, now: datetime) -> Json:
        post, parent = said["post"], said.get("parent", 0)
        words = said["content"]
        if len(words.encode()) > _LONGEST_COMMENT:
            raise Refusal(400, "comment_content_column_length")
        if self.things.get(f"/posts/{post}", {}).get("status") != "publish":
            raise Refusal(403, "rest_comment_invalid_post_id")
        for path, each in self.things.items():
            same = path.startswith("/comments/") and each["content"]["raw"] == words
            if same and (each["post"], each["parent"]) == (post, parent):
                raise Refusal(409, "comment_duplicate")
        number = next(self._numbers)
        self.things[f"/comments/{number}"] = {
            "id": number,
            "post": post,
            "parent": parent,
            "author": author,
            "author_name": "Sara" if author == _ME else "A reader",
            "author_url": "",
            "date_gmt": _written(now),
            "content": {"raw": words, "rendered": f"<p>{words}</p>\n"},
            "link": f"{URL}/?p={post}#comment-{number}",
            "status": "approved",
        }
        return self.things[f"/comments/{number}"]

    # --- Reading and changing ---------------------------------------------------------

    def _named(self, folder: str, said: Json) -> list[Json]:
        states = said.get("status", ["inherit" if folder == "/media/" else "publish"])
        return [
            each
            for path, each in self.things.items()
            if path.startswith(folder)
            and each["slug"] in said["slug"]
            and each["status"] in states
        ]

    def _comments(self, said: Json) -> list[Json]:
        since = said.get("after", "1970-01-01T00:00:00+00:00")
        after = datetime.fromisoformat(since).astimezone(UTC)
        return [
            each
            for path, each in self.things.items()
            if path.startswith("/comments/")
            and each["status"] == "approved"
            and each["date_gmt"] > _written(after)
            and each["author"] not in said.get("author_exclude", [])
            and all(
                each[key] in said[key]
                for key in ("post", "author", "parent")
                if key in said
            )
        ]

    def _change(self, thing: Json, said: Json) -> Json:
        for key in ("title", "content", "excerpt"):
            if key in said:
                thing[key] = {"raw": said[key], "rendered": said[key]}
        thing |= {key: said[key] for key in ("date_gmt", "tags") if key in said}
        if said.get("status") == "future":
            thing["status"] = "future"
        return thing

    def _delete(self, path: str, thing: Json, *, forced: bool) -> Json:
        if forced:
            del self.things[path]
            return {"deleted": True, "previous": thing}
        if not self.has_trash:
            raise Refusal(501, "rest_trash_not_supported")
        if thing["status"] == "trash":
            raise Refusal(410, "rest_already_trashed")
        thing["status"] = "trash"
        if "slug" in thing:
            thing["slug"] += "__trashed"
        return thing

    def _thing(self, path: str) -> Json:
        if path not in self.things:
            raise Refusal(404, "rest_post_invalid_id")
        return self.things[path]


def _said(request: httpx.Request) -> Json:
    """Parameters of query and body, as what they stand for; a file's bytes."""
    said: Json = {}
    for name, text in request.url.params.items():
        values = [_typed(each) for each in text.split(",")]
        said[name] = values if name in _LISTS else _typed(text)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body: Json = json.loads(request.content)
        return said | body
    if kind.startswith("multipart/form-data"):
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        form = message_from_bytes(head + request.content, policy=HTTP)
        for part in form.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            said[name] = content if part.get_filename() else content.decode()
    return said


def _typed(text: str) -> object:
    if text == "true":
        return True
    return int(text) if text.isdecimal() else text


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _words_and_parent(comment: Json) -> tuple[str, str]:
    parent = f"comment-{comment['parent']}" if comment["parent"] else ""
    return shown(comment["content"]["raw"]), parent or str(comment["post"])
