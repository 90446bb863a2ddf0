"""Discord in memory: one server, one channel, one bot and one webhook in it.

Its answers are as https://docs.discord.com/developers/resources/message shows them.
What it refuses: wrong tokens (401; 50027 for webhooks), unknown messages (404, 10008),
forms that its limits exclude (400, 50035), replies to nothing, changes of others'
messages (403, 50005). A nonce is remembered for as long as the vendor lives: that real
servers forget it after minutes, no test can wait for. The list gives no nonces back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx

from smmflow.clock import SystemClock
from tests.vendors.multipart import Field, fields_of
from tests.vendors.vendor import Account, Posting, Vendor

Json = dict[str, Any]

SERVER, CHANNEL, FORUM_THREAD = "613425648685547541", "41771983423143937", "771"
BOT, WEBHOOK, SOMEBODY = "82198898841029460", "223704706495545344", "53908232506183680"
BOT_TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
WEBHOOK_TOKEN = "3d89bb7572e0fb30d8128367b3b1b44fecd1726de135cbe28a41f8b2f777c372ba2"
WEBHOOK_URL = f"https://discord.com/api/webhooks/{WEBHOOK}/{WEBHOOK_TOKEN}"
_EPOCH_MS = 1_420_070_400_000
_LONGEST, _ALT, _QUESTION, _OPTION, _FILES = 2000, 1024, 300, 55, 10
_MEMBERS = 12
_REFUSED_FORM = 400


class Discord(Vendor):
    """Discord's servers.

    Attributes:
        messages: What is in the channel and its threads, by id, in order.
        uploads: Bytes of files, by id of the attachment.
        check: Holds a request against Discord's own description.
    """

    bot = Account("discord", {"channel_id": CHANNEL}, {"token": BOT_TOKEN})
    webhook = Account("discord", {}, {"webhook": WEBHOOK_URL})
    account = bot

    def __init__(
        self, check: Callable[[httpx.Request], list[str]] = lambda _: []
    ) -> None:
        super().__init__()
        self.messages: dict[str, Json] = {}
        self.uploads: dict[str, bytes] = {}
        self._nonces: dict[str, str] = {}
        self._given = 0
        self._check = check

    def answer(self, request: httpx.Request) -> httpx.Response:
        files: dict[str, Field] = {}
        body: Json = {}
        if request.headers.get("content-type", "").startswith("multipart/"):
            files = fields_of(request)
            body = json.loads(files.pop("payload_json").content)
        elif request.content:
            body = json.loads(request.content)
        plain = httpx.Request(
            request.method, request.url, json=body if request.content else None
        )
        answer = self._answered(request, body, files)
        if answer.status_code != _REFUSED_FORM:  # a description refuses those, too
            self.faults += self._check(plain)
        return answer

    def _answered(
        self, request: httpx.Request, body: Json, files: dict[str, Field]
    ) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v10")
        if found := re.fullmatch(r"/webhooks/(\w+)/([\w-]+)(?:/messages/(\w+))?", path):
            return self._as_webhook(request, found, body, files)
        if request.headers.get("authorization") != f"Bot {BOT_TOKEN}":
            return _no(401, 0, "401: Unauthorized")
        return self._as_bot(request, path, body, files)

    def live(self) -> list[Posting]:
        return [
            Posting(
                each["id"],
                each["content"],
                each.get("message_reference", {}).get("message_id", ""),
            )
            for each in self.messages.values()
            if each["author"]["id"] in {BOT, WEBHOOK}
        ]

    def say(self, post: str, words: str) -> str:
        said = self._store(
            {"content": words, "message_reference": {"message_id": post}}, {}, SOMEBODY
        )
        return str(said["id"])

    def mention(self, words: str) -> str:
        """Somebody names the bot, below nothing."""
        said = self._store({"content": words}, {}, SOMEBODY)
        said["mentions"] = [_user(BOT)]
        return str(said["id"])

    def react(self, post: str, emoji: str, count: int) -> None:
        """That many accounts react to a message."""
        self.messages[post].setdefault("reactions", []).append(
            {
                "emoji": {"id": None, "name": emoji},
                "count": count,
                "count_details": {"normal": count, "burst": 0},
                "burst_colors": [],
                "me": False,
                "me_burst": False,
            }
        )

    def _as_webhook(
        self,
        request: httpx.Request,
        found: re.Match[str],
        body: Json,
        files: dict[str, Field],
    ) -> httpx.Response:
        if found[1] != WEBHOOK:
            return _no(404, 10015, "Unknown Webhook")
        if found[2] != WEBHOOK_TOKEN:
            return _no(401, 50027, "Invalid Webhook Token")
        if found[3]:
            place = request.url.params.get("thread_id", CHANNEL)
            return self._one(request.method, found[3], WEBHOOK, place, body, files)
        if request.method == "GET":
            there = {"id": WEBHOOK, "type": 1, "name": "Herald", "avatar": None}
            home = {"channel_id": CHANNEL, "guild_id": SERVER, "application_id": None}
            return httpx.Response(200, json={**there, **home})
        place = request.url.params.get("thread_id", CHANNEL)
        if body.pop("thread_name", ""):
            place = self._name()
        made = self._make(body, files, WEBHOOK, place)
        if made.is_success and request.url.params.get("wait") != "true":
            return httpx.Response(204)
        return made

    def _as_bot(
        self, request: httpx.Request, path: str, body: Json, files: dict[str, Field]
    ) -> httpx.Response:
        home, messages = f"/channels/{CHANNEL}", f"/channels/{CHANNEL}/messages"
        if path.startswith(f"{messages}/"):
            name = path.removeprefix(f"{messages}/")
            return self._one(request.method, name, BOT, CHANNEL, body, files)
        guild: Json = {"id": SERVER, "name": "Mason's Test Server"}
        if request.url.params.get("with_counts") == "true":
            guild["approximate_member_count"] = _MEMBERS
        answers: dict[tuple[str, str], Callable[[], object]] = {
            ("GET", "/users/@me"): lambda: _user(BOT),
            ("GET", f"/guilds/{SERVER}"): lambda: guild,
            ("GET", home): lambda: {"id": CHANNEL, "type": 0, "guild_id": SERVER},
            ("GET", messages): lambda: self._list(request.url.params),
        }
        if (request.method, path) == ("POST", messages):
            return self._make(body, files, BOT, CHANNEL)
        if (request.method, path) not in answers:
            return _no(404, 10003, "Unknown Channel")
        return httpx.Response(200, json=answers[request.method, path]())

    def _list(self, params: httpx.QueryParams) -> list[Json]:
        after = int(params.get("after", "0"))
        page = [
            each
            for each in self.messages.values()
            if int(each["id"]) > after and each["channel_id"] == CHANNEL
        ][: int(params.get("limit", "50"))]
        return [
            {key: value for key, value in each.items() if key != "nonce"}
            for each in reversed(page)
        ]

    def _make(
        self, body: Json, files: dict[str, Field], author: str, place: str
    ) -> httpx.Response:
        earlier = self._nonces.get(str(body.get("nonce")))
        if earlier in self.messages and body.get("enforce_nonce"):
            return httpx.Response(200, json=self.messages[earlier])
        parent = body.get("message_reference", {}).get("message_id")
        if fault := _fault(body, files):
            return _no(400, 50035, "Invalid Form Body", fault)
        if parent and parent not in self.messages:
            return _no(400, 50035, "Invalid Form Body", "Unknown message")
        stored = self._store(body, files, author, place)
        if "nonce" in body:
            stored["nonce"] = body["nonce"]
            self._nonces[body["nonce"]] = stored["id"]
        return httpx.Response(200, json=stored)

    def _one(
        self,
        method: str,
        name: str,
        author: str,
        place: str,
        body: Json,
        files: dict[str, Field],
    ) -> httpx.Response:
        message = self.messages.get(name)
        # A webhook is shown nothing but what it posted, and that in its own place only.
        hidden = author == WEBHOOK and message and message["author"]["id"] != author
        if message is None or hidden or message["channel_id"] != place:
            return _no(404, 10008, "Unknown Message")
        if method == "GET":
            return httpx.Response(200, json=message)
        if message["author"]["id"] != author:
            return _no(403, 50005, "Cannot edit a message authored by another user")
        if method == "DELETE":
            del self.messages[name]
            return httpx.Response(204)
        if fault := _fault({"content": message["content"], **body}, files):
            return _no(400, 50035, "Invalid Form Body", fault)
        message["content"] = str(body.get("content", message["content"])).strip()
        message["edited_timestamp"] = message["timestamp"]
        if "attachments" in body:
            message["attachments"] = self._attached(body["attachments"], files)
        return httpx.Response(200, json=message)

    def _store(
        self, body: Json, files: dict[str, Field], author: str, place: str = CHANNEL
    ) -> Json:
        name = self._name()
        message: Json = {
            "id": name,
            "type": 19 if "message_reference" in body else 0,
            "channel_id": place,
            "content": str(body.get("content") or "").strip(),
            "author": _user(author),
            "timestamp": SystemClock().now().isoformat(),
            "edited_timestamp": None,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "attachments": self._attached(body.get("attachments", []), files),
            "embeds": [],
            "components": [],
            "flags": body.get("flags", 0),
            "pinned": False,
            "tts": False,
        }
        if author == WEBHOOK:
            message["webhook_id"] = WEBHOOK
        if "message_reference" in body:
            parent = body["message_reference"]["message_id"]
            where = {"channel_id": place, "guild_id": SERVER}
            message["message_reference"] = {"type": 0, "message_id": parent, **where}
            message["referenced_message"] = self.messages.get(parent)
        if "poll" in body:
            answers = enumerate(body["poll"]["answers"], 1)
            message["poll"] = {
                "question": body["poll"]["question"],
                "answers": [{"answer_id": n, **each} for n, each in answers],
                "expiry": SystemClock().now().isoformat(),
                "allow_multiselect": body["poll"]["allow_multiselect"],
                "layout_type": 1,
                "results": {"answer_counts": [], "is_finalized": False},
            }
        self.messages[name] = message
        return message

    def _attached(self, attachments: list[Json], files: dict[str, Field]) -> list[Json]:
        made = []
        for each in attachments:
            name, file = self._name(), files[f"files[{each['id']}]"]
            self.uploads[name] = file.content
            url = f"https://cdn.discordapp.com/attachments/{CHANNEL}/{name}/{each['filename']}"
            made.append(
                {
                    **each,
                    "id": name,
                    "size": len(file.content),
                    "url": url,
                    "proxy_url": url,
                    "content_type": file.media_type,
                }
            )
        return made

    def _name(self) -> str:
        self._given += 1
        now = int(SystemClock().now().timestamp() * 1000) - _EPOCH_MS
        return str((now << 22) + self._given)


class DiscordWebhook(Discord):
    """The same servers, for who has the webhook."""

    account = Discord.webhook


def _user(name: str) -> Json:
    names = {BOT: "herald-bot", WEBHOOK: "Herald", SOMEBODY: "mason"}
    return {
        "id": name,
        "username": names[name],
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "bot": name != SOMEBODY,
    }


def _fault(body: Json, files: dict[str, Field]) -> str:
    attachments = body.get("attachments", [])
    poll = body.get("poll")
    answers = [each["poll_media"]["text"] for each in poll["answers"]] if poll else []
    alts = [each.get("description", "") for each in attachments]
    question = poll["question"]["text"] if poll else ""
    if len(attachments) > _FILES or len(files) != len(attachments):
        return "attachments and files differ"
    if not (body.get("content") or attachments or poll):
        return "Cannot send an empty message"
    for texts, longest in (
        ([body.get("content") or ""], _LONGEST),
        (alts, _ALT),
        ([question], _QUESTION),
        (answers, _OPTION),
    ):
        if any(len(each) > longest for each in texts):
            return f"Must be {longest} or fewer in length."
    return ""


def _no(status: int, code: int, message: str, detail: str = "") -> httpx.Response:
    body: Json = {"code": code, "message": message}
    if detail:
        faults = [{"code": "BASE_TYPE_BAD_LENGTH", "message": detail}]
        body["errors"] = {"content": {"_errors": faults}}
    return httpx.Response(status, json=body)
