"""X in memory: one account, the others who talk to it, and what it refuses.

https://docs.x.com/x-api/introduction
"""

import json
import re
from datetime import UTC, datetime, timedelta

import httpx

from smmflow.networks.x.weighted import links, weighted_length
from smmflow.testing.samples import DUE
from tests.networks.descriptions import OpenApi, at_hand
from tests.vendors.vendor import Account, Posting, Vendor
from tests.vendors.x_files import Json, Refused, XFiles

TOKEN = "x-user-access-token-0000"
_DESCRIPTION = "x/x.trimmed.json"
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_ME, _OTHER = "2244994945", "783214"
_USERS = {_ME: ("Workspace", "workspace"), _OTHER: ("Sara", "sara")}
_PROBLEMS = "https://api.x.com/2/problems/"
_OPTIONAL = ("attachments", "entities", "display_text_range", "note_post")
_SHORT, _LONG = 280, 25_000


class XVendor(Vendor):
    """X's.

    Attributes:
        posts: What is live, by id, as the API shows it.
        files: What was uploaded.
        forgets_twins: Saying the same twice is not refused.
        answers: Every answer of success, with its request.
    """

    account = Account("x", {}, {"token": TOKEN})
    longest = _SHORT

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Json] = {}
        self.polls: dict[str, Json] = {}
        self.files = XFiles()
        self.forgets_twins = False
        self.answers: list[tuple[httpx.Request, Json]] = []
        self._last = max(datetime.now(UTC), DUE + timedelta(seconds=1))
        self._api = OpenApi(_DESCRIPTION) if at_hand(_DESCRIPTION) else None

    # --- Being asked ------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        date = self._last.strftime("%a, %d %b %Y %H:%M:%S GMT")
        if self._api is not None:
            self.faults += self._api.faults(request)
        try:
            body = self._carried_out(request)
        except Refused as refused:
            return httpx.Response(
                refused.status, json=refused.body, headers={"Date": date}
            )
        self.answers.append((request, body))
        created = request.method == "POST" and request.url.path == "/2/tweets"
        status = 201 if created else 200
        return httpx.Response(status, json=body, headers={"Date": date})

    def live(self) -> list[Posting]:
        return [
            Posting(name, post["written"], post["parent"])
            for name, post in sorted(self.posts.items(), key=lambda it: int(it[0]))
            if post["author_id"] == _ME
        ]

    def say(self, post: str, words: str) -> str:
        return self._new(_OTHER, f"@workspace {words}", post)

    def write(self, words: str) -> str:
        """Let the account itself post by hand; return the post's id."""
        return self._new(_ME, words, "")

    def reply(self, post: str, words: str) -> str:
        """Let the account itself answer by hand; return the answer's id."""
        return self._new(_ME, words, post)

    def alts(self, post: str) -> tuple[str, ...]:
        """Descriptions of the pictures of a live post."""
        keys = self.posts[post].get("attachments", {}).get("media_keys", [])
        return tuple(self.files.kept[key.partition("_")[2]]["alt"] for key in keys)

    def options(self, post: str) -> tuple[str, ...]:
        """Answers of the poll of a live post."""
        polls = self.posts[post].get("attachments", {}).get("poll_ids", [])
        return tuple(o["label"] for p in polls for o in self.polls[p]["options"])

    def _carried_out(self, request: httpx.Request) -> Json:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Unauthorized")
        path, method = request.url.path, request.method
        if path == "/2/tweets" and method == "POST":
            return self._create(json.loads(request.content))
        if path == "/2/tweets":
            return self._lookup(request.url.params["ids"].split(","))
        if path == "/2/users/me":
            return {"data": _user(_ME, counts=True)}
        if path.startswith("/2/media/"):
            return self.files.answer(request)
        if found := re.fullmatch(r"/2/tweets/(\d+)", path):
            return self._one(method, found[1])
        if found := re.fullmatch(rf"/2/users/{_ME}/(tweets|mentions)", path):
            return self._list(found[1], request.url.params)
        raise Refused(404, f"no {path}")

    # --- Posts ------------------------------------------------------------------------

    def _create(self, body: Json) -> Json:
        text = body.get("text", "")
        media = body.get("media", {}).get("media_ids", [])
        if not text and not media:
            raise Refused(400, "One or more parameters to your request was invalid.")
        if weighted_length(text) > self.longest:
            raise Refused(403, "Your Tweet text is too long.")
        if media and "poll" in body:
            raise Refused(400, "A poll and media exclude each other.")
        self._fits(media)
        twins = [p for p in self.posts.values() if p["author_id"] == _ME]
        if any(p["written"] == text for p in twins) and not self.forgets_twins:
            raise Refused(
                403, "You are not allowed to create a Tweet with duplicate content."
            )
        parent = body.get("reply", {}).get("in_reply_to_tweet_id", "")
        if parent and parent not in self.posts:
            raise Refused(
                403,
                "You attempted to reply to a Tweet that is deleted or not visible "
                "to you.",
            )
        name = self._new(_ME, text, parent, media, body.get("poll"))
        return {"data": {"id": name, "text": self.posts[name]["text"]}}

    def _fits(self, media: list[str]) -> None:
        unready = [m for m in media if self.files.kept.get(m, {}).get("looks", 1)]
        if unready:
            raise Refused(400, "Your media IDs are invalid.")
        kinds = [self.files.kept[each]["category"] for each in media]
        if len(kinds) > 1 and set(kinds) != {"tweet_image"}:
            raise Refused(400, "Up to 4 photos, or 1 GIF, or 1 video.")

    def _new(
        self,
        author: str,
        written: str,
        parent: str,
        media: list[str] | None = None,
        poll: Json | None = None,
    ) -> str:
        self._last += timedelta(seconds=1)
        name = str(round((self._last - _EPOCH) / timedelta(milliseconds=1)) << 22)
        post: Json = {
            "id": name,
            "author_id": author,
            "written": written,
            "parent": parent,
            "conversation_id": self._root(parent) if parent else name,
            "created_at": self._last.isoformat(),
            "public_metrics": dict.fromkeys(
                (
                    "repost_count",
                    "reply_count",
                    "like_count",
                    "quote_count",
                    "bookmark_count",
                    "impression_count",
                ),
                0,
            ),
        }
        post["text"], post["entities"] = shortened(written, name, media or [])
        if parent:
            post["referenced_posts"] = [{"type": "replied_to", "id": parent}]
            post["in_reply_to_user_id"] = self.posts[parent]["author_id"]
        if author == _OTHER:
            start = len("@workspace ")
            post["display_text_range"] = [start, len(post["text"])]
        if len(post["text"]) > _SHORT and self.longest > _SHORT:
            post["note_post"] = {"text": post["text"], "entities": post["entities"]}
            post["text"] = post["text"][:_SHORT]
        if media:
            post["attachments"] = {"media_keys": [f"3_{each}" for each in media]}
        if poll:
            labels = enumerate(poll["options"], start=1)
            options = [{"position": n, "label": o, "votes": 0} for n, o in labels]
            self.polls[name] = {"id": name, "options": options}
            post["attachments"] = {"poll_ids": [name]}
        self.posts[name] = post
        return name

    def _root(self, name: str) -> str:
        return str(self.posts[name]["conversation_id"])

    def _one(self, method: str, name: str) -> Json:
        if method == "DELETE":
            self.posts.pop(name, None)
            return {"data": {"deleted": True}}
        if name not in self.posts:
            return {"errors": [_gone(name)]}
        return {"data": _shown(self.posts[name])}

    def _lookup(self, names: list[str]) -> Json:
        found = [_shown(self.posts[each]) for each in names if each in self.posts]
        errors = [_gone(each) for each in names if each not in self.posts]
        return {
            **({"data": found} if found else {}),
            **({"errors": errors} if errors else {}),
        }

    def _list(self, kind: str, params: httpx.QueryParams) -> Json:
        start = datetime.fromisoformat(params.get("start_time", "2010-11-06T00:00:00Z"))
        since = int(params.get("since_id", "0"))
        found = [
            post
            for name, post in sorted(self.posts.items(), key=lambda it: -int(it[0]))
            if int(name) > since
            and datetime.fromisoformat(post["created_at"]) >= start
            and (
                post["author_id"] == _ME
                if kind == "tweets"
                else "@workspace" in post["written"]
            )
        ]
        first = int(params.get("pagination_token", "0"))
        after = first + int(params.get("max_results", "10"))
        more = {"next_token": str(after)} if after < len(found) else {}
        page = found[first:after]
        ids = [p for e in page for p in e.get("attachments", {}).get("poll_ids", [])]
        includes = {
            "users": [_user(each) for each in {e["author_id"] for e in page}],
            "polls": [self.polls[each] for each in ids],
        }
        return {
            **(
                {"data": [_shown(e) for e in page], "includes": includes}
                if page
                else {}
            ),
            "meta": {"result_count": len(page), **more},
        }


def shortened(text: str, name: str, media: list[str]) -> tuple[str, Json]:
    """The text with t.co links, one more for files, and its entities."""
    urls = []
    pieces = []
    at = 0
    for number, (start, end) in enumerate(links(text)):
        short = f"https://t.co/{number}{name[-9:]}"
        url = text[start:end]
        long = url if "://" in url else f"http://{url}"
        urls.append({"start": start, "end": end, "url": short, "expanded_url": long})
        pieces += [_escaped(text[at:start]), short]
        at = end
    pieces.append(_escaped(text[at:]))
    for number, each in enumerate(media[:1]):
        short = f"https://t.co/m{number}{name[-8:]}"
        page = f"https://x.com/workspace/status/{name}/photo/1"
        key = {"media_key": f"3_{each}"}
        urls.append({"start": 0, "end": 0, "url": short, "expanded_url": page, **key})
        pieces.append(f" {short}")
    return "".join(pieces), {"urls": urls}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shown(post: Json) -> Json:
    return {key: it for key, it in post.items() if key not in {"written", "parent"}}


def _user(name: str, *, counts: bool = False) -> Json:
    shown, username = _USERS[name]
    metrics = {
        "followers_count": 12,
        "following_count": 3,
        "post_count": 7,
        "listed_count": 0,
    }
    more = {"public_metrics": metrics} if counts else {}
    return {"id": name, "name": shown, "username": username, **more}


def _gone(name: str) -> Json:
    return {
        "type": f"{_PROBLEMS}resource-not-found",
        "title": "Not Found Error",
        "detail": f"Could not find tweet with ids: [{name}].",
        "resource_type": "tweet",
        "resource_id": name,
        "parameter": "ids",
        "value": name,
    }
