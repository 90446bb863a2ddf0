"""Git itself: the only package that imports GitPython."""

from smmflow.repository.arrivals import Arrival
from smmflow.repository.history import Version
from smmflow.repository.repository import Repository
from smmflow.repository.state_branch import StateBranch
from smmflow.repository.view import View

__all__ = ["Arrival", "Repository", "StateBranch", "Version", "View"]
