from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from smmflow.errors import UsageError
from smmflow.repository import Repository
from tests.repository.conftest import git


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit(folder: Path, **files: str) -> str:
    for path, text in files.items():
        target = folder / path.replace("__", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Change")
    return git(folder, "rev-parse", "HEAD").strip()


def contents(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_files_come_as_the_commit_has_them(work: Path, tmp_path: Path) -> None:
    old = commit(work, a="old", content__b="سلام", other="left out")
    commit(work, a="new")
    (work / "a").write_text("not committed", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    Repository(work).export(old, ["a", "content", "absent"], out)
    assert contents(out) == {"a": "old", "content/b": "سلام"}
    assert git(work, "status", "--porcelain") == " M a\n"


def test_a_workspace_below_the_top_is_found(work: Path, tmp_path: Path) -> None:
    name = commit(work, social__a="1", a="of another")
    out = tmp_path / "out"
    out.mkdir()
    Repository(work / "social").export(name, ["a"], out)
    assert contents(out) == {"a": "1"}


def test_links_that_lead_out_are_left_out(work: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (work / "content").mkdir()
    for name, target in {
        "out": "../../secret",
        "absolute": str(tmp_path / "secret"),
        "inside": "post.md",
    }.items():
        (work / "content" / name).symlink_to(target)
    name = commit(work, **{"content__post.md": "words"})
    out = tmp_path / "out"
    out.mkdir()
    Repository(work).export(name, ["content"], out)
    assert contents(out) == {"content/inside": "words", "content/post.md": "words"}
    assert not (out / "content/out").is_symlink()


def tree(folder: Path, entries: bytes) -> str:
    """A tree that git itself would not make."""
    command = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    made = subprocess.run(
        command, cwd=folder, input=entries, check=True, capture_output=True
    )
    return made.stdout.decode().strip()


def test_a_made_up_tree_writes_nothing_elsewhere(work: Path, tmp_path: Path) -> None:
    commit(work, a="x")
    blob = bytes.fromhex(git(work, "rev-parse", "HEAD:a").strip())
    inner = bytes.fromhex(tree(work, b"100644 evil\0" + blob))
    content = bytes.fromhex(
        tree(
            work,
            b"40000 ..\0"
            + inner
            + b"40000 .GIT\0"
            + inner
            + b"100644 good\0"
            + blob
            + b"160000 module\0"
            + blob,
        )
    )
    top = tree(work, b"40000 content\0" + content)
    name = git(work, "commit-tree", top, "-m", "x").strip()
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    Repository(work).export(name, ["content"], out)
    assert contents(tmp_path / "deep") == {"out/content/good": "x"}


def test_no_program_that_attributes_name_is_run(work: Path, tmp_path: Path) -> None:
    git(work, "config", "filter.evil.smudge", f"touch {tmp_path}/ran; cat")
    name = commit(work, a="x", **{".gitattributes": "a filter=evil\n"})
    out = tmp_path / "out"
    out.mkdir()
    Repository(work).export(name, ["a"], out)
    assert contents(out) == {"a": "x"}
    assert not (tmp_path / "ran").exists()


def test_commits_are_found_by_any_name(work: Path) -> None:
    name = commit(work, a="1")
    git(work, "tag", "v1")
    found = {Repository(work).resolve(each) for each in ("main", "v1", name, name[:9])}
    assert found == {name}


@pytest.mark.parametrize(
    "name", ["absent", "--output=x", "-h", "", "main:a", "a..b", "$(touch x)", "é\n"]
)
def test_a_name_of_no_commit_is_refused(work: Path, name: str) -> None:
    commit(work, a="1")
    with pytest.raises(UsageError, match="has no commit called"):
        Repository(work).resolve(name)


def test_a_branch_is_compared_with_where_it_left(work: Path) -> None:
    start = commit(work, a="1")
    git(work, "checkout", "--quiet", "-b", "change")
    commit(work, b="2")
    git(work, "checkout", "--quiet", "main")
    main = commit(work, c="3")
    git(work, "checkout", "--quiet", "change")
    assert Repository(work).parting(main) == start
    git(work, "checkout", "--quiet", "--orphan", "other")
    commit(work, d="4")
    assert Repository(work).parting(main) == main
