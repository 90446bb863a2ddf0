"""Forges: where pull requests are opened and reviewed, behind one interface."""

from smmflow.forge.choose import choose, open_witness
from smmflow.forge.interface import Forge, Witness

__all__ = ["Forge", "Witness", "choose", "open_witness"]
