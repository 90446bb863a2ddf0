"""Which commit brought a file's present bytes, in real histories."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smmflow.errors import ConfigurationError
from smmflow.repository import Arrival, Repository
from tests.repository.conftest import Clone, git


def save(clone: Clone, path: str, text: str, message: str = "Change") -> str:
    (clone.path / path).parent.mkdir(parents=True, exist_ok=True)
    (clone.path / path).write_text(text, encoding="utf-8")
    return commit(clone, message)


def commit(clone: Clone, message: str = "Change") -> str:
    clone.git("add", "--all")
    clone.git("commit", "--quiet", f"--message={message}")
    return clone.git("rev-parse", "HEAD").strip()


def arrival(clone: Clone, path: str) -> Arrival:
    return Repository(clone.path).arrivals([path])[path]


def test_the_last_commit_that_changed_the_bytes_brought_them(lonely: Clone) -> None:
    save(lonely, "a.md", "one")
    second = save(lonely, "a.md", "two")
    save(lonely, "b.md", "other")
    found = arrival(lonely, "a.md")
    assert (found.commit, found.then, found.fault) == (second, "a.md", "")
    assert found.author == "Test Author"
    assert found.blob == lonely.git("rev-parse", "HEAD:a.md").strip()


def test_the_first_commit_of_all_can_have_brought_them(lonely: Clone) -> None:
    first = lonely.git("rev-list", "--max-parents=0", "HEAD").strip()
    save(lonely, "a.md", "one")
    assert arrival(lonely, "channels.yaml").commit == first


def test_bytes_that_were_taken_back_arrive_anew(lonely: Clone) -> None:
    save(lonely, "a.md", "one")
    save(lonely, "a.md", "two")
    third = save(lonely, "a.md", "one")
    assert arrival(lonely, "a.md").commit == third


def test_a_merge_brings_all_that_it_merges(lonely: Clone) -> None:
    lonely.git("checkout", "--quiet", "-b", "side")
    save(lonely, "a.md", "one")
    lonely.git("checkout", "--quiet", "main")
    lonely.git("merge", "--quiet", "--no-ff", "--message=Merge", "side")
    merge = lonely.git("rev-parse", "HEAD").strip()
    assert arrival(lonely, "a.md").commit == merge


@pytest.mark.parametrize("name", ["b.md", "content/نوشته‌ها/سلام دنیا.md", ":(top)b"])
def test_a_file_that_only_moved_keeps_its_arrival(lonely: Clone, name: str) -> None:
    first = save(lonely, "a.md", "one")
    (lonely.path / name).parent.mkdir(parents=True, exist_ok=True)
    lonely.git("mv", "--", "a.md", f"./{name}")
    commit(lonely)
    save(lonely, "c.md", "other")
    found = arrival(lonely, name)
    assert (found.commit, found.then, found.path) == (first, "a.md", name)


def test_a_file_that_moved_twice_keeps_its_arrival(lonely: Clone) -> None:
    first = save(lonely, "a.md", "one")
    for old, new in (("a.md", "b.md"), ("b.md", "c.md")):
        lonely.git("mv", old, new)
        commit(lonely)
    assert arrival(lonely, "c.md").commit == first


def test_a_copy_arrives_anew(lonely: Clone) -> None:
    save(lonely, "a.md", "one")
    second = save(lonely, "b.md", "one")
    assert arrival(lonely, "b.md").commit == second


def test_whether_a_file_can_be_executed_is_not_in_its_bytes(lonely: Clone) -> None:
    first = save(lonely, "a.md", "one")
    (lonely.path / "a.md").chmod(0o755)
    commit(lonely)
    assert arrival(lonely, "a.md").commit == first


def test_what_is_no_committed_plain_file_has_not_arrived(lonely: Clone) -> None:
    save(lonely, "folder/a.md", "one")
    (lonely.path / "link.md").symlink_to("folder/a.md")
    (lonely.path / "linked").symlink_to("folder")
    commit(lonely)
    (lonely.path / "new.md").write_text("new", encoding="utf-8")
    for path in ("link.md", "linked/a.md", "folder", "new.md", "nowhere.md"):
        assert arrival(lonely, path).fault == "it is not committed as a plain file"


@pytest.mark.parametrize("text", ["changed", None])
def test_what_differs_from_what_is_committed_has_not_arrived(
    lonely: Clone, text: str | None
) -> None:
    save(lonely, "a.md", "one")
    (lonely.path / "a.md").unlink()
    if text is not None:
        (lonely.path / "a.md").write_text(text, encoding="utf-8")
    found = arrival(lonely, "a.md")
    assert found.fault == "it was changed here and not committed"


def test_line_ends_that_git_itself_changes_are_no_change(lonely: Clone) -> None:
    (lonely.path / ".gitattributes").write_text("*.md text eol=crlf\n", "utf-8")
    first = save(lonely, "a.md", "one\n")
    (lonely.path / "a.md").unlink()
    lonely.git("checkout", "--", "a.md")
    assert (lonely.path / "a.md").read_bytes() == b"one\r\n"
    assert arrival(lonely, "a.md").commit == first


def test_paths_are_those_of_the_workspace_wherever_it_lies(lonely: Clone) -> None:
    first = save(lonely, "social/a.md", "one")
    found = Repository(lonely.path / "social").arrivals(["a.md"])
    assert found["a.md"].commit == first
    assert found["a.md"].path == "social/a.md"


def test_half_of_a_history_says_nothing(lonely: Clone, tmp_path: Path) -> None:
    save(lonely, "a.md", "one")
    there = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", lonely.path.as_uri(), str(there))
    with pytest.raises(ConfigurationError, match="proves nothing"):
        Repository(there).arrivals(["a.md"])


def test_without_a_commit_nothing_has_arrived(lonely: Clone) -> None:
    shutil.rmtree(lonely.path / ".git")
    lonely.git("init", "--quiet")
    with pytest.raises(ConfigurationError, match="nothing is committed"):
        Repository(lonely.path).arrivals(["channels.yaml"])
