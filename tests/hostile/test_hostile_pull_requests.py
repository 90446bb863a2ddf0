"""What CI runs on a stranger's pull request, and what comes of it: nothing."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.cli.terminal import CALENDAR, git, make_workspace
from tests.hostile.attacks import ATTACKS, OUTSIDE, Attack
from tests.hostile.job import SECRETS, run
from tests.servers.company import FILES

OUR_TAGS = re.compile(
    r"</?(?:b|blockquote|br|code|del|details|h\d|hr|i|ins|li|ol|p|pre|span|sub|summary"
    r"|strong|table|t[dhr]|tbody|thead|ul)(?: (?:dir=\"auto\"|open))*/?>|<!--.*"
)
LONGEST = 65_536
OURS = re.compile(r"::(?:error|warning|notice) (?:file=content/|file=[\w.]+,|title=)")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A workspace with a neighbour that nobody may read or write."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/canary.txt").write_text(OUTSIDE)
    return make_workspace(tmp_path / "work", {**FILES, "calendar.yaml": CALENDAR})


def checked_out(base: Path, attack: Attack) -> Path:
    """Commit an attack and check it out elsewhere, as CI does."""
    git(base, "checkout", "--quiet", "-b", "proposal")
    attack.make(base)
    git(base, "commit", "--quiet", "--message", "Change")
    clone = base.with_name("clone")
    git(base.parent, "clone", "--quiet", str(base), str(clone))
    return clone


def everything(folder: Path) -> dict[str, bytes | str]:
    """All that is below a folder, links as what they say; but git's own and ours."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not {".git", ".smmflow"} & set(path.parts)
        and (path.is_symlink() or path.is_file())
    }


def replaced_by_a_link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parents[1] / "outside/canary.txt")


def replaced_by_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_pull_request_is_checked_and_comes_to_nothing(
    tmp_path: Path, base: Path, attack: Attack
) -> None:
    clone = checked_out(base, attack)
    before = everything(tmp_path)
    summary = tmp_path / "summary.md"
    done = run(clone, "check", "--format", "github", "--summary", str(summary))
    said = done.stdout + done.stderr
    assert done.returncode == attack.code, said[:2000]
    told = summary.read_text(encoding="utf-8") if summary.exists() else ""
    summary.unlink(missing_ok=True)
    assert attack.says in said, said[:2000]
    assert "Traceback" not in said
    for canary in (OUTSIDE, *SECRETS.values()):
        assert canary not in said + told
    assert everything(tmp_path) == before
    assert_no_command_of_theirs(said)
    assert_no_markup_of_theirs(told)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_pull_request_is_reviewed_and_comes_to_nothing(
    tmp_path: Path, base: Path, attack: Attack
) -> None:
    git(base, "branch", "--quiet", "stable")
    clone = checked_out(base, attack)
    before = everything(tmp_path)
    done = run(clone, "review", "--base", "origin/stable")
    said = done.stdout + done.stderr
    assert done.returncode == (2 if attack.code == 2 else 0), said[:2000]
    assert "Traceback" not in said
    assert len(done.stdout) <= LONGEST
    for canary in (OUTSIDE, *SECRETS.values()):
        assert canary not in said
    assert everything(tmp_path) == before
    assert_no_markup_of_theirs(done.stdout)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_pull_request_is_previewed_and_comes_to_nothing(
    tmp_path: Path, base: Path, attack: Attack
) -> None:
    git(base, "branch", "--quiet", "stable")
    clone = checked_out(base, attack)
    before = everything(tmp_path)
    pages = tmp_path / "preview"
    done = run(clone, "preview", "--base", "origin/stable", "--out", str(pages))
    said = done.stdout + done.stderr
    assert done.returncode == (2 if attack.code == 2 else 0), said[:2000]
    assert "Traceback" not in said
    made = everything(pages)
    shutil.rmtree(pages, ignore_errors=True)
    assert everything(tmp_path) == before
    for path, content in made.items():
        assert isinstance(content, bytes), f"{path} is a link"
        for canary in (OUTSIDE, *SECRETS.values()):
            assert canary.encode() not in content, path
        if path.endswith(".html"):
            assert_no_script_of_theirs(content.decode())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            lambda file: os.truncate(file, 100_000_000), id="100 MB of nothing"
        ),
        pytest.param(lambda file: file.write_text("[" * 1_000_000), id="a deep well"),
        pytest.param(lambda file: file.write_text('{"format": 1}'), id="half a review"),
        pytest.param(lambda file: file.write_bytes(bytes(range(256))), id="no text"),
        pytest.param(replaced_by_a_link, id="a link to outside"),
        pytest.param(replaced_by_a_pipe, id="a pipe that never ends"),
    ],
)
def test_a_hostile_artifact_is_no_review(
    tmp_path: Path, base: Path, content: Callable[[Path], None]
) -> None:
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    (artifact / "review.json").touch()
    content(artifact / "review.json")
    wanted = ("--artifact", str(artifact), "--head", "1" * 40)
    done = run(base, "comment", *wanted, GITHUB_REPOSITORY="acme/social")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "review.json" in done.stderr or "review" in done.stderr
    assert "Traceback" not in done.stderr
    assert OUTSIDE not in done.stderr


def assert_no_command_of_theirs(said: str) -> None:
    """The runner obeys lines that begin with `::`, and old ones with `##[`.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    token, theirs = "", []
    for row in said.splitlines():
        if token:
            token = "" if row.strip() == f"::{token}::" else token
        elif row.startswith("::stop-commands::words-of-files-"):
            token = row.removeprefix("::stop-commands::")
        elif re.match(r"\s*(?:::|##\[)", row) and not OURS.match(row):
            theirs.append(row[:300])
    assert (theirs, token) == ([], "")


def assert_no_script_of_theirs(page: str) -> None:
    """A page runs nothing and loads nothing from elsewhere."""
    inspected = Page()
    inspected.feed(page)
    assert inspected.faults == []


class Page(HTMLParser):
    """What a page would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "base", "form"}:
            self.faults.append(tag)
        for name, value in attrs:
            loads = name in {"src", "srcset", "href"} and tag not in {"a", "area"}
            scheme = (value or "").strip().lower().partition(":")[0]
            if (
                name.startswith("on")
                or scheme in {"javascript", "vbscript"}
                or (loads and scheme in {"http", "https"})
            ):
                self.faults.append(f"{tag} {name}={value}")


def assert_no_markup_of_theirs(told: str) -> None:
    """Of tags there are those that fold; links lead to no script; nobody is called."""
    pieces = [
        each
        for token in MarkdownIt("commonmark").enable("table").parse(told)
        for each in (token, *(token.children or ()))
    ]
    tags = [
        tag
        for each in pieces
        if each.type in {"html_block", "html_inline"}
        for tag in re.findall(r"<[^>]*>?", each.content)
    ]
    assert [tag[:99] for tag in tags if not OUR_TAGS.fullmatch(tag)] == []
    assert "image" not in {each.type for each in pieces}
    links = [str(each.attrGet("href")) for each in pieces if each.type == "link_open"]
    assert [link for link in links if not link.startswith("https://")] == []
    words = "".join(each.content for each in pieces if each.type == "text")
    assert not re.search(r"(?<!\w)@\w", words), words[:2000]
