"""Facebook in memory: one Page, its posts, and what people say below them.

https://developers.facebook.com/docs/pages-api
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx

from tests.networks.descriptions import Methods, at_hand
from tests.vendors.graph_form import Json, Said, said_in
from tests.vendors.vendor import Account, Posting, Vendor

PAGE = "1040000000000001"
TOKEN = "EAAfake-page-token"
SERVICE = "https://graph.facebook.com/v25.0"
_DESCRIBED = "facebook/facebook.schema.json"
_LONGEST = 63_206
_SOONEST, _LATEST = timedelta(minutes=10), timedelta(days=75)
_NOT_DESCRIBED = {"GET /{Page}/videos"}
"""Documented, https://developers.facebook.com/docs/graph-api/reference/page/videos/,
and not in the description."""
_ONE_PAGE = 3
"""Lists are cut short, so that whoever reads them has to go on."""


class Refusal(Exception):
    """An error as the Graph API words it."""

    def __init__(
        self, code: int, words: str, subcode: int = 0, status: int = 400
    ) -> None:
        super().__init__(words)
        self.status = status
        self.body = {
            "error": {
                "message": words,
                "type": "OAuthException",
                "code": code,
                "error_subcode": subcode,
                "fbtrace_id": "Afake",
            }
        }


def _gone(name: str) -> Refusal:
    return Refusal(
        100,
        f"Unsupported request. Object with ID '{name}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation",
        33,
    )


def _signed_in(request: httpx.Request) -> None:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise Refusal(190, "Invalid OAuth access token.", status=401)


class FacebookVendor(Vendor):
    """Facebook's.

    Attributes:
        things: Posts, comments, photos and videos by id, as the API shows them.
        work: How often a video is asked for until it is ready; None if it fails.
        insights: Whether the token may read them.
        deletes: Whether the token may delete.
        kind: What pictures are called.
        card: What cards are called.
        refusals: What the next writes to a path's end are refused with.
        unread: What asking for a single thing is refused with, if anything.
    """

    account = Account("facebook", {"page": PAGE}, {"token": TOKEN})

    def __init__(self) -> None:
        super().__init__()
        self.things: dict[str, Json] = {}
        self.work: int | None = 1
        self.insights = True
        self.deletes = True
        self.kind = "photo"
        self.card = "link"
        self.refusals: dict[str, list[Refusal]] = {}
        self.unread: Refusal | None = None
        self._numbers = count(1)
        self._methods = Methods(_DESCRIBED) if at_hand(_DESCRIBED) else None

    # --- Being asked ------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        now = datetime.now(UTC)
        said = said_in(request)
        path = re.sub(r"^/v\d+\.\d+", "", request.url.path)
        try:
            _signed_in(request)
            self.faults += self._request_faults(request, path, said)
            body = self._carried_out(request.method, path, said, now)
        except Refusal as refusal:
            return httpx.Response(refusal.status, json=refusal.body)
        date = {"Date": format_datetime(now, usegmt=True)}
        return httpx.Response(200, json=body, headers=date)

    def _request_faults(
        self, request: httpx.Request, path: str, said: Said
    ) -> Iterator[str]:
        if self._methods is None or path == "/":
            return
        name, _, edge = path[1:].partition("/")
        node = "Page" if name == PAGE else self.things.get(name, {}).get("node")
        if node is None:
            return
        method = f"{request.method} /{{{node}}}" + (f"/{edge}" if edge else "")
        if method in _NOT_DESCRIBED:
            return
        yield from self._methods.faults(request, said.typed, path=method)

    def _carried_out(self, method: str, path: str, said: Said, now: datetime) -> object:
        for end, refusals in self.refusals.items():
            if method != "GET" and path.endswith(end) and refusals:
                raise refusals.pop(0)
        if path == "/":
            names = said.params["ids"].split(",")
            return {each: self._shown(self._thing(each), said) for each in names}
        name, _, edge = path[1:].partition("/")
        calls: dict[tuple[str, str], Callable[[], object]] = {
            ("GET", ""): lambda: self._read(name, said, now),
            ("POST", ""): lambda: self._change(name, said, now),
            ("DELETE", ""): lambda: self._delete(name),
            ("POST", "feed"): lambda: self._post(said, now),
            ("POST", "photos"): lambda: self._photo(said),
            ("POST", "videos"): lambda: self._video(said, now),
            ("GET", "videos"): lambda: self._videos(said),
            ("GET", "published_posts"): lambda: self._posts(said, published=True),
            ("GET", "scheduled_posts"): lambda: self._posts(said, published=False),
            ("GET", "tagged"): lambda: self._tagged(said),
            ("POST", "comments"): lambda: self._comment(name, said.params, PAGE, now),
            ("GET", "comments"): lambda: self._comments(name, said),
        }
        if (method, edge) not in calls:
            raise Refusal(2500, f"Unknown path components: /{edge}")
        return calls[method, edge]()

    def live(self) -> list[Posting]:
        return [
            Posting(each["id"], each["message"], each.get("below", ""))
            for each in self.things.values()
            if each["node"] in {"PagePost", "Comment"} and each["is_published"]
        ]

    def waiting(self) -> list[Posting]:
        return [
            Posting(each["id"], each["message"])
            for each in self.things.values()
            if each["node"] == "PagePost" and not each["is_published"]
        ]

    def send_due(self) -> None:
        for each in self.things.values():
            if each["node"] == "PagePost" and not each["is_published"]:
                at = datetime.fromtimestamp(each.pop("scheduled_publish_time"), UTC)
                each |= {"is_published": True, "created_time": _written(at)}

    def say(self, post: str, words: str) -> str:
        said = {"message": words}
        made = self._comment(post, said, "2000000000000002", datetime.now(UTC))
        return str(made["id"])

    def mention(self, words: str) -> str:
        """Let somebody else name the Page in a post; return the post's id."""
        name = f"2000000000000002_{next(self._numbers)}"
        self.things[name] = {
            "node": "PagePost",
            "id": name,
            "message": words,
            "created_time": _written(datetime.now(UTC)),
            "from": {"id": "2000000000000002", "name": "Sara"},
            "is_published": None,
        }
        return name

    def alts(self, post: str) -> tuple[str, ...]:
        """Descriptions of a post's pictures."""
        return tuple(self.things[each]["alt"] for each in self.things[post]["photos"])

    # --- Making -----------------------------------------------------------------------

    def _post(self, said: Said, now: datetime) -> Json:
        words = said.params.get("message", "")
        photos = [
            each["media_fbid"]
            for each in json.loads(said.params.get("attached_media", "[]"))
        ]
        if not words and not photos and "link" not in said.params:
            raise Refusal(100, "(#100) Missing message or attachment")
        for each in photos:
            if each not in self.things:
                raise _gone(each)
        return self._made(said, words, now, photos=photos)

    def _made(self, said: Said, words: str, now: datetime, **more: object) -> Json:
        if len(words) > _LONGEST:
            raise Refusal(100, "(#100) Message is too long")
        waits = self._waiting(said, now)
        if not waits and self._newest_words() == words:
            raise Refusal(506, "Duplicate status message")
        name = f"{PAGE}_{next(self._numbers)}"
        self.things[name] = {
            "node": "PagePost",
            "id": name,
            "message": words,
            "created_time": _written(now),
            "is_published": not waits,
            "permalink_url": f"https://www.facebook.com/{name.replace('_', '/posts/')}",
            "photos": [],
            "video": "",
            "link": said.params.get("link", ""),
            **waits,
            **more,
        }
        return {"id": name}

    def _waiting(self, said: Said, now: datetime) -> Json:
        if said.params.get("published", "true") == "true":
            return {}
        at = int(said.params["scheduled_publish_time"])
        self._bounded(at, now)
        return {"scheduled_publish_time": at}

    def _bounded(self, at: int, now: datetime) -> None:
        if not _SOONEST <= datetime.fromtimestamp(at, UTC) - now <= _LATEST:
            raise Refusal(100, "(#100) The specified scheduled publish time is invalid")

    def _newest_words(self) -> str | None:
        posts = [
            each
            for each in self.things.values()
            if each["node"] == "PagePost" and each["is_published"]
        ]
        plain = posts and not posts[-1]["photos"] and not posts[-1]["video"]
        return str(posts[-1]["message"]) if plain else None

    def _photo(self, said: Said) -> Json:
        if not said.files.get("source", b"").startswith((b"\x89PNG", b"\xff\xd8")):
            raise Refusal(324, "(#324) Requires upload file")
        if said.params.get("published") != "false":
            self.faults.append("a picture becomes a post of its own")
        name = str(next(self._numbers))
        alt = said.params.get("alt_text_custom", "")
        self.things[name] = {"node": "Photo", "id": name, "alt": alt}
        return {"id": name}

    def _video(self, said: Said, now: datetime) -> Json:
        if not said.files.get("source"):
            raise Refusal(324, "(#324) Requires upload file")
        name = str(next(self._numbers))
        words = said.params.get("description", "")
        post = self._made(said, words, now, video=name)["id"]
        then = {key: self.things[post][key] for key in ("is_published", "node")}
        # Nobody sees it, and no list has it, until it is ready.
        self.things[post] |= {"is_published": False, "node": "PendingPost"}
        self.things[name] = {
            "node": "AdVideo",
            "id": name,
            "post": post.partition("_")[2],
            "asked": 0,
            "description": words,
            "then": then,
            "created_time": _written(now),
        }
        return {"id": name}

    def _comment(
        self, below: str, said: dict[str, str], author: str, now: datetime
    ) -> Json:
        above = self._thing(below)
        post = above.get("post", below)
        name = f"{post.partition('_')[2]}_{next(self._numbers)}"
        self.things[name] = {
            "node": "Comment",
            "id": name,
            "message": said["message"],
            "created_time": _written(now),
            "from": {"id": author, "name": "Page" if author == PAGE else "Sara"},
            "below": below,
            "post": post,
            "is_published": True,
            "like_count": 0,
            "comment_count": 0,
            **({"parent": {"id": below}} if above["node"] == "Comment" else {}),
        }
        return {"id": name}

    # --- Reading ----------------------------------------------------------------------

    def _read(self, name: str, said: Said, now: datetime) -> Json:
        del now
        if self.unread is not None:
            raise self.unread
        if name == PAGE:
            page = {"id": PAGE, "name": "News", "followers_count": 42}
            return page | {"link": f"https://www.facebook.com/{PAGE}"}
        thing = self._thing(name)
        if thing["node"] == "AdVideo":
            return self._video_state(thing)
        return self._shown(thing, said)

    def _videos(self, said: Said) -> Json:
        videos = [e for e in reversed(self.things.values()) if e["node"] == "AdVideo"]
        for each in videos:
            done = self.work is not None and each["asked"] > self.work
            each["status"] = {"video_status": "ready" if done else "processing"}
        return self._listed(videos, said)

    def _video_state(self, video: Json) -> Json:
        shown = {key: video[key] for key in ("id", "created_time")}
        if self.work is None:
            return {**shown, "status": {"video_status": "error"}}
        video["asked"] += 1
        if video["asked"] <= self.work:
            return {**shown, "status": {"video_status": "processing"}}
        self.things[f"{PAGE}_{video['post']}"] |= video["then"]
        ready = {"status": {"video_status": "ready"}, "post_id": video["post"]}
        return {**shown, **ready}

    def _shown(self, thing: Json, said: Said) -> Json:
        asked = set(
            re.findall(r"\w+", re.sub(r"[({].*?[)}]", "", said.params["fields"]))
        )
        if "insights" in said.params["fields"] and not self.insights:
            raise Refusal(200, "(#200) Requires read_insights permission", status=403)
        if thing["node"] == "Comment" and asked & {"shares", "insights", "reactions"}:
            raise Refusal(100, "(#100) Tried accessing nonexisting field (shares)")
        shown = {key: each for key, each in thing.items() if key in asked | {"id"}}
        below = [e for e in self.things.values() if e.get("below") == thing["id"]]
        summaries: Json = {
            "comments": {"data": [], "summary": {"total_count": len(below)}},
            "reactions": {"data": [], "summary": {"total_count": 0}},
            "insights": {"data": []},
        }
        shown |= {key: each for key, each in summaries.items() if key in asked}
        if "attachments" in asked and (
            attached := _attached(thing, self.kind, self.card)
        ):
            shown["attachments"] = {"data": [attached]}
        return shown

    def _posts(self, said: Said, *, published: bool) -> Json:
        posts = [
            each
            for each in reversed(self.things.values())
            if each["node"] == "PagePost" and each["is_published"] is published
        ]
        return self._listed(posts, said)

    def _tagged(self, said: Said) -> Json:
        posts = [e for e in reversed(self.things.values()) if self._is_theirs(e)]
        return self._listed(posts, said)

    def _is_theirs(self, thing: Json) -> bool:
        return thing["node"] == "PagePost" and thing["is_published"] is None

    def _comments(self, name: str, said: Said) -> Json:
        self._thing(name)
        of = "post" if said.params.get("filter") == "stream" else "below"
        since = int(said.params.get("since", 0))
        comments = [
            each
            for each in self.things.values()
            if each["node"] == "Comment"
            and each[of] == name
            and datetime.fromisoformat(each["created_time"]).timestamp() >= since
        ]
        return self._listed(comments, said)

    def _listed(self, things: list[Json], said: Said) -> Json:
        start = int(said.params.get("after", 0))
        end = start + min(int(said.params.get("limit", 25)), _ONE_PAGE)
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(things):
            paging["next"] = "https://graph.facebook.com/next"
        data = [self._shown(each, said) for each in things[start:end]]
        return {"data": data, "paging": paging} if data else {"data": []}

    # --- Changing ---------------------------------------------------------------------

    def _change(self, name: str, said: Said, now: datetime) -> Json:
        thing = self._thing(name)
        if at := said.params.get("scheduled_publish_time"):
            if thing["is_published"]:
                raise Refusal(100, "(#100) This post is published already")
            self._bounded(int(at), now)
            thing["scheduled_publish_time"] = int(at)
        if "message" in said.params:
            thing["message"] = said.params["message"]
        return {"success": True}

    def _delete(self, name: str) -> Json:
        self._thing(name)
        if not self.deletes:
            raise _gone(name)
        del self.things[name]
        return {"success": True}

    def _thing(self, name: str) -> Json:
        if name not in self.things:
            raise _gone(name)
        return self.things[name]


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _attached(thing: Json, kind: str, card: str) -> Json:
    if thing["video"]:
        return {"media_type": "video"}
    photos = thing["photos"]
    if len(photos) > 1:
        each = [{"media_type": kind} for _ in photos]
        return {"media_type": "album", "subattachments": {"data": each}}
    if photos:
        return {"media_type": kind}
    return {"media_type": card} if thing["link"] else {}
