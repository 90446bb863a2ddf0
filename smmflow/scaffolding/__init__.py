"""Scaffolding: files for a workspace, new or changed, as text without a finding."""

from smmflow.scaffolding.moment import written
from smmflow.scaffolding.new_post import new_post
from smmflow.scaffolding.new_workspace import (
    EXAMPLE_EXTRAS,
    EXAMPLE_SECRETS,
    LOCALES,
    Brand,
    ignored,
    new_workspace,
)
from smmflow.scaffolding.placing import Placed, place
from smmflow.scaffolding.replace import replace_file
from smmflow.scaffolding.requirement import requirement
from smmflow.scaffolding.reschedule import refuse_unmovable, reschedule
from smmflow.scaffolding.workflows import (
    NAMES,
    Automation,
    automation,
    extras_for,
    secret_names,
)

__all__ = [
    "EXAMPLE_EXTRAS",
    "EXAMPLE_SECRETS",
    "LOCALES",
    "NAMES",
    "Automation",
    "Brand",
    "Placed",
    "automation",
    "extras_for",
    "ignored",
    "new_post",
    "new_workspace",
    "place",
    "refuse_unmovable",
    "replace_file",
    "requirement",
    "reschedule",
    "secret_names",
    "written",
]
