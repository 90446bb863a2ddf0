"""Nostr: signed notes and articles on relays."""

from smmflow.networks.nostr.network import Nostr, NostrArticles, NostrSettings

__all__ = ["Nostr", "NostrArticles", "NostrSettings"]
