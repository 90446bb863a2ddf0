"""Bluesky, and other servers that speak its protocol."""

from smmflow.networks.bluesky.network import Bluesky, BlueskySettings

__all__ = ["Bluesky", "BlueskySettings"]
