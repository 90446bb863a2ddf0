"""The state branch at its remote: fetched, and pushed without force."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smmflow.repository.plumbing import Answer, Plumbing

__all__ = ["Push", "Remote"]

_ABSENT = 2
"""Exit status of `git ls-remote --exit-code` when no ref matches.

https://git-scm.com/docs/git-ls-remote#Documentation/git-ls-remote.txt---exit-code
"""

_OVERTAKEN = re.compile(
    r"^!\t\S*\t(?:\[rejected\]"
    r"|\[remote rejected\] \((?:failed to update ref|cannot lock ref|failed to lock"
    r"|incorrect old value|reference already exists|atomic))",
    re.MULTILINE,
)
"""Lines of `git push --porcelain` that say: somebody else was faster.

https://git-scm.com/docs/git-push#_output; the reasons are those of git's receive-pack.
"""
_REFUSED = re.compile(r"^!\t\S*\t\[remote rejected\] (.*)$", re.MULTILINE)
_FORBIDDEN = re.compile(
    r"returned error: 40[13]|Authentication failed|could not read (?:Username|Password)"
    r"|Permission (?:to \S+ )?denied|access rights",
)
_FETCHES = 4
_PASSING = (
    "couldn't find remote ref",  # but a moment later it was there
    "cannot lock ref",  # another process of this clone moves the tracking ref
    "Unable to create",
    "unable to update local ref",
)
"""What git says of faults that are over at once."""


@dataclass(frozen=True, slots=True)
class Push:
    """How a push ended.

    Attributes:
        done: The commit is there. If not, it may yet be: the next fetch tells.
        words: Why it is not known to be there.
    """

    done: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A branch at a remote."""

    _plumbing: Plumbing
    name: str
    branch: str

    @property
    def tracking(self) -> str:
        """The full name of the ref that remembers what was last fetched."""
        return f"refs/remotes/{self.name}/{self.branch}"

    def fetch(self) -> None:
        """Copy the remote's branch to the tracking ref; no such branch is no error.

        Raises:
            StateError: The remote can't be reached.
        """
        left = _FETCHES
        while not (answer := self._fetch()).ok and not self._is_absent():
            left -= 1
            if not left or not any(words in answer.words for words in _PASSING):
                raise answer.error(
                    f"the state can't be fetched from {self.name}",
                    hint=f"see that `git fetch {self.name}` works here",
                )

    def push(self, commit: str) -> Push:
        """Push one commit to the branch, without force.

        Raises:
            StateError: The remote refuses for a reason that another try can't change.
        """
        answer = self._plumbing.run(
            "push",
            "--porcelain",
            "--no-verify",
            self.name,
            f"{commit}:refs/heads/{self.branch}",
        )
        if answer.ok:
            return Push(done=True)
        lines = answer.out.decode("utf-8", "replace")
        if _OVERTAKEN.search(lines):
            return Push(done=False, words="others were faster")
        refusal = _REFUSED.search(lines)
        if refusal or _FORBIDDEN.search(answer.words):
            reason = f" {refusal[1]}" if refusal else ""
            raise answer.error(
                f"{self.name} refuses pushes to {self.branch}{reason}",
                hint="the account that runs this must be allowed to push to "
                f"{self.branch}; a protected branch can't hold the state",
            )
        return Push(done=False, words=answer.error("the push broke off").message)

    def _fetch(self) -> Answer:
        return self._plumbing.run(
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            self.name,
            f"+refs/heads/{self.branch}:{self.tracking}",
        )

    def _is_absent(self) -> bool:
        answer = self._plumbing.run(
            "ls-remote",
            "--exit-code",
            "--quiet",
            self.name,
            f"refs/heads/{self.branch}",
        )
        return answer.status == _ABSENT
