"""The static pages: what went out, as posts, campaigns, calendar, feeds and report."""

from smmflow.site.build import build
from smmflow.site.folder import write

__all__ = ["build", "write"]
