"""What files, names and disks can do to a run: told in words, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import pty
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.generate import generate
from tests.cli.terminal import git, make_workspace, smmflow

CHANNELS = """\
title: Example
language: en
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
  toot: {network: mastodon, instance: https://example.org, secrets: {token: TOKEN}}
"""
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def post(
    keys: str = "", body: str = "Hello.\n", *, at: str = "2030-12-01 09:00"
) -> str:
    return (
        f"---\ntitle: سلام\npublish_at: {at}\nchannels: [site]\nlanguage: en\n"
        f"{keys}---\n{body}"
    )


def due(words: str) -> str:
    return post(body=f"{words}\n", at="2026-11-01 09:00")


def enormous_picture() -> bytes:
    """Return a sound PNG of 20,000 × 20,000 pixels: 400 MB to whoever opens it."""
    side = 20_000
    press = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    pixels = b"".join(press.compress(row) for _ in range(side)) + press.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return (
            struct.pack(">I", len(content))
            + checked
            + struct.pack(">I", zlib.crc32(checked))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def write(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write a workspace; texts are UTF-8, bytes stay as they are."""
    make_workspace(folder, {"channels.yaml": CHANNELS}, repository=False)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found(folder: Path) -> dict[str, list[tuple[str, str, int, int]]]:
    """Return what `check` finds, by file: rule, message, line and column."""
    run = smmflow(folder, "check", "--format", "json")
    assert (run.returncode, run.stderr) == (1, "")
    rows: dict[str, list[tuple[str, str, int, int]]] = {}
    for each in json.loads(run.stdout)["findings"]:
        row = (each["rule"], each["message"], each["line"], each["column"])
        rows.setdefault(Path(each["path"]).name, []).append(row)
    return rows


def told(run: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    assert "Traceback" not in run.stderr
    return run.returncode, run.stdout + run.stderr


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files but smmflow's own folder and git's."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", ".smmflow"} & set(path.parts)
    }


# Files --------------------------------------------------------------------------------

TEXTS: dict[str, tuple[bytes | str, tuple[str, str, int, int]]] = {
    "huge": (
        post(body="word " * 1_000_000),
        ("file-too-large", "larger than 1024 KiB", 1, 1),
    ),
    "bomb": (post(BOMB), ("yaml-too-complex", "more than 10000 values", 10, 8)),
    "deep": (
        post(f"tags: {'[' * 9000}{']' * 9000}\n"),
        ("yaml-too-complex", "nest deeper than 24", 6, 30),
    ),
    "binary": (bytes(range(256)) * 9, ("wrong-encoding", "binary", 1, 1)),
    "zero": (post(body="a\0b\n"), ("wrong-encoding", "binary", 1, 1)),
    "sixteen": (post().encode("utf-16"), ("wrong-encoding", "UTF-16", 1, 1)),
    "western": (
        post(body="caf\xe9\n").encode().replace(b"\xc3\xa9", b"\xe9"),
        ("wrong-encoding", "byte 0xE9", 7, 4),
    ),
    "windows": (
        b"\xef\xbb\xbf" + post("piller: x\n").encode().replace(b"\n", b"\r\n"),
        ("unknown-key", "no key `piller`", 6, 1),
    ),
    "windows-body": (
        b"\xef\xbb\xbf" + post(body="یک {{ nope }}\n").encode().replace(b"\n", b"\r\n"),
        ("template-error", "no `nope`", 7, 1),
    ),
    "نسخهٔ ۱": (post("piller: x\n"), ("unknown-key", "no key `piller`", 6, 1)),
    "escape": (post("x\x1b: 1\n"), ("yaml-broken", "U+001B", 6, 2)),
    "empty": ("", ("front-matter-missing", "no front matter", 1, 1)),
    "slash": (post("id: a/b\n"), ("bad-value", "it holds '/'", 6, 5)),
    "above": (post("id: '../x'\n"), ("bad-value", "it holds '/'", 6, 5)),
    "dots": (post("id: '..'\n"), ("bad-value", "begins with a dot", 6, 5)),
    "passwd": (
        post('media: [{file: "../../etc/passwd", alt: A}]\n'),
        ("media-outside-workspace", "lies outside", 6, 16),
    ),
    "root": (
        post("media: [{file: /etc/passwd, alt: A}]\n"),
        ("media-outside-workspace", "lies outside", 6, 16),
    ),
    "link": (
        post("media: [{file: media/link.png, alt: A}]\n"),
        ("media-outside-workspace", "lies outside", 6, 16),
    ),
    "enormous": (
        post("media: [{file: media/enormous.png, alt: A}]\n").replace(
            "[site]", "[toot]"
        ),
        ("media-too-many-pixels", "20,000 × 20,000", 6, 16),
    ),
}


def test_every_hostile_file_is_one_finding_at_its_place(tmp_path: Path) -> None:
    files = {f"content/posts/{name}.md": text for name, (text, _) in TEXTS.items()}
    files["content/media/enormous.png"] = enormous_picture()
    folder = write(tmp_path, files)
    (folder / "content/media/link.png").symlink_to("/etc/passwd")
    before = everything(folder)
    rows = found(folder)
    for name, (_, (rule, words, line, column)) in TEXTS.items():
        places = [
            (one, at, to) for one, told, at, to in rows[f"{name}.md"] if words in told
        ]
        assert places == [(rule, line, column)], (name, rows[f"{name}.md"])
    assert everything(folder) == before


def test_a_long_line_is_shown_around_its_fault(tmp_path: Path) -> None:
    line = "x" * 90_000 + " {{ nope }} " + "y" * 9_000
    folder = write(tmp_path, {"content/posts/a.md": post(body=f"{line}\n")})
    code, said = told(smmflow(folder, "check"))
    assert code == 1
    assert max(map(len, said.splitlines())) < 200


def test_an_enormous_picture_is_held_and_never_opened(tmp_path: Path) -> None:
    """Opened, it would take 400 MB and more; the run may have less than that."""
    front = "media: [{file: media/enormous.png, alt: A}]\n"
    text = post(front, at="2026-11-01 09:00").replace("[site]", "[site, toot]")
    folder = make_workspace(tmp_path, {"channels.yaml": CHANNELS})
    write(
        folder,
        {
            "content/posts/a.md": text,
            "content/media/enormous.png": enormous_picture(),
        },
    )
    (folder / "channels.yaml").write_text(
        CHANNELS.replace("TOKEN}", "TOKEN}, max_lateness: 3650d")
    )
    under = ("sh", "-c", 'ulimit -v 500000; exec "$@"', "sh")
    code, said = told(smmflow(folder, "publish", under=under))
    assert (code, "1 published, 0 not, 1 held" in said) == (0, True), said
    plan = smmflow(folder, "plan").stdout
    assert "! a on toot (findings)" in plan
    assert "media-too-many-pixels" in plan


TEMPLATES = {
    "attribute": ("{{ ''.__class__ }}", "no `__class__`"),
    "ways-round": ("{{ ''|attr('__class__') }}", "attr"),
    "loop": ("{% for a in range(10**9) %}x{% endfor %}", "`call` is not part"),
    "product": ("{{ 'x' * 10**9 }}", "`mul` is not part"),
    "power": ("{{ 9**9**9 }}", "`pow` is not part"),
    "wide": ("{{ '%999999999d' % 1 }}", "`mod` is not part"),
    "macro": ("{% macro a() %}{{ a() }}{% endmacro %}", "`macro` is not part"),
    "recursive": ('{% include "again" %}', "`again` includes itself"),
    "doubling": ('{% include "d0" %}', "no end in sight"),
    "long": ("x" * 150_000 + "{{ 1 }}" + "y" * 150_000, "200,000 characters"),
}


def test_templates_can_neither_loop_for_ever_nor_reach_for_attributes(
    tmp_path: Path,
) -> None:
    files = {
        f"content/posts/{name}.md": post(body=f"{text}\n")
        for name, (text, _) in TEMPLATES.items()
    }
    files["content/templates/again.md"] = '{% include "again" %}\n'
    for number in range(40):
        twice = f'{{% include "d{number + 1}" %}}' * 2
        files[f"content/templates/d{number}.md"] = twice
    files["content/templates/d40.md"] = "x"
    rows = found(write(tmp_path, files))
    for name, (_, words) in TEMPLATES.items():
        messages = [
            message
            for rule, message, _, _ in rows[f"{name}.md"]
            if rule.startswith("template-")
        ]
        assert any(words in message for message in messages), (name, rows[f"{name}.md"])


@pytest.mark.parametrize(
    ("channels", "words"),
    [
        ("", "unknown-channel"),
        ("[]", "channels.yaml:1:1: error wrong-type"),
        ("42", "channels.yaml:1:1: error wrong-type"),
        ("channels: {site: 5}", "channels.yaml:1:18: error wrong-type"),
        (BOMB, "channels.yaml:5:8: error yaml-too-complex"),
    ],
)
def test_settings_that_say_nothing_are_told_of(
    tmp_path: Path, channels: str, words: str
) -> None:
    settings = ("calendar.yaml", "team.yaml", "strategy.md")
    folder = write(
        tmp_path,
        {
            **dict.fromkeys(settings, ""),
            "channels.yaml": channels,
            "content/posts/a.md": post(),
        },
    )
    code, said = told(smmflow(folder, "check"))
    assert (code, words in said) == (1, True), said


def test_ids_that_differ_only_in_case_are_an_error(tmp_path: Path) -> None:
    files = {"content/posts/a.md": due("one"), "content/posts/A.md": due("two")}
    code, said = told(smmflow(write(tmp_path, files), "check"))
    assert (code, "error case-collision" in said) == (1, True)


def test_a_name_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    folder = write(tmp_path, {"content/posts/a.md": post()})
    odd = os.fsencode(folder / "content/posts") + b"/\xff.md"
    try:
        os.close(os.open(odd, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes no such name")
    code, said = told(smmflow(folder, "check"))
    assert code == 1
    assert "its name is not UTF-8" in said


def test_two_thousand_posts_are_checked(tmp_path: Path) -> None:
    generate(tmp_path, 2_000)
    code, said = told(smmflow(tmp_path, "check"))
    assert code in {0, 1}
    assert "2000 posts checked" in said


# The terminal -------------------------------------------------------------------------

ESCAPES = due("Hi \x1b]0;owned\x07").replace(
    "سلام", '"\\e[2J\\u009b31m\\u202e نسخهٔ می‌آید"\nignore: [control-character]'
)


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/e.md": ESCAPES})
    assert "\\u001b[2J\\u009b31m\\u202e نسخهٔ می‌آید" in smmflow(folder, "plan").stdout
    for command in (("plan",), ("publish", "--dry-run"), ("publish",), ("report",)):
        said = told(smmflow(folder, *command))[1]
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said), command


@pytest.mark.parametrize(
    ("settings", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)]
)
def test_a_terminal_gets_our_colours_and_no_others(
    tmp_path: Path, settings: Mapping[str, str], *, coloured: bool
) -> None:
    folder = make_workspace(tmp_path, {"content/posts/e.md": ESCAPES})
    said = at_a_terminal(folder, "plan", **settings)
    assert "\x1b[2J" not in said
    assert ("\x1b[1m" in said, "\\u001b[2J" in said) == (coloured, True)


def at_a_terminal(folder: Path, *arguments: str, **settings: str) -> str:
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "smmflow", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **settings},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    said = bytearray()
    try:
        while some := os.read(ours, 65536):
            said += some
    except OSError as problem:  # how Linux tells that the other end is closed
        if problem.errno != errno.EIO:
            raise
    finally:
        os.close(ours)
    assert running.wait(60) == 0
    return said.decode()


# The disk -----------------------------------------------------------------------------


def full_disk(bytes_left: int) -> tuple[str, ...]:
    """Return what runs a command so that no file grows beyond so many bytes."""
    blocks = bytes_left // 512
    return ("sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh")


def test_a_full_disk_loses_nothing_and_the_next_run_goes_on(tmp_path: Path) -> None:
    files = {f"content/posts/{name}.md": due(name) for name in ("one", "two")}
    folder = make_workspace(tmp_path, files)
    before = everything(folder), git(folder, "for-each-ref")

    for left, words in ((0, "the journal"), (512, "the state could not be written")):
        code, said = told(smmflow(folder, "publish", under=full_disk(left)))
        assert (code, words in said, "hint: " in said) == (2, True, True), said
        assert (everything(folder), git(folder, "for-each-ref")) == before

    code, said = told(smmflow(folder, "new", "post", "سوم", under=full_disk(0)))
    assert (code, "can't be made: File too large" in said) == (2, True)
    assert everything(folder) == before[0]

    code, said = told(smmflow(folder, "publish"))
    assert (code, "2 published, 0 not, 0 held" in said) == (0, True)
    assert list((folder / ".smmflow/journal").iterdir()) == []

    code, said = told(smmflow(folder, "site", under=full_disk(512)))
    assert (code, "no page is half-written" in said) == (2, True)
    assert everything(folder) == before[0]

    assert smmflow(folder, "site").returncode == 0
    built = everything(folder)
    (folder / "channels.yaml").write_text(
        (folder / "channels.yaml").read_text().replace("Example", "نمونه")
    )
    assert smmflow(folder, "site", under=full_disk(512)).returncode == 2
    assert {**everything(folder), "channels.yaml": b""} == {
        **built,
        "channels.yaml": b"",
    }


def test_results_that_can_not_be_written_are_no_success(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/a.md": due("one")})
    run = smmflow(folder, "plan", under=("sh", "-c", 'exec "$@" > /dev/full', "sh"))
    code, said = told(run)
    assert (code, "No space left on device" in said) == (2, True)


def test_a_workspace_that_may_not_be_written_is_told_of(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/a.md": due("one")})
    under = read_only(folder)
    before = everything(folder), git(folder, "for-each-ref")
    for offline in ("check", "plan"):
        assert told(smmflow(folder, offline, under=under))[0] == 0
    for command in (("publish",), ("site",), ("new", "post", "x")):
        code, said = told(smmflow(folder, *command, under=under))
        assert code == 2
        assert "Read-only" in said or "Permission denied" in said
    assert (everything(folder), git(folder, "for-each-ref")) == before


def read_only(folder: Path) -> tuple[str, ...]:
    """Return what runs a command for which nothing in the folder can be written."""
    if os.geteuid():
        words = 'chmod -R a-w .; "$@"; code=$?; chmod -R u+w .; exit $code'
        return ("sh", "-c", words, "sh")
    words = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}"'
    under = (
        "unshare",
        "-m",
        "sh",
        "-c",
        f'{words} && cd "{folder}" && exec "$@"',
        "sh",
    )
    if subprocess.run([*under, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root may write anywhere, and may mount nothing here")
    return under


# Faults of our own --------------------------------------------------------------------

BROKEN = (
    "import smmflow.workflow as w; w.load = None; import smmflow.cli as c; c.main()"
)


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_smmflow_is_one_sentence_unless_debugging(
    tmp_path: Path, *, debug: bool
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", BROKEN, *(["--debug"] if debug else []), "plan"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stdout) == (70, "")
    assert "smmflow: internal error, TypeError: " in run.stderr
    assert "please report it" in run.stderr
    assert ("Traceback" in run.stderr) == debug


# The repository -----------------------------------------------------------------------


def test_without_a_repository_everything_offline_works(tmp_path: Path) -> None:
    files = {"content/posts/a.md": due("one")}
    folder = make_workspace(tmp_path, files, repository=False)
    for command in ("check", "plan", "report", "site"):
        assert told(smmflow(folder, command))[0] == 0
    for command in ("publish", "measure"):
        code, said = told(smmflow(folder, command))
        assert (code, "not in a git repository" in said) == (2, True)
        assert "hint: run `git init`" in said


def test_without_git_smmflow_says_so(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "w", {"content/posts/a.md": due("one")})
    (tmp_path / "bin").mkdir()
    code, said = told(
        smmflow(folder, "publish", secrets={"PATH": str(tmp_path / "bin")})
    )
    assert (code, "git is not installed" in said) == (2, True)


def test_neither_a_first_commit_nor_a_branch_is_needed(tmp_path: Path) -> None:
    files = {"content/posts/a.md": due("one")}
    young = make_workspace(tmp_path / "young", files, repository=False)
    git(young, "init", "-q", "-b", "main")
    detached = make_workspace(tmp_path / "detached", files)
    git(detached, "checkout", "-q", "--detach")
    for folder in (young, detached):
        code, said = told(smmflow(folder, "publish"))
        assert (code, "1 published, 0 not, 0 held" in said) == (0, True)
        assert "1 live" in smmflow(folder, "plan").stdout
    assert git(detached, "status", "--porcelain", "--", "content") == ""


def test_a_state_that_can_not_be_trusted_stops_everything(tmp_path: Path) -> None:
    files = {f"content/posts/{name}.md": due(name) for name in ("one", "two")}
    folder = make_workspace(tmp_path / "w", files)
    assert smmflow(folder, "publish", "--post", "one").returncode == 0
    state = tmp_path / "state"
    git(folder, "worktree", "add", "-q", str(state), "smmflow-state")

    code, said = told(smmflow(folder, "publish"))
    assert (code, "smmflow-state is checked out" in said) == (2, True)
    assert "1 due, 0 waiting, 0 held, 1 live" in smmflow(folder, "plan").stdout

    record = state / "ledger/one/site.json"
    for content, words in (
        ("{broken", "ledger/one/site.json (state commit"),
        ('{"format": 2, "publication": {}}', "written by a newer smmflow (format 2)"),
    ):
        record.write_text(content)
        git(state, "commit", "-q", "-a", "-m", "Not ours")
        tip = git(folder, "rev-parse", "smmflow-state")
        for command in (("plan",), ("publish",), ("site",)):
            code, said = told(smmflow(folder, *command))
            assert (code, words in said, "hint: " in said) == (2, True, True), said
        assert git(folder, "rev-parse", "smmflow-state") == tip
        assert not (folder / "public").exists()


def test_a_remote_that_is_misnamed_or_away_never_looks_like_an_empty_ledger(
    tmp_path: Path,
) -> None:
    folder = make_workspace(tmp_path, {"content/posts/a.md": due("one")})
    git(folder, "remote", "add", "upstream", str(tmp_path / "nowhere"))
    for command in (("plan",), ("publish", "--dry-run"), ("publish",), ("report",)):
        code, said = told(smmflow(folder, *command))
        assert (code, "no remote called origin, only upstream" in said) == (2, True)
        assert "put right `state: {remote: ...}`" in said
    git(folder, "remote", "rename", "upstream", "origin")
    for command in (("plan", "--fetch"), ("publish",), ("measure",)):
        code, said = told(smmflow(folder, *command))
        assert (code, "can't be fetched from origin" in said) == (2, True)
    assert "smmflow-state" not in git(folder, "for-each-ref")


def test_a_moment_without_meaning_is_a_usage_error(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path)
    code, said = told(smmflow(folder, "plan", "--now", f"{datetime.now(UTC):%Y}"))
    assert (code, "is no time" in said) == (2, True)
