"""What strangers may propose: files, and all else that a commit can carry."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.terminal import git

__all__ = ["ATTACKS", "POST", "Attack", "post"]

OUTSIDE = "outside-canary"
"""Stands in a file beside the workspace that nothing may read."""
SHELL = "\"; touch pwned; $(touch pwned) `touch pwned` ' || touch pwned #"
MARKUP = (
    "<img src=x onerror=alert(1)> [a](javascript:alert(1)) "
    "![b](https://evil.example/b.png) @everyone #1 | <!-- **c**"
)
COMMANDS = (
    "::set-env name=PATH::/evil\n::add-path::/evil\n::stop-commands::x\n"
    "##[set-env name=A]b\n::error file=README.md,line=1::Forged%0A::warning::x"
)
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
ELSEWHERE = """\
title: Company
language: en
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
  toot:
    network: mastodon
    instance: https://evil.example
    secrets: {token: GITHUB_TOKEN}
"""
POST = "content/posts/launch.md"


def post(keys: str = "", body: str = "Hello.", title: str = "Launch") -> str:
    """A post that is due, with further keys."""
    return (
        f"---\ntitle: {title}\npublish_at: 2026-11-01 09:00\nchannels: [site]\n"
        f"{keys}---\n{body}\n"
    )


def quoted(words: str) -> str:
    """Words between YAML's quotation marks, whatever they are."""
    return "'" + words.replace("'", "''").replace("\n", "\n\n  ") + "'"


@dataclass(frozen=True)
class Attack:
    """One hostile pull request.

    Attributes:
        name: What is tried.
        files: What it adds or changes, by path.
        more: What no file can say: links, modules, odd modes.
        says: Words of the check that see it; empty if it is harmless as it is.
        code: How the check ends.
        heavy: It is large, so that only the check itself is tried.
    """

    name: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    more: Callable[[Path], None] | None = None
    says: str = ""
    code: int = 1
    heavy: bool = False

    def make(self, folder: Path) -> None:
        """Make the change in a folder, for the next commit."""
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        git(folder, "add", "--all")
        if self.more:
            self.more(folder)


def enormous_picture(side: int = 20_000) -> bytes:
    """A sound PNG of so many pixels each way, all of one colour."""
    press = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    pixels = b"".join(press.compress(row) for _ in range(side)) + press.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return (
            struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def with_picture(path: str) -> str:
    return post(f"media: [{{file: {path}, alt: A}}]\n")


def linked(path: str, target: str) -> Callable[[Path], None]:
    """Commit a symbolic link instead of a file or folder."""

    def link(folder: Path) -> None:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
        git(folder, "add", "--all")

    return link


def a_module(folder: Path) -> None:
    """Commit a submodule whose address is a command."""
    head = git(folder, "rev-parse", "HEAD").strip()
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},content/more")


def executable(*paths: str) -> Callable[[Path], None]:
    def mark(folder: Path) -> None:
        git(folder, "update-index", "--chmod=+x", *paths)

    return mark


def named(*names: bytes) -> Callable[[Path], None]:
    """Commit a post under names that no editor would give it."""

    def name_them(folder: Path) -> None:
        for name in names:
            target = folder / "content/posts" / name.decode()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(post(), encoding="utf-8")
        git(folder, "add", "--all")

    return name_them


HOOK = "#!/bin/sh\ntouch pwned\n"
PYTHON = "import pathlib\npathlib.Path('pwned').touch()\n"

ATTACKS = (
    # Templates
    Attack(
        "a template that reaches for Python",
        {POST: post(body="{{ ''.__class__.__mro__[1].__subclasses__() }}")},
        says="template-",
    ),
    Attack(
        "a template that never ends",
        {POST: post(body="{% for a in range(10**9) %}x{% endfor %}")},
        says="is not part",
    ),
    Attack(
        "a template that asks for secrets",
        {POST: post(body="{{ env.MASTODON_TOKEN }} {{ secrets.MASTODON_TOKEN }}")},
        says="no `env`",
    ),
    Attack(
        "an expression of GitHub's in a post",
        {POST: post(body="${{ secrets.MASTODON_TOKEN }} $MASTODON_TOKEN")},
        says="no `secrets`",
    ),
    Attack(
        "a template that includes itself",
        {
            POST: post(body='{% include "a" %}'),
            "content/templates/a.md": '{% include "b" %}\n',
            "content/templates/b.md": '{% include "a" %}\n',
        },
        says="includes itself",
    ),
    Attack(
        "a template that includes a file outside",
        {POST: post(body='{% include "../../../outside/canary.txt" %}')},
        says="template-",
    ),
    # Words
    Attack("commands of a shell in a title", {POST: post(title=quoted(SHELL))}, code=0),
    Attack(
        "markup in a title and an unknown key",
        {POST: post(f"{quoted(MARKUP)}: 1\n", title=quoted(MARKUP))},
        says="unknown-key",
    ),
    Attack(
        "HTML in the text",
        {POST: post(body=f"<script>alert(1)</script>\n\n{MARKUP}")},
        code=0,
    ),
    Attack(
        "a runner's commands in a title, a key and the text",
        {
            POST: post(
                f"{quoted('::set-env name=A::b')}: 1\n", COMMANDS, quoted(COMMANDS)
            )
        },
        says="unknown-key",
    ),
    Attack(
        "letters that turn the line round",
        {POST: post(title="'txt.\u202egnp.evil\u2066'", body="a\u202eb\u2067c")},
        says="control-character",
    ),
    # YAML
    Attack("YAML that grows without end", {POST: post(BOMB)}, says="yaml-too-complex"),
    Attack(
        "YAML as deep as a well",
        {POST: post(f"tags: {'[' * 9000}{']' * 9000}\n")},
        says="yaml-too-complex",
    ),
    Attack(
        "YAML of ten megabytes",
        {POST: post("tags: [" + "a, " * 3_500_000 + "]\n")},
        says="file-too-large",
    ),
    Attack(
        "YAML that makes Python objects",
        {POST: post("tags: !!python/object/apply:os.system ['touch pwned']\n")},
        says="::error file=content/posts/launch.md,line=5",
    ),
    # Paths and links
    Attack(
        "a picture above the workspace",
        {POST: with_picture("../../outside/canary.txt")},
        says="media-outside-workspace",
    ),
    Attack(
        "an id that is a path",
        {POST: post("id: ../../../outside/ledger\n")},
        says="it holds '/'",
    ),
    Attack(
        "a post that is a link to outside",
        more=linked("content/posts/a.md", "../../../outside/canary.txt"),
        says="symlink-outside",
    ),
    Attack(
        "a folder that is a link to outside",
        more=linked("content/posts/deep", "../../../outside"),
        says="symlink-outside",
    ),
    Attack(
        "a picture that is a link to outside",
        {POST: with_picture("media/a.png")},
        linked("content/media/a.png", "../../../outside/canary.txt"),
        says="media-outside-workspace",
    ),
    Attack(
        "a link that leads round in a circle",
        more=linked("content/posts/again", "."),
        code=0,
    ),
    Attack(
        "settings that are a link to outside",
        more=linked("strategy.md", "../outside/canary.txt"),
        says="symlink-outside",
    ),
    Attack(
        "all posts a link to outside",
        more=linked("content/posts", "../../outside"),
        says="symlink-outside",
    ),
    Attack(
        "a template that is a link to outside",
        {POST: post(body='{% include "canary" %}')},
        linked("content/templates/canary.md", "../../../outside/canary.txt"),
        says="symlink-outside",
    ),
    # Names
    Attack(
        "files named like options",
        {f"content/posts/{name}.md": post() for name in ("-rf", "--help", "-o pwned")},
        says="content/posts/-rf.md",
        code=0,
    ),
    Attack(
        "files named like commands of the runner",
        more=named(b"a\n::set-env name=PATH::evil\n.md", b"b%0A::error::x.md"),
    ),
    Attack("files named like markup", more=named(b"<img src=x>[a](b)@all.md")),
    # What git and tools read
    Attack(
        "a submodule whose address is a command",
        {
            ".gitmodules": '[submodule "more"]\n\tpath = content/more\n'
            "\turl = ext::sh -c touch% pwned\n\tupdate = !touch pwned\n"
        },
        a_module,
        code=0,
    ),
    Attack(
        "attributes and hooks for git",
        {
            ".gitattributes": "*.md filter=evil diff=evil merge=evil\n",
            ".gitconfig": '[filter "evil"]\n\tsmudge = touch pwned\n',
            ".githooks/post-checkout": HOOK,
            "hooks/post-checkout": HOOK,
        },
        executable(".githooks/post-checkout", "hooks/post-checkout"),
        code=0,
    ),
    Attack(
        "modules with the names of ours",
        {
            f"{name}.py": PYTHON
            for name in ("smmflow", "yaml", "click", "sitecustomize", "conftest")
        },
        code=0,
    ),
    Attack(
        "a cache and a journal of its own",
        {
            ".smmflow/cache/content.json": '{"code": 1, "files": [[["',
            ".smmflow/journal/x.jsonl": '{"channel": "site"',
        },
        code=0,
    ),
    # Size
    Attack(
        "a picture that unpacks to 400 MB",
        {
            POST: with_picture("media/a.png").replace("[site]", "[site, toot]"),
            "channels.yaml": ELSEWHERE.replace("GITHUB_TOKEN", "MASTODON_TOKEN"),
            "content/media/a.png": enormous_picture(),
        },
        says="media-too-many-pixels",
    ),
    Attack(
        "a picture of 100 MB",
        {
            POST: with_picture("media/a.png"),
            "content/media/a.png": enormous_picture(8) + bytes(100_000_000),
        },
        says="::",
        heavy=True,
        code=0,
    ),
    Attack(
        "a page that says it is a picture",
        {
            POST: with_picture("media/a.png"),
            "content/media/a.png": "<html><script>alert(1)</script></html>",
        },
        says="media-",
    ),
    # Settings
    Attack(
        "a channel that sends another's secret elsewhere",
        {
            "channels.yaml": ELSEWHERE,
            POST: post().replace("[site]", "[toot]"),
        },
        says="`GITHUB_TOKEN` is the job's own",
    ),
    Attack(
        "a remote that is an option of git",
        {
            "channels.yaml": "title: Company\nlanguage: en\n"
            "state: {branch: --exec=x, remote: '--upload-pack=touch pwned'}\n"
            "channels: {site: {network: site, url: https://example.org}}\n"
        },
        says="no remote called",
        code=2,
    ),
)
