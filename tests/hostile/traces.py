"""A machine that runs smmflow, and everything that its runs leave behind."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from smmflow.store.sealing import new_key
from tests.cli.terminal import git
from tests.hostile.accounts import Kept
from tests.hostile.needles import Found, files_below, leaks
from tests.vendors.catalogue import VENDORS

__all__ = ["Machine"]

ROOT = Path(__file__).parents[2]
# Of its own arguments and environment it tells first, then it is git.
_GIT = """\
#!/bin/sh
{{ printf '%s\\n' "$@"; }} >"{seen}/arguments.$$"
env >"{seen}/environment.$$"
exec "{git}" "$@"
"""
_ASKED_BY_GITPYTHON = {"", "version"}
"""When it is loaded, before it is told what to withhold; git starts nothing then."""
_LOOK = 0.05
"""Seconds between two looks at the list of processes."""


@dataclass
class Machine:
    """A workspace with a remote, in which commands run as a job runs them.

    Args:
        folder: For everything.
        accounts: The channels.
    """

    folder: Path
    accounts: Sequence[Kept]
    common: Mapping[str, str] = field(
        default_factory=lambda: {
            "SMMFLOW_KEY": new_key().reveal(),
            "GITHUB_TOKEN": f"ghs_{secrets.token_hex(20)}",
        }
    )
    posts: int = 0
    said: list[tuple[str, bytes]] = field(default_factory=list)
    _processes: set[bytes] = field(default_factory=set)

    @property
    def secrets(self) -> Mapping[str, str]:
        """All of them, by the names in the environment."""
        kept = {
            name: it for each in self.accounts for name, it in each.variables.items()
        }
        return {**kept, **self.common}

    @property
    def needles(self) -> Mapping[str, str]:
        """What must not be seen: the secrets, and of addresses what is secret there."""
        ends = {
            f"{name}, its end": secret.rpartition("/")[2]
            for name, secret in self.secrets.items()
            if secret.startswith("https://")
        }
        return {**self.secrets, **ends}

    @property
    def left(self) -> Path:
        """Everything that a run may write is below this folder."""
        return self.folder / "left"

    @property
    def seen(self) -> Path:
        """What git was given is told here."""
        return self.folder / "seen"

    @property
    def workspace(self) -> Path:
        return self.left / "workspace"

    def set_up(self) -> None:
        """Make the workspace, its remote, and the folders that a job has."""
        for each in ("home", "tmp", "workspace"):
            (self.left / each).mkdir(parents=True)
        self.programs()
        self._write()
        (self.workspace / "content").mkdir()
        # Every network takes this kind of picture, and some take no other.
        VENDORS["instagram"]().picture(self.workspace / "content")
        remote = self.left / "remote.git"
        git(self.folder, "init", "-q", "--bare", str(remote))
        git(self.workspace, "init", "-q", "-b", "main")
        git(self.workspace, "remote", "add", "origin", str(remote))
        self.post("first")

    def programs(self) -> None:
        """Put a git on the path that tells what it was given."""
        programs = self.folder / "bin"
        for each in (programs, self.seen):
            each.mkdir(exist_ok=True)
        real = shutil.which("git")
        (programs / "git").write_text(_GIT.format(seen=self.seen, git=real))
        (programs / "git").chmod(0o755)

    def post(self, name: str) -> None:
        """Posts that are due: one with a picture, one where none is taken."""
        shows = {each.channel: each.shows_pictures for each in self.accounts}
        self._post(name, [each for each, does in shows.items() if does], picture=True)
        self._post(f"{name}-too", [each for each, does in shows.items() if not does])
        git(self.workspace, "add", ".")
        git(self.workspace, "commit", "-q", "-m", f"Posts, the {name}")
        git(self.workspace, "push", "-q", "origin", "main")

    def _post(
        self, name: str, channels: Sequence[str], *, picture: bool = False
    ) -> None:
        if not channels:
            return
        due = datetime.now(UTC) - timedelta(minutes=20 - self.posts)
        self.posts += 1
        head: dict[str, object] = {
            "title": f"The {name}",
            "publish_at": f"{due:%Y-%m-%d %H:%M}",
            "created": "2026-01-01 09:00",
            "summary": f"The {name} of all",
            "channels": list(channels),
        }
        if picture:
            head["media"] = [{"file": "picture.jpg", "alt": "A picture"}]
        path = self.workspace / "content" / "posts" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{yaml.safe_dump(head)}---\nWords of the {name} post.\n")

    def run(
        self, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end; what it said is kept, whatever it ended with."""
        command = [sys.executable, "-m", "smmflow", *arguments]
        ended = self.child(command, **variables)
        words = " ".join(arguments)
        self.said.append((f"stdout of {words}", ended.stdout))
        self.said.append((f"stderr of {words}", ended.stderr))
        return ended

    def child(
        self, command: Sequence[str], **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program as a job does, and look at the list of processes meanwhile."""
        with subprocess.Popen(
            command,
            cwd=self.workspace,
            env={**self._environment(), **self.secrets, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            over = threading.Event()
            looking = threading.Thread(target=self._look, args=(process.pid, over))
            looking.start()
            try:
                out, words = process.communicate(timeout=90)
            finally:
                process.kill()
                over.set()
                looking.join()
        return subprocess.CompletedProcess(command, process.returncode, out, words)

    def found(self) -> list[Found]:
        """Every secret in anything that was left behind, said or shown to others."""
        return sorted({*leaks(self._all(), self.needles), *self._given_to_git()})

    def _all(self) -> Iterator[tuple[str, bytes]]:
        yield from self.said
        yield from files_below(self.left)
        yield "the list of processes", b"\n".join(sorted(self._processes))
        given = [path.read_bytes() for path in self.seen.glob("arguments.*")]
        yield "git's arguments", b"\n".join(given)

    def _given_to_git(self) -> Iterator[Found]:
        """What git's environment holds; the forge's token is its business, too."""
        kept = {n: s for n, s in self.needles.items() if n != "GITHUB_TOKEN"}
        environments = []
        for path in self.seen.glob("environment.*"):
            given = path.with_name(f"arguments{path.suffix}").read_text()
            if given.strip() in _ASKED_BY_GITPYTHON:
                continue
            environments.append(path.read_bytes())
        yield from leaks(iter([("git's environment", b"\n".join(environments))]), kept)

    def _write(self) -> None:
        channels = {
            each.channel: {
                "network": each.network,
                "max_lateness": "3650d",
                "secrets": dict(each.names),
                **each.settings,
            }
            for each in self.accounts
        }
        site = {"network": "site", "url": "https://files.example.org"}
        content = {
            "title": "News",
            "language": "en",
            "channels": {"site": site, **channels},
        }
        for name, it in (("channels", content), ("calendar", {"timezone": "UTC"})):
            path = self.workspace / f"{name}.yaml"
            path.write_text(yaml.safe_dump(it))

    def _environment(self) -> Mapping[str, str]:
        home, left = self.left / "home", self.left
        return {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "TMPDIR": str(left / "tmp"),
            "GITHUB_STEP_SUMMARY": str(left / "summary.md"),
            "GITHUB_OUTPUT": str(left / "output"),
            "GITHUB_ENV": str(left / "env"),
            "GITHUB_REPOSITORY": "smmflow/news",
            "GITHUB_API_URL": "https://api.github.example",
        }

    def _look(self, group: int, over: threading.Event) -> None:
        others: set[str] = set()
        while not over.wait(_LOOK):
            for pid in {each.name for each in Path("/proc").iterdir()} - others:
                with suppress(OSError):
                    if pid.isdecimal() and os.getsid(int(pid)) == group:
                        command = Path("/proc", pid, "cmdline")
                        self._processes.add(command.read_bytes())
                    else:
                        others.add(pid)
