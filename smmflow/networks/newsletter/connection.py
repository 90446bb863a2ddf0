"""A mailing list and the server that takes our mail to it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import Unsupported
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.newsletter.letter import Letterhead, message_id
from smmflow.networks.newsletter.network import NewsletterSettings
from smmflow.networks.newsletter.smtp import Mailbox

__all__ = ["NewsletterConnection"]


class NewsletterConnection(Connection):
    """Sends each post as one message, named after its key.

    The name lets list software and mailboxes drop a second copy, and many do; but
    nothing says they must, so a message that may have gone out is not sent again.
    """

    def __init__(
        self,
        settings: NewsletterSettings,
        signing_in: tuple[Secret, ...],
        *,
        root: Path,
    ) -> None:
        self._settings = settings
        self._mailbox = Mailbox(settings, signing_in)
        self._letterhead = Letterhead(settings, root)

    def whoami(self) -> Identity:
        """Sign in, and return whom the newsletter comes from."""
        self._mailbox.sign_in()
        sender = self._settings.sender
        return Identity(sender, self._settings.sender_name or sender)

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Send the message.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        if after is not None:
            raise Unsupported("a newsletter has no threads")
        now = SystemClock().now()
        message = self._letterhead.letter(post, part, key=key, at=now)
        self._mailbox.deliver(message.as_bytes())
        name = message_id(key, self._settings)
        url = self._settings.archive.replace("{id}", quote(name, safe="@"))
        return Receipt(name, url, SystemClock().now())

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Refuse: nobody can look into the mailboxes of subscribers."""
        del post, part, key, among
        raise Unsupported("what a newsletter sent can't be looked up")
