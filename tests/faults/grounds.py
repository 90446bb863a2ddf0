"""Where trials of every network are made: an account on a server, emptied each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from smmflow.model.capabilities import Support
from tests.faults.mail_proxy import MailProxy
from tests.faults.proxy import Proxy
from tests.faults.relay_proxy import RelayProxy
from tests.faults.stage import emptied
from tests.faults.targets import MAILBOXES, Target
from tests.servers.blossom import BlossomServer
from tests.servers.bluesky import BlueskyNetwork
from tests.servers.mastodon import MastodonServer
from tests.servers.nostr import NostrRelay
from tests.servers.smtp import MailServer
from tests.servers.synapse import SynapseServer
from tests.servers.wordpress import USER, WordPressServer
from tests.vendors.catalogue import VENDORS
from tests.vendors.host import VendorHost
from tests.vendors.vendor import Posting


def _nothing() -> None:
    """A real server has nobody to hold requests against a description."""


@dataclass(frozen=True)
class Ground:
    """A server.

    Attributes:
        fresh: Gives an account with nothing on it.
        check: Ends a trial: fails if requests were not as the network describes them.
        proxy: Makes what stands before the server and spoils requests.
    """

    fresh: Callable[[], Target]
    check: Callable[[], None] = _nothing
    proxy: Callable[[str], Proxy] = Proxy


def open_ground(kind: str) -> AbstractContextManager[Ground]:
    """Start the server of a kind of account, and stop it in the end.

    Raises:
        ServerUnavailable: It can't run on this machine.
    """
    return _GROUNDS[kind]() if kind in _GROUNDS else _of_vendor(kind)


class _Server(Protocol):
    def start(self) -> Self: ...

    def stop(self) -> None: ...


_Started = TypeVar("_Started", bound=_Server)


@contextmanager
def _started(server: _Started) -> Iterator[_Started]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _of_bluesky() -> Iterator[Ground]:
    with _started(BlueskyNetwork(appview=False)) as network:
        person = network.sign_in(network.create_account("everywhere"))
        yield Ground(lambda: emptied(person))


@contextmanager
def _of_mastodon() -> Iterator[Ground]:
    with _started(MastodonServer()) as server:
        yield Ground(lambda: _reset(server))


@contextmanager
def _of_matrix() -> Iterator[Ground]:
    with _started(SynapseServer()) as server:
        yield Ground(lambda: _new_room(server))


@contextmanager
def _of_newsletter() -> Iterator[Ground]:
    with _started(MailServer()) as server:
        url = f"smtp://{server.host}:{server.port}"
        MAILBOXES[url] = lambda: [Posting(e.id, e.text) for e in server.live()]
        try:
            yield Ground(lambda: _no_mail(server, url), proxy=MailProxy)
        finally:
            del MAILBOXES[url]


@contextmanager
def _of_nostr() -> Iterator[Ground]:
    with _started(NostrRelay()) as relay, _started(BlossomServer()) as files:
        yield Ground(lambda: _new_key(relay, files), proxy=RelayProxy)


@contextmanager
def _of_wordpress() -> Iterator[Ground]:
    with _started(WordPressServer()) as blog:
        yield Ground(lambda: _emptied_blog(blog))


@contextmanager
def _of_vendor(kind: str) -> Iterator[Ground]:
    with _started(VendorHost(VENDORS[kind]())) as host:
        yield Ground(lambda: _new_vendor(kind, host), lambda: _check(host))


_GROUNDS: Mapping[str, Callable[[], AbstractContextManager[Ground]]] = {
    "bluesky": _of_bluesky,
    "mastodon": _of_mastodon,
    "matrix": _of_matrix,
    "newsletter": _of_newsletter,
    "nostr": _of_nostr,
    "wordpress": _of_wordpress,
}
REAL = tuple(_GROUNDS)
"""Kinds with a real server; the others have a vendor in memory."""
KINDS = tuple(sorted((*REAL, *VENDORS)))
HANDED_KINDS = tuple(
    kind
    for kind in KINDS
    if Target(kind, "").network.capabilities.schedule is Support.YES
)
"""Kinds that are given posts before their time."""


def _reset(server: MastodonServer) -> Target:
    server.reset()
    return Target("mastodon", server.url, secret=server.access_token)


def _new_room(server: SynapseServer) -> Target:
    token = server.author.access_token
    return Target("matrix", server.url, handle=server.create_room(), secret=token)


def _no_mail(server: MailServer, url: str) -> Target:
    server.clear()
    return Target("newsletter", url)


def _new_key(relay: NostrRelay, files: BlossomServer) -> Target:
    return Target("nostr", relay.url, handle=files.url, secret=relay.new_key())


def _emptied_blog(server: WordPressServer) -> Target:
    server.empty()
    secret = server.passwords[USER]
    return Target("wordpress", server.url, handle=USER, secret=secret)


def _new_vendor(kind: str, host: VendorHost) -> Target:
    host.vendor = VENDORS[kind]()
    return Target(kind, host.url)


def _check(host: VendorHost) -> None:
    assert host.vendor.faults == [], host.vendor.faults
