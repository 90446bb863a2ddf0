"""Schedules: the workflows that a forge runs by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Schedule"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a forge says of a workflow that runs by itself.

    Attributes:
        name: Of its file.
        enabled: It may run.
        last_success: When it last ran to its end, aware; None if it never did.
    """

    name: str
    enabled: bool
    last_success: datetime | None
