"""Slots: which post gets which place in the week, the same way every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from smmflow.model.calendar import Calendar, Slot
from smmflow.model.post import InSlot, Post, Weekday

__all__ = ["fill"]

_WEEKDAYS = tuple(Weekday)
_NEVER = datetime.max.replace(tzinfo=UTC)


def fill(
    posts: Iterable[Post],
    calendar: Calendar,
    taken: Mapping[str, frozenset[datetime]],
    *,
    since: datetime,
    until: datetime,
) -> Mapping[str, datetime]:
    """Give each waiting post the first place of its slot that all its channels have.

    The order is priority, then `created`, then id, so that a post added later never
    moves one that was there before (unless it has a higher priority, which is what
    priority is for).

    Args:
        posts: Posts that wait for a slot and have no time yet.
        calendar: Whose slots.
        taken: By channel, the moments that are used already.
        since: No place before this moment; one just behind us is still good, so that a
            run that starts late finds the post where the plan had put it.
        until: No place after this moment.

    Returns:
        By post id; posts without a free place are left out.
    """
    slots = {slot.name: slot for slot in calendar.slots}
    used = {channel: set(moments) for channel, moments in taken.items()}
    places = {
        name: tuple(_places(slot, calendar, since, until))
        for name, slot in slots.items()
    }
    given: dict[str, datetime] = {}
    for post in sorted(posts, key=_order):
        slot = (
            slots.get(post.schedule.slot) if isinstance(post.schedule, InSlot) else None
        )
        if slot is None:
            continue
        channels = [c for c in post.channels if not slot.channels or c in slot.channels]
        if slot.channels and not channels:
            continue  # the slot is for other channels: no place of it is this post's
        for place in places[slot.name]:
            if post.created is not None and place <= post.created:
                continue
            if any(place in used.get(channel, ()) for channel in channels):
                continue
            for channel in channels:
                used.setdefault(channel, set()).add(place)
            given[post.id] = place
            break
    return given


def _order(post: Post) -> tuple[int, datetime, str]:
    return (-post.priority, post.created or _NEVER, post.id)


def _places(
    slot: Slot, calendar: Calendar, since: datetime, until: datetime
) -> Iterator[datetime]:
    day = since.astimezone(calendar.zone).date()
    last = until.astimezone(calendar.zone).date()
    wanted = {_WEEKDAYS.index(each) for each in slot.days}
    while day <= last:
        if not wanted or day.weekday() in wanted:
            for at in sorted(slot.at):
                wall = datetime.combine(day, at, tzinfo=calendar.zone)
                place = wall.astimezone(UTC).astimezone(calendar.zone)
                if since <= place <= until and not _blacked_out(place, calendar, slot):
                    yield place
        day += timedelta(days=1)


def _blacked_out(place: datetime, calendar: Calendar, slot: Slot) -> bool:
    return any(
        each.start <= place < each.end
        and (not each.channels or bool(set(each.channels) & set(slot.channels)))
        for each in calendar.blackouts
    )
