"""Counters of Slack messages."""

from __future__ import annotations

from collections.abc import Mapping

from smmflow.model.publication import Receipt
from smmflow.networks.slack.account import Account
from smmflow.networks.slack.history import History
from smmflow.networks.slack.message import count_of_reactions, key_in

__all__ = ["counters_of"]


def counters_of(
    history: History, account: Account, receipt: Receipt
) -> Mapping[str, int | None] | None:
    """Return a message's counters; None if it is gone.

    All answers stand below the first message of a thread, so the others have none of
    their own. Ours are left out, except that of our further parts one is counted: who
    keeps the reading takes off the next part, see `smmflow.model.metric`.
    """
    thread = receipt.more.get("thread", "")
    message = history.message(receipt.id, thread)
    if message is None:
        return None
    replies = None
    if not thread:
        below = history.below(receipt.id) if message.get("reply_count") else ()
        ours = [each for each in below if account.owns(each)]
        parts = [each for each in ours if key_in(each)]
        replies = len(below) - len(ours) + min(len(parts), 1)
    return {"reactions": count_of_reactions(message), "replies": replies}
