"""The networks by name: the only place that lists them, each loaded when asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from smmflow.errors import ConfigurationError
from smmflow.networks.interface import Network

__all__ = ["NAMES", "all_networks", "network"]

_CLASSES = {
    "bale": "smmflow.networks.telegram:Bale",
    "bluesky": "smmflow.networks.bluesky:Bluesky",
    "discord": "smmflow.networks.discord:Discord",
    "facebook": "smmflow.networks.facebook:Facebook",
    "instagram": "smmflow.networks.instagram:Instagram",
    "linkedin": "smmflow.networks.linkedin:LinkedIn",
    "mastodon": "smmflow.networks.mastodon:Mastodon",
    "matrix": "smmflow.networks.matrix:Matrix",
    "newsletter": "smmflow.networks.newsletter:Newsletter",
    "nostr": "smmflow.networks.nostr:Nostr",
    "site": "smmflow.networks.site:Site",
    "slack": "smmflow.networks.slack:Slack",
    "telegram": "smmflow.networks.telegram:Telegram",
    "threads": "smmflow.networks.threads:Threads",
    "wordpress": "smmflow.networks.wordpress:WordPress",
    "x": "smmflow.networks.x:X",
}
NAMES: tuple[str, ...] = tuple(sorted(_CLASSES))


@cache
def network(name: str) -> Network:
    """Return the offline half of a network.

    Raises:
        ConfigurationError: No network has that name.
    """
    if name not in _CLASSES:
        message = f"no network is called {name}"
        raise ConfigurationError(message, hint=f"known networks: {', '.join(NAMES)}")
    module, _, attribute = _CLASSES[name].partition(":")
    found = getattr(import_module(module), attribute)()
    if not isinstance(found, Network):
        message = f"{_CLASSES[name]} is no Network"
        raise TypeError(message)
    return found


def all_networks() -> tuple[Network, ...]:
    """Return every network, by name."""
    return tuple(network(name) for name in NAMES)
