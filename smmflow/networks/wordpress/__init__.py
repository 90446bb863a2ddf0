"""Sites that run WordPress."""

from smmflow.networks.wordpress.network import WordPress, WordPressSettings

__all__ = ["WordPress", "WordPressSettings"]
