"""A Slack message: as we send it, and as the API gives it, read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import Part, PartKey
from smmflow.networks.slack.rich import escaped, normal, read, rich_text_block, shown

__all__ = [
    "EVENT",
    "address_of",
    "count_of_reactions",
    "is_part",
    "key_in",
    "message_body",
    "metadata_of",
    "moment_of",
    "objects",
    "occurrence_in",
    "page_of",
    "pictures_in",
    "previews",
    "spoken",
    "ts_of",
    "words_of",
]

EVENT = "smmflow_part"
_TS = re.compile(r"\d{1,12}\.\d{6}")
_ARCHIVE = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<ts>\d{7,18})/?")

Json = dict[str, object]


def message_body(
    settings: Mapping[str, object],
    content: Part,
    files: Sequence[str],
    *,
    name: str = "",
) -> Json:
    """Return what a new message and a changed one have in common.

    Args:
        settings: The post's own for Slack.
        content: The part.
        files: Ids of its pictures, uploaded before:
            https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
        name: Of the block that says the text; empty to let Slack name it.
    """
    ring = bool(settings.get("everyone"))
    named = {"block_id": name} if name else {}
    said = {**rich_text_block(content.text, ring=ring), **named}
    text = [said] if content.text.text else []
    pictures = [
        {"type": "image", "slack_file": {"id": file}, "alt_text": each.alt or " "}
        for file, each in zip(files, content.media, strict=True)
    ]
    return {"text": escaped(spoken(content)), "blocks": [*text, *pictures]}


def spoken(content: Part) -> str:
    """Return what stands for a part's blocks in notifications."""
    alts = " ".join(each.alt for each in content.media)
    return content.text.text or alts or " "


def previews(settings: Mapping[str, object]) -> Json:
    """Return whether links and what they show are unfolded."""
    wanted = bool(settings.get("previews", True))
    return {"unfurl_links": wanted, "unfurl_media": wanted}


def metadata_of(key: PartKey, after: str) -> Json:
    """Return what a message carries to be known again by.

    https://docs.slack.dev/messaging/message-metadata

    Args:
        key: The part's.
        after: Name of the part before it; Slack's threads only know the first one.
    """
    payload = {"key": key.hex, "occurrence": key.occurrence, "channel": key.channel}
    if after:
        payload["after"] = after
    return {"event_type": EVENT, "event_payload": payload}


def _payload(message: Mapping[str, object]) -> Mapping[str, object]:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


def key_in(message: Mapping[str, object]) -> str:
    """Return the key that a message carries; empty if it carries none."""
    return str(_payload(message).get("key") or "")


def occurrence_in(message: Mapping[str, object]) -> tuple[str, str]:
    """Return of which occurrence and channel a message is a part; empty if of none."""
    payload = _payload(message)
    return str(payload.get("occurrence") or ""), str(payload.get("channel") or "")


def is_part(
    message: Mapping[str, object], content: Part, *, key: PartKey, answer: bool
) -> bool:
    """Tell whether a message is a part: by its key, or if it has none by what it says.

    Args:
        message: As Slack gave it.
        content: The part.
        key: As it was sent with.
        answer: Whether the part follows another.
    """
    # Who may not read metadata gets none, or an empty one.
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and metadata.get("event_type"):
        return key_in(message) == key.hex
    ts, thread = message.get("ts"), message.get("thread_ts")
    return (
        normal(words_of(message)) == normal(spoken(content))
        and (thread not in {None, ts}) == answer
        and len(pictures_in(message)) == len(content.media)
    )


def words_of(message: Mapping[str, object]) -> str:
    """Return the words of a message: its blocks' if it has any, as those are shown."""
    words = read(objects(message.get("blocks")))
    return shown(str(message.get("text") or "")) if words is None else words


def pictures_in(message: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids of the pictures in a message's blocks."""
    files = (each.get("slack_file") for each in objects(message.get("blocks")))
    return tuple(str(each.get("id")) for each in files if isinstance(each, dict))


def count_of_reactions(message: Mapping[str, object]) -> int:
    """Return how many reactions a message has; those of nobody are not listed."""
    numbers = (each.get("count") for each in objects(message.get("reactions")))
    return sum(each for each in numbers if isinstance(each, int))


def ts_of(fields: Mapping[str, object]) -> str:
    """Return a message's name.

    Raises:
        OutcomeUnknown: It has none.
    """
    ts = fields.get("ts")
    if not isinstance(ts, str) or not _TS.fullmatch(ts):
        raise OutcomeUnknown("Slack answered without the message's ts")
    return ts


def moment_of(ts: str) -> datetime:
    """Return when a message was posted, which its name tells."""
    return datetime.fromtimestamp(float(ts), UTC)


def page_of(workspace: str, channel: str, ts: str, thread: str) -> str:
    """Return where people see a message, as chat.getPermalink gives it.

    https://docs.slack.dev/reference/methods/chat.getPermalink

    Args:
        workspace: Its address.
        channel: Id of the channel.
        ts: The message's name.
        thread: That of the message it stands below; empty if below none.
    """
    page = f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{page}?thread_ts={thread}&cid={channel}" if thread else page


def address_of(url: str, workspace: str, channel: str) -> tuple[str, str] | None:
    """Return a message's name and its thread's by its link; None if it is no such link.

    Args:
        url: As a person copied it.
        workspace: Address of ours.
        channel: Id of ours.
    """
    try:
        address, ours = urlsplit(url.strip()), urlsplit(workspace)
    except ValueError:
        return None
    found = _ARCHIVE.fullmatch(address.path)
    if not found or address.netloc != ours.netloc or found["channel"] != channel:
        return None
    thread = re.search(r"(?:^|&)thread_ts=([\d.]+)", address.query)
    ts = f"{found['ts'][:-6]}.{found['ts'][-6:]}"
    return ts, thread[1] if thread and thread[1] != ts else ""


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]
