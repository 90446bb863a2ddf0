"""Planning: when posts are due, what to do now, and how to say it."""

from smmflow.planning.appoint import HORIZON, appoint
from smmflow.planning.case import Wanted
from smmflow.planning.faults import faults
from smmflow.planning.gate import explanation, gate
from smmflow.planning.guard import MAX_PER_RUN, guard
from smmflow.planning.plan import plan
from smmflow.planning.render import as_json, as_markdown, as_text
from smmflow.planning.render_changes import as_lines
from smmflow.planning.story import Story

__all__ = [
    "HORIZON",
    "MAX_PER_RUN",
    "Story",
    "Wanted",
    "appoint",
    "as_json",
    "as_lines",
    "as_markdown",
    "as_text",
    "explanation",
    "faults",
    "gate",
    "guard",
    "plan",
]
