"""What others say in a Matrix room: what of it is meant for us, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.networks.matrix.address import event_address, user_address
from smmflow.networks.matrix.event import (
    Relation,
    content_of,
    deleted,
    moment_of,
    newest,
    relation_of,
    words_of,
)
from smmflow.networks.matrix.room import Room

__all__ = ["answers_to", "heard", "reply_relation"]


def heard(room: Room, cursor: str, receipts: Sequence[Receipt]) -> Messages:
    """Return what others said to us after a cursor: answers, and what names us.

    A server that has no more may give no new token. Then the cursor stays where it is,
    and names the last event seen behind it.

    Args:
        room: Which.
        cursor: As this function gave it, or a token; empty for the room's start.
        receipts: Live parts of ours; other events of ours are asked for.
    """
    token, _, last = cursor.partition(" ")
    events, end = room.page(token)
    names = [str(each.get("event_id")) for each in events]
    fresh = events[names.index(last) + 1 :] if last in names else events
    ours = {each.id: True for each in receipts}
    found = [
        message
        for event in fresh
        if event.get("sender") != room.user and not deleted(event)
        if (message := _message(room, event, ours)) is not None
    ]
    after = end or (f"{token} {names[-1]}" if names else cursor)
    return Messages(tuple(found), after, more=bool(fresh and end))


def answers_to(name: str, events: Sequence[Mapping[str, object]], *, our: str) -> int:
    """Count the events of a thread that answer one of its events.

    What says nothing else answers the thread's first event; our own next part answers
    the part before it.

    Args:
        name: The event's id.
        events: Of the whole thread.
        our: Our account.
    """
    count = 0
    for event in events:
        relation = relation_of(event)
        own = event.get("sender") == our
        count += (relation.answered if own else _below(relation)) == name
    return count


def reply_relation(message: Message) -> dict[str, object]:
    """Return what makes an event the answer to a message.

    https://spec.matrix.org/v1.15/client-server-api/#rich-replies
    """
    answered: dict[str, object] = {"m.in_reply_to": {"event_id": message.id}}
    thread = message.more.get("thread", "")
    if not thread:
        return answered
    return {
        **answered,
        "rel_type": "m.thread",
        "event_id": thread,
        "is_falling_back": False,
    }


def _below(relation: Relation) -> str:
    """Return the id of what an event is said below; empty for nothing."""
    threaded = relation.kind == "m.thread"
    if threaded and (relation.fallback or not relation.answered):
        return relation.event
    return relation.answered


def _message(
    room: Room, event: Mapping[str, object], ours: dict[str, bool]
) -> Message | None:
    relation = relation_of(event)
    if relation.kind == "m.replace":
        return None
    on = _below(relation)
    below_ours = bool(on) and _is_ours(room, on, ours)
    if not below_ours and not _names(event, room.user):
        return None
    threaded = relation.kind == "m.thread"
    if not below_ours:
        kind = MessageKind.MENTION
    else:
        kind = MessageKind.COMMENT if on == relation.event else MessageKind.REPLY
    name, sender = str(event.get("event_id")), str(event.get("sender"))
    return Message(
        id=name,
        kind=kind,
        author=Author(sender, sender, user_address(sender)),
        text=words_of(newest(event)),
        at=moment_of(event),
        url=event_address(room.id, name, via=sender.partition(":")[2]),
        on=on if below_ours else "",
        conversation=relation.event if threaded else on or name,
        more={"thread": relation.event} if threaded else {},
    )


def _is_ours(room: Room, name: str, ours: dict[str, bool]) -> bool:
    if name not in ours:
        event = room.event(name)
        ours[name] = event is not None and event.get("sender") == room.user
    return ours[name]


def _names(event: Mapping[str, object], user: str) -> bool:
    """Tell whether an event is meant to notify an account.

    https://spec.matrix.org/v1.15/client-server-api/#user-and-room-mentions
    """
    mentions = content_of(event).get("m.mentions")
    users = mentions.get("user_ids") if isinstance(mentions, dict) else None
    return isinstance(users, list) and user in users
