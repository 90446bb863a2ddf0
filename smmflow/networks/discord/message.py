"""A Discord message: as we send it, and as the API gives it, read with suspicion.

https://docs.discord.com/developers/resources/message#message-object
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.language.measures import utf16_length
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.post import Poll
from smmflow.model.text import RichText
from smmflow.networks.discord.markup import normal, shown, written
from smmflow.networks.http import Answer

__all__ = [
    "count_of_reactions",
    "flags_of",
    "id_of",
    "matches",
    "mentions_allowed",
    "message_body",
    "moment_of",
    "objects",
    "question_for",
    "question_of",
    "said_by",
    "since",
]

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""https://docs.discord.com/developers/reference#snowflakes"""
_QUESTION = 300
_SUPPRESS_EMBEDS = 1 << 2
_SUPPRESS_NOTIFICATIONS = 1 << 12
_HOUR = timedelta(hours=1)

Json = dict[str, object]


def message_body(post: ChannelPost, content: Part, *, edit: bool = False) -> Json:
    """Return what a new message and a changed one have in common.

    A poll's question is the end of the text, as much as fits there, so that nothing
    stands twice.

    Args:
        post: Whose settings hold.
        content: The part.
        edit: Flags that only sending knows are left out.
    """
    before, question = _asked(content) if content.poll else ("", "")
    body: Json = {
        "content": before if content.poll else written(content.text),
        "allowed_mentions": mentions_allowed(post.settings),
        "attachments": [
            {
                "id": str(number),
                "filename": each.facts.path.rpartition("/")[2],
                **({"description": each.alt} if each.alt else {}),
            }
            for number, each in enumerate(content.media)
        ],
    }
    flags = flags_of(post.settings, edit=edit)
    if flags or edit:  # an edit can give previews back
        body["flags"] = flags
    if content.poll:
        body["poll"] = _poll(content.poll, question)
    return body


def mentions_allowed(settings: Mapping[str, object]) -> Json:
    """Return whom a message may ring: nobody, unless the post says so.

    https://docs.discord.com/developers/resources/message#allowed-mentions-object
    """
    allowed: Json = {"parse": ["everyone"] if settings.get("everyone") else []}
    for key in ("users", "roles"):
        names = settings.get(key)
        if isinstance(names, list | tuple) and names:
            allowed[key] = [str(each) for each in names]
    return {**allowed, "replied_user": False}


def flags_of(settings: Mapping[str, object], *, edit: bool = False) -> int:
    """Return a message's flags.

    https://docs.discord.com/developers/resources/message#message-object-message-flags
    """
    quiet = 0 if settings.get("previews", True) else _SUPPRESS_EMBEDS
    silent = bool(settings.get("silent")) and not edit
    return quiet | (_SUPPRESS_NOTIFICATIONS if silent else 0)


def matches(message: Mapping[str, object], content: Part, *, answer: bool) -> bool:
    """Tell whether a message says what a part does, as far as can be seen.

    Args:
        message: As Discord gave it.
        content: The part.
        answer: Whether the part follows another.
    """
    return (
        normal(said_by(message)) == normal(content.text.text)
        and ("message_reference" in message) == answer
        and len(objects(message.get("attachments"))) == len(content.media)
        and _options(message) == (content.poll.options if content.poll else ())
    )


def said_by(message: Mapping[str, object]) -> str:
    """Return the words of a message as readers see them, a poll's question last."""
    words = shown(str(message.get("content") or ""))
    return "\n".join(each for each in (words, question_of(message)) if each)


def question_of(message: Mapping[str, object]) -> str:
    """Return the question of a message's poll; empty if it has none."""
    return str(_inner(_inner(message, "poll"), "question").get("text") or "")


def question_for(content: Part) -> str:
    """Return the question that a part's poll will have: the end of its text."""
    return _asked(content)[1] if content.poll else ""


def _options(message: Mapping[str, object]) -> tuple[str, ...]:
    answers = objects(_inner(message, "poll").get("answers"))
    return tuple(str(_inner(each, "poll_media").get("text")) for each in answers)


def _inner(fields: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _asked(content: Part) -> tuple[str, str]:
    """Split a part's text: what stands before its poll, as Markdown, and the question.

    Raises:
        Rejected: There is no place where it can be split.
    """
    text = content.text.text
    for border in ("\n\n", "\n", " "):
        start = _tail(text, border)
        if start is not None:
            spans = tuple(each for each in content.text.spans if each.end <= start)
            return written(RichText(text[:start].rstrip(), spans)), text[start:].strip()
    raise Rejected(
        f"a poll's question has at most {_QUESTION} characters on Discord",
        hint="end the text with a shorter paragraph: it is the question",
    )


def _tail(text: str, border: str) -> int | None:
    """Return where the longest end begins that is short enough; None if none is."""
    start = 0
    while utf16_length(text[start:].strip()) > _QUESTION:
        start = text.find(border, start) + len(border)
        if start < len(border):
            return None
    return start


def _poll(poll: Poll, question: str) -> Json:
    # https://docs.discord.com/developers/resources/poll#poll-create-request-object
    return {
        "question": {"text": question},
        "answers": [{"poll_media": {"text": each}} for each in poll.options],
        "duration": max(1, math.ceil(poll.open_for / _HOUR)),
        "allow_multiselect": poll.multiple,
    }


def count_of_reactions(message: Mapping[str, object]) -> int:
    """Return how many reactions a message has; those of nobody are not listed."""
    numbers = (each.get("count") for each in objects(message.get("reactions")))
    return sum(each for each in numbers if isinstance(each, int))


def since(moment: datetime) -> str:
    """Return the least id that a message of a moment can have."""
    return str(max(0, int((moment - _EPOCH).total_seconds() * 1000)) << 22)


def id_of(answer: Answer) -> str:
    """Return the id of the message that an answer tells of.

    Raises:
        OutcomeUnknown: It tells of none.
    """
    name = answer.fields().get("id")
    if not isinstance(name, str) or not name.isdecimal():
        raise OutcomeUnknown("Discord answered without a message's id")
    return name


def moment_of(name: str) -> datetime:
    """Return when Discord made something, which its id tells."""
    return _EPOCH + timedelta(milliseconds=int(name) >> 22)


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]
