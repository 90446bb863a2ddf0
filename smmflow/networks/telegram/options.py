"""What a post may ask of Telegram beside its words: previews, silence, protection."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from smmflow.model.media import MediaKind
from smmflow.networks.interface import PostSettings

__all__ = ["Preview", "TelegramPostSettings", "looks_of", "options_of"]

_SEEN = frozenset({MediaKind.IMAGE, MediaKind.GIF, MediaKind.VIDEO})


class Preview(StrEnum):
    """What becomes of the preview of a link."""

    AUTO = "auto"
    NONE = "none"
    SMALL = "small"
    LARGE = "large"


class TelegramPostSettings(PostSettings):
    """What a post may set for Telegram."""

    preview: Preview = Field(
        default=Preview.AUTO, description="Preview of a link: its size, or none"
    )
    preview_of: str = Field(
        default="",
        pattern=r"^$|^https?://\S+$",
        description="Address to preview instead of the first one in the text",
    )
    preview_above: bool = Field(
        default=False, description="The preview stands above the text"
    )
    silent: bool = Field(default=False, description="Subscribers hear no sound")
    protect: bool = Field(
        default=False, description="It can be neither forwarded nor saved"
    )
    caption_above: bool = Field(
        default=False, description="The text stands above the pictures"
    )
    spoiler: bool = Field(
        default=False, description="Pictures are blurred until they are touched"
    )


def options_of(settings: Mapping[str, object], method: str) -> dict[str, object]:
    """Return the fields that a post's settings give a request.

    Args:
        settings: As the post has them; empty for networks that have none.
        method: Of the API, which knows some of them.
    """
    said = TelegramPostSettings.model_validate(dict(settings))
    fields: dict[str, object] = {}
    if method.startswith("send") and said.silent:
        fields["disable_notification"] = True
    if method.startswith("send") and said.protect:
        fields["protect_content"] = True
    if method in {"sendMessage", "editMessageText"} and (shown := _preview(said)):
        fields["link_preview_options"] = shown
    return fields


def looks_of(settings: Mapping[str, object], kind: MediaKind) -> dict[str, object]:
    """Return the fields that a post's settings give a file of some kind.

    https://core.telegram.org/bots/api#inputmediaphoto
    """
    said = TelegramPostSettings.model_validate(dict(settings))
    fields: dict[str, object] = {}
    if kind in _SEEN and said.caption_above:
        fields["show_caption_above_media"] = True
    if kind in _SEEN and said.spoiler:
        fields["has_spoiler"] = True
    return fields


def _preview(said: TelegramPostSettings) -> dict[str, object]:
    """https://core.telegram.org/bots/api#linkpreviewoptions."""
    shown: dict[str, object] = {}
    match said.preview:
        case Preview.NONE:
            return {"is_disabled": True}
        case Preview.SMALL:
            shown["prefer_small_media"] = True
        case Preview.LARGE:
            shown["prefer_large_media"] = True
        case Preview.AUTO:
            pass
    if said.preview_of:
        shown["url"] = said.preview_of
    if said.preview_above:
        shown["show_above_text"] = True
    return shown
