"""The formats of calendar.yaml, team.yaml and strategy.md."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, Strict, model_validator

from smmflow.content.formats.fields import (
    Begin,
    Clock,
    Day,
    Duration,
    End,
    Form,
    Name,
    Names,
    Reading,
    Share,
    Weekdays,
    Zone,
    problem,
)
from smmflow.model.calendar import Blackout, Calendar, Observance, QuietHours, Slot
from smmflow.model.post import Weekday
from smmflow.model.strategy import (
    Audience,
    AvoidedWord,
    Goal,
    Pillar,
    Strategy,
    Voice,
)
from smmflow.model.team import ApprovalRule, ApprovalSource, Member, Team

__all__ = ["CalendarForm", "StrategyForm", "TeamForm"]

_Clocks = Annotated[tuple[Clock, ...], Strict(strict=False), Field(min_length=1)]


class SlotForm(Form):
    """A place in the week that posts ask for by name."""

    at: _Clocks = Field(description="Times of day", examples=[["09:30", "17:00"]])
    days: Weekdays = Field(default=(), description="Every day if empty")
    channels: Names = Field(default=(), description="Every channel if empty")


class QuietHoursForm(Form):
    """Hours in which nothing should go out; they may pass midnight."""

    from_: Clock = Field(alias="from")
    to: Clock
    days: Weekdays = Field(default=(), description="Every day if empty")
    channels: Names = Field(default=(), description="Every channel if empty")


class BlackoutForm(Form):
    """Days or hours in which nothing may go out."""

    from_: Begin = Field(alias="from")
    to: End
    reason: str = ""
    channels: Names = Field(default=(), description="Every channel if empty")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise problem("bad-value", "`to` is before `from`", key="to")
        return self


class ObservanceForm(Form):
    """A day worth knowing when planning."""

    date: Day
    title: Name


class CalendarForm(Form):
    """The calendar: time zone, slots, quiet hours, blackouts and observances."""

    timezone: Zone = Field(default="UTC", validate_default=True)
    calendar: Literal["gregorian", "jalali"] = Field(
        default="gregorian", description="How dates are written and shown"
    )
    week_start: Annotated[Weekday, Strict(strict=False)] = Weekday.MON
    min_gap: Duration = Field(
        default=timedelta(minutes=10), description="Between posts on one channel"
    )
    repeat_after: Duration = Field(
        default=timedelta(days=30), description="The same text may come again then"
    )
    max_lateness: Duration = Field(
        default=timedelta(hours=2), description="A later post is missed, not sent"
    )
    slots: dict[str, SlotForm] = Field(default_factory=dict, description="By name")
    quiet_hours: Annotated[tuple[QuietHoursForm, ...], Strict(strict=False)] = ()
    blackouts: Annotated[tuple[BlackoutForm, ...], Strict(strict=False)] = ()
    observances: Annotated[tuple[ObservanceForm, ...], Strict(strict=False)] = ()

    def build(self) -> Calendar:
        """Return the calendar."""
        return Calendar(
            zone=self.timezone,
            slots=tuple(
                Slot(name, slot.at, slot.days, slot.channels)
                for name, slot in self.slots.items()
            ),
            quiet_hours=tuple(
                QuietHours(each.from_, each.to, each.days, each.channels)
                for each in self.quiet_hours
            ),
            blackouts=tuple(
                Blackout(each.from_, each.to, each.reason, each.channels)
                for each in self.blackouts
            ),
            observances=tuple(
                Observance(each.date, each.title) for each in self.observances
            ),
            min_gap=self.min_gap,
            repeat_after=self.repeat_after,
            max_lateness=self.max_lateness,
            week_start=self.week_start,
            jalali=self.calendar == "jalali",
        )

    @staticmethod
    def reading(values: object) -> Reading:
        """Return how dates are written, from a calendar not yet known to be sound."""
        known = values if isinstance(values, dict) else {}
        try:
            zone = ZoneInfo(str(known.get("timezone", "UTC")))
        except (KeyError, ValueError, OSError):
            zone = ZoneInfo("UTC")
        return Reading(zone, jalali=known.get("calendar") == "jalali")


class GoalForm(Form):
    """Something to reach, measurably."""

    id: Name
    title: Name
    metric: Name = Field(examples=["followers", "engagements"])
    target: float
    deadline: Day
    baseline: float | None = Field(default=None, description="Where it stood")
    channel: str = Field(default="", description="Only this one; all if empty")


class AudienceForm(Form):
    """People the work is for."""

    id: Name
    title: Name
    language: str = ""


class PillarForm(Form):
    """A theme, and the share of posts it should have."""

    id: Name
    title: Name
    share: Share | None = None


class AvoidedForm(Form):
    """A word to avoid, and what to write instead."""

    word: Name
    instead: str = ""


class VoiceForm(Form):
    """How the workspace writes."""

    avoid: Annotated[tuple[Name | AvoidedForm, ...], Strict(strict=False)] = ()
    disclosures: Names = Field(
        default=(), description="One of these stands in each sponsored post"
    )


class StrategyForm(Form):
    """What the work is for, for whom, about what and how. The reasons stand below."""

    title: str = ""
    goals: Annotated[tuple[GoalForm, ...], Strict(strict=False)] = ()
    audiences: Annotated[tuple[AudienceForm, ...], Strict(strict=False)] = ()
    pillars: Annotated[tuple[PillarForm, ...], Strict(strict=False)] = ()
    voice: VoiceForm = VoiceForm()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        for entries in (self.goals, self.audiences, self.pillars):
            seen: set[str] = set()
            for entry in entries:
                if entry.id in seen:
                    message = f"the id `{entry.id}` is given twice in one list"
                    hint = "give one of them another"
                    raise problem("duplicate-id", message, hint)
                seen.add(entry.id)
        return self

    def build(self, body: str) -> Strategy:
        """Return the strategy."""
        return Strategy(
            goals=tuple(
                Goal(
                    each.id,
                    each.title,
                    each.metric,
                    each.target,
                    each.deadline,
                    each.baseline,
                    each.channel,
                )
                for each in self.goals
            ),
            audiences=tuple(
                Audience(each.id, each.title, each.language) for each in self.audiences
            ),
            pillars=tuple(
                Pillar(each.id, each.title, each.share) for each in self.pillars
            ),
            voice=Voice(
                tuple(
                    AvoidedWord(each)
                    if isinstance(each, str)
                    else AvoidedWord(each.word, each.instead)
                    for each in self.voice.avoid
                ),
                self.voice.disclosures,
            ),
            body=body,
        )


class MemberForm(Form):
    """A person."""

    name: Name
    github: str = Field(default="", description="Their account there")
    emails: Names = Field(default=(), description="Addresses they commit and sign with")
    roles: Names = ()


class ApprovalForm(Form):
    """What needs whose approval; every list left out means all."""

    approve: Names = Field(min_length=1, description="Any of these roles or people may")
    count: int = Field(default=1, ge=1, description="How many of them must")
    paths: Names = Field(
        default=(), description="Globs of files", examples=[["content/media/**"]]
    )
    campaigns: Names = ()
    channels: Names = ()
    risk: Names = Field(
        default=(), description="What posts call their `risk`", examples=[["high"]]
    )


class TeamForm(Form):
    """People, their roles, and whose approval what needs."""

    approvals: Literal["none", "forge", "trailers"] = Field(
        default="none", description="Where approvals are recorded"
    )
    signers: str = Field(
        default="",
        description="For trailers: the file of SSH keys that may sign; git's own "
        "setting gpg.ssh.allowedSignersFile unless given",
        examples=[".github/allowed_signers"],
    )
    since: str = Field(
        default="",
        pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$",
        description="Full name of a commit: what main had by then needs no approval",
        examples=["9fceb02d0ae598e95dc970b74767f19372d61af8"],
    )
    people: dict[str, MemberForm] = Field(default_factory=dict)
    rules: Annotated[tuple[ApprovalForm, ...], Strict(strict=False)] = ()

    def build(self) -> Team:
        """Return the team."""
        return Team(
            approvals=ApprovalSource(self.approvals),
            signers=self.signers,
            since=self.since,
            members=tuple(
                Member(
                    key,
                    each.name,
                    (("github", each.github),) if each.github else (),
                    each.roles,
                    each.emails,
                )
                for key, each in self.people.items()
            ),
            rules=tuple(
                ApprovalRule(
                    each.approve,
                    each.count,
                    each.paths,
                    each.campaigns,
                    each.channels,
                    each.risk,
                )
                for each in self.rules
            ),
        )
