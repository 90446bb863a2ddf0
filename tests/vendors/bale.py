"""Bale's Bot API server in memory: Telegram's, where every text is Markdown.

Bale describes its markup in words only: https://docs.bale.ai. Its methods and their
parameters are those that a client library of its users knows.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from tests.networks.descriptions import at_hand, description
from tests.vendors.bot_form import Json, Said
from tests.vendors.telegram import TOKEN, TelegramVendor
from tests.vendors.vendor import Account

_MARKUP = re.compile(
    r"```\[(?P<title>[^\]\n]+)\](?P<folded>.+?)```"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>[^()\s]+)\)"
    r"|(?<!\S)\*(?P<bold>[^*\n]+)\*(?!\S)"
    r"|(?<!\S)_(?P<italic>[^_\n]+)_(?!\S)",
    re.DOTALL,
)
_UNSEEN = "\u2060"


def readers_see(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What Bale shows of a text: the words, and what some of them are."""
    marks = []

    def shown(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        words = found["label"] if kind == "url" else found[kind]
        marks.append((kind, words.replace(_UNSEEN, "")))
        return str(words)

    return _MARKUP.sub(shown, text).replace(_UNSEEN, ""), marks


class BaleVendor(TelegramVendor):
    """Bale's."""

    account = Account("bale", {"chat": "@smmflow_news"}, {"token": TOKEN})
    chat: ClassVar[Json] = {
        "id": 4_000_000_001,
        "type": "channel",
        "title": "اخبار",
        "username": "smmflow_news",
    }
    members = "getChatMembersCount"
    described = "bale/balethon.methods.json"

    def __init__(self) -> None:
        super().__init__()
        known = description(self.described) if at_hand(self.described) else {}
        calls = [each for each in known.values() if each["call"]]
        self._known = {each["call"][1]: each["args"] for each in calls}

    def read_description(self) -> None:
        return None  # it is no schema

    def request_faults(self, method: str, said: Said) -> Iterator[str]:
        if not self._known:
            return
        if method not in self._known:
            yield f"no method {method}"
            return
        args = self._known[method]
        sent = set(said.fields) | {
            each for each in said.files if not each.startswith("file")
        }
        yield from (f"{method}: no field {name}" for name in sent - args.keys())
        for name, each in args.items():
            if each["required"] and name not in sent:
                yield f"{method}: {name} is missing"

    def parent_of(self, fields: Json) -> int | None:
        number = fields.get("reply_to_message_id")
        return None if number is None else int(number)

    def shown(self, message: Json) -> str:
        return readers_see(super().shown(message))[0]
