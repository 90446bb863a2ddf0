"""LinkedIn: members and the pages of organizations."""

from smmflow.networks.linkedin.network import (
    LinkedIn,
    LinkedInMember,
    LinkedInPostSettings,
    LinkedInSettings,
)

__all__ = ["LinkedIn", "LinkedInMember", "LinkedInPostSettings", "LinkedInSettings"]
