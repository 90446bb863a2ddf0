"""Instagram's API in memory, and the place from which it fetches files.

Answers are as https://developers.facebook.com/docs/instagram-platform/ shows them;
refusals as its error codes and its users tell.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from PIL import Image

from smmflow.model.address import media_name
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.testing.samples import DUE
from tests.networks.descriptions import Methods, at_hand
from tests.vendors.vendor import Account, Posting, Vendor

Json = dict[str, Any]
ACCOUNT = "17841400008460056"
PUBLIC = "https://files.example.org"
_STRANGER = "17841499999999999"
_TOKEN = "IGAA-instagram-token"
_NAME = "smmflow"
_LONGEST = 2200
_MOST_TAGS = 30
_MOST_CHILDREN = 10
_PAGE = 25
_GENERAL = {"fields", "limit", "after"}
_STRUCTURES = {"children", "collaborators", "share_to_feed", "is_carousel_item"}
_NUMBERS = {"creation_id"}
_LISTS = {"metric"}
_FEED_METRICS = {"views", "reach", "likes", "comments", "saved", "shares"}
_STORY_METRICS = {"views", "reach", "shares", "replies"}


@cache
def _described() -> Methods | None:
    name = "instagram/instagram.schema.json"
    return Methods(name, base="/v23.0") if at_hand(name) else None


@cache
def _jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 320), (46, 139, 87)).save(made, "JPEG")
    return made.getvalue()


class InstagramVendor(Vendor):
    """A professional account.

    Attributes:
        files: What is public, by address: media type and bytes.
        media: Live posts and stories by id, the oldest first.
        comments: By id, the oldest first.
        checks: How often a container's state is asked for before it is ready.
        broken: What is said of containers instead, if anything, and why.
        room: How many posts are taken in 24 hours.
        refusal: What publishing answers although the post went live.
    """

    account = Account(
        "instagram",
        {"account": ACCOUNT, "handle": _NAME, "media_url": PUBLIC},
        {"token": _TOKEN},
    )

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, bytes]] = {}
        content = _jpeg()
        self.put("picture.jpg", content, "image/jpeg")
        self.media: dict[str, Json] = {}
        self.comments: dict[str, Json] = {}
        self.containers: dict[str, Json] = {}
        self.checks = 0
        self.broken = ""
        self.why = "because"
        self.room = 100
        self.refusal: Json | None = None
        self._given = 17_900_000_000_000_000
        self._last = max(datetime.now(UTC), DUE + timedelta(seconds=1))

    def put(self, path: str, content: bytes, media_type: str) -> str:
        """Make a file public; return its address."""
        name = media_name(path, hashlib.sha256(content).hexdigest())
        self.files[f"{PUBLIC}/{name}"] = (media_type, content)
        return f"{PUBLIC}/{name}"

    def picture(self, root: Path) -> Attachment:
        content = _jpeg()
        (root / "picture.jpg").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        facts = MediaFacts(
            "picture.jpg",
            digest,
            len(content),
            MediaKind.IMAGE,
            "image/jpeg",
            320,
            320,
        )
        return Attachment(facts, "A green square")

    def live(self) -> list[Posting]:
        found = [
            (each["timestamp"], Posting(name, each.get("caption", "")))
            for name, each in self.media.items()
        ]
        found += [
            (each["timestamp"], Posting(name, each["text"], each["above"]))
            for name, each in self.comments.items()
            if each["from"]["id"] == ACCOUNT
        ]
        return [each for _, each in sorted(found, key=lambda pair: pair[0])]

    def say(self, post: str, words: str) -> str:
        return self._comment(post, words, _STRANGER, "sara")

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == httpx.URL(PUBLIC).host:
            return self._public(request)
        if request.headers.get("authorization") != f"Bearer {_TOKEN}":
            return _no(190, "Invalid OAuth access token", status=401)
        said = dict(request.url.params) | dict(
            parse_qsl(request.content.decode(), keep_blank_values=True)
        )
        node, _, edge = request.url.path.removeprefix("/v23.0/").partition("/")
        self.faults += self._faults(request, node, edge, said)
        if request.method == "GET":
            return self._list(node, edge, said) if edge else self._node(node)
        match edge:
            case "media":
                return self._prepare(said)
            case "media_publish":
                return self._publish(said["creation_id"])
            case _:
                return self._say(node, said["message"])

    # --- Requests by the description --------------------------------------------------

    def _faults(
        self, request: httpx.Request, node: str, edge: str, said: Json
    ) -> Iterator[str]:
        described = _described()
        kind = self._kind(node)
        if described is None or kind is None:
            return
        path = f"{request.method} /{{{kind}}}" + (f"/{edge}" if edge else "")
        typed = {k: _typed(k, v) for k, v in said.items() if k not in _GENERAL}
        yield from described.faults(request, typed, path=path)

    def _kind(self, node: str) -> str | None:
        """What the description calls a node; None for containers and what is not."""
        if node == ACCOUNT:
            return "IGUser"
        if node in self.media:
            return "IGMedia"
        return "IGComment" if node in self.comments else None

    # --- Reading ----------------------------------------------------------------------

    def _public(self, request: httpx.Request) -> httpx.Response:
        found = self.files.get(str(request.url))
        if found is None:
            return httpx.Response(404, html="<!doctype html><title>Nothing</title>")
        kind, content = found
        headers = {"content-type": kind, "content-length": str(len(content))}
        body = b"" if request.method == "HEAD" else content
        return httpx.Response(200, headers=headers, content=body)

    def _node(self, node: str) -> httpx.Response:
        if node == ACCOUNT:
            return _yes(
                {"id": ACCOUNT, "username": _NAME, "followers_count": 12},
            )
        if node in self.containers:
            return _yes(self._container(node))
        if node in self.media:
            return _yes(self._shown(node))
        if node in self.comments:
            return _yes({**self._seen(node), "like_count": 0})
        return _no(100, f"Object with ID '{node}' does not exist", 33)

    def _container(self, name: str) -> Json:
        container = self.containers[name]
        container["checks"] += 1
        if self.broken:
            status = self.broken
        elif container["published"]:
            status = "PUBLISHED"
        else:
            waits = container["checks"] <= self.checks
            status = "IN_PROGRESS" if waits else "FINISHED"
        return {"id": name, "status_code": status, "status": f"{status}: {self.why}"}

    def _list(self, node: str, edge: str, said: Json) -> httpx.Response:
        match edge:
            case "media" | "stories":
                found = [
                    self._shown(name)
                    for name, each in self.media.items()
                    if (each["media_product_type"] == "STORY") == (edge == "stories")
                ]
            case "comments" | "replies":
                found = [
                    self._seen(name)
                    for name, each in self.comments.items()
                    if each["above"] == node
                ]
            case "content_publishing_limit":
                config = {"quota_total": self.room, "quota_duration": 86400}
                used = sum(1 for _ in self.media)
                return _yes({"data": [{"config": config, "quota_usage": used}]})
            case _:
                return self._insights(node, said["metric"].split(","))
        found.reverse()
        return _yes(_page(found, said))

    def _insights(self, node: str, metrics: list[str]) -> httpx.Response:
        if node not in self.media:
            return _no(100, f"Object with ID '{node}' does not exist", 33)
        story = self.media[node]["media_product_type"] == "STORY"
        if not set(metrics) <= (_STORY_METRICS if story else _FEED_METRICS):
            return _no(100, "metric is not supported by this media")
        data = [
            {"name": each, "period": "lifetime", "values": [{"value": 0}]}
            for each in metrics
        ]
        return _yes({"data": data})

    def _shown(self, name: str) -> Json:
        media = {k: v for k, v in self.media[name].items() if k != "alts"}
        children = media.pop("children")
        if children:
            media["children"] = {"data": [{"id": each} for each in children]}
        return media

    def _seen(self, name: str) -> Json:
        comment = {k: v for k, v in self.comments[name].items() if k != "above"}
        below = [
            self._seen(each)
            for each, it in self.comments.items()
            if it["above"] == name
        ]
        if below:
            comment["replies"] = {"data": below}
        return comment

    # --- Writing ----------------------------------------------------------------------

    def _prepare(self, said: Json) -> httpx.Response:
        caption = said.get("caption", "")
        if len(caption) > _LONGEST or caption.count("#") > _MOST_TAGS:
            return _no(36004, "The caption was too long", 2207010)
        kind = said.get("media_type", "IMAGE")
        if kind == "CAROUSEL":
            children = json.loads(said["children"])
            if not 2 <= len(children) <= _MOST_CHILDREN:
                return _no(9, "Wrong number of children", 2207022)
            if any(each not in self.containers for each in children):
                return _no(24, "The child cannot be found", 2207006)
        else:
            refused = self._fetch(said, kind)
            if refused is not None:
                return refused
        name = self._new()
        self.containers[name] = {"said": said, "checks": 0, "published": False}
        return _yes({"id": name})

    def _fetch(self, said: Json, kind: str) -> httpx.Response | None:
        """Get the file; return why it can't be used, if so."""
        address = said.get("video_url") or said.get("image_url", "")
        if address not in self.files:
            return _no(9004, "Only photo or video can be accepted", 2207052)
        media_type, _ = self.files[address]
        video = "video_url" in said
        if kind in {"REELS", "VIDEO"} and not video:
            return _no(100, "video_url is required")
        if kind == "VIDEO" and said.get("is_carousel_item") != "true":
            return _no(100, "VIDEO is no longer supported: use REELS", 2207023)
        if media_type != ("video/mp4" if video else "image/jpeg"):
            return _no(36001, "The image format is not supported", 2207005)
        if "alt_text" in said and (video or kind == "STORIES"):
            return _no(100, "alt_text is not supported here")
        return None

    def _publish(self, name: str) -> httpx.Response:
        container = self.containers.get(name)
        if container is None or container["published"]:
            return _no(24, "The media cannot be found", 2207006)
        if container["checks"] <= self.checks:
            return _no(9007, "The media is not ready for publishing", 2207027)
        if len(self.media) >= self.room:
            return _no(9, "You reached the maximum number of posts", 2207042)
        container["published"] = True
        made = self._live(container["said"])
        if self.refusal is not None:
            return httpx.Response(400, json={"error": self.refusal})
        return _yes({"id": made})

    def _live(self, said: Json) -> str:
        name = self._new()
        code = f"C{name[-8:]}"
        kind = said.get("media_type", "IMAGE")
        product, place = "FEED", f"p/{code}"
        children: list[str] = json.loads(said.get("children", "[]"))
        files = [self.containers[each]["said"] for each in children] or [said]
        if kind == "REELS":
            product, place = "REELS", f"reel/{code}"
        if kind == "STORIES":
            product, place = "STORY", f"stories/{_NAME}/{name}"
        shown = "VIDEO" if "video_url" in said else "IMAGE"
        made = {
            "id": name,
            "media_type": "CAROUSEL_ALBUM" if children else shown,
            "media_product_type": product,
            "permalink": f"https://www.instagram.com/{place}/",
            "timestamp": self._now(),
            "children": [self._new() for _ in children],
            "alts": tuple(each.get("alt_text", "") for each in files),
        }
        if product != "STORY":
            made["caption"] = said.get("caption", "").strip()
        self.media[name] = made
        return name

    def _say(self, above: str, words: str) -> httpx.Response:
        if above not in self.media and above not in self.comments:
            return _no(100, f"Object with ID '{above}' does not exist", 33)
        if self.comments.get(above, {}).get("above") in self.comments:
            return _no(100, "Replies stand below comments only")
        return _yes({"id": self._comment(above, words, ACCOUNT, _NAME)})

    def _comment(self, above: str, words: str, author: str, name: str) -> str:
        made = self._new()
        self.comments[made] = {
            "id": made,
            "text": words,
            "timestamp": self._now(),
            "from": {"id": author, "username": name},
            "username": name,
            "above": above,
        }
        return made

    def _new(self) -> str:
        self._given += 1
        return str(self._given)

    def _now(self) -> str:
        self._last = max(datetime.now(UTC), self._last + timedelta(seconds=1))
        return self._last.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _typed(key: str, text: str) -> object:
    if key in _STRUCTURES:
        with suppress(ValueError):
            return json.loads(text)
    if key in _LISTS:
        return text.split(",")
    return int(text) if key in _NUMBERS and re.fullmatch(r"\d+", text) else text


def _page(found: list[Json], said: Json) -> Json:
    start = int(said.get("after", "0"))
    end = start + min(int(said.get("limit", _PAGE)), _PAGE)
    page: Json = {"data": found[start:end]}
    if end < len(found):
        page["paging"] = {"cursors": {"after": str(end)}, "next": "https://more"}
    return page


def _yes(content: Json) -> httpx.Response:
    return httpx.Response(200, json=content)


def _no(
    code: int, message: str, subcode: int = 0, *, status: int = 400
) -> httpx.Response:
    error: Json = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error})
