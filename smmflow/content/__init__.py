"""Content: the files of a workspace to the model, and findings to lines of them."""

from smmflow.content.formats.kinds import KINDS, Kind, schema
from smmflow.content.load import load
from smmflow.content.locate import locate
from smmflow.content.matter import matter_of, refuse_other_changes
from smmflow.content.moment import parse_moment
from smmflow.content.rules import EMITTED
from smmflow.content.stamps import stamps
from smmflow.content.tree import find_root

__all__ = [
    "EMITTED",
    "KINDS",
    "Kind",
    "find_root",
    "load",
    "locate",
    "matter_of",
    "parse_moment",
    "refuse_other_changes",
    "schema",
    "stamps",
]
