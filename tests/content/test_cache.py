"""The cache only ever saves time: whatever becomes of it, a load says the same."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.content import load
from smmflow.content.cache import Cache
from smmflow.content.files import Parsed

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"
STAMP = (4, 10**18, 10**18, 7)


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (10**9, 10**9))  # fresh files are not remembered


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "channels.yaml", CHANNELS)
    for name in ("سلام", "b", "c"):
        body = f"---\ntitle: {name}\n---\nمتنِ {name}\n"
        write(tmp_path / f"content/posts/{name}.md", body)
    write(
        tmp_path / "content/posts/shown.md",
        "---\ntitle: x\nmedia: [{file: media/x.bin, alt: picture}]\n---\n",
    )
    write(tmp_path / "content/media/x.bin", "bytes")
    return tmp_path


@pytest.fixture
def folder(root: Path) -> Path:
    return root / ".smmflow/cache"


@pytest.fixture
def file(root: Path, folder: Path) -> Path:
    load(root, cache=folder)
    return folder / "content.json"


def test_a_second_load_says_what_the_first_did(
    root: Path, folder: Path, file: Path
) -> None:
    written = file.stat().st_mtime_ns
    assert load(root, cache=folder) == load(root)
    assert file.stat().st_mtime_ns == written


def test_what_is_remembered_is_really_used(
    root: Path, folder: Path, file: Path
) -> None:
    file.write_text(file.read_text("utf-8").replace("متنِ b", "remembered"), "utf-8")
    assert load(root, cache=folder).posts["b"].body == "remembered\n"


def test_a_changed_file_is_read_anew(root: Path, folder: Path, file: Path) -> None:
    assert file.exists()
    write(root / "content/posts/b.md", "---\ntitle: b\n---\nنو\n")
    write(root / "content/media/x.bin", "other")
    found = load(root, cache=folder)
    assert found.posts["b"].body == "نو\n"
    assert found == load(root)


def test_a_file_that_keeps_size_and_time_is_read_anew(
    root: Path, folder: Path, file: Path
) -> None:
    assert file.exists()
    write(root / "content/posts/b.md", "---\ntitle: b\n---\nمتنِ d\n")
    assert load(root, cache=folder).posts["b"].body == "متنِ d\n"


def test_deleted_and_renamed_files_are_forgotten(
    root: Path, folder: Path, file: Path
) -> None:
    posts = root / "content/posts"
    (posts / "b.md").unlink()
    (posts / "c.md").rename(posts / "d.md")
    assert sorted(load(root, cache=folder).posts) == ["d", "shown", "سلام"]
    remembered = json.loads(file.read_bytes())["files"]
    assert {Path(path).stem for path in remembered} == {"d", "shown", "سلام"}


def test_a_file_with_a_fault_keeps_its_finding(root: Path, folder: Path) -> None:
    write(root / "content/posts/b.md", "---\ntitle: b\ntitle: c\n---\n")
    first = load(root, cache=folder)
    assert [finding.rule for finding in first.findings] == ["duplicate-key"]
    assert load(root, cache=folder) == first


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{broken",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"code": "of another version", "files": {}, "media": {}}',
        b"[" * 100_000,
    ],
)
def test_a_cache_that_makes_no_sense_is_replaced(
    root: Path, folder: Path, file: Path, content: bytes
) -> None:
    sound = file.read_bytes()
    file.write_bytes(content)
    assert load(root, cache=folder) == load(root)
    assert file.read_bytes() == sound


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_torn_cache_is_replaced(
    root: Path, folder: Path, file: Path, share: float
) -> None:
    sound = file.read_bytes()
    file.write_bytes(sound[: int(len(sound) * share)])
    assert load(root, cache=folder) == load(root)
    assert file.read_bytes() == sound


@pytest.mark.parametrize("entry", [None, 5, [], "four", [1, 2, 3, 4], {"a": 1}])
def test_entries_of_another_shape_are_passed_over(
    root: Path, folder: Path, file: Path, entry: object
) -> None:
    stored = json.loads(file.read_bytes())
    for part in ("files", "media"):
        stored[part] = dict.fromkeys(stored[part], entry)
    file.write_text(json.dumps(stored))
    assert load(root, cache=folder) == load(root)


@pytest.mark.parametrize("target", ["/dev/zero", "elsewhere.json"])
def test_a_link_in_place_of_the_cache_is_not_followed(
    root: Path, folder: Path, file: Path, target: str
) -> None:
    forged = file.read_text("utf-8").replace("متنِ b", "forged")
    (folder / "elsewhere.json").write_text(forged, "utf-8")
    file.unlink()
    file.symlink_to(target)
    assert load(root, cache=folder) == load(root)
    assert not file.is_symlink()


def test_a_pipe_in_place_of_the_cache_is_not_waited_for(
    root: Path, folder: Path, file: Path
) -> None:
    file.unlink()
    os.mkfifo(file)
    assert load(root, cache=folder) == load(root)
    assert file.is_file()


def test_where_no_cache_can_be_written_nothing_is_lost(
    root: Path, folder: Path
) -> None:
    (folder / "content.json").mkdir(parents=True)
    assert load(root, cache=folder) == load(root)
    assert [path.name for path in folder.iterdir()] == ["content.json"]
    assert load(root, cache=root / "channels.yaml/cache") == load(root)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_no_fault(root: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    assert load(root, cache=folder) == load(root)
    assert list(folder.iterdir()) == []


def test_a_file_changed_a_moment_ago_is_not_remembered(tmp_path: Path) -> None:
    changed = datetime.fromtimestamp(10**9, UTC)
    for after, remembered in ((1, False), (3, True)):
        clock = FixedClock(changed + timedelta(seconds=after))
        cache = Cache.read(tmp_path, clock)
        cache.put("x.md", STAMP, Parsed({"title": "x"}))
        cache.save()
        found = Cache.read(tmp_path, clock).get("x.md", STAMP)
        assert (found is not None) is remembered


@pytest.mark.parametrize("place", range(4))
def test_size_times_and_inode_all_count(tmp_path: Path, place: int) -> None:
    cache = Cache.read(tmp_path)
    cache.put("x.md", STAMP, Parsed({"title": "x"}, "متن\n", 4))
    cache.save()
    again = Cache.read(tmp_path)
    assert again.get("x.md", STAMP) == Parsed({"title": "x"}, "متن\n", 4)
    other = [*STAMP]
    other[place] += 1
    assert again.get("x.md", tuple(other)) is None
