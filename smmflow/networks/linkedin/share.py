"""A LinkedIn post: as we send it, and as the API gives it, read with suspicion.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.language.measures import utf16_length
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.post import Poll
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.linkedin.api import fields_of, objects
from smmflow.networks.linkedin.little_text import commentary, is_same, shown
from smmflow.networks.linkedin.urn import page
from smmflow.networks.words import comparable

__all__ = [
    "Wording",
    "body_of",
    "matches",
    "moment_of",
    "poll_of",
    "receipt_of",
    "said",
    "wording_of",
]

_LONGEST_QUESTION = 140
_DURATIONS = {
    timedelta(days=1): "ONE_DAY",
    timedelta(days=3): "THREE_DAYS",
    timedelta(days=7): "SEVEN_DAYS",
    timedelta(days=14): "FOURTEEN_DAYS",
}
_PARAGRAPH = "\n\n"
_FAILED = "PUBLISH_FAILED"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a part says, where LinkedIn wants it.

    Attributes:
        text: Above whatever the post shows.
        question: What its poll asks; empty without a poll.
    """

    text: RichText
    question: str = ""

    @property
    def more(self) -> Mapping[str, str]:
        """What a receipt keeps: a question can't be changed later."""
        return {"question": self.question} if self.question else {}


def wording_of(post: ChannelPost, content: Part) -> Wording:
    """Return a part's words: a poll asks the last paragraph, unless the post says."""
    if content.poll is None:
        return Wording(content.text)
    asked = str(post.settings.get("question", ""))
    if asked:
        return Wording(content.text, asked)
    before, gap, question = content.text.text.rpartition(_PARAGRAPH)
    end = len(before) if gap else 0
    spans = tuple(each for each in content.text.spans if each.end <= end)
    return Wording(RichText(before, spans), question)


def poll_of(poll: Poll, question: str) -> Json:
    """Return a poll as the API takes it.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/poll-post-api

    Raises:
        Rejected: LinkedIn has no such polls.
    """
    duration = _DURATIONS.get(poll.open_for)
    if duration is None:
        raise Rejected(
            "a poll on LinkedIn is open for 1, 3, 7 or 14 days",
            hint="set `open_for` of the poll to one of these, under `on` if other "
            "networks shall keep theirs",
        )
    if poll.multiple:
        raise Rejected("a poll on LinkedIn takes one answer of everybody")
    if not question or utf16_length(question) > _LONGEST_QUESTION:
        raise Rejected(
            f"a poll on LinkedIn asks in 1 to {_LONGEST_QUESTION} characters, and the "
            f"last paragraph has {utf16_length(question)}",
            hint="write a short last paragraph, or the question itself: "
            "on: {linkedin: {question: ...}}",
        )
    return {
        "question": question,
        "options": [{"text": each} for each in poll.options],
        "settings": {"duration": duration},
    }


def body_of(author: str, wording: Wording, content: Json | None) -> Json:
    """Return a new post as the API takes it."""
    body: Json = {
        "author": author,
        "commentary": commentary(wording.text),
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if content is not None:
        body["content"] = content
    return body


def matches(element: Mapping[str, object], content: Part) -> bool:
    """Tell whether a post says what a part does, as far as can be seen.

    Whether a poll's question is a paragraph of the text is not asked: the ledger keeps
    the words of what was sent, not the settings it was sent with.
    """
    words = content.text.text
    poll = fields_of(fields_of(element.get("content")).get("poll"))
    options = [comparable(str(e.get("text"))) for e in objects(poll.get("options"))]
    asked = content.poll.options if content.poll else ()
    return (
        element.get("lifecycleState") != _FAILED
        and any(is_same(each, words) for each in (said(element), _above(element)))
        and options == [comparable(each) for each in asked]
        and _files(element) == len(content.media)
    )


def said(element: Mapping[str, object]) -> str:
    """Return the words of a post, its question below them."""
    return _PARAGRAPH.join(filter(None, (_above(element), _question(element))))


def receipt_of(element: Mapping[str, object]) -> Receipt:
    """Return the receipt of a post that the API gave.

    Raises:
        OutcomeUnknown: It has no id or no time.
    """
    name = element.get("id")
    if not isinstance(name, str) or not name:
        raise OutcomeUnknown("LinkedIn gave a post without its name")
    question = _question(element)
    more = {"question": question} if question else {}
    at = moment_of(element.get("publishedAt") or element.get("createdAt"))
    return Receipt(name, page(name), at, more)


def moment_of(value: object) -> datetime:
    """Return a moment given as milliseconds since 1970, aware, UTC.

    Raises:
        OutcomeUnknown: It is none.
    """
    if not isinstance(value, int):
        raise OutcomeUnknown(f"LinkedIn gave no time but {value!r}")
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise OutcomeUnknown(f"LinkedIn gave no time but {value!r}") from None


def _above(element: Mapping[str, object]) -> str:
    return shown(str(element.get("commentary", "")))


def _question(element: Mapping[str, object]) -> str:
    poll = fields_of(fields_of(element.get("content")).get("poll"))
    return str(poll.get("question", ""))


def _files(element: Mapping[str, object]) -> int:
    content = fields_of(element.get("content"))
    several = objects(fields_of(content.get("multiImage")).get("images"))
    return len(several) or int("media" in content)
