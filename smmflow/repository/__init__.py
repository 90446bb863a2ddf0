"""Git itself: the only package that imports GitPython."""

from smmflow.repository.repository import Repository
from smmflow.repository.state_branch import StateBranch
from smmflow.repository.view import View

__all__ = ["Repository", "StateBranch", "View"]
