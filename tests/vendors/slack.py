"""Slack in memory: one workspace, one channel, one bot and one incoming webhook.

Its answers are as https://docs.slack.dev/reference/methods shows them: 200 with `ok`
and `error`, whatever happened. What it refuses: wrong tokens, messages of nobody, too
many blocks, pictures that nobody uploaded or that Slack has not looked at yet (it does
so when it is asked about a file for the second time), times in the past, changes of
what is gone. It gives text back as Slack does: emoji by name, links in angle brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx

from smmflow.clock import SystemClock
from tests.vendors.vendor import Account, Posting, Vendor

Json = dict[str, Any]

TEAM, CHANNEL = "T0123ABCD", "C012AB3CD"
BOT_USER, BOT, SOMEBODY = "U0BOT1234", "B0BOT1234", "U0MASON12"
BOT_TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy"
HOOK = "B0HOOK123"
HOOK_TOKEN = "XXXX9q8w7e6r5t4y3u2i1o0p"
WEBHOOK_URL = f"https://hooks.slack.com/services/{TEAM}/{HOOK}/{HOOK_TOKEN}"
WORKSPACE = "https://herald.slack.com/"
SCOPES = "chat:write,channels:history,channels:read,files:read,files:write"
_MOST_BLOCKS, _CUT, _LATEST = 50, 40_000, 120 * 86_400
_MEMBERS = 7
_URL = re.compile(r"https?://[^\s<>|]+")
_EMOJI = {"👩‍👩‍👧": ":woman-woman-girl:", "👍": ":+1:"}


class Slack(Vendor):
    """Slack's servers: the API, where files go, and where webhooks post to.

    Attributes:
        messages: What is in the channel, by `ts`, in order.
        later: What waits for its time, by id.
        files: Bytes of files by id; None before they were sent.
        check: Holds a call against Slack's own description of its arguments.
    """

    bot = Account("slack", {"channel_id": CHANNEL}, {"token": BOT_TOKEN})
    webhook = Account("slack", {}, {"webhook": WEBHOOK_URL})
    account = bot

    def __init__(self, check: Callable[[str, Json], list[str]] = lambda *_: []) -> None:
        super().__init__()
        self.messages: dict[str, Json] = {}
        self.later: dict[str, Json] = {}
        self.files: dict[str, bytes | None] = {}
        self._looked_at: dict[str, int] = {}
        self._given = 0
        self._check = check

    def answer(self, request: httpx.Request) -> httpx.Response:
        host = request.headers["host"]
        if host.startswith("hooks."):
            return self._hook(request)
        if host.startswith("files."):
            name = request.url.path.rpartition("/")[2]
            self.files[name] = request.content
            return httpx.Response(200, text=f"OK - {len(request.content)}")
        method = request.url.path.removeprefix("/api/")
        if request.headers.get("authorization") != f"Bearer {BOT_TOKEN}":
            return httpx.Response(200, json={"ok": False, "error": "invalid_auth"})
        called: Json = dict(request.url.params)
        if request.content:
            called = json.loads(request.content)
        self.faults += self._check(method, called)
        done = self._methods()[method](called)
        body: Json = (
            {"ok": False, "error": done}
            if isinstance(done, str)
            else {"ok": True, **done}
        )
        return httpx.Response(200, json=body, headers={"X-OAuth-Scopes": SCOPES})

    def live(self) -> list[Posting]:
        return [
            # What came by webhook is known to who sent it by the name of its block.
            Posting(
                each["blocks"][0].get("block_id", ts), spoken(each), parent_of(each)
            )
            for ts, each in self.messages.items()
            if each.get("bot_id") in {BOT, HOOK}
        ]

    def say(self, post: str, words: str) -> str:
        root = self.messages[post].get("thread_ts", post)
        said = {
            "user": SOMEBODY,
            "text": _given_back(words),
            "blocks": [_as_people_write(words)],
            "thread_ts": root,
        }
        return str(self._store(said)["ts"])

    def react(self, post: str, name: str, count: int) -> None:
        """That many accounts react to a message."""
        users = [f"U{number}" for number in range(count)]
        reaction = {"name": name, "users": users, "count": count}
        self.messages[post].setdefault("reactions", []).append(reaction)

    def waiting(self) -> list[Posting]:
        return [Posting(name, spoken(each)) for name, each in self.later.items()]

    def send_due(self) -> None:
        for each in self.later.values():
            self._store(_of_bot(each), at=int(each["post_at"]))
        self.later.clear()

    def _methods(self) -> dict[str, Callable[[Json], Json | str]]:
        return {
            "auth.test": lambda _: {
                "url": WORKSPACE,
                "team": "Herald",
                "user": "herald",
                "team_id": TEAM,
                "user_id": BOT_USER,
                "bot_id": BOT,
            },
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.scheduleMessage": self._schedule,
            "chat.scheduledMessages.list": lambda _: {
                "scheduled_messages": [
                    {
                        "id": name,
                        "channel_id": CHANNEL,
                        "post_at": each["post_at"],
                        "date_created": 1,
                        "text": _given_back(each["text"]),
                    }
                    for name, each in self.later.items()
                ],
                "response_metadata": {"next_cursor": ""},
            },
            "chat.deleteScheduledMessage": lambda called: (
                {}
                if self.later.pop(called["scheduled_message_id"], None)
                else "invalid_scheduled_message_id"
            ),
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": lambda _: {
                "channel": {"id": CHANNEL, "name": "news", "num_members": _MEMBERS}
            },
            "files.getUploadURLExternal": self._place,
            "files.completeUploadExternal": self._complete,
            "files.info": self._file,
            "users.info": lambda called: {
                "user": {"id": called["user"], "name": "mason", "real_name": "Mason"}
            },
        }

    def _hook(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != f"/services/{TEAM}/{HOOK}/{HOOK_TOKEN}":
            return httpx.Response(403, text="invalid_token")
        body = json.loads(request.content)
        if not body.get("text"):
            return httpx.Response(400, text="no_text")
        if self._blocks_refused(body):
            return httpx.Response(400, text="invalid_blocks")
        self._store({**body, "bot_id": HOOK})
        return httpx.Response(200, text="ok")

    def _post(self, called: Json) -> Json | str:
        if refused := self._refused(called):
            return refused
        thread = called.get("thread_ts")
        if thread and thread not in self.messages:
            return "thread_not_found"
        stored = self._store(_of_bot(called))
        return {"channel": CHANNEL, "ts": stored["ts"], "message": stored}

    def _update(self, called: Json) -> Json | str:
        live = self.messages.get(called["ts"])
        if live is None:
            return "message_not_found"
        if refused := self._refused(called):
            return refused
        live |= {"text": _given_back(called["text"]), "blocks": called["blocks"]}
        return {"channel": CHANNEL, "ts": called["ts"], "text": live["text"]}

    def _delete(self, called: Json) -> Json | str:
        if self.messages.pop(called["ts"], None) is None:
            return "message_not_found"
        return {"channel": CHANNEL, "ts": called["ts"]}

    def _schedule(self, called: Json) -> Json | str:
        left = int(called["post_at"]) - SystemClock().now().timestamp()
        if left < 0:
            return "time_in_past"
        if left > _LATEST:
            return "time_too_far"
        if refused := self._refused(called):
            return refused
        self._given += 1
        name = f"Q{self._given}"
        self.later[name] = called
        at = called["post_at"]
        return {"channel": CHANNEL, "scheduled_message_id": name, "post_at": at}

    def _history(self, called: Json) -> Json | str:
        there = [
            self._counted(each)
            for ts, each in self.messages.items()
            if float(ts) > float(called.get("oldest", 0))
            and each.get("thread_ts", ts) == ts
        ]
        return self._page(list(reversed(there)), called)

    def _replies(self, called: Json) -> Json | str:
        root = self.messages.get(called["ts"])
        if root is None:
            return "thread_not_found"
        oldest, latest = (float(called.get(k, d)) for k, d in _BOUNDS)
        inclusive = called.get("inclusive") == "true"
        below = [
            each
            for ts, each in self.messages.items()
            if each.get("thread_ts") == called["ts"] != ts
            and (
                oldest < float(ts) < latest
                or (inclusive and float(ts) in {oldest, latest})
            )
        ]
        return self._page([self._counted(root), *below], called)

    def _page(self, there: list[Json], called: Json) -> Json:
        start, limit = int(called.get("cursor", 0)), int(called.get("limit", 100))
        page = there[start : start + limit]
        if called.get("include_all_metadata") != "true":
            page = [{k: v for k, v in e.items() if k != "metadata"} for e in page]
        more = start + limit < len(there)
        further = {"next_cursor": str(start + limit) if more else ""}
        return {"messages": page, "has_more": more, "response_metadata": further}

    def _counted(self, message: Json) -> Json:
        ts = message["ts"]
        below = [e for t, e in self.messages.items() if e.get("thread_ts") == ts != t]
        return {**message, "reply_count": len(below)} if below else message

    def _place(self, _: Json) -> Json | str:
        self._given += 1
        name = f"F{self._given:08}"
        self.files[name] = None
        address = f"https://files.slack.com/upload/v1/{name}"
        return {"upload_url": address, "file_id": name}

    def _complete(self, called: Json) -> Json | str:
        names = [each["id"] for each in called["files"]]
        if any(self.files.get(name) is None for name in names):
            return "file_not_found"
        return {"files": [{"id": name, "mimetype": ""} for name in names]}

    def _file(self, called: Json) -> Json | str:
        name = called["file"]
        if self.files.get(name) is None:
            return "file_not_found"
        self._looked_at[name] = self._looked_at.get(name, 0) + 1
        known = "image/png" if self._looked_at[name] > 1 else ""
        return {"file": {"id": name, "mimetype": known}}

    def _refused(self, called: Json) -> str:
        if called["channel"] != CHANNEL:
            return "channel_not_found"
        if not called.get("text"):
            return "no_text"
        if len(called["text"]) > _CUT:
            return "msg_too_long"
        return self._blocks_refused(called)

    def _blocks_refused(self, called: Json) -> str:
        blocks = called.get("blocks", [])
        files = [e["slack_file"]["id"] for e in blocks if e["type"] == "image"]
        if len(blocks) > _MOST_BLOCKS:
            return "invalid_blocks"
        if any(self._looked_at.get(name, 0) < 2 for name in files):
            return "invalid_blocks"
        return "msg_blocks_too_long" if len(json.dumps(blocks)) > _CUT else ""

    def _store(self, message: Json, *, at: int | None = None) -> Json:
        self._given += 1
        now = int(SystemClock().now().timestamp())
        ts = f"{now if at is None else at}.{self._given:06}"
        stored = {"type": "message", "ts": ts, **message}
        stored["text"] = _given_back(message["text"])
        self.messages[ts] = stored
        return stored


class SlackWebhook(Slack):
    """The same servers, for who has the webhook."""

    account = Slack.webhook


_BOUNDS = (("oldest", "0"), ("latest", "inf"))


def _of_bot(called: Json) -> Json:
    kept = ("text", "blocks", "metadata", "thread_ts")
    said = {key: called[key] for key in kept if key in called}
    return {**said, "user": BOT_USER, "bot_id": BOT}


def _given_back(text: str) -> str:
    for emoji, name in _EMOJI.items():
        text = text.replace(emoji, name)
    return _URL.sub(lambda found: f"<{found[0]}>", text)


def _as_people_write(words: str) -> Json:
    """A text as Slack's own apps send it: emoji are elements of their own."""
    pieces = re.split(f"({'|'.join(map(re.escape, _EMOJI))})", words)
    inside = [
        {
            "type": "emoji",
            "name": _EMOJI[each].strip(":"),
            "unicode": "-".join(f"{ord(letter):x}" for letter in each),
        }
        if each in _EMOJI
        else {"type": "text", "text": each}
        for each in pieces
        if each
    ]
    section = {"type": "rich_text_section", "elements": inside}
    return {"type": "rich_text", "elements": [section]}


def spoken(message: Json) -> str:
    """What the blocks of a message say, as a reader sees them."""
    return "\n".join(
        "".join(each.get("text") or each.get("url", "") for each in inside["elements"])
        for block in message.get("blocks", [])
        if block["type"] == "rich_text"
        for inside in block["elements"]
    )


def parent_of(message: Json) -> str:
    payload = message.get("metadata", {}).get("event_payload", {})
    before = payload.get("after") or payload.get("answers")
    return str(before or message.get("thread_ts", ""))
