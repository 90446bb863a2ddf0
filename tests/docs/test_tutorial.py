"""The tutorial works word for word: its commands are run, its outputs compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SEPARATOR = "<<end of block>>"


def blocks(page: str) -> list[tuple[str, str]]:
    """Each block of commands, and the output that the page shows after it."""
    text = (TUTORIAL / page).read_text(encoding="utf-8")
    found: list[tuple[str, str]] = []
    for language, body in BLOCK.findall(text):
        if language == "sh":
            found.append((body, ""))
        elif language == "text":
            commands, shown = found.pop()
            found.append((commands, shown + body))
    return found


def run(commands: list[str], folder: Path) -> list[str]:
    """What each block prints, all of them in one shell."""
    programs = Path(sys.executable).parent
    script = "".join(f"{each}\necho '{SEPARATOR}'\n" for each in commands)
    done = subprocess.run(
        ["bash", "-u"],
        input=script,
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=100,
        check=True,
    )
    return done.stdout.split(f"{SEPARATOR}\n")[:-1]


@pytest.mark.parametrize("page", ["first-post.md", "first-post.fa.md"])
def test_every_command_of_the_tutorial_prints_what_the_page_shows(
    page: str, tmp_path: Path
) -> None:
    steps = blocks(page)
    printed = run([commands for commands, _ in steps], tmp_path)
    assert len(printed) == len(steps)
    for (commands, shown), output in zip(steps, printed, strict=True):
        assert "Traceback" not in output
        missing = [line for line in shown.splitlines() if line not in output]
        assert missing == [], f"{commands}\nprinted\n{output}"
        if not shown:
            assert "rror" not in output
    workspace = tmp_path / "my-news"
    assert (workspace / "public" / "posts" / "hello" / "index.html").is_file()
    assert (
        printed[[commands for commands, _ in steps].index("git status --short\n")] == ""
    )


def test_the_persian_tutorial_has_the_steps_of_the_english_one() -> None:
    def shape(page: str) -> list[str]:
        return [commands.split()[0] for commands, _ in blocks(page)]

    assert shape("first-post.fa.md") == shape("first-post.md")
