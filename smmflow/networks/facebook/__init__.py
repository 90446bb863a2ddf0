"""Pages on Facebook."""

from smmflow.networks.facebook.network import Facebook, FacebookSettings

__all__ = ["Facebook", "FacebookSettings"]
