"""Mastodon, and other servers that speak its API."""

from smmflow.networks.mastodon.network import Mastodon, MastodonSettings

__all__ = ["Mastodon", "MastodonSettings"]
