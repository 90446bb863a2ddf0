"""The format of posts: the keys of the front matter, and what becomes of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, Strict, ValidationInfo, model_validator

from smmflow.content.formats.fields import (
    Clock,
    Day,
    Duration,
    Form,
    Moment,
    Name,
    Names,
    Reading,
    Variables,
    Weekdays,
    problem,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaFile
from smmflow.model.post import (
    At,
    Card,
    Frequency,
    InSlot,
    Poll,
    Post,
    Repeating,
    Schedule,
    ThreadMode,
    Unscheduled,
)

__all__ = ["PostDefaults", "PostForm", "check_id", "to_post"]

_NOT_IN_AN_ID = re.compile(r'[/\\@:*?"<>|#%\x00-\x1f\x7f-\x9f]')
_LONGEST_ID = 180
"""Bytes of UTF-8: an id and a time must fit the 255 of a folder's name."""


def check_id(value: str) -> str:
    """Return an id in the one form that the ledger uses.

    Raises:
        PydanticCustomError: It could not name a folder or stand in an address.
    """
    normal = unicodedata.normalize("NFC", value.strip())
    bad = _NOT_IN_AN_ID.search(normal)
    if bad or not normal or normal.startswith("."):
        what = f"holds {bad[0]!r}" if bad else "is empty or begins with a dot"
        message = f"the id `{normal}` can't be used: it {what}"
        raise problem("bad-value", message, "use letters, digits and hyphens")
    if len(normal.encode()) > _LONGEST_ID:
        message = f"the id is longer than {_LONGEST_ID} bytes"
        raise problem("bad-value", message, "take a shorter one")
    return normal


class MediaForm(Form):
    """A picture, video or sound that the post shows."""

    file: Name = Field(
        description="Where it is, relative to content/", examples=["media/launch.png"]
    )
    alt: str | None = Field(
        default=None,
        description="What it shows, for people who can't see it; '' for decoration",
    )
    part: int = Field(default=1, ge=1, description="Part of the thread that shows it")


class PollForm(Form):
    """Answers to choose from; the question is the text of the part."""

    options: Names = Field(min_length=2, description="The answers, in order")
    open_for: Duration = Field(default="1d", validate_default=True)
    multiple: bool = Field(default=False, description="More than one may be chosen")
    hide_totals: bool = Field(default=False, description="Hide counts until it ends")
    part: int = Field(default=1, ge=1, description="Part of the thread that carries it")


class CardForm(Form):
    """The preview of a link."""

    url: Name = Field(examples=["https://smmflow.example/"])
    title: str = ""
    description: str = ""
    image: str = Field(default="", description="A file relative to content/")


_EVERY = re.compile(r"(?:(\d{1,3}) +)?(day|week|month)s?")
_FREQUENCIES = {
    "day": Frequency.DAILY,
    "week": Frequency.WEEKLY,
    "month": Frequency.MONTHLY,
}


def _check_every(value: str) -> str:
    found = _EVERY.fullmatch(value.strip())
    if found is None or int(found[1] or 1) < 1:
        message = f"`{value}` is no way to repeat"
        hint = "write day, week or month, or a number of them as in `2 weeks`"
        raise problem("bad-value", message, hint)
    return value.strip()


class RepeatForm(Form):
    """A time that comes again and again."""

    every: Annotated[str, AfterValidator(_check_every)] = Field(
        description="day, week or month, or a number of them",
        examples=["day", "week", "2 weeks", "month"],
    )
    at: Clock
    days: Weekdays = Field(default=(), description="For weeks: on these days")
    day: int | None = Field(default=None, ge=1, le=31, description="For months")
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    count: int | None = Field(default=None, ge=1, description="How many times at most")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        unit = self.every.rstrip("s").split()[-1]
        if self.days and unit != "week":
            key, message = "days", "`days` belongs to `every: week`"
        elif self.day is not None and unit != "month":
            key, message = "day", "`day` belongs to `every: month`"
        elif self.from_ and self.until and self.until < self.from_:
            key, message = "until", "`until` is before `from`"
        else:
            return self
        raise problem("bad-value", message, key=key)


class PostForm(Form):
    """A post: what it is, when it goes out and where. The text stands below."""

    id: Annotated[str, AfterValidator(check_id)] | None = Field(
        default=None, description="Its name in the ledger; the file's name unless given"
    )
    title: Name = Field(description="For people, and for networks that have titles")
    publish_at: Moment | None = Field(default=None, examples=["2026-12-01 09:00"])
    slot: Name | None = Field(
        default=None, description="A slot of calendar.yaml", examples=["mornings"]
    )
    repeat: RepeatForm | None = None
    channels: Names | None = Field(
        default=None, description="Channels of channels.yaml", examples=[["site"]]
    )
    language: Name | None = Field(default=None, examples=["en", "fa"])
    created: Moment | None = Field(default=None, description="When it was written")
    priority: int = Field(default=0, description="Slots fill from the highest")
    draft: bool = Field(default=False, description="Never published")
    withdrawn: bool = Field(default=False, description="Taken down everywhere")
    campaign: str = Field(default="", description="A file of content/campaigns")
    pillar: str = Field(default="", description="A pillar of strategy.md")
    goal: str = Field(default="", description="A goal of strategy.md")
    audience: str = Field(default="", description="An audience of strategy.md")
    risk: str = Field(
        default="",
        description="How much care it needs; rules of team.yaml go by it",
        examples=["high"],
    )
    tags: Names = Field(default=(), description="Topics for the site; not hashtags")
    summary: str = Field(default="", description="One sentence for feeds and cards")
    media: Annotated[tuple[MediaForm, ...], Strict(strict=False)] = ()
    poll: PollForm | None = None
    card: CardForm | None = None
    thread: Literal["manual", "auto", "numbered"] = Field(
        default="manual", description="What to do with text that is too long"
    )
    first_comment: str = Field(
        default="", description="A comment of our own right below the post"
    )
    content_warning: str = Field(default="", description="Shown before the text")
    visibility: Literal["public", "unlisted", "followers"] = "public"
    sponsored: bool = Field(default=False, description="Somebody paid for it")
    variables: Variables = Field(
        default_factory=dict, description="For {{ name }} in the text"
    )
    on: dict[str, dict[str, Any] | None] = Field(
        default_factory=dict,
        description="By channel: settings of its network for this post",
    )
    ignore: Names = Field(default=(), description="Rules that don't apply here")

    @model_validator(mode="after")
    def _one_schedule(self, info: ValidationInfo) -> Self:
        del info
        given = [
            name
            for name in ("publish_at", "slot", "repeat")
            if getattr(self, name) is not None
        ]
        if len(given) > 1:
            message = f"{' and '.join(given)} can't be given together"
            raise problem("bad-value", message, "keep one of them", key=given[-1])
        if self.repeat and not self.repeat.from_ and not self.created:
            message = "a repeating post needs its first day"
            hint = "add `from: 2026-12-01` to `repeat`"
            raise problem("missing-key", message, hint, key="repeat")
        return self


@dataclass(frozen=True, slots=True)
class PostDefaults:
    """What posts have that don't say.

    Attributes:
        language: The workspace's.
        channels: The workspace's, in the order of its file.
        reading: The zone of its times.
    """

    language: str
    channels: Mapping[str, Channel]
    reading: Reading

    def channels_for(self, language: str) -> tuple[str, ...]:
        """Return the default channels that take posts in a language."""
        return tuple(
            channel.name
            for channel in self.channels.values()
            if channel.default and channel.language in ("", language)
        )


def to_post(
    form: PostForm,
    name: tuple[str, str],
    text: tuple[str, int],
    defaults: PostDefaults,
    overrides: Mapping[str, Mapping[str, object]],
) -> Post:
    """Return the post that a file describes.

    Args:
        form: Its front matter.
        name: Its id and its path.
        text: Its body, and the line on which that begins.
        defaults: What it has unless it says otherwise.
        overrides: Its `on:`, as the networks accepted it.
    """
    language = form.language or defaults.language
    channels = form.channels
    return Post(
        id=name[0],
        path=name[1],
        title=form.title,
        body=text[0],
        body_line=text[1],
        language=language,
        channels=defaults.channels_for(language) if channels is None else channels,
        schedule=_schedule(form, defaults.reading),
        created=form.created,
        priority=form.priority,
        draft=form.draft,
        withdrawn=form.withdrawn,
        campaign=form.campaign,
        pillar=form.pillar,
        goal=form.goal,
        audience=form.audience,
        risk=form.risk,
        tags=form.tags,
        summary=form.summary,
        media=tuple(MediaFile(each.file, each.alt, each.part) for each in form.media),
        poll=_poll(form.poll) if form.poll else None,
        poll_part=form.poll.part if form.poll else 1,
        card=_card(form.card) if form.card else None,
        thread=ThreadMode(form.thread),
        first_comment=form.first_comment,
        content_warning=form.content_warning,
        visibility=form.visibility,
        sponsored=form.sponsored,
        variables=form.variables,
        overrides=overrides,
        ignore=frozenset(form.ignore),
    )


def _card(form: CardForm) -> Card:
    return Card(form.url, form.title, form.description, form.image)


def _poll(form: PollForm) -> Poll:
    return Poll(form.options, form.open_for, form.multiple, form.hide_totals)


def _schedule(form: PostForm, reading: Reading) -> Schedule:
    if form.publish_at is not None:
        return At(form.publish_at)
    if form.slot is not None:
        return InSlot(form.slot)
    if form.repeat is not None:
        return _repeating(form.repeat, form.created, reading)
    return Unscheduled()


def _repeating(
    form: RepeatForm, created: datetime | None, reading: Reading
) -> Repeating | Unscheduled:
    start = form.from_ or (created and created.astimezone(reading.zone).date())
    if start is None:
        return Unscheduled()
    number, unit = _EVERY.fullmatch(form.every).groups()  # type: ignore[union-attr]  # the form checked it
    return Repeating(
        frequency=_FREQUENCIES[unit],
        at=form.at,
        start=start,
        days=form.days,
        day=form.day,
        every=int(number or 1),
        until=form.until,
        count=form.count,
    )
