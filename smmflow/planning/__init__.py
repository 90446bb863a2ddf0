"""Planning: when posts are due, what to do now, and how to say it."""

from smmflow.planning.appoint import HORIZON, appoint
from smmflow.planning.faults import faults
from smmflow.planning.plan import Wanted, plan
from smmflow.planning.render import as_json, as_markdown, as_text

__all__ = [
    "HORIZON",
    "Wanted",
    "appoint",
    "as_json",
    "as_markdown",
    "as_text",
    "faults",
    "plan",
]
