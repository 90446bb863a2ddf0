"""Files on their way to X: at once or in pieces, and until X has worked on them.

https://docs.x.com/x-api/media/quickstart/media-upload-chunked
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smmflow.errors import Rejected, Unreachable
from smmflow.model.media import Attachment, MediaKind
from smmflow.networks.media import read_media
from smmflow.networks.x.account import Account
from smmflow.networks.x.post import count, data_of

__all__ = ["still_worked_on", "upload"]

_PIECE = 4 * 1024 * 1024
_IN_PIECES = {MediaKind.GIF: "tweet_gif", MediaKind.VIDEO: "tweet_video"}
_FIRST_WAIT = 1.0


def upload(
    account: Account, attachment: Attachment, root: Path
) -> tuple[str, float | None]:
    """Send a file; return its id, and the seconds to wait for it or None.

    Raises:
        NetworkError: Of the kind that fits.
        ConfigurationError: The file can't be used.
    """
    facts = attachment.facts
    content = read_media(root, facts)
    category = _IN_PIECES.get(facts.kind)
    if category is None:
        fields = account.ask(
            "POST",
            "/2/media/upload",
            files={"media": (_name(attachment), content, facts.media_type)},
            form={"media_category": "tweet_image"},
        )
    else:
        fields = _in_pieces(account, attachment, content, category)
    media = _id_of(fields, attachment)
    # X takes descriptions of pictures and GIFs only.
    # https://docs.x.com/x-api/media/create-media-metadata
    if attachment.alt and facts.kind is not MediaKind.VIDEO:
        body = {"id": media, "metadata": {"alt_text": {"text": attachment.alt}}}
        account.ask("POST", "/2/media/metadata", body=body)
    return media, _wait(fields, facts.path)


def still_worked_on(account: Account, media: str) -> float | None:
    """Return the seconds to wait for a file; None if it can be shown.

    https://docs.x.com/x-api/media/get-media-upload-status

    Raises:
        Rejected: X can't use the file.
    """
    asked = {"media_id": media, "command": "STATUS"}
    return _wait(account.ask("GET", "/2/media/upload", params=asked), "a file")


def _in_pieces(
    account: Account, attachment: Attachment, content: bytes, category: str
) -> Mapping[str, object]:
    begun = account.ask(
        "POST",
        "/2/media/upload/initialize",
        body={
            "media_category": category,
            "media_type": attachment.facts.media_type,
            "total_bytes": len(content),
        },
    )
    path = f"/2/media/upload/{_id_of(begun, attachment)}"
    for number, start in enumerate(range(0, len(content), _PIECE)):
        piece = content[start : start + _PIECE]
        account.ask(
            "POST",
            f"{path}/append",
            files={"media": (_name(attachment), piece, "application/octet-stream")},
            form={"segment_index": str(number)},
        )
    return account.ask("POST", f"{path}/finalize")


def _wait(fields: Mapping[str, object], path: str) -> float | None:
    progress = data_of(data_of(fields), "processing_info")
    match progress.get("state"):
        case None | "succeeded":
            return None
        case "failed":
            raise Rejected(
                f"X can't use {path}", hint="convert it to H.264 and AAC in MP4"
            )
        case _:
            seconds = count(progress.get("check_after_secs"))
            return _FIRST_WAIT if seconds is None else float(seconds)


def _id_of(fields: Mapping[str, object], attachment: Attachment) -> str:
    media = data_of(fields).get("id")
    if not media:
        raise Unreachable(f"X gave no id for {attachment.facts.path}")
    return str(media)


def _name(attachment: Attachment) -> str:
    return attachment.facts.path.rpartition("/")[2]
