"""Scaffolding: new files for a workspace, as text that loads without a finding."""

from smmflow.scaffolding.new_post import new_post

__all__ = ["new_post"]
