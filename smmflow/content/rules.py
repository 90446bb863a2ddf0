"""The names of the faults of form that reading files can find."""

from __future__ import annotations

__all__ = ["EMITTED"]

EMITTED = frozenset(
    {
        "bad-value",
        "case-collision",
        "date-invalid",
        "duplicate-id",
        "duplicate-key",
        "file-too-large",
        "file-unreadable",
        "front-matter-missing",
        "handover-impossible",
        "missing-key",
        "network-unknown",
        "symlink-outside",
        "time-does-not-exist",
        "time-exists-twice",
        "unknown-key",
        "wrong-encoding",
        "wrong-type",
        "yaml-broken",
        "yaml-too-complex",
        "yaml-trap",
    }
)
"""Every rule that `load` can name in a finding; `smmflow.checks` documents them."""
