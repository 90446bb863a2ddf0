"""A workspace is read in one pass: all it says, and all that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smmflow.content import EMITTED, find_root, load, locate
from smmflow.errors import WorkspaceNotFound
from smmflow.model.media import MediaFault

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"


def make(root: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in {"channels.yaml": CHANNELS, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def places(root: Path) -> list[tuple[str, int, int]]:
    found = locate(root, load(root).findings)
    assert {finding.rule for finding in found} <= EMITTED
    return [(f.rule, f.source.line, f.source.column) for f in found if f.source]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("---\ntitle: x\npublsh_at: y\n---\n", ("unknown-key", 3, 1)),
        ("\ufeff---\r\ntitle: x\r\ndraft: yes\r\n---\r\n", ("wrong-type", 3, 8)),
        ("---\ntitle: 5\n---\n", ("wrong-type", 2, 8)),
        ("---\ntags: [a]\n---\n", ("missing-key", 1, 1)),
        ("---\ntitle: x\ntitle: y\n---\n", ("duplicate-key", 3, 1)),
        ("---\ntitle: x\ntags: [a, no]\n---\n", ("yaml-trap", 3, 11)),
        ("---\ntitle: a: b\n---\n", ("yaml-broken", 2, 9)),
        ("text", ("front-matter-missing", 1, 1)),
        (b"---\ntitle: \xe9\n---\n", ("wrong-encoding", 2, 8)),
        ("---\ntitle: x\n---\n".encode("utf-16"), ("wrong-encoding", 1, 1)),
        (b"---\n\x00", ("wrong-encoding", 1, 1)),
        (b"x" * 5_000_000, ("file-too-large", 1, 1)),
        (
            "---\ntitle: x\npublish_at: 2027-03-28 02:30\n---\n",
            ("time-does-not-exist", 3, 13),
        ),
        (
            "---\ntitle: x\npublish_at: 2026-10-25 02:30\n---\n",
            ("time-exists-twice", 3, 13),
        ),
        ("---\ntitle: x\npublish_at: 2026-02-30 9:00\n---\n", ("date-invalid", 3, 13)),
        ("---\ntitle: x\non: {sit: {}}\n---\n", ("bad-value", 3, 6)),
    ],
)
def test_a_fault_is_found_where_it_stands(
    tmp_path: Path, content: bytes | str, expected: tuple[str, int, int]
) -> None:
    make(tmp_path, {"content/posts/x.md": content})
    make(tmp_path, {"calendar.yaml": "timezone: Europe/Berlin\n"})
    assert places(tmp_path) == [expected]


def test_files_outside_and_hidden_ones_are_no_media(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/etc/passwd", "../.env"]
    media = "".join(f"  - {{file: {name}, alt: x}}\n" for name in names)
    make(tmp_path, {"content/posts/x.md": f"---\ntitle: x\nmedia:\n{media}---\n"})
    assert set(load(tmp_path).media.values()) == {MediaFault.OUTSIDE}


def test_a_second_load_from_the_cache_says_the_same(tmp_path: Path) -> None:
    make(tmp_path, {"content/posts/پست.md": "---\ntitle: سلام\n---\nمتن\n"})
    os.utime(tmp_path / "content/posts/پست.md", (10**9, 10**9))
    cache = tmp_path / ".smmflow/cache"
    first = load(tmp_path, cache=cache)
    assert (cache / "content.json").exists()
    assert load(tmp_path, cache=cache) == first
    (cache / "content.json").write_text("{broken")
    assert load(tmp_path, cache=cache) == first


def test_the_root_is_the_folder_with_channels(tmp_path: Path) -> None:
    make(tmp_path / "a", {"content/posts/x.md": ""})
    assert find_root(tmp_path / "a/content") == (tmp_path / "a").resolve()
    with pytest.raises(WorkspaceNotFound):
        find_root(tmp_path)


def test_a_repository_inside_a_workspace_is_never_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").touch()
    clone = tmp_path / "clone"
    (clone / ".git").mkdir(parents=True)
    with pytest.raises(WorkspaceNotFound, match="same repository"):
        find_root(clone)
