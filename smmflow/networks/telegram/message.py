"""A message of a channel: as we send it, and as the API gives it.

https://core.telegram.org/bots/api#message
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.language.measures import utf16_length
from smmflow.model.capabilities import Unit
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.publication import Receipt
from smmflow.networks.telegram.dialect import Dialect, Fields
from smmflow.networks.telegram.entities import written_out
from smmflow.networks.telegram.options import looks_of

__all__ = [
    "LONGEST_QUESTION",
    "Letter",
    "asked",
    "letter",
    "media_of",
    "name_of",
    "receipt_of",
]

Settings = Mapping[str, object]

LONGEST_QUESTION = 300
"""Of a poll, in UTF-16 units: https://core.telegram.org/bots/api#sendpoll"""
_KINDS = {
    MediaKind.IMAGE: "photo",
    MediaKind.GIF: "animation",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "audio",
    MediaKind.OTHER: "document",
}
_ALBUM = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
_ALIKE = frozenset({MediaKind.AUDIO, MediaKind.OTHER})
_ELSEWHERE = "give one of them another part with `part:`"


@dataclass(frozen=True, slots=True)
class Letter:
    """A request that makes a message.

    Attributes:
        method: Of the API.
        fields: What it says, without the chat.
        files: By the name that the fields call them.
    """

    method: str
    fields: Fields
    files: Mapping[str, Attachment] = field(default_factory=dict)


def letter(part: Part, settings: Settings, dialect: Dialect) -> Letter:
    """Return what sends a part.

    Args:
        part: Of a post.
        settings: Of that post for this network.
        dialect: How the server wants it.

    Raises:
        Rejected: The API has no message for such a part.
    """
    if part.poll is not None:
        return _poll(part)
    if not part.media:
        return Letter("sendMessage", dialect.words(part.text, "text"))
    for each in part.media:
        _fits(each, dialect)
    if len(part.media) > 1:
        return _album(part, settings, dialect)
    (only,) = part.media
    kind = _KINDS[only.facts.kind]
    fields = {
        **_caption(part, dialect),
        **_shape(only, dialect),
        **looks_of(settings, only.facts.kind),
    }
    return Letter(f"send{kind.capitalize()}", fields, {kind: only})


def media_of(part: Part, index: int, settings: Settings, dialect: Dialect) -> Fields:
    """Return one file of a part as `InputMedia`, the caption at the first.

    https://core.telegram.org/bots/api#inputmedia
    """
    file = part.media[index]
    return {
        "type": _KINDS[file.facts.kind],
        "media": f"attach://{name_of(index)}",
        **({} if index else _caption(part, dialect)),
        **_shape(file, dialect),
        **looks_of(settings, file.facts.kind),
    }


def name_of(index: int) -> str:
    """Return what the fields of a request call one of several files."""
    return f"file{index}"


def receipt_of(result: object, part: Part, dialect: Dialect) -> Receipt:
    """Return the receipt of what was sent: of an album, of its first message.

    Raises:
        OutcomeUnknown: It has no id, or no time.
    """
    messages = _objects(result if isinstance(result, list) else [result])
    numbers = [each.get("message_id") for each in messages]
    if not numbers or not all(isinstance(each, int) for each in numbers):
        raise OutcomeUnknown("the server answered without a message's id")
    at, chat = messages[0].get("date"), messages[0].get("chat")
    if not isinstance(at, int):
        raise OutcomeUnknown("the server answered without a message's time")
    names = [str(each) for each in numbers]
    more = {}
    if part.poll:
        more = {"poll": asked(part)}
    if part.media:
        more = {
            "messages": " ".join(names),
            "sha256": " ".join(each.facts.sha256 for each in part.media),
        }
    url = dialect.address(chat if isinstance(chat, dict) else {}, int(names[0]))
    return Receipt(names[0], url, datetime.fromtimestamp(at, UTC), more)


def asked(part: Part) -> str:
    """Return the digest of a poll: a live one is never changed, only recognised."""
    body = json.dumps(_poll(part).fields, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _objects(values: Sequence[object]) -> list[dict[str, object]]:
    return [each for each in values if isinstance(each, dict)]


def _poll(part: Part) -> Letter:
    """The part's text is the question, in plain letters.

    https://core.telegram.org/bots/api#sendpoll
    """
    poll = part.poll
    if poll is None or part.media:
        raise Rejected("a poll shows no files here", hint=_ELSEWHERE)
    question = written_out(part.text)
    if utf16_length(question) > LONGEST_QUESTION:
        raise Rejected(
            f"a poll asks in at most {LONGEST_QUESTION} {Unit.UTF16}, "
            f"this question has {utf16_length(question)}",
            hint="say the rest in a part before it",
        )
    fields: Fields = {
        "question": question,
        "options": [{"text": each} for each in poll.options],
        "allows_multiple_answers": poll.multiple,
        "open_period": int(poll.open_for.total_seconds()),
    }
    if poll.hide_totals:
        fields["hide_results_until_closes"] = True
    return Letter("sendPoll", fields)


def _album(part: Part, settings: Settings, dialect: Dialect) -> Letter:
    """https://core.telegram.org/bots/api#sendmediagroup."""
    kinds = {each.facts.kind for each in part.media}
    if not kinds <= _ALBUM and not (len(kinds) == 1 and kinds <= _ALIKE):
        raise Rejected(
            "pictures and videos go together here, sounds with sounds, documents with "
            "documents, and a GIF goes alone",
            hint=_ELSEWHERE,
        )
    media = [
        media_of(part, index, settings, dialect) for index in range(len(part.media))
    ]
    files = {name_of(index): each for index, each in enumerate(part.media)}
    return Letter("sendMediaGroup", {"media": media}, files)


def _caption(part: Part, dialect: Dialect) -> Fields:
    return dialect.words(part.text, "caption") if part.text.text else {}


def _shape(file: Attachment, dialect: Dialect) -> Fields:
    facts = file.facts
    if facts.kind is not MediaKind.VIDEO:
        return {}
    fields: Fields = {"supports_streaming": True} if dialect.streams else {}
    if facts.width and facts.height:
        fields |= {"width": facts.width, "height": facts.height}
    return fields


def _fits(file: Attachment, dialect: Dialect) -> None:
    """https://core.telegram.org/bots/api#sendphoto."""
    facts = file.facts
    if facts.kind is not MediaKind.IMAGE or dialect.sides is None:
        return
    if (facts.width or 0) + (facts.height or 0) > dialect.sides:
        raise Rejected(
            f"{facts.path} has more than {dialect.sides} pixels, width and height "
            "together",
            hint="save a smaller copy of the picture",
        )
