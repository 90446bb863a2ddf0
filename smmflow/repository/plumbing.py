"""Running git commands: no prompt, no hook, English words, secrets struck out."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from smmflow.errors import StateError

__all__ = ["TIMEOUT", "Answer", "Plumbing"]

TIMEOUT = 300.0
"""Seconds until a git command counts as hanging."""

_SETTINGS = (
    "core.hooksPath=/dev/null",  # hooks of the workspace are about its own commits
    "core.fsync=committed,pack-metadata",  # state survives a power cut
    "fastimport.unpackLimit=20",  # a batch is one pack: one wait for the disk, not 50
    "http.lowSpeedLimit=1",  # a silent server is given up ...
    "http.lowSpeedTime=60",  # ... after a minute
    "push.followTags=false",
    "push.gpgSign=false",
    "push.recurseSubmodules=no",
    "fetch.recurseSubmodules=false",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_OPTIONAL_LOCKS": "0",
}
_CREDENTIALS = re.compile(r"://[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a git command ended.

    Attributes:
        status: Its exit status; negative if a signal ended it.
        out: What it wrote.
        words: What it said on stderr, without credentials.
    """

    status: int
    out: bytes
    words: str

    @property
    def ok(self) -> bool:
        """Whether it succeeded."""
        return self.status == 0

    @property
    def text(self) -> str:
        """What it wrote, as stripped text."""
        return self.out.decode("utf-8", "replace").strip()

    def error(self, message: str, *, hint: str = "") -> StateError:
        """Return the exception for a command that failed, with git's own words."""
        if "No space left on device" in self.words:
            hint = "make room on the disk and run it again; nothing was changed"
        return StateError(f"{message}: {self._gist}", hint=hint)

    @property
    def _gist(self) -> str:
        lines = [line.strip() for line in self.words.splitlines() if line.strip()]
        telling = [
            line
            for line in lines
            if line.startswith(("fatal:", "error:", "remote:", "!"))
        ]
        return "; ".join((telling or lines)[:3]) or self._ending

    @property
    def _ending(self) -> str:
        if self.status < 0:
            return f"git was ended by {signal.Signals(-self.status).name}"
        return f"git ended with {self.status}"


class Plumbing:
    """Git commands on one repository.

    Never uses the work tree, the index, HEAD or the stash. Prompts can't appear: git is
    told so, and its children have no terminal that they could ask on.

    Args:
        git_dir: The `.git` folder (of the work tree concerned, if there are several).
        top: The work tree's top folder, which relative URLs of remotes start from; the
            `.git` folder itself where there is no work tree.
        timeout: Seconds until a command counts as hanging.
        withheld: Names in the environment that git, and what it starts, is not given.
    """

    def __init__(
        self,
        git_dir: Path,
        top: Path,
        timeout: float = TIMEOUT,
        withheld: Collection[str] = (),
    ) -> None:
        from git.cmd import Git  # noqa: PLC0415 - importing it starts git; help must not

        self.git_dir = git_dir
        self._git = Git(top)
        self._timeout = timeout
        # GitPython can add to the environment, and not take away from it.
        self._environment = {**dict.fromkeys(withheld, ""), **_ENVIRONMENT}

    def run(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run one command to its end.

        Args:
            *arguments: The subcommand and its arguments.
            given: What it reads from stdin.

        Raises:
            StateError: It hangs.
        """
        running = self._git.execute(
            [*self._command(), *arguments],
            istream=subprocess.PIPE,
            as_process=True,
            env=self._environment,
            start_new_session=True,
        )
        child = running.proc
        assert child is not None  # noqa: S101 - GitPython drops it only when asked to
        try:
            out, words = child.communicate(given, timeout=self._timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # its helpers hold the pipes, too
            child.communicate()
            message = f"git {arguments[0]} gave no answer for {self._timeout:g} seconds"
            raise StateError(message, hint="try again later") from None
        return Answer(child.returncode, out, _without_secrets(words))

    def must(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run one command that can't fail in a sound repository.

        Raises:
            StateError: It failed all the same.
        """
        answer = self.run(*arguments, given=given)
        if not answer.ok:
            raise answer.error(f"git {arguments[0]} failed")
        return answer

    def resolve(self, ref: str) -> str | None:
        """Return the commit a full ref name points at; None if there is no such ref."""
        answer = self.run("rev-parse", "--verify", "--quiet", ref + "^{commit}")
        return answer.text if answer.ok else None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether `old` is `new` or among its ancestors."""
        return old == new or self.run("merge-base", "--is-ancestor", old, new).ok

    def _command(self) -> Sequence[str]:
        settings = (word for setting in _SETTINGS for word in ("-c", setting))
        return ["git", f"--git-dir={self.git_dir}", *settings]


def _without_secrets(words: bytes) -> str:
    return _CREDENTIALS.sub("://***@", words.decode("utf-8", "replace"))
