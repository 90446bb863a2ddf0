"""Threads in memory: one account, its containers, and what others answer.

https://developers.facebook.com/docs/threads
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx

from tests.networks.descriptions import Methods, at_hand
from tests.vendors.graph_form import Said, said_in
from tests.vendors.vendor import Account, Posting, Vendor

TOKEN = "THfake-long-lived-token"
DIES = 1_800_000_000
US, OTHER = "smmflow", "sara"
FILES = "https://files.example"
_DESCRIBED = "threads/threads.schema.json"
_BASE = "/v1.0"
_NOT_DESCRIBED = "DELETE"
"""https://developers.facebook.com/docs/threads/posts/delete-posts"""
_LONGEST = 500
_ONE_PAGE = 3
"""Lists are cut short, so that whoever reads them has to go on."""
_SHOWN_AS = {"CAROUSEL": "CAROUSEL_ALBUM", "TEXT": "TEXT_POST"}
_FOLLOWERS = {"name": "followers_count", "total_value": {"value": 7}}
_METRICS = ("views", "likes", "replies", "reposts", "quotes", "shares")

Json = dict[str, Any]


class Refusal(Exception):
    """An error as Meta words it."""

    def __init__(
        self, code: int, words: str, *, sub: int = 0, status: int = 400
    ) -> None:
        super().__init__(words)
        self.status = status
        error = {"message": words, "type": "OAuthException", "code": code}
        self.body = {"error": {**error, "error_subcode": sub, "fbtrace_id": "A"}}


def _signed_in(request: httpx.Request) -> None:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise Refusal(190, "Invalid OAuth access token", status=401)


class ThreadsVendor(Vendor):
    """Threads'.

    Attributes:
        posts: What is live by id, ours and others'.
        containers: What was made and not published yet, by id.
        work: How often a container of files is asked for until it is ready.
        states: What the next containers come to instead of FINISHED.
        eager: Containers say that they are ready before they are.
        why: What is said of containers that come to ERROR.
        refusal: What publishing answers although the post went live.
        missing: Paths of files that are not at their public addresses.
        deletes: Whether the token may delete.
        tells: Whether the token may be asked about.
        used: Posts of the last day.
        empty_pages: How many pages the next list begins with that show nothing.
    """

    account = Account("threads", {"media_url": FILES}, {"token": TOKEN})

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Json] = {}
        self.containers: dict[str, Json] = {}
        self.work = 1
        self.states: list[str] = []
        self.eager = False
        self.why = "FAILED_PROCESSING_VIDEO"
        self.refusal: Refusal | None = None
        self.missing: set[str] = set()
        self.deletes = True
        self.tells = True
        self.used = 0
        self.empty_pages = 0
        self._numbers = count(18_000_000_000_000_001)
        self._later = count(1)
        described = at_hand(_DESCRIBED)
        self._methods = Methods(_DESCRIBED, base=_BASE) if described else None

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == httpx.URL(FILES).host:
            there = request.url.path not in self.missing
            kind = {"Content-Type": "image/png"}
            return httpx.Response(200 if there else 404, headers=kind)
        said = said_in(request)
        date = {"Date": format_datetime(datetime.now(UTC), usegmt=True)}
        try:
            _signed_in(request)
            if self._methods is not None and request.method != _NOT_DESCRIBED:
                self.faults += self._methods.faults(request, dict(said.params))
            path = request.url.path.removeprefix(_BASE)
            body = self._carried_out(request.method, path, said)
        except Refusal as refusal:
            return httpx.Response(refusal.status, json=refusal.body, headers=date)
        return httpx.Response(200, json=body, headers=date)

    def live(self) -> list[Posting]:
        return [
            Posting(each["id"], each["text"], each.get("replied_to", {}).get("id", ""))
            for each in self.posts.values()
            if each["username"] == US
        ]

    def say(self, post: str, words: str) -> str:
        at = datetime.now(UTC) + timedelta(seconds=next(self._later))
        return self._put({"text": words, "reply_to_id": post}, OTHER, at)

    def reply(self, post: str, words: str) -> str:
        """Let the account itself answer by hand; return the answer's id."""
        params = {"text": words, "reply_to_id": post}
        return self._put(params, US, datetime.now(UTC))

    def _carried_out(self, method: str, path: str, said: Said) -> object:
        own: dict[str, Callable[[], object]] = {
            "GET /debug_token": lambda: {"data": self._token(said)},
            "GET /me": lambda: {"id": "1", "username": US},
            "GET /me/threads_publishing_limit": lambda: {"data": [self._quota(said)]},
            "GET /me/threads_insights": lambda: {"data": [_FOLLOWERS]},
            "GET /me/threads": lambda: self._page(said, self._ours(first=True)),
            "GET /me/replies": lambda: self._page(said, self._ours(first=False)),
            "GET /me/mentions": lambda: self._page(said, self._mentions()),
            "POST /me/threads": lambda: self._create(said),
            "POST /me/threads_publish": lambda: self._publish(
                said.params["creation_id"]
            ),
        }
        name, _, edge = path[1:].partition("/")
        of_one: dict[str, Callable[[], object]] = {
            "GET replies": lambda: {"data": list(self._below(self._found(name)["id"]))},
            "GET insights": lambda: {"data": list(self._insights(self._found(name)))},
            "GET ": lambda: self._read(name),
            "DELETE ": lambda: self._delete(name),
        }
        call = own.get(f"{method} {path}") or of_one.get(f"{method} {edge}")
        if call is None:
            raise Refusal(2500, "Unknown path components")
        return call()

    def _read(self, name: str) -> Json:
        return self._state(name) if name in self.containers else self._found(name)

    def _delete(self, name: str) -> Json:
        found = self._found(name)
        if not self.deletes:
            raise Refusal(100, "Unsupported delete request", sub=33)
        del self.posts[found["id"]]
        return {"success": True, "deleted_id": name}

    def _mentions(self) -> Iterator[Json]:
        others = (each for each in self.posts.values() if each["username"] != US)
        return (each for each in others if f"@{US}" in each["text"])

    def _token(self, said: Said) -> Json:
        if said.params["input_token"] != TOKEN or not self.tells:
            raise Refusal(100, "The access token cannot be inspected")
        scopes = ["threads_basic", "threads_content_publish"]
        return {"is_valid": True, "scopes": scopes, "expires_at": DIES}

    def _quota(self, said: Said) -> Json:
        kind = "reply_" if "reply_config" in said.params["fields"] else ""
        config = {"quota_total": 250, "quota_duration": 86400}
        return {f"{kind}quota_usage": self.used, f"{kind}config": config}

    def _create(self, said: Said) -> Json:
        params = dict(said.params)
        kind = params["media_type"]
        if len(params.get("text", "")) > _LONGEST:
            raise Refusal(100, "Param text must be at most 500 characters long.")
        if kind in {"IMAGE", "VIDEO"} and f"{kind.lower()}_url" not in params:
            raise Refusal(100, "The parameter image_url is required")
        if "reply_to_id" in params:
            self._found(params["reply_to_id"])
        if params.get("auto_publish_text") == "true":
            return {"id": self._put(params, US, datetime.now(UTC))}
        if kind == "CAROUSEL":
            names = params["children"].split(",")
            if not 2 <= len(names) <= 20 or not self.containers.keys() >= set(names):
                raise Refusal(100, "Invalid parameter: children")
        name = str(next(self._numbers))
        asked = self.work if kind != "TEXT" else 0
        self.containers[name] = {"params": params, "left": asked}
        return {"id": name}

    def _state(self, name: str) -> Json:
        made = self.containers[name]
        if made["left"] > 0:
            made["left"] -= 1
            return {"id": name, "status": "IN_PROGRESS"}
        if self.states:
            made["state"] = self.states.pop(0)
        state = made.get("state", "FINISHED")
        words = {"error_message": self.why} if state == "ERROR" else {}
        return {"id": name, "status": state, **words}

    def _publish(self, name: str) -> Json:
        if name not in self.containers:
            raise Refusal(100, "The requested resource does not exist", sub=33)
        made = self.containers[name]
        if made["left"] > 0 or self.eager:
            raise Refusal(24, "Media ID is not available", sub=2207027)
        if made.get("state") == "PUBLISHED":
            raise Refusal(-1, "Already published")
        made["state"] = "PUBLISHED"
        name = self._put(made["params"], US, datetime.now(UTC))
        if self.refusal is not None:
            raise self.refusal
        return {"id": name}

    def _put(self, params: Json, username: str, at: datetime) -> str:
        name = str(next(self._numbers))
        children = [
            self.containers[each]["params"] for each in _list(params.get("children"))
        ]
        kind = params.get("media_type", "TEXT")
        post: Json = {
            "id": name,
            "text": params.get("text", ""),
            "username": username,
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink": f"https://www.threads.net/@{username}/post/C{name}",
            "media_type": _SHOWN_AS.get(kind, kind),
            "files": children or ([params] if "alt_text" in params else []),
            "poll": json.loads(params.get("poll_attachment", "{}")),
        }
        if children:
            post["children"] = {
                "data": [{"id": each} for each in _list(params["children"])]
            }
        if "reply_to_id" in params:
            above = self._found(params["reply_to_id"])
            post["replied_to"] = {"id": above["id"]}
            post["root_post"] = above.get("root_post", {"id": above["id"]})
        self.posts[name] = post
        return name

    def _found(self, name: str) -> Json:
        if name not in self.posts:
            words = f"Unsupported get request. Object with ID '{name}' does not exist"
            raise Refusal(100, words, sub=33)
        return self.posts[name]

    def _ours(self, *, first: bool) -> Iterator[Json]:
        ours = (each for each in self.posts.values() if each["username"] == US)
        return (each for each in ours if ("replied_to" not in each) == first)

    def _below(self, name: str) -> Iterator[Json]:
        return (
            e for e in self.posts.values() if e.get("replied_to", {}).get("id") == name
        )

    def _insights(self, post: Json) -> Iterator[Json]:
        replies = sum(1 for _ in self._below(post["id"]))
        for name in _METRICS:
            value = replies if name == "replies" else post.get(name, 0)
            yield {"name": name, "period": "lifetime", "values": [{"value": value}]}

    def _page(self, said: Said, found: Iterator[Json]) -> Json:
        if self.empty_pages:
            self.empty_pages -= 1
            return {"data": [], "paging": {"cursors": {"after": "0"}, "next": "more"}}
        since = int(said.params.get("since", "0"))
        every = [
            each
            for each in reversed(list(found))
            if datetime.fromisoformat(each["timestamp"]).timestamp() >= since
        ]
        start = int(said.params.get("after", "0"))
        page = every[start : start + _ONE_PAGE]
        more = start + _ONE_PAGE < len(every)
        cursors = {"after": str(start + _ONE_PAGE)} if more else {}
        return {"data": page, "paging": {"cursors": cursors}}


def _list(text: str | None) -> list[str]:
    return text.split(",") if text else []
