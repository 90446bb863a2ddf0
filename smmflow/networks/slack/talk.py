"""What others say below our messages on Slack, and our answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.slack.history import History
from smmflow.networks.slack.message import moment_of, ts_of, words_of
from smmflow.networks.slack.rich import escaped, rich_text_block

__all__ = ["answer_body", "heard"]

_ANSWER = "smmflow_answer"

Json = Mapping[str, object]


def heard(
    history: History,
    receipts: Sequence[Receipt],
    *,
    after: str,
    ours: Callable[[Json], bool],
    page: Callable[[str, str], str],
) -> Messages:
    """Return what others said below posts since a cursor, the name of a message.

    Args:
        history: The channel.
        receipts: The posts; those within a thread have nothing below them.
        after: The cursor; empty for the start.
        ours: Whether a message is our own.
        page: Where people see a message, by its name and its thread's.
    """
    found: list[tuple[str, Json]] = []
    bounds = []
    for each in receipts:
        if "thread" in each.more:
            continue
        some, more = history.some_below(each.id, after)
        found += [(each.id, message) for message in some]
        if more and some:
            bounds.append(ts_of(some[-1]))
    # Where one thread goes on, what came later elsewhere waits for the next call.
    bound = min(bounds, key=float, default="")
    within = [
        (thread, message)
        for thread, message in found
        if not bound or float(ts_of(message)) <= float(bound)
    ]
    within.sort(key=lambda pair: float(ts_of(pair[1])))
    cursor = ts_of(within[-1][1]) if within else after
    messages = tuple(
        _message(history, message, thread, page)
        for thread, message in within
        if not ours(message)
    )
    return Messages(messages, cursor, more=bool(bound))


def answer_body(message: Message, text: RichText, *, key: str) -> dict[str, object]:
    """Return an answer below the post that a message stands below."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    payload = {"key": digest, "answers": message.id}
    return {
        "text": escaped(text.text),
        "blocks": [rich_text_block(text)],
        "thread_ts": message.conversation,
        "metadata": {"event_type": _ANSWER, "event_payload": payload},
    }


def _message(
    history: History, message: Json, thread: str, page: Callable[[str, str], str]
) -> Message:
    ts = ts_of(message)
    user = str(message.get("user") or message.get("bot_id") or "")
    return Message(
        id=ts,
        kind=MessageKind.COMMENT,
        author=Author(user, history.name_of(user)),
        text=words_of(message),
        at=moment_of(ts),
        url=page(ts, thread),
        on=thread,
        conversation=thread,
    )
