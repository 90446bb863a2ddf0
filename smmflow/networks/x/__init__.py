"""X, formerly Twitter, by its API v2."""

from smmflow.networks.x.network import X, XPostSettings, XPremium, XSettings

__all__ = ["X", "XPostSettings", "XPremium", "XSettings"]
