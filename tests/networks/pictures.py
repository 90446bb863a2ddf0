"""Pictures that tests upload."""

import hashlib
import io
import random
from pathlib import Path

from PIL import Image

from smmflow.model.media import Attachment, MediaFacts, MediaKind

ORIENTATION = 0x0112
TURNED_LEFT = 6


def large_photo(folder: Path) -> Attachment:
    """Noise of some 4 MB, lying on its side as cameras store it, with a GPS place."""
    noise = random.Random(1).randbytes(1600 * 1200 * 3)  # noqa: S311 - a picture, no secret
    image = Image.frombytes("RGB", (1600, 1200), noise)
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    exif[0x010E] = "secret place"
    made = io.BytesIO()
    image.save(made, "JPEG", quality=97, exif=exif)
    content = made.getvalue()
    (folder / "photo.jpg").write_bytes(content)
    facts = MediaFacts(
        "photo.jpg",
        hashlib.sha256(content).hexdigest(),
        len(content),
        MediaKind.IMAGE,
        "image/jpeg",
        1600,
        1200,
    )
    return Attachment(facts, "Noise, نویز")
