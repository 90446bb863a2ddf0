"""Writing the site into a folder: what is ours changes, everything else stays."""

import errno
import json
from pathlib import Path

import pytest

from smmflow.errors import ConfigurationError, SmmflowError
from smmflow.site import write
from smmflow.site.folder import MANIFEST


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_new_folder_gets_exactly_the_files(tmp_path: Path) -> None:
    files = {"index.html": b"home", "posts/یک/index.html": b"one"}
    assert write(files, tmp_path / "deep" / "public") == (2, 0)
    assert tree(tmp_path / "deep" / "public") == files
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["public"]


def test_only_what_changed_is_written_and_what_is_stale_goes(tmp_path: Path) -> None:
    public = tmp_path / "public"
    write({"index.html": b"1", "same": b"same", "old/page/index.html": b"x"}, public)
    before = (public / "same").stat().st_mtime_ns
    assert write({"index.html": b"2", "same": b"same"}, public) == (1, 1)
    assert tree(public) == {"index.html": b"2", "same": b"same"}
    assert (public / "same").stat().st_mtime_ns == before
    assert not (public / "old").exists()


def test_files_that_people_put_there_stay(tmp_path: Path) -> None:
    public = tmp_path / "public"
    write({"a/index.html": b"1"}, public)
    (public / "a" / "CNAME").write_bytes(b"theirs")
    write({"index.html": b"2"}, public)
    assert tree(public) == {"index.html": b"2", "a/CNAME": b"theirs"}


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_bytes(b"theirs")
    with pytest.raises(ConfigurationError, match="did not make it"):
        write({"index.html": b"1"}, tmp_path)
    assert tree(tmp_path) == {"thesis.txt": b"theirs"}


def test_a_file_in_the_way_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    public = tmp_path / "public"
    write({"index.html": b"1"}, public)
    (public / "feed.xml").write_bytes(b"theirs")
    with pytest.raises(ConfigurationError, match="in the way"):
        write({"index.html": b"2", "feed.xml": b"ours"}, public)
    assert tree(public) == {"index.html": b"1", "feed.xml": b"theirs"}


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "public").write_bytes(b"theirs")
    with pytest.raises(ConfigurationError, match="is a file"):
        write({"index.html": b"1"}, tmp_path / "public")


def test_a_symbolic_link_never_leads_writing_elsewhere(tmp_path: Path) -> None:
    public, elsewhere = tmp_path / "public", tmp_path / "elsewhere"
    elsewhere.mkdir()
    write({"index.html": b"1"}, public)
    (public / "posts").symlink_to(elsewhere)
    with pytest.raises(ConfigurationError, match="leads out"):
        write({"posts/index.html": b"1"}, public)
    assert not any(elsewhere.iterdir())


def test_a_forged_list_of_files_deletes_nothing_outside(tmp_path: Path) -> None:
    public, mine = tmp_path / "public", tmp_path / "mine"
    mine.write_bytes(b"theirs")
    write({"index.html": b"1"}, public)
    (public / MANIFEST).write_text(json.dumps({"files": ["../mine", "index.html", 7]}))
    write({"index.html": b"1"}, public)
    assert mine.read_bytes() == b"theirs"


def test_an_unreadable_list_of_files_is_refused(tmp_path: Path) -> None:
    public = tmp_path / "public"
    write({"index.html": b"1"}, public)
    (public / MANIFEST).write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="can't be read"):
        write({"index.html": b"2"}, public)
    assert (public / "index.html").read_bytes() == b"1"


def test_a_full_disk_leaves_the_old_site_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = tmp_path / "public"
    write({"index.html": b"old", "gone": b"old"}, public)
    ordinary = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.name == "feed.xml":
            raise OSError(errno.ENOSPC, "No space left on device")
        return ordinary(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SmmflowError, match="No space left on device"):
        write({"index.html": b"new", "feed.xml": b"new"}, public)
    assert tree(public) == {"index.html": b"old", "gone": b"old"}
    assert [each.name for each in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "", MANIFEST])
def test_a_path_outside_the_site_is_a_mistake_of_the_caller(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(ValueError, match="no path inside the site"):
        write({path: b""}, tmp_path / "public")
