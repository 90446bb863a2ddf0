"""Pictures become small enough, or say why they can't."""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from smmflow.errors import ConfigurationError, MissingExtra
from smmflow.networks.images import shrunk
from smmflow.networks.media import read_media
from smmflow.testing import picture_file
from tests.networks.pictures import large_photo


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken(
    tmp_path: Path,
) -> None:
    large_photo(tmp_path)
    content = (tmp_path / "photo.jpg").read_bytes()
    assert b"secret place" in content
    picture = shrunk(content, 500_000, name="photo.jpg")
    assert len(picture.content) <= 500_000
    assert picture.media_type == "image/jpeg"
    assert (picture.width or 0) < (picture.height or 0)
    assert b"secret place" not in picture.content


def test_transparency_is_kept() -> None:
    made = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGBA").save(made, "PNG")
    image = Image.open(io.BytesIO(made.getvalue()))
    image.putalpha(128)
    made = io.BytesIO()
    image.save(made, "PNG")
    picture = shrunk(made.getvalue(), 60_000, name="x.png")
    assert picture.media_type == "image/webp"
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert opened.has_transparency_data


@pytest.mark.parametrize("side", [7_100, 20_000])
def test_a_picture_of_too_many_pixels_is_not_opened(side: int) -> None:
    made = io.BytesIO()
    Image.new("1", (side, side)).save(made, "PNG")
    with pytest.raises(ConfigurationError, match="more than 50000000 pixels"):
        shrunk(made.getvalue(), 1000, name="bomb.png")


def test_what_is_no_picture_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"notes\.png can't be read"):
        shrunk(b"not a picture", 1000, name="notes.png")


def test_without_pillow_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtra) as caught:
        shrunk(b"", 1000, name="x.png")
    assert "smmflow[images]" in caught.value.hint


def test_a_file_that_changed_since_it_was_checked_is_not_sent(tmp_path: Path) -> None:
    picture = picture_file(tmp_path)
    assert read_media(tmp_path, picture.facts)
    (tmp_path / "picture.png").write_bytes(b"something else")
    with pytest.raises(ConfigurationError, match="has changed"):
        read_media(tmp_path, picture.facts)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    picture = picture_file(tmp_path)
    (inside / "picture.png").symlink_to(tmp_path / "picture.png")
    with pytest.raises(ConfigurationError, match="outside"):
        read_media(inside, picture.facts)
