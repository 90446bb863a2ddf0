"""What Instagram is sent of a post, and how a live one is known again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from mimetypes import guess_type

from smmflow.errors import Rejected
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.publication import Receipt
from smmflow.networks.instagram.network import (
    MOST_MENTIONS,
    MOST_TAGS,
    InstagramPostSettings,
)
from smmflow.networks.words import comparable

__all__ = [
    "MEDIA_FIELDS",
    "Json",
    "Sought",
    "check",
    "containers_of",
    "moment_of",
    "objects",
    "receipt_of",
    "settings_of",
]

Json = dict[str, object]
Params = Mapping[str, str]
MEDIA_FIELDS = (
    "id,caption,media_type,media_product_type,permalink,timestamp,children{id}"
)
_TAG = re.compile(r"(?<![\w&/])#\w")
_MENTION = re.compile(r"(?<![\w.@/])@\w")
_ALBUM = "CAROUSEL_ALBUM"


def settings_of(post: ChannelPost) -> InstagramPostSettings:
    """Return what a post sets for Instagram."""
    return InstagramPostSettings.model_validate(dict(post.settings))


def containers_of(
    post: ChannelPost, part: Part, addresses: Sequence[str]
) -> tuple[Params, tuple[Params, ...]]:
    """Return what the container of a part says, and those of its files in an album.

    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media

    Args:
        post: Whose settings count.
        part: What is shown.
        addresses: Where its files are public, in their order.
    """
    settings = settings_of(post)
    words = {"caption": part.text.text} if part.text.text else {}
    if settings.collaborators:
        words["collaborators"] = json.dumps(settings.collaborators)
    if settings.format == "story":
        return _story(part.media[0], addresses[0]), ()
    if len(part.media) == 1:
        only = _single(settings, part.media[0], addresses[0])
        return {**only, **words}, ()
    children = tuple(map(_child, part.media, addresses))
    return {"media_type": "CAROUSEL", **words}, children


def check(post: ChannelPost, part: Part) -> None:
    """Refuse what Instagram would refuse only after something of it was sent.

    Raises:
        Rejected: It is too much, or not what such a post consists of.
    """
    settings = settings_of(post)
    text = part.text.text
    if len(_TAG.findall(text)) > MOST_TAGS:
        raise Rejected(f"Instagram takes at most {MOST_TAGS} hashtags in a caption")
    if len(_MENTION.findall(text)) > MOST_MENTIONS:
        raise Rejected(f"Instagram takes at most {MOST_MENTIONS} mentions in a caption")
    if not part.media:
        raise Rejected("Instagram takes nothing without a picture or a video")
    videos = [_is_video(each) for each in part.media]
    if settings.format == "reel" and videos != [True]:
        raise Rejected("a reel on Instagram is one video")
    if settings.format != "story":
        return
    if len(part.media) > 1:
        raise Rejected(
            "a story on Instagram is one picture or video",
            hint="make one post of each file",
        )
    if any(each.comment for each in post.parts):
        raise Rejected("nobody can comment on a story on Instagram, so we can't, too")


def _single(
    settings: InstagramPostSettings, file: Attachment, address: str
) -> Mapping[str, str]:
    if not _is_video(file):
        return _picture(file, address)
    made = {
        "media_type": "REELS",
        "video_url": address,
        "share_to_feed": "true" if settings.share_to_feed else "false",
    }
    if settings.thumb_offset is not None:
        made["thumb_offset"] = str(settings.thumb_offset)
    if settings.cover_url:
        made["cover_url"] = settings.cover_url
    return made


def _story(file: Attachment, address: str) -> Mapping[str, str]:
    name = "video_url" if _is_video(file) else "image_url"
    return {"media_type": "STORIES", name: address}


def _child(file: Attachment, address: str) -> Mapping[str, str]:
    if _is_video(file):
        return {"media_type": "VIDEO", "video_url": address}
    return _picture(file, address)


def _picture(file: Attachment, address: str) -> dict[str, str]:
    made = {"image_url": address}
    if file.alt:
        made["alt_text"] = file.alt
    return made


def _is_video(file: Attachment) -> bool:
    return file.facts.kind is MediaKind.VIDEO


@dataclass(frozen=True, slots=True)
class Sought:
    """What a live post would be known by: its words, its files, where it is shown.

    Attributes:
        words: Of its caption; stories show none.
        files: How many.
        kinds: What Instagram may call it: `IMAGE`, `VIDEO` or an album.
        story: It is shown among the stories.
    """

    words: str
    files: int
    kinds: frozenset[str]
    story: bool

    @classmethod
    def of_part(cls, post: ChannelPost, part: Part) -> Sought:
        """Return what to look for."""
        story = settings_of(post).format == "story"
        single = len(part.media) == 1
        kinds = _shown_as(part.media[0]) if single else frozenset({_ALBUM})
        words = "" if story else comparable(part.text.text)
        return cls(words, len(part.media), kinds, story)

    def is_(self, media: Mapping[str, object]) -> bool:
        """Tell whether a live post says and shows the same, as far as can be seen."""
        kind = media.get("media_type")
        if kind not in self.kinds:
            return False
        if self.story:
            return True
        children = media.get("children")
        shown = objects(children.get("data")) if isinstance(children, dict) else []
        files = len(shown) if kind == _ALBUM else 1
        words = comparable(str(media.get("caption") or ""))
        return files == self.files and words == self.words


def _shown_as(file: Attachment) -> frozenset[str]:
    """Return the kinds that a file on its own may be shown as."""
    # The ledger keeps a file's path and not its kind.
    known = file.facts.media_type or guess_type(file.facts.path)[0] or ""
    match known.partition("/")[0]:
        case "video":
            return frozenset({"VIDEO"})
        case "image":
            return frozenset({"IMAGE"})
        case _:
            return frozenset({"IMAGE", "VIDEO"})


def objects(value: object) -> list[Json]:
    """Return the objects of a list; none if it is none."""
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]


def moment_of(media: Mapping[str, object], *, otherwise: datetime) -> datetime:
    """Return when something went live, aware, UTC."""
    try:
        return datetime.fromisoformat(str(media.get("timestamp"))).astimezone(UTC)
    except ValueError:
        return otherwise


def receipt_of(media: Mapping[str, object], *, otherwise: datetime) -> Receipt:
    """Return the proof that a post is live.

    Args:
        media: As Instagram gave it, with an id.
        otherwise: When it went live, if that is not said.
    """
    return Receipt(
        str(media["id"]),
        str(media.get("permalink") or ""),
        moment_of(media, otherwise=otherwise),
    )
