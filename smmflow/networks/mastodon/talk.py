"""What others say to a Mastodon account: mentions, of which replies are one kind.

https://docs.joinmastodon.org/methods/notifications/#get
"""

from __future__ import annotations

from collections.abc import Mapping

from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.networks.mastodon.account import Account
from smmflow.networks.mastodon.status import moment_of, objects, url_of
from smmflow.networks.mastodon.text import shown

__all__ = ["answer_body", "talk"]

_PAGE = 40


def talk(account: Account, *, after: str) -> Messages:
    """Return the mentions that follow a notification, the oldest first.

    Args:
        account: Whose.
        after: Id of a notification; empty to begin with the first there is.
    """
    answer = account.ask(
        "GET",
        "/api/v1/notifications",
        params={"types[]": "mention", "min_id": after or "0", "limit": str(_PAGE)},
    )
    page = sorted(objects(answer.content()), key=lambda each: _order(each.get("id")))
    read = (_message(each, account.me()) for each in page)
    found = [message for message in read if message is not None]
    cursor = str(page[-1].get("id")) if page else after
    return Messages(tuple(found), cursor, more=len(page) == _PAGE)


def answer_body(message: Message, text: str) -> dict[str, object]:
    """Return the status that answers a message: as visible as what it answers."""
    return {
        "status": f"{message.author.name} {text}",
        "in_reply_to_id": message.id,
        "visibility": message.more["visibility"],
    }


def _message(
    notification: Mapping[str, object], us: Mapping[str, object]
) -> Message | None:
    status = notification.get("status")
    if notification.get("type") != "mention" or not isinstance(status, dict):
        return None
    author = status.get("account")
    author = author if isinstance(author, dict) else {}
    # What it answers is ours if its author is: a mention may answer somebody else.
    parent = status.get("in_reply_to_id")
    ours = parent and str(status.get("in_reply_to_account_id")) == str(us.get("id"))
    return Message(
        id=str(status.get("id")),
        kind=MessageKind.REPLY if ours else MessageKind.MENTION,
        author=Author(
            str(author.get("id", "")),
            f"@{author.get('acct')}",
            str(author.get("url") or ""),
        ),
        text=_to_us(shown(str(status.get("content", ""))).strip(), us),
        at=moment_of(status.get("created_at")),
        url=url_of(status),
        on=str(parent) if ours else "",
        more={"visibility": str(status.get("visibility") or "public")},
    )


def _to_us(text: str, us: Mapping[str, object]) -> str:
    """Return what was said without our own name before it, which every reply has."""
    first, _, rest = text.partition(" ")
    return rest.lstrip() if first.lower() == f"@{us.get('acct')}".lower() else text


def _order(name: object) -> tuple[int, str]:
    """Ids are numbers that grow, on most servers; or words that sort."""
    text = str(name)
    return (int(text) if text.isdecimal() else 0, text)
