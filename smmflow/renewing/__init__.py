"""Renewing: tokens that die are replaced before a run connects, one run at a time."""

from smmflow.renewing.renewing import Renewed, Renewing, is_renewed, opened
from smmflow.renewing.turn import LEASE, SLIPS

__all__ = ["LEASE", "SLIPS", "Renewed", "Renewing", "is_renewed", "opened"]
