"""What one post by itself comes to: true until the post or its basis changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smmflow.diagnostics import Finding

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that can be said of a post without other posts, the present and the ledger.

    Attributes:
        composing: What was wrong while composing it.
        found: What rules found in it.
        sayings: By channel that gets it, the same for texts that say the same; empty
            for no text.
    """

    composing: tuple[Finding, ...] = ()
    found: tuple[Finding, ...] = ()
    sayings: Mapping[str, str] = field(default_factory=dict)
