"""Threads, by Meta."""

from smmflow.networks.threads.network import Threads, ThreadsSettings

__all__ = ["Threads", "ThreadsSettings"]
