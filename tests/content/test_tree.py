"""A walk through a workspace ends, stays inside it and waits for nothing."""

from __future__ import annotations

import os
from pathlib import Path

from smmflow.content import load
from smmflow.content.tree import Tree, collisions, walk

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("---\ntitle: x\n---\n")


def paths(tree: Tree) -> list[str]:
    return [file.path for file in tree.files]


def rules(tree: Tree) -> list[tuple[str, str]]:
    return [(finding.rule, finding.place.path) for finding in tree.findings]


def test_folders_linked_in_a_circle_are_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a/x.md", "b/y.md")
    (tmp_path / "posts/a/up").symlink_to("..")
    (tmp_path / "posts/b/a").symlink_to("../a")
    tree = walk(tmp_path, "posts", deep=True)
    assert paths(tree) == ["posts/a/x.md", "posts/b/y.md"]
    assert rules(tree) == []


def test_a_link_to_itself_is_a_finding(tmp_path: Path) -> None:
    put(tmp_path, "x.md")
    (tmp_path / "posts/loop.md").symlink_to("loop.md")
    tree = walk(tmp_path, "posts", deep=True)
    assert paths(tree) == ["posts/x.md"]
    assert rules(tree) == [("file-unreadable", "posts/loop.md")]


def test_a_linked_folder_outside_is_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "secret.md")
    put(tmp_path / "root", "x.md")
    (tmp_path / "root/posts/out").symlink_to(tmp_path / "elsewhere/posts")
    tree = walk(tmp_path / "root", "posts", deep=True)
    assert paths(tree) == ["posts/x.md"]
    assert rules(tree) == [("symlink-outside", "posts/out")]


def test_a_folder_that_is_itself_a_link_to_outside_is_not_entered(
    tmp_path: Path,
) -> None:
    put(tmp_path / "elsewhere", "secret.md")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/posts").symlink_to(tmp_path / "elsewhere/posts")
    tree = walk(tmp_path / "root", "posts", deep=True)
    assert paths(tree) == []
    assert rules(tree) == [("symlink-outside", "posts")]


def test_a_folder_and_a_pipe_named_like_posts_are_findings(tmp_path: Path) -> None:
    put(tmp_path, "folder.md/x.md")
    os.mkfifo(tmp_path / "posts/pipe.md")
    tree = walk(tmp_path, "posts", deep=True)
    assert paths(tree) == ["posts/folder.md/x.md"]
    assert rules(tree) == [
        ("file-unreadable", "posts/folder.md"),
        ("file-unreadable", "posts/pipe.md"),
    ]


def test_a_name_that_is_not_utf_8_is_a_finding(tmp_path: Path) -> None:
    put(tmp_path, "x.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/posts/\xff.md")).touch()
    tree = walk(tmp_path, "posts", deep=True)
    assert paths(tree) == ["posts/x.md"]
    assert rules(tree) == [("file-unreadable", "posts/\\udcff.md")]


def test_names_that_other_systems_confuse_collide() -> None:
    names = ["a/Launch.md", "a/launch.md", "caf\u00e9.md", "cafe\u0301.md", "b.md"]
    assert [finding.place.path for finding in collisions(names)] == [
        "a/launch.md",
        "cafe\u0301.md",
    ]


def test_one_id_in_two_files_is_a_finding_and_neither_is_relied_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "channels.yaml").write_text(CHANNELS)
    put(tmp_path / "content", "a/x.md", "b/x.md")
    found = load(tmp_path)
    assert [finding.rule for finding in found.findings] == ["duplicate-id"]
    assert found.unreadable == {"content/posts/a/x.md", "content/posts/b/x.md"}
