"""The state branch: read and written beside the user's work, never through it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from smmflow.clock import Clock
from smmflow.errors import StateContended, StateError
from smmflow.repository.commit import Author, Draft, configured_author, write_commit
from smmflow.repository.plumbing import Answer
from smmflow.repository.refs import Refs
from smmflow.repository.remote import Push, Remote
from smmflow.repository.view import View

if TYPE_CHECKING:  # a repository makes its state branch, so at run time this is a loop
    from smmflow.repository.repository import Repository

__all__ = ["ATTEMPTS", "Change", "StateBranch"]

ATTEMPTS = 12
"""How often an update is tried before it gives up."""
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0

Change = Callable[[View], Mapping[str, bytes | None]]
"""From a fresh view to new contents by path; None takes a file away."""


class StateBranch:
    """A branch that smmflow alone writes, and the push that is its lock.

    With a remote, the remote's branch is the truth. `fetch` copies it to the tracking
    ref, which is what reading uses until the next `fetch`, so pure commands work while
    the remote is away. The local branch of the same name follows it, for
    `git log <branch>`; it is read only while the remote has no such branch, as when a
    workspace that began without a remote is given one. Without a remote the local
    branch is the state.

    Args:
        repository: Where it lives.
        branch: Its name, without `refs/heads/`.
        remote: The name of the remote it is pushed to; None to keep it local.
        clock: Dates the commits and waits between attempts.
        attempts: How often `update` tries before it gives up.
    """

    def __init__(
        self,
        repository: Repository,
        branch: str,
        remote: str | None,
        clock: Clock,
        *,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.branch = branch
        self._plumbing = repository.plumbing
        self._local = f"refs/heads/{branch}"
        self._remote = Remote(self._plumbing, remote, branch) if remote else None
        self._clock = clock
        self._attempts = attempts
        self._view: View | None = None
        self._author: Author | None = None
        self._is_fetched = False
        self._is_alone = True

    @property
    def view(self) -> View:
        """The state as of the last fetch or update, of this process or an earlier."""
        if self._view is None:
            self._view = View(self._plumbing, self._known())
        return self._view

    def read(self, path: str) -> bytes | None:
        """Return one file of `view`; None if there is none."""
        return self.view.read(path)

    def read_all(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return every file of `view` under a folder."""
        return self.view.read_all(prefix)

    def fetch(self) -> None:
        """Bring `view` up to date.

        A remote without the branch is no error: the state is what we last knew of it,
        so that a branch deleted by mistake does not publish everything again.

        Raises:
            StateError: The remote can't be reached; `view` stays as it was.
        """
        if self._remote is not None:
            self._remote.fetch()
        self._view = View(self._plumbing, self._known())
        self._is_fetched = True

    def update(self, message: str, change: Change) -> Mapping[str, bytes | None]:
        """Change the state: all of it or nothing, on top of what others wrote.

        Fetches, computes, commits and pushes without force. Refused because somebody
        else was faster: fetches and computes again. The first fetch is left out while
        nobody else was ever seen to write: a push without force succeeds only on top
        of the very commit that was computed from, so its success is the proof that the
        view was fresh. That nothing has to change is believed of a fresh view only.

        Args:
            message: What is done, for `git log`.
            change: Called with a view, once per attempt or twice.

        Returns:
            The contents that landed: those of the attempt that succeeded, without
            files that had them already. Empty if nothing had to change.

        Raises:
            StateContended: Others were faster every time.
            StateError: The remote is unreachable or refuses, or the disk is full. The
                state is as it was, save where an answer was lost and the remote can't
                be asked either; then the words say so.
        """
        sent: dict[str, Mapping[str, bytes | None]] = {}
        words = ""
        for attempt in range(self._attempts):
            if attempt:
                self._clock.sleep(_wait(attempt))
            trusting = not attempt and self._is_fetched and self._is_alone
            if not trusting:
                self._fetch_after(sent)
            if landed := self._landed(sent):
                return sent[landed]
            files = _news(self.view, change(self.view))
            if trusting and not files:
                self.fetch()
                files = _news(self.view, change(self.view))
            if not files:
                return {}
            commit = self._commit(message, files)
            sent[commit] = files
            push = self._publish_unasked(commit) if trusting else self._publish(commit)
            if push.done:
                self._settle(commit)
                return files
            words = push.words
            self._is_alone = False
        self._fetch_after(sent)
        if landed := self._landed(sent):
            return sent[landed]
        raise StateContended(
            f"{self.branch} could not be updated in {self._attempts} attempts: {words}",
            hint="other runs are writing to it; run it again",
        )

    def _fetch_after(self, sent: Mapping[str, object]) -> None:
        try:
            self.fetch()
        except StateError as problem:
            if not sent:
                raise
            raise StateError(
                f"{problem.message}; whether the last push arrived is not known",
                hint="run it again when the remote answers: it finds out by itself",
            ) from problem

    def _landed(self, sent: Mapping[str, object]) -> str | None:
        """Return the commit of ours that is in the state although we never heard."""
        tip = self.view.commit
        if tip is None:
            return None
        return next((c for c in sent if self._plumbing.is_ancestor(c, tip)), None)

    def _commit(self, message: str, files: Mapping[str, bytes | None]) -> str:
        # Two runs that do the same in the same second must not make the same commit:
        # both would take the other's push for their own.
        if self._author is None:
            self._author = configured_author(self._plumbing)
        unique = f"{message}\n\nUpdate-Id: {uuid.uuid4().hex}\n"
        draft = Draft(
            parent=self.view.commit,
            message=unique,
            files=files,
            author=self._author,
            at=self._clock.now(),
        )
        return write_commit(self._plumbing, draft)

    def _publish_unasked(self, commit: str) -> Push:
        """Publish on top of a view that was not fetched just before."""
        try:
            return self._publish(commit)
        except StateError:
            self.fetch()  # a remote that is not there at all says so here, and plainer
            raise

    def _publish(self, commit: str) -> Push:
        if self._remote is not None:
            return self._remote.push(commit)
        if self._refs().checked_out:
            raise StateError(
                f"the branch {self.branch} is checked out, and without a remote "
                "smmflow would change it under your work",
                hint="git switch to another branch, or give the state one of its own",
            )
        answer = self._swap(self._local, commit, self.view.commit)
        moved = self._plumbing.resolve(self._local) != self.view.commit
        if answer.ok or moved or "File exists" in answer.words:
            return Push(done=answer.ok, words=answer.words.strip())
        raise answer.error(f"the branch {self.branch} could not be moved")

    def _settle(self, commit: str) -> None:
        before = self.view.commit
        self._view = View(self._plumbing, commit)
        if self._remote is not None:
            refs = self._refs()
            self._forward(self._remote.tracking, refs.tracked, before, commit)
            if not refs.checked_out:
                self._forward(self._local, refs.local, before, commit)

    def _forward(
        self, ref: str, old: str | None, parent: str | None, commit: str
    ) -> None:
        """Move a ref of ours ahead; one that somebody moved further stays there."""
        if old == commit:
            return
        if old in {None, parent} or self._plumbing.is_ancestor(str(old), commit):
            self._swap(ref, commit, old)

    def _swap(self, ref: str, new: str, old: str | None) -> Answer:
        expected = old or "0" * len(new)
        reason = ("-m", "smmflow: state", "--create-reflog")
        return self._plumbing.run("update-ref", *reason, ref, new, expected)

    def _refs(self) -> Refs:
        tracking = self._remote.tracking if self._remote else None
        return Refs.read(self._plumbing, self._local, tracking)

    def _known(self) -> str | None:
        refs = self._refs()
        local, tracked = refs.local, refs.tracked
        if self._remote is None or tracked is None or local is None:
            return tracked or local
        if refs.checked_out:
            return tracked
        if self._plumbing.is_ancestor(local, tracked):
            return tracked
        if self._plumbing.is_ancestor(tracked, local):
            return local
        theirs = f"{self._remote.name}/{self.branch}"
        raise StateError(
            f"the local branch {self.branch} and {theirs} have gone different ways, "
            "so what is live is uncertain",
            hint=f"see `git log {self.branch} {theirs}`; merge them and push, or "
            f"`git branch -D {self.branch}` if the local one is stale",
        )


def _news(view: View, files: Mapping[str, bytes | None]) -> Mapping[str, bytes | None]:
    """Return the changes that change something."""
    now = view.read_each(files)
    return {path: new for path, new in files.items() if now.get(path) != new}


def _wait(attempt: int) -> float:
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt)
    return random.SystemRandom().uniform(longest / 4, longest)
