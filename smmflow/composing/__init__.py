"""Composing: a post and a channel give exactly what that channel gets."""

from smmflow.composing.compose import Composed, Composer
from smmflow.composing.compositions import Compositions
from smmflow.composing.rules import EMITTED

__all__ = ["EMITTED", "Composed", "Composer", "Compositions"]
