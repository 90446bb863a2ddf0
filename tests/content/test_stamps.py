from __future__ import annotations

from pathlib import Path

import pytest

from smmflow.content import stamps


def workspace(root: Path) -> Path:
    (root / "content/posts/old").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "channels.yaml").write_text("channels: {}")
    (root / "content/posts/old/one.md").write_text("One")
    (root / "content/picture.png").write_bytes(b"1")
    return root


@pytest.mark.parametrize(
    "path",
    [
        "channels.yaml",
        "strategy.md",
        "content/posts/old/one.md",
        "content/posts/new/two.md",
        "content/picture.png",
    ],
)
def test_an_edit_of_any_file_that_matters_is_noticed(tmp_path: Path, path: str) -> None:
    root = workspace(tmp_path)
    before = stamps(root)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("something longer")
    assert stamps(root) != before


@pytest.mark.parametrize("path", [".git/HEAD", "preview/index.html", "content/.swap"])
def test_files_that_make_no_difference_are_left_alone(
    tmp_path: Path, path: str
) -> None:
    root = workspace(tmp_path)
    before = stamps(root)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("something")
    assert stamps(root) == before


def test_links_that_lead_in_circles_or_nowhere_are_no_trouble(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    (root / "content/circle").symlink_to(root / "content", target_is_directory=True)
    (root / "content/nowhere.md").symlink_to(root / "absent.md")
    assert {Path(path).name for path, _, _ in stamps(root)} >= {"one.md"}
    assert stamps(tmp_path / "absent") == frozenset()
