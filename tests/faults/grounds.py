"""Where trials of every network are made: an account on a server, emptied each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smmflow.model.capabilities import Support
from tests.faults.mail_proxy import MailProxy
from tests.faults.proxy import Proxy
from tests.faults.relay_proxy import RelayProxy
from tests.faults.stage import emptied
from tests.faults.targets import MAILBOXES, Target
from tests.servers.bluesky import BlueskyNetwork
from tests.servers.mastodon import MastodonServer
from tests.servers.nostr import NostrRelay
from tests.servers.smtp import MailServer
from tests.servers.synapse import SynapseServer
from tests.vendors.catalogue import VENDORS
from tests.vendors.host import VendorHost
from tests.vendors.vendor import Posting

REAL = ("bluesky", "mastodon", "matrix", "newsletter", "nostr")
"""Kinds with a real server; the others have a vendor in memory."""
KINDS = tuple(sorted((*REAL, *VENDORS)))
HANDED_KINDS = tuple(
    kind
    for kind in KINDS
    if Target(kind, "").network.capabilities.schedule is Support.YES
)
"""Kinds that are given posts before their time."""


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


@contextmanager
def open_ground(kind: str) -> Iterator[Ground]:
    """Start the server of a kind of account.

    Raises:
        ServerUnavailable: It can't run on this machine.
    """
    match kind:
        case "bluesky":
            network = BlueskyNetwork(appview=False).start()
            person = network.sign_in(network.create_account("everywhere"))
            try:
                yield Ground(lambda: emptied(person))
            finally:
                network.stop()
        case "mastodon":
            server = MastodonServer().start()
            try:
                yield Ground(lambda: _reset(server))
            finally:
                server.stop()
        case "matrix":
            homeserver = SynapseServer().start()
            try:
                yield Ground(lambda: _new_room(homeserver))
            finally:
                homeserver.stop()
        case "newsletter":
            mail = MailServer().start()
            url = f"smtp://{mail.host}:{mail.port}"
            MAILBOXES[url] = lambda: [Posting(e.id, e.text) for e in mail.live()]
            try:
                yield Ground(lambda: _no_mail(mail, url), proxy=MailProxy)
            finally:
                mail.stop()
                del MAILBOXES[url]
        case "nostr":
            relay = NostrRelay().start()
            try:
                yield Ground(lambda: _new_key(relay), proxy=RelayProxy)
            finally:
                relay.stop()
        case _:
            host = VendorHost(VENDORS[kind]()).start()
            try:
                yield Ground(lambda: _new_vendor(kind, host), lambda: _check(host))
            finally:
                host.stop()


def _reset(server: MastodonServer) -> Target:
    server.reset()
    return Target("mastodon", server.url, secret=server.access_token)


def _new_room(server: SynapseServer) -> Target:
    token = server.author.access_token
    return Target("matrix", server.url, handle=server.create_room(), secret=token)


def _no_mail(server: MailServer, url: str) -> Target:
    server.clear()
    return Target("newsletter", url)


def _new_key(relay: NostrRelay) -> Target:
    return Target("nostr", relay.url, secret=relay.new_key())


def _new_vendor(kind: str, host: VendorHost) -> Target:
    host.vendor = VENDORS[kind]()
    return Target(kind, host.url)


def _check(host: VendorHost) -> None:
    assert host.vendor.faults == [], host.vendor.faults
