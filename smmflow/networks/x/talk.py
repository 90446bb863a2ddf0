"""What others say to an account on X, as the API gives it."""

from __future__ import annotations

from collections.abc import Mapping

from smmflow.model.message import Author, Message, MessageKind
from smmflow.networks.x.post import Json, parent_of, receipt_of, text_of

__all__ = ["message_of"]


def message_of(
    post: Mapping[str, object],
    authors: Mapping[str, Json],
    *,
    me: str,
    ours: frozenset[str],
) -> Message:
    """Return a post of somebody else as a message.

    Args:
        post: As X gave it.
        authors: Accounts that X gave beside it, by id.
        me: Id of our account.
        ours: Ids of live posts of ours.

    Raises:
        OutcomeUnknown: It has no id.
    """
    seen = receipt_of(post)
    parent = parent_of(post)
    conversation = str(post.get("conversation_id") or seen.id)
    answers_us = parent in ours or (
        bool(parent) and post.get("in_reply_to_user_id") == me
    )
    if answers_us:
        kind, on = MessageKind.REPLY, parent
    elif conversation in ours:
        kind, on = MessageKind.COMMENT, conversation
    else:
        kind, on = MessageKind.MENTION, ""
    author = str(post.get("author_id") or "")
    name = str(authors.get(author, {}).get("username") or "")
    return Message(
        id=seen.id,
        kind=kind,
        author=Author(
            author,
            f"@{name}" if name else author,
            f"https://x.com/{name}" if name else "",
        ),
        text=text_of(post),
        at=seen.at,
        url=seen.url,
        on=on,
        conversation=conversation,
    )
