"""The state, typed: what the files of the state branch mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from smmflow.errors import StateError
from smmflow.model.freeze import Freeze
from smmflow.model.grant import Keeping
from smmflow.model.publication import Publication
from smmflow.model.snapshot import Snapshot
from smmflow.repository import StateBranch, Version, View
from smmflow.store.codec import (
    StoredLimits,
    decode_freezes,
    decode_keeping,
    decode_limits,
    decode_publication,
    decode_snapshot,
    encode_freezes,
    encode_keeping,
    encode_limits,
    encode_publication,
    encode_snapshot,
)
from smmflow.store.names import encode

__all__ = ["Key", "Ledger", "State"]

Key = tuple[str, str]
"""What the ledger knows a publication by: occurrence and channel."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Publications as one commit of the state has them."""

    _view: View = field(repr=False)

    def all(self) -> Mapping[Key, Publication]:
        """Return every publication.

        Raises:
            StateError: A file is broken, is of a newer format, or lies elsewhere than
                its contents say.
        """
        return self._decoded(self._view.read_all("ledger/"))

    def some(self, keys: Iterable[Key]) -> Mapping[Key, Publication]:
        """Return those of the publications that exist; raises like `all`."""
        return self._decoded(self._view.read_each([_ledger_path(*key) for key in keys]))

    def freezes(self) -> tuple[Freeze, ...]:
        """Return every freeze, the ended ones too, oldest first; raises like `all`."""
        return _freezes(self._view)

    def _decoded(self, files: Mapping[str, bytes]) -> Mapping[Key, Publication]:
        found = {}
        for path, content in files.items():
            where = _where(path, self._view)
            record = decode_publication(content, where)
            key = record.occurrence, record.channel
            if _ledger_path(*key) != path:
                raise StateError(
                    f"{where} says that it is about {key[0]} on {key[1]}",
                    hint=f"that belongs into {_ledger_path(*key)}",
                )
            found[key] = record
        return found


class State:
    """What smmflow remembers between runs.

    Reading shows the state as of the last `fetch` or `update`; see `StateBranch`.
    """

    def __init__(self, branch: StateBranch) -> None:
        self._branch = branch

    def fetch(self) -> None:
        """Bring what is read up to date; raises StateError if the remote is away."""
        self._branch.fetch()

    def publications(self) -> Mapping[Key, Publication]:
        """Return the ledger, by occurrence and channel; raises like `Ledger.all`."""
        return Ledger(self._branch.view).all()

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return every snapshot, oldest first.

        Raises:
            StateError: A file is broken or of a newer format.
        """
        view = self._branch.view
        files = view.read_all("metrics/")
        found = [
            decode_snapshot(body, _where(path, view)) for path, body in files.items()
        ]
        return tuple(sorted(found, key=lambda each: (each.taken, each.run)))

    def limits(self, channel: str) -> StoredLimits | None:
        """Return an instance's limits as last read; None if they never were.

        Raises:
            StateError: The file is broken or of a newer format.
        """
        path = _limits_path(channel)
        content = self._branch.read(path)
        where = _where(path, self._branch.view)
        return None if content is None else decode_limits(content, where)

    def history(self, post: str = "") -> tuple[tuple[Version, Publication], ...]:
        """Return every version of the publications of a post, oldest first.

        Args:
            post: Its id; empty means every post.

        Raises:
            StateError: A file was broken or is of a newer format.
        """
        name = encode(post) if post else "**"
        patterns = [f"ledger/{name}/**", f"ledger/{name}@*/**"]
        return tuple(
            (version, decode_publication(content, f"{version.path} ({version.commit})"))
            for version, content in self._branch.view.history(patterns)
        )

    def freezes(self) -> tuple[Freeze, ...]:
        """Return every freeze, the ended ones too, oldest first.

        Raises:
            StateError: The file is broken or of a newer format.
        """
        return _freezes(self._branch.view)

    def change_freezes(
        self,
        message: str,
        change: Callable[[tuple[Freeze, ...]], tuple[Freeze, ...]],
    ) -> tuple[Freeze, ...]:
        """Write the freezes, from what they are to what they shall be.

        Returns:
            What they are now.

        Raises:
            StateContended: Other runs were faster every time.
            StateError: The state can't be read or written; it is as it was.
        """

        def files(view: View) -> Mapping[str, bytes | None]:
            return {_FREEZES: encode_freezes(change(_freezes(view)))}

        self._branch.update(message, files)
        return self.freezes()

    def update(
        self, message: str, change: Callable[[Ledger], Iterable[Publication]]
    ) -> tuple[Publication, ...]:
        """Write publications: all of them or none.

        Args:
            message: What is done, for `git log`.
            change: From the fresh ledger to the publications to write; called again
                when another run was faster.

        Returns:
            Those that were written and differ from what was there.

        Raises:
            StateContended: Other runs were faster every time.
            StateError: The state can't be read or written; it is as it was.
        """

        def files(view: View) -> Mapping[str, bytes | None]:
            return {
                _ledger_path(each.occurrence, each.channel): encode_publication(each)
                for each in change(Ledger(view))
            }

        landed = self._branch.update(message, files)
        return tuple(
            decode_publication(content, path)
            for path, content in landed.items()
            if content is not None
        )

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Write what one run measured; raises like `update`."""
        content = encode_snapshot(snapshot)

        def files(view: View) -> Mapping[str, bytes | None]:
            # A job that is run again keeps its run's name, and must not overwrite.
            tries = (_snapshot_path(snapshot, number) for number in itertools.count(1))
            free = (path for path in tries if view.read(path) in {None, content})
            return {next(free): content}

        self._branch.update(f"Run {snapshot.run}: metrics", files)

    def save_limits(self, limits: Mapping[str, StoredLimits]) -> None:
        """Write instances' limits by channel, in one commit; raises like `update`."""
        files = {
            _limits_path(name): encode_limits(each) for name, each in limits.items()
        }
        names = ", ".join(sorted(limits))
        self._branch.update(f"Limits of {names}", lambda _view: files)

    def keeping(self, channel: str) -> Keeping | None:
        """Return how a channel's grant is kept; None if none is.

        Raises:
            StateError: The file is broken or of a newer format.
        """
        return _keeping(self._branch.view, channel)

    def keep(
        self,
        channel: str,
        message: str,
        change: Callable[[Keeping | None], Keeping | None],
    ) -> Keeping | None:
        """Write how a channel's grant is kept, from what it is to what it shall be.

        Returns:
            What it is now.

        Raises:
            StateContended: Other runs were faster every time.
            StateError: The state can't be read or written; it is as it was.
        """

        def files(view: View) -> Mapping[str, bytes | None]:
            new = change(_keeping(view, channel))
            return {_token_path(channel): None if new is None else encode_keeping(new)}

        self._branch.update(message, files)
        return self.keeping(channel)


_FREEZES = "freeze.json"


def _freezes(view: View) -> tuple[Freeze, ...]:
    content = view.read(_FREEZES)
    return () if content is None else decode_freezes(content, _where(_FREEZES, view))


def _keeping(view: View, channel: str) -> Keeping | None:
    path = _token_path(channel)
    content = view.read(path)
    return None if content is None else decode_keeping(content, _where(path, view))


def _token_path(channel: str) -> str:
    return f"tokens/{encode(channel)}.json"


def _ledger_path(occurrence: str, channel: str) -> str:
    return f"ledger/{encode(occurrence)}/{encode(channel)}.json"


def _limits_path(channel: str) -> str:
    return f"limits/{encode(channel)}.json"


def _snapshot_path(snapshot: Snapshot, number: int) -> str:
    run = snapshot.run if number == 1 else f"{snapshot.run}-{number}"
    return f"metrics/{snapshot.taken.astimezone(UTC):%Y/%m/%d}/{encode(run)}.jsonl"


def _where(path: str, view: View) -> str:
    return f"{path} (state commit {(view.commit or 'none')[:12]})"
