"""Newsletter: posts as e-mail to a mailing list, by SMTP."""

from smmflow.networks.newsletter.network import (
    ArchivedNewsletter,
    Newsletter,
    NewsletterSettings,
)

__all__ = ["ArchivedNewsletter", "Newsletter", "NewsletterSettings"]
