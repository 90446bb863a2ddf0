"""A Bot API server in memory: one bot, one channel, and what the bot may do there.

https://core.telegram.org/bots/api
"""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import ClassVar

import httpx

from smmflow.language.measures import utf16_length
from tests.networks.descriptions import Methods, at_hand
from tests.vendors.bot_answers import (
    BOT,
    Refusal,
    administrator,
    full_chat,
    new_file,
    new_poll,
)
from tests.vendors.bot_form import Json, Said, entity_faults, read
from tests.vendors.vendor import Account, Posting, Vendor

TOKEN = "7000000001:AAfake-token_of-a-bot-0000000000000"
_PATH = re.compile(r"/bot([^/]+)/(\w+)")
_ANY = httpx.Request("POST", "https://api.telegram.org/")
_DATE = {"Date": "Sun, 22 Nov 2026 09:30:00 GMT"}
_FIRST = 1_700_000_000
_TEXT, _CAPTION, _QUESTION, _OPTION = 4096, 1024, 300, 100
_PHOTO, _FILE = 10 * 1024 * 1024, 50 * 1024 * 1024
_GROUP, _ANSWERS, _OPEN = range(2, 11), range(2, 13), range(5, 2_628_001)
_SINGLE = ("photo", "video", "animation", "document", "audio")
_ALBUM = {"photo", "video"}


class TelegramVendor(Vendor):
    """Telegram's.

    Attributes:
        messages: What is live, by id, as the API shows it.
        rights: Of the bot in the channel.
        undeletable: Messages that are too old to be deleted.
        refusals: What the next calls of a method are refused with.
        answers: Every answer given, with its method.
    """

    account = Account("telegram", {"chat": "@smmflow_news"}, {"token": TOKEN})
    chat: ClassVar[Json] = {
        "id": -1001234567890,
        "type": "channel",
        "title": "News",
        "username": "smmflow_news",
    }
    members = "getChatMemberCount"
    described = "telegram/telegram.schema.json"

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[int, Json] = {}
        self.rights = {"can_post_messages": True, "can_edit_messages": True}
        self.undeletable: set[int] = set()
        self.refusals: dict[str, list[Refusal]] = {}
        self.answers: list[tuple[str, Json]] = []
        self._numbers = count(1)
        self._methods = self.read_description()

    def read_description(self) -> Methods | None:
        """The API's own description, where it is at hand."""
        return Methods(self.described) if at_hand(self.described) else None

    # --- Being asked ------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        found = _PATH.fullmatch(request.url.path)
        if found is None or found[1] != TOKEN:
            # A token of the right form is unknown, anything else is no path at all.
            formed = found is not None and ":" in found[1]
            refusal = Refusal(401, "Unauthorized") if formed else None
            refusal = refusal or Refusal(404, "Not Found")
            return httpx.Response(refusal.code, json=refusal.body)
        method, said = found[2], read(request)
        self.faults += self.request_faults(method, said)
        try:
            result = self._carried_out(method, said)
        except Refusal as refusal:
            self.answers.append((method, refusal.body))
            return httpx.Response(refusal.code, json=refusal.body)
        body: Json = {"ok": True, "result": result}
        self.answers.append((method, body))
        return httpx.Response(200, json=body, headers=_DATE)

    def request_faults(self, method: str, said: Said) -> Iterator[str]:
        """What a request has wrong by the API's description."""
        if self._methods is not None:
            sent = {**dict.fromkeys(said.files, "attach://"), **said.fields}
            sent = {n: v for n, v in sent.items() if not n.startswith("file")}
            yield from self._methods.faults(_ANY, sent, path=method)
        for text, entities in _texts(said.fields):
            yield from entity_faults(text, entities)

    def answer_faults(self) -> Iterator[str]:
        """What our own answers have wrong by that description."""
        if self._methods is not None:
            for method, body in self.answers:
                yield from self._methods.answer_faults(method, body)

    def live(self) -> list[Posting]:
        albums: set[str] = set()
        found = []
        for number, message in sorted(self.messages.items()):
            album = message.get("media_group_id", "")
            if album not in albums:
                parent = message.get("reply_to_message", {}).get("message_id", "")
                found.append(Posting(str(number), self.shown(message), str(parent)))
            albums |= {album} - {""}
        return found

    def say(self, post: str, words: str) -> str:
        raise NotImplementedError  # only in a linked group, which we do not read

    def shown(self, message: Json) -> str:
        """A message's words as readers see them."""
        question = message.get("poll", {}).get("question")
        return str(question or message.get("text") or message.get("caption", ""))

    def _carried_out(self, method: str, said: Said) -> object:
        if self.refusals.get(method):
            raise self.refusals[method].pop(0)
        call = self._calls().get(method)
        if call is None:
            raise Refusal(404, "Not Found")
        where = said.fields.get("chat_id", self.chat["id"])
        if where not in {self.chat["id"], f"@{self.chat.get('username')}"}:
            raise Refusal(400, "Bad Request: chat not found")
        return call(said)

    def _calls(self) -> dict[str, Callable[[Said], object]]:
        calls: dict[str, Callable[[Said], object]] = {
            "getMe": lambda _: BOT,
            "getChat": lambda _: full_chat(self.chat),
            "getChatMember": self._member,
            self.members: lambda _: 42,
            "sendMessage": self._send_text,
            "sendMediaGroup": self._send_group,
            "sendPoll": self._send_poll,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "deleteMessage": self._delete,
        }
        for kind in _SINGLE:
            calls[f"send{kind.capitalize()}"] = self._sending(kind)
        return calls

    def _member(self, said: Said) -> Json:
        if said.fields.get("user_id") != BOT["id"]:
            raise Refusal(400, "Bad Request: user not found")
        return administrator(self.rights)

    # --- Sending ----------------------------------------------------------------------

    def _send_text(self, said: Said) -> Json:
        text = self._bounded(said.fields["text"], _TEXT, "message is too long")
        if not text:
            raise Refusal(400, "Bad Request: message text is empty")
        return self._made(said, {"text": text, **_kept(said.fields, "entities")})

    def _sending(self, kind: str) -> Callable[[Said], Json]:
        def send(said: Said) -> Json:
            content = {**self._captioned(said.fields), **self._file(kind, said, kind)}
            return self._made(said, content)

        return send

    def _send_group(self, said: Said) -> list[Json]:
        media = said.fields["media"]
        if len(media) not in _GROUP:
            raise Refusal(400, "Bad Request: there must be 2-10 messages in the group")
        kinds = {each["type"] for each in media}
        if not kinds <= _ALBUM and not (len(kinds) == 1 and kinds <= {*_SINGLE[3:]}):
            raise Refusal(400, "Bad Request: media of these types can't be mixed")
        contents = [
            {**self._captioned(each), **self._attached(each, said)} for each in media
        ]
        group = {"media_group_id": f"album{next(self._numbers)}"}
        return [self._made(said, {**each, **group}) for each in contents]

    def _send_poll(self, said: Said) -> Json:
        fields = said.fields
        question, options = fields["question"], [e["text"] for e in fields["options"]]
        if not 0 < utf16_length(question) <= _QUESTION:
            raise Refusal(400, "Bad Request: poll question length must not exceed 300")
        if len(options) not in _ANSWERS or fields["open_period"] not in _OPEN:
            raise Refusal(400, "Bad Request: wrong number of poll options or period")
        if any(not 0 < utf16_length(each) <= _OPTION for each in options):
            raise Refusal(400, "Bad Request: poll options length must not exceed 100")
        poll = new_poll(str(next(self._numbers)), fields)
        return self._made(said, {"poll": poll})

    def _made(self, said: Said, content: Json) -> Json:
        if not self.rights["can_post_messages"]:
            raise Refusal(400, "Bad Request: need administrator rights in the channel")
        number = next(self._numbers)
        message = {
            "message_id": number,
            "date": _FIRST + number,
            "chat": self.chat,
            **content,
        }
        if (parent := self.parent_of(said.fields)) is not None:
            if parent not in self.messages:
                raise Refusal(400, "Bad Request: message to be replied not found")
            above = self.messages[parent]
            message["reply_to_message"] = {
                key: above[key] for key in ("message_id", "date", "chat")
            }
        self.messages[number] = message
        return message

    def parent_of(self, fields: Json) -> int | None:
        """Which message a new one follows."""
        number = fields.get("reply_parameters", {}).get("message_id")
        return None if number is None else int(number)

    def _captioned(self, fields: Json) -> Json:
        caption = fields.get("caption", "")
        if not caption:
            return {}
        words = self._bounded(caption, _CAPTION, "message caption is too long")
        return {"caption": words, **_kept(fields, "caption_entities")}

    def _bounded(self, text: str, maximum: int, words: str) -> str:
        if utf16_length(text.strip()) > maximum:
            raise Refusal(400, f"Bad Request: {words}")
        return text.strip()

    def _attached(self, media: Json, said: Said) -> Json:
        name = media["media"].removeprefix("attach://")
        return self._file(media["type"], said, name)

    def _file(self, kind: str, said: Said, name: str) -> Json:
        content = said.files.get(name)
        if content is None:
            raise Refusal(400, "Bad Request: there is no file in the request")
        if len(content) > (_PHOTO if kind == "photo" else _FILE):
            raise Refusal(413, "Request Entity Too Large")
        return new_file(kind, str(next(self._numbers)), len(content))

    # --- Changing ---------------------------------------------------------------------

    def _edit_text(self, said: Said) -> Json:
        message = self._editable(said)
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        text = self._bounded(said.fields["text"], _TEXT, "message is too long")
        return self._changed(
            message, {"text": text, **_kept(said.fields, "entities")}, "entities"
        )

    def _edit_caption(self, said: Said) -> Json:
        message = self._editable(said)
        if not any(kind in message for kind in _SINGLE):
            raise Refusal(
                400, "Bad Request: there is no caption in the message to edit"
            )
        new = {"caption": "", **self._captioned(said.fields)}
        return self._changed(message, new, "caption_entities")

    def _edit_media(self, said: Said) -> Json:
        message = self._editable(said)
        media = said.fields["media"]
        if "media_group_id" in message and media["type"] not in _ALBUM:
            raise Refusal(400, "Bad Request: this can't stand in an album")
        new = {**self._captioned(media), **self._attached(media, said)}
        for key in ("text", "entities", "caption", "caption_entities", *_SINGLE):
            message.pop(key, None)
        return self._changed(message, new)

    def _editable(self, said: Said) -> Json:
        message = self.messages.get(said.fields["message_id"])
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if "poll" in message:
            raise Refusal(400, "Bad Request: message can't be edited")
        return message

    def _changed(self, message: Json, new: Json, *gone: str) -> Json:
        before = dict(message)
        for key in gone:
            message.pop(key, None)
        message |= new
        if message == before:
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content "
                "and reply markup are exactly the same as a current content and reply "
                "markup of the message",
            )
        message["edit_date"] = message["date"] + 1
        return message

    def _delete(self, said: Said) -> bool:
        number = said.fields["message_id"]
        if number not in self.messages:
            raise Refusal(400, "Bad Request: message to delete not found")
        if number in self.undeletable:
            raise Refusal(400, "Bad Request: message can't be deleted")
        del self.messages[number]
        return True


def _kept(fields: Json, key: str) -> Json:
    return {key: fields[key]} if fields.get(key) else {}


def _texts(fields: Json) -> Iterator[tuple[str, list[Json]]]:
    media = fields.get("media", [])
    for each in (fields, *(media if isinstance(media, list) else [media])):
        yield each.get("text", ""), each.get("entities", [])
        yield each.get("caption", ""), each.get("caption_entities", [])
