"""Instagram: professional accounts, by the Instagram API with Instagram Login."""

from smmflow.networks.instagram.network import Instagram

__all__ = ["Instagram"]
