"""Scaffolding: new files for a workspace, as text that loads without a finding."""

from smmflow.scaffolding.new_post import new_post
from smmflow.scaffolding.new_workspace import (
    EXAMPLE_SECRETS,
    LOCALES,
    Brand,
    ignored,
    new_workspace,
)
from smmflow.scaffolding.placing import Placed, place
from smmflow.scaffolding.requirement import requirement
from smmflow.scaffolding.workflows import NAMES, Automation, automation, secret_names

__all__ = [
    "EXAMPLE_SECRETS",
    "LOCALES",
    "NAMES",
    "Automation",
    "Brand",
    "Placed",
    "automation",
    "ignored",
    "new_post",
    "new_workspace",
    "place",
    "requirement",
    "secret_names",
]
