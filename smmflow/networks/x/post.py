"""A post on X: as we send it, and as the API gives it, read with suspicion.

https://docs.x.com/x-api/fundamentals/data-dictionary
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Thread
from smmflow.networks.words import comparable
from smmflow.networks.x.address import moment_of, page_of
from smmflow.networks.x.network import XPostSettings

__all__ = [
    "FIELDS",
    "Json",
    "Polls",
    "Sought",
    "count",
    "counters_of",
    "data_of",
    "follows",
    "is_answer",
    "objects",
    "parent_of",
    "polls_of",
    "post_body",
    "receipt_of",
    "references_of",
    "text_of",
]

FIELDS: Mapping[str, str] = {
    "post.fields": "attachments,conversation_id,created_at,display_text_range,"
    "entities,note_post,text",
    "expansions": "attachments.media_keys,attachments.poll_ids,author_id,"
    "in_reply_to_user_id,referenced_posts",
    "poll.fields": "options",
    "user.fields": "name,username",
}
_COUNTERS = {
    "likes": ("like_count",),
    "reposts": ("repost_count", "retweet_count"),
    "replies": ("reply_count",),
    "quotes": ("quote_count",),
    "saves": ("bookmark_count",),
    "impressions": ("impression_count",),
}
"""X's guides have the older names, its description the newer ones; so for the others:
https://docs.x.com/x-api/fundamentals/data-dictionary, https://docs.x.com/openapi.json"""
_REFERENCES = ("referenced_posts", "referenced_tweets")
_NOTES = ("note_post", "note_tweet")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_SLASH = re.compile(r"/(?=\s|$)")
_HOST = re.compile(r"\b(?:www\.|mobile\.)?(?:x|twitter)\.com/", re.IGNORECASE)
_FILE = re.compile(rf"https?://{_HOST.pattern}\S+/(?:photo|video)/\d+", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,19}")

Json = dict[str, object]
Polls = Mapping[str, tuple[str, ...]]


def post_body(
    post: ChannelPost, part: int, after: Thread | None, media: list[str]
) -> Json:
    """Return the body of the request that publishes a part.

    https://docs.x.com/x-api/posts/create-post

    Raises:
        Rejected: X has no such polls.
    """
    content = post.parts[part]
    body: Json = {}
    if content.text.text:
        body["text"] = content.text.text
    if media:
        body["media"] = {"media_ids": media}
    if content.poll:
        if content.poll.multiple:
            raise Rejected("a poll on X takes one answer of everybody")
        minutes = int(content.poll.open_for.total_seconds() // 60)
        body["poll"] = {
            "options": list(content.poll.options),
            "duration_minutes": minutes,
        }
    if after is not None:
        body["reply"] = {"in_reply_to_tweet_id": after.parent.id}
    settings = XPostSettings.model_validate(dict(post.settings))
    if settings.made_with_ai:
        body["made_with_ai"] = True
    if settings.paid_partnership:
        body["paid_partnership"] = True
    # Who may reply is decided where a thread begins.
    if settings.reply_settings and after is None:
        body["reply_settings"] = settings.reply_settings
    return body


@dataclass(frozen=True, slots=True)
class Sought:
    """What one of our own posts is known by.

    Attributes:
        text: Its words as they were sent.
        files: How many it shows.
        options: Answers of its poll; none if it has no poll.
        answer: It follows another post.
    """

    text: str
    files: int
    options: tuple[str, ...]
    answer: bool

    @classmethod
    def of_part(cls, content: Part, *, answer: bool) -> Sought:
        """Return what a part of a post is known by."""
        options = content.poll.options if content.poll else ()
        return cls(content.text.text, len(content.media), _answers(options), answer)

    @classmethod
    def of_body(cls, body: Mapping[str, object]) -> Sought:
        """Return what the post of a request is known by."""
        files = data_of(body, "media").get("media_ids")
        options = data_of(body, "poll").get("options")
        return cls(
            str(body.get("text") or ""),
            len(files) if isinstance(files, list) else 0,
            _answers(options) if isinstance(options, list) else (),
            "reply" in body,
        )

    @property
    def shown(self) -> Collection[int]:
        """How many files X may show with it."""
        return {self.files, 1} if _FILE.search(self.text) else {self.files}

    def says(self, post: Mapping[str, object]) -> bool:
        """Tell whether a post says the same words."""
        # An address of somebody's film shows that film, and is no word any more.
        return _comparable(text_of(post)) == _comparable(_FILE.sub("", self.text))

    def is_(self, post: Mapping[str, object], polls: Polls) -> bool:
        """Tell whether a post is this one, as far as can be seen."""
        attached = data_of(post, "attachments")
        keys, asked = attached.get("media_keys"), attached.get("poll_ids")
        seen = [polls.get(str(e)) for e in asked] if isinstance(asked, list) else []
        return (
            self.says(post)
            and is_answer(post) == self.answer
            and len(keys if isinstance(keys, list) else []) in self.shown
            and len(seen) == (1 if self.options else 0)
            and all(each in {None, self.options} for each in seen)
        )


def polls_of(page: Mapping[str, object]) -> Polls:
    """Return the polls beside some posts: their answers, in order, by id."""
    return {
        str(each.get("id")): _answers(
            option.get("label") for option in objects(each.get("options"))
        )
        for each in objects(data_of(page, "includes").get("polls"))
    }


def text_of(post: Mapping[str, object]) -> str:
    """Return a post's words: links written out, files and leading handles left out.

    X shortens every link, adds one for files, and escapes three characters.
    """
    note = next(filter(None, (data_of(post, each) for each in _NOTES)), {})
    whole = note if note.get("text") else post
    text = str(whole.get("text") or "")
    shown = post.get("display_text_range")
    if not note.get("text") and isinstance(shown, list) and parent_of(post):
        start = count(shown[0]) if shown else None
        # The handles that X puts before an answer are no words of it.
        if start and all(each.startswith("@") for each in text[:start].split()):
            text = text[start:]
    text = unescape(text)
    for each in objects(data_of(whole, "entities").get("urls")):
        short, long = each.get("url"), each.get("expanded_url")
        if not isinstance(short, str) or not short:
            continue
        if each.get("media_key") or _FILE.fullmatch(str(long)):
            text = text.replace(short, "")
        elif isinstance(long, str) and long:
            text = text.replace(short, long)
    return text.strip()


def parent_of(post: Mapping[str, object]) -> str:
    """Return the id of what a post answers; empty if it answers nothing."""
    for each in references_of(post):
        if each.get("type") == "replied_to":
            return str(each.get("id") or "")
    return ""


def references_of(post: Mapping[str, object]) -> list[Json]:
    """Return what a post answers, quotes or repeats, each with its `type`."""
    return [each for key in _REFERENCES for each in objects(post.get(key))]


def is_answer(post: Mapping[str, object]) -> bool:
    """Tell whether a post answers another, be that shown or not."""
    root = post.get("conversation_id")
    return bool(parent_of(post)) or (bool(root) and root != post.get("id"))


def follows(post: Mapping[str, object], ours: Collection[str]) -> bool:
    """Tell whether a post answers one of ours, or stands in a thread of ours.

    Args:
        post: As X gave it.
        ours: Ids of our posts.
    """
    return (parent_of(post) or str(post.get("conversation_id"))) in ours


def receipt_of(post: Mapping[str, object]) -> Receipt:
    """Return the receipt of a post.

    Raises:
        OutcomeUnknown: It has no id.
    """
    name = post.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise OutcomeUnknown("X answered without a post's id")
    return Receipt(name, page_of(name), moment_of(name))


def counters_of(post: Mapping[str, object]) -> Mapping[str, int | None]:
    """Return a post's counters; None where X gives none."""
    metrics = data_of(post, "public_metrics")
    return {
        name: next(
            (n for each in keys if (n := count(metrics.get(each))) is not None), None
        )
        for name, keys in _COUNTERS.items()
    }


def data_of(fields: Mapping[str, object], key: str = "data") -> Json:
    """Return an object in an answer; empty if there is none."""
    found = fields.get(key)
    return found if isinstance(found, dict) else {}


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


def count(value: object) -> int | None:
    """Return a number; None if it is none."""
    return value if isinstance(value, int) else None


def _answers(options: Iterable[object]) -> tuple[str, ...]:
    return tuple(comparable(str(each)) for each in options)


def _comparable(text: str) -> str:
    whole = _HOST.sub("x.com/", _SCHEME.sub("", comparable(unquote(text))))
    return _SLASH.sub("", whole)
