"""Making pictures small enough for a network: smaller files, then smaller pictures."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from smmflow.errors import ConfigurationError, MissingExtra
from smmflow.model.media import MediaFacts

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MOST_PIXELS", "Picture", "as_it_is", "shrunk"]

MOST_PIXELS = 50_000_000
"""More than any camera phone's usual picture; opening one takes 200 MB."""
_QUALITIES = (90, 82, 74, 66)
_SMALLER = 0.75
_SMALLEST_SIDE = 64
_FULLY_OPAQUE = (255, 255)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready for upload; width and height are None where unknown."""

    content: bytes
    media_type: str
    width: int | None
    height: int | None


def as_it_is(content: bytes, facts: MediaFacts) -> Picture:
    """Return a picture unchanged."""
    return Picture(content, facts.media_type, facts.width, facts.height)


def shrunk(content: bytes, maximum: int, *, name: str) -> Picture:
    """Return a picture of at most so many bytes, upright and without metadata.

    Quality goes first, then size. Pictures with transparency become WebP, the others
    JPEG.

    Args:
        content: The file.
        maximum: In bytes.
        name: Of the file, for messages.

    Raises:
        MissingExtra: Pillow is not installed.
        ConfigurationError: It is no picture, or has too many pixels to be opened.
    """
    image = _opened(content, name)
    see_through = image.has_transparency_data and not _opaque(image)
    image = image.convert("RGBA" if see_through else "RGB")
    kind = "WEBP" if see_through else "JPEG"
    while min(image.size) >= _SMALLEST_SIDE:
        for quality in _QUALITIES:
            made = io.BytesIO()
            image.save(made, kind, quality=quality, optimize=True)
            if made.tell() <= maximum:
                return Picture(made.getvalue(), f"image/{kind.lower()}", *image.size)
        width, height = image.size
        image = image.resize((int(width * _SMALLER), int(height * _SMALLER)))
    raise ConfigurationError(f"{name} can't be made smaller than {maximum} bytes")


def _opaque(image: Image) -> bool:
    lowest = image.convert("RGBA").getchannel("A").getextrema()
    return lowest == _FULLY_OPAQUE


def _opened(content: bytes, name: str) -> Image:
    try:
        pillow = import_module("PIL.Image")
        operations = import_module("PIL.ImageOps")
    except ImportError:
        raise MissingExtra(
            f"{name} has to be made smaller, and Pillow is not installed",
            hint="pip install 'smmflow[images]', or make the picture smaller yourself",
        ) from None
    try:
        with warnings.catch_warnings():
            # Our own bound is below Pillow's, and stricter than a warning.
            warnings.simplefilter("ignore", pillow.DecompressionBombWarning)
            image = pillow.open(io.BytesIO(content))
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels(name)
            return cast("Image", operations.exif_transpose(image))
    except pillow.DecompressionBombError:
        raise _too_many_pixels(name) from None
    except (OSError, ValueError, SyntaxError) as error:
        raise ConfigurationError(
            f"{name} can't be read as a picture ({type(error).__name__})"
        ) from None


def _too_many_pixels(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name} has more than {MOST_PIXELS} pixels, too many to be made smaller",
        hint="save a smaller copy of the picture",
    )
