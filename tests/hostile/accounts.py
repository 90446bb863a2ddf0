"""An account on every network, each with all the secrets that its network knows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from smmflow.model.channel import Channel
from smmflow.networks import registry
from tests.vendors.catalogue import VENDORS

__all__ = ["HOSTS", "KINDS", "VENDOR_HOSTS", "Kept", "account", "vendors_account"]

VENDOR_HOSTS: Mapping[str, str] = {
    "bale": "tapi.bale.ai",
    "discord (bot)": "discord.com",
    "discord (webhook)": "discord.com",
    "facebook": "graph.facebook.com",
    "instagram": "graph.instagram.com",
    "linkedin (member)": "api.linkedin.com",
    "linkedin (page)": "api.linkedin.com",
    "slack (bot)": "slack.com",
    "slack (webhook)": "hooks.slack.com",
    "telegram": "api.telegram.org",
    "threads": "graph.threads.net",
    "x": "api.x.com",
}
"""Hosts that a vendor answers at, by kinds of account."""
_REAL: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "bluesky": ("bluesky", {"handle": "a.example", "service": "https://pds.example"}),
    "mastodon": ("mastodon", {"instance": "https://mastodon.example"}),
    "matrix": ("matrix", {"homeserver": "https://m.example", "room": "!a:m.example"}),
    "newsletter": (
        "newsletter",
        {
            "host": "127.0.0.1",
            "port": 25,
            "security": "none",
            "sender": "a@example.org",
            "to": "list@example.org",
            "unsubscribe_mail": "leave@example.org",
        },
    ),
    "nostr": (
        "nostr",
        {"relays": ["wss://relay.example"], "media_host": "https://relay.example"},
    ),
    "wordpress": ("wordpress", {"url": "https://blog.example", "user": "sara"}),
}
KINDS = tuple(sorted((*VENDOR_HOSTS, *_REAL)))
HOSTS = tuple(
    sorted(
        {
            *VENDOR_HOSTS.values(),
            "www.linkedin.com",
            "upload.x.com",
            "files.example",
            "files.example.org",
            "files.slack.com",
            "pds.example",
            "mastodon.example",
            "m.example",
            "relay.example",
            "blog.example",
            "api.github.example",
            "elsewhere.example",
        }
    )
)
_BEARER = {"refresh_token", "token"}


@dataclass(frozen=True)
class Kept:
    """A channel as channels.yaml has it, and its secrets by the names there.

    Attributes:
        secrets: By the network's names of them.
    """

    kind: str
    network: str
    settings: Mapping[str, object]
    secrets: Mapping[str, str]

    @property
    def channel(self) -> str:
        """Its name in the workspace."""
        return "".join(each for each in self.kind if each.isalnum())

    @property
    def names(self) -> Mapping[str, str]:
        """What the environment calls the secrets, by the network's names."""
        return {each: f"{self.channel}_{each}".upper() for each in self.secrets}

    @property
    def shows_pictures(self) -> bool:
        """Whether its posts may have some."""
        channel = Channel(
            self.channel, self.network, settings=self.settings, secrets=self.names
        )
        return bool(registry.network(self.network).on(channel).capabilities.media)

    @property
    def variables(self) -> Mapping[str, str]:
        """The secrets by what the environment calls them."""
        return {self.names[each]: it for each, it in self.secrets.items()}


def account(kind: str, **settings: object) -> Kept:
    """An account with secrets that nobody has seen, of the kinds that hide badly."""
    name, known, secret = _parts(kind)
    known = {**known, **settings}
    return Kept(kind, name, known, {each: _made(kind, each) for each in secret})


def vendors_account(kind: str) -> Kept:
    """The account that exists on the network's vendor."""
    name, settings, _ = _parts(kind)
    found = VENDORS[kind]().account
    return Kept(kind, name, settings, found.secrets)


def _parts(kind: str) -> tuple[str, Mapping[str, object], tuple[str, ...]]:
    if kind in VENDOR_HOSTS:
        known = VENDORS[kind]().account
        further = {
            "linkedin": ("client_id", "client_secret"),
            "x": ("refresh_token", "client_id", "client_secret"),
        }.get(known.network, ())
        return known.network, known.settings, (*known.secrets, *further)
    name, settings = _REAL[kind]
    named = {"newsletter": ("user", "password"), "nostr": ("key",)}.get(
        kind, ("password",) if kind in {"bluesky", "wordpress"} else ("token",)
    )
    return name, settings, named


def _made(kind: str, name: str) -> str:
    one, two = secrets.token_hex(16), secrets.token_hex(16)
    match kind:
        case "slack (webhook)":
            return f"https://hooks.slack.com/services/T0123ABCD/B0HOOK123/{one}"
        case "discord (webhook)":
            return f"https://discord.com/api/webhooks/223704706495545344/{one}{two}"
        case "telegram" | "bale":
            return f"7000000001:AA{one}-"
        case "nostr":
            return one + two
        case _ if name in _BEARER:
            return f"{one}+/{two}~="
        case _:
            return f'{one}+/"{two} &='
