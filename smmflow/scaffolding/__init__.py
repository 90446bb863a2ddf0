"""Scaffolding: files for a workspace, new or changed, as text without a finding."""

from smmflow.scaffolding.moment import written
from smmflow.scaffolding.new_post import new_post
from smmflow.scaffolding.replace import replace_file
from smmflow.scaffolding.reschedule import refuse_unmovable, reschedule

__all__ = [
    "new_post",
    "refuse_unmovable",
    "replace_file",
    "reschedule",
    "written",
]
