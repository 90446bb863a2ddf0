"""The static pages: what went out, and the preview of what would."""

from smmflow.site.build import build
from smmflow.site.folder import write
from smmflow.site.live import LiveServer, Shown
from smmflow.site.preview import Proposal, preview

__all__ = ["LiveServer", "Proposal", "Shown", "build", "preview", "write"]
