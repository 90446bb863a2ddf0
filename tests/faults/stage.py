"""The stage of trials: servers for them, and a process for runs that are killed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.nursery import Nursery
from tests.faults.proxy import Proxy
from tests.faults.targets import KEYLESS, FakeHost, Target
from tests.faults.trial import Trial, trial_in
from tests.servers.bluesky import Person
from tests.servers.mastodon import MastodonServer
from tests.servers.processes import ServerUnavailable

_MEMORY = Path("/dev/shm")  # noqa: S108 - trials are all files, and a disk is slow


@dataclass(frozen=True)
class Stage:
    """What trials need; only one trial per kind at a time.

    A real server that could not be started is the error that says why.
    """

    nursery: Nursery
    hosts: Mapping[str, FakeHost]
    bluesky: Person | ServerUnavailable
    mastodon: MastodonServer | ServerUnavailable

    @contextmanager
    def trial(self, kind: str) -> Iterator[Trial]:
        """Two fresh machines, and a server of a kind with nothing on it."""
        memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        with ExitStack() as stack:
            made = TemporaryDirectory(dir=memory, prefix="smmflow-")
            folder = Path(stack.enter_context(made))
            target = self._target(kind)
            without = "Idempotency-Key" if kind == KEYLESS else ""
            proxy = Proxy(target.url, without=without).start()
            stack.callback(proxy.stop)
            yield trial_in(folder, target, proxy)

    def _target(self, kind: str) -> Target:
        if kind in self.hosts:
            return self.hosts[kind].target()
        if kind == "bluesky":
            if isinstance(self.bluesky, ServerUnavailable):
                raise self.bluesky
            return emptied(self.bluesky)
        if isinstance(self.mastodon, ServerUnavailable):
            raise self.mastodon
        self.mastodon.reset()
        return Target(kind, self.mastodon.url, secret=self.mastodon.access_token)


def emptied(person: Person) -> Target:
    """One account for all trials: a new one takes longer than a whole trial."""
    network, account = person.network, person.account
    target = Target("bluesky", network.url, account.handle, account.password)
    deletions = [
        {
            "$type": "com.atproto.repo.applyWrites#delete",
            "collection": "app.bsky.feed.post",
            "rkey": each.id.rpartition("/")[2],
        }
        for each in target.live()
    ]
    if deletions:
        writes = {"repo": account.did, "writes": deletions}
        network.call("com.atproto.repo.applyWrites", writes, person.token)
    return target
