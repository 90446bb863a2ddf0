"""LinkedIn's versioned API in memory: posts, files, comments and numbers.

Answers are as https://learn.microsoft.com/en-us/linkedin/marketing/community-management/
shows them; refusals as its error tables and its users tell.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

from tests.vendors.linkedin_shapes import faults_of
from tests.vendors.little_text import read_little_text
from tests.vendors.vendor import Account, Posting, Vendor

Json = dict[str, Any]
ORGANIZATION = "urn:li:organization:5515715"
MEMBER = "urn:li:person:Ab-C_123"
STRANGER = "urn:li:person:stranger"
_TOKEN = "AQX-linkedin-token"
APPLICATION = {"client_id": "86abc", "client_secret": "WPL_AP1.secret"}
_LONGEST = 3000
_LONGEST_QUESTION = 140
_LONGEST_OPTION = 30
_MOST_IMAGES = 20
_PART = 4 * 1024 * 1024
_COMMENT = re.compile(r"urn:li:comment:\((.+),(\d+)\)")


@dataclass
class File:
    """A file that somebody began to upload.

    Attributes:
        checks: How often its state is asked for before it is available.
    """

    owner: str
    checks: int = 0
    content: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    finished: bool = False


class LinkedInVendor(Vendor):
    """A member's or an organization's LinkedIn.

    Attributes:
        versions: Months of the API that it still speaks.
    """

    def __init__(self, author: str = ORGANIZATION) -> None:
        super().__init__()
        self.author = author
        self.account = Account("linkedin", {"author": author}, {"token": _TOKEN})
        self.versions = {"202605", "202609"}
        self.posts: dict[str, Json] = {}
        self.comments: dict[str, Json] = {}
        self.files: dict[str, File] = {}
        self._given = 7_000_000_000
        self._time = 0

    def live(self) -> list[Posting]:
        posts = [
            (post["createdAt"], Posting(urn, self.shown(post)))
            for urn, post in self.posts.items()
        ]
        comments = [
            (
                each["created"]["time"],
                Posting(
                    urn,
                    each["message"]["text"],
                    each.get("parentComment") or each["object"],
                ),
            )
            for urn, each in self.comments.items()
            if each["actor"] == self.author
        ]
        return [each for _, each in sorted((*posts, *comments), key=itemgetter(0))]

    def shown(self, post: Json) -> str:
        """What readers see of a post's words, its question below them."""
        words = read_little_text(post["commentary"])
        question = post.get("content", {}).get("poll", {}).get("question", "")
        return "\n\n".join(filter(None, (words, question)))

    def say(self, post: str, words: str) -> str:
        if self.author == MEMBER:
            raise NotImplementedError
        return str(self._new_comment(STRANGER, post, words, {})["commentUrn"])

    def answer(self, request: httpx.Request) -> httpx.Response:
        raw = request.url.raw_path.decode()
        path, _, query = raw.partition("?")
        if path.startswith("/dms-uploads/"):
            return self._take(path, request)
        if path == "/oauth/v2/introspectToken":
            return self._introspect(dict(parse_qsl(request.content.decode())))
        if request.headers.get("authorization") != f"Bearer {_TOKEN}":
            return _no(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        return self._signed_in(request, path, dict(parse_qsl(query)))

    def _signed_in(
        self, request: httpx.Request, path: str, asked: Json
    ) -> httpx.Response:
        if path == "/v2/userinfo":
            number = MEMBER.rpartition(":")[2]
            return _yes(200, {"sub": number, "name": "Sara", "locale": "fa_IR"})
        version = request.headers.get("linkedin-version", "")
        if version not in self.versions:
            said = f"Requested version {version} is not active"
            return _no(426, "NONEXISTENT_VERSION", said)
        body = json.loads(request.content) if request.content else {}
        self.faults += faults_of(request, path, body)
        routes: dict[str, Callable[..., httpx.Response]] = {
            "posts": self._posts,
            "images": self._files,
            "videos": self._files,
            "documents": self._files,
            "socialActions": self._actions,
            "organizations": self._organization,
            "networkSizes": self._followers,
            "memberFollowersCount": self._followers,
            "organizationalEntityShareStatistics": self._statistics,
            "memberCreatorPostAnalytics": self._analytics,
        }
        steps = [unquote(each) for each in path.split("/")[2:]]
        if steps[0] not in routes:
            return _no(404, "RESOURCE_NOT_FOUND", f"No virtual resource {path}")
        return routes[steps[0]](request, steps, asked, body)

    def _introspect(self, asked: Json) -> httpx.Response:
        if asked["client_secret"] != APPLICATION["client_secret"]:
            return _no(401, "invalid_client", "Client authentication failed")
        if asked["token"] != _TOKEN:
            return _yes(200, {"active": False})
        facts = {
            "active": True,
            "status": "active",
            "scope": "openid,w_member_social",
            "expires_at": 1_800_000_000,
        }
        return _yes(200, facts)

    # --- Posts ------------------------------------------------------------------------

    def _posts(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        if request.method == "GET" and self.author == MEMBER:
            return _no(403, "ACCESS_DENIED", "Not enough permissions to access: posts")
        if len(steps) == 1:
            if request.method == "POST":
                return self._post(body)
            if "ids" in asked:
                return self._several(asked["ids"])
            return self._by_author(asked)
        return self._one(request, steps[1], body)

    def _one(self, request: httpx.Request, urn: str, body: Json) -> httpx.Response:
        if request.method == "DELETE":
            self.posts.pop(urn, None)
            return httpx.Response(204)
        if urn not in self.posts:
            return _no(404, "NOT_FOUND", f"Post {urn} is not found")
        if request.method == "GET":
            return _yes(200, self.posts[urn])
        words = body["patch"]["$set"]["commentary"]
        if len(read_little_text(words)) > _LONGEST:
            return _no(400, "FIELD_LENGTH_TOO_LONG", "commentary is too long")
        self.posts[urn]["commentary"] = words
        return httpx.Response(204)

    def _post(self, body: Json) -> httpx.Response:
        if body["author"] != self.author:
            return _no(403, "ACCESS_DENIED", f"{body['author']} is not yours")
        words = body["commentary"]
        if len(read_little_text(words).encode("utf-16-le")) // 2 > _LONGEST:
            return _no(400, "FIELD_LENGTH_TOO_LONG", "commentary is too long")
        problem = self._wrong_content(body.get("content"))
        if problem:
            return _no(400, "INVALID_CONTENT", problem)
        for urn, post in self.posts.items():
            if (post["commentary"], post.get("content")) == (
                words,
                body.get("content"),
            ):
                said = f"Content is a duplicate of {urn}"
                return _no(422, "DUPLICATE_POST", said)
        kind = "ugcPost" if "video" in json.dumps(body.get("content")) else "share"
        urn = f"urn:li:{kind}:{self._next()}"
        now = self._now()
        self.posts[urn] = {**body, "id": urn, "createdAt": now, "publishedAt": now}
        date = format_datetime(datetime.fromtimestamp(now / 1000, UTC), usegmt=True)
        return httpx.Response(201, headers={"x-restli-id": urn, "date": date})

    def _wrong_content(self, content: Json | None) -> str:
        content = content or {}
        if len(content) > 1:
            return "content has more than one kind"
        images = content.get("multiImage", {}).get("images", [])
        if "multiImage" in content and not 1 < len(images) <= _MOST_IMAGES:
            return "multiImage takes 2 to 20 images"
        for urn in _files_of(content):
            file = self.files.get(urn)
            if file is None or not file.content or file.owner != self.author:
                return f"{urn} is no file of the author"
            if file.checks > 0:
                return f"{urn} is still processed"
        poll = content.get("poll")
        if poll and (
            len(poll["question"]) > _LONGEST_QUESTION
            or not 2 <= len(poll["options"]) <= 4
            or any(len(each["text"]) > _LONGEST_OPTION for each in poll["options"])
        ):
            return "the poll is too long"
        return ""

    def _several(self, ids: str) -> httpx.Response:
        urns = ids.removeprefix("List(").removesuffix(")").split(",")
        return _yes(
            200,
            {
                "results": {u: self.posts[u] for u in urns if u in self.posts},
                "statuses": {u: 200 if u in self.posts else 404 for u in urns},
                "errors": {},
            },
        )

    def _by_author(self, asked: Json) -> httpx.Response:
        mine = [e for e in self.posts.values() if e["author"] == asked["author"]]
        mine.sort(key=lambda each: -int(each["createdAt"]))
        return _page(mine, asked)

    # --- Files ------------------------------------------------------------------------

    def _files(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        kind = steps[0].removesuffix("s")
        if request.method == "GET":
            file = self.files.get(steps[1])
            if file is None:
                return _no(404, "NOT_FOUND", "no such file")
            file.checks -= 1
            status = "AVAILABLE" if file.checks <= 0 else "PROCESSING"
            return _yes(200, {"id": steps[1], "status": status, "owner": file.owner})
        if asked["action"] == "finalizeUpload":
            return self._finalize(body["finalizeUploadRequest"])
        wanted = body["initializeUploadRequest"]
        urn = f"urn:li:{kind}:{self._next()}"
        checks = 0 if kind == "image" else 2
        size = wanted.get("fileSizeBytes", 0)
        self.files[urn] = File(wanted["owner"], checks, size=size)
        place = f"https://www.linkedin.com/dms-uploads/{urn}"
        value: Json = {kind: urn, "uploadUrl": f"{place}/0"}
        if kind == "video":
            parts = [
                {
                    "uploadUrl": f"{place}/{at // _PART}",
                    "firstByte": at,
                    "lastByte": min(at + _PART, size) - 1,
                }
                for at in range(0, size, _PART)
            ]
            value = {"video": urn, "uploadInstructions": parts, "uploadToken": ""}
        return _yes(200, {"value": value})

    def _take(self, path: str, request: httpx.Request) -> httpx.Response:
        urn, number = path.removeprefix("/dms-uploads/").split("/")
        self.files[unquote(urn)].content[int(number)] = request.content
        return httpx.Response(201, headers={"etag": f'"part-{number}"'})

    def _finalize(self, wanted: Json) -> httpx.Response:
        file = self.files[wanted["video"]]
        parts = [f"part-{number}" for number in sorted(file.content)]
        whole = sum(map(len, file.content.values())) == file.size
        if wanted["uploadedPartIds"] != parts or not whole:
            return _no(400, "INVALID_PARTS", "parts are missing")
        file.finished = True
        return _yes(200, {})

    # --- Comments ---------------------------------------------------------------------

    def _actions(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        if request.method == "GET" and self.author == MEMBER:
            return _no(403, "ACCESS_DENIED", "Not enough permissions: socialActions")
        target = steps[1]
        if len(steps) > len(("socialActions", "urn", "comments")):
            return self._comment(request, f"urn:li:comment:({target},{steps[3]})", body)
        below = [
            each
            for each in self.comments.values()
            if target in {each["object"], each.get("parentComment")}
            and (target == each.get("parentComment") or not each.get("parentComment"))
        ]
        if request.method == "GET":
            return _page(below, asked)
        if body["actor"] != self.author or body["object"] not in self.posts:
            return _no(400, "INVALID_URN", "no such actor or object")
        parent = body.get("parentComment", "")
        if parent and (parent not in self.comments or parent != target):
            return _no(400, "INVALID_URN", "no such comment")
        more = {"parentComment": parent} if parent else {}
        made = self._new_comment(
            self.author, body["object"], body["message"]["text"], more
        )
        return _yes(201, made, {"x-restli-id": str(made["id"])})

    def _comment(self, request: httpx.Request, urn: str, body: Json) -> httpx.Response:
        if urn not in self.comments:
            return _no(404, "NOT_FOUND", "no such comment")
        if request.method == "DELETE":
            del self.comments[urn]
            return httpx.Response(204)
        if request.method == "POST":
            text = body["patch"]["message"]["$set"]["text"]
            self.comments[urn]["message"] = {"attributes": [], "text": text}
        return _yes(200, self.comments[urn])

    def _new_comment(self, actor: str, post: str, words: str, more: Json) -> Json:
        number = str(self._next())
        urn = f"urn:li:comment:({post},{number})"
        self.comments[urn] = {
            **more,
            "actor": actor,
            "commentUrn": urn,
            "created": {"actor": actor, "time": self._now()},
            "id": number,
            "message": {"attributes": [], "text": words},
            "object": post,
        }
        return self.comments[urn]

    # --- Numbers ----------------------------------------------------------------------

    def _organization(self, *_: object) -> httpx.Response:
        name = {"localizedName": "Devtestco", "vanityName": "devtestco", "id": 5515715}
        return _yes(200, name)

    def _followers(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        del request, body
        if steps[0] == "memberFollowersCount":
            return _yes(200, {"elements": [{"memberFollowersCount": 12}]})
        if asked != {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}:
            return _no(400, "INVALID_EDGE", "no such edge")
        return _yes(200, {"firstDegreeSize": 219145})

    def _statistics(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        del request, steps, body
        elements = []
        for parameter, key in (("shares", "share"), ("ugcPosts", "ugcPost")):
            for urn in asked.get(parameter, "List()")[len("List(") : -1].split(","):
                total = {
                    "impressionCount": 0,
                    "uniqueImpressionsCount": 0,
                    "clickCount": 0,
                    "likeCount": 0,
                    "commentCount": 0,
                    "shareCount": 0,
                    "engagement": 0.0,
                }
                if urn:
                    elements.append(
                        {
                            key: urn,
                            "organizationalEntity": asked["organizationalEntity"],
                            "totalShareStatistics": total,
                        }
                    )
        return _yes(200, {"elements": elements, "paging": {"start": 0, "count": 10}})

    def _analytics(
        self, request: httpx.Request, steps: list[str], asked: Json, body: Json
    ) -> httpx.Response:
        del request, steps, body
        kind, _, urn = asked["entity"].strip("()").partition(":")
        if kind != ("ugc" if ":ugcPost:" in urn else "share"):
            return _no(400, "INVALID_ENTITY", "no such entity")
        if urn not in self.posts:
            return _no(404, "NOT_FOUND", f"{urn} is not found")
        counted = {"count": 0, "metricType": asked["queryType"]}
        return _yes(200, {"elements": [counted]})

    def _next(self) -> int:
        self._given += 1
        return self._given

    def _now(self) -> int:
        now = int(datetime.now(UTC).timestamp() * 1000)
        self._time = max(self._time + 1, now)
        return self._time


def _files_of(content: Json) -> list[str]:
    images = content.get("multiImage", {}).get("images", [])
    named = [each["id"] for each in (*images, content.get("media")) if each]
    thumbnail = content.get("article", {}).get("thumbnail")
    return [*named, thumbnail] if thumbnail else named


def _page(elements: list[Json], asked: Json) -> httpx.Response:
    start, count = int(asked.get("start", 0)), int(asked.get("count", 10))
    paging = {"start": start, "count": count, "total": len(elements), "links": []}
    return _yes(200, {"elements": elements[start : start + count], "paging": paging})


def _yes(
    status: int, content: Json, headers: dict[str, str] | None = None
) -> httpx.Response:
    return httpx.Response(status, json=content, headers=headers)


def _no(status: int, code: str, message: str) -> httpx.Response:
    said = {"status": status, "code": code, "message": message}
    return httpx.Response(status, json=said)
