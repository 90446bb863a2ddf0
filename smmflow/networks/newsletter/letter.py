"""The message that a post becomes: headers, plain text, HTML with its pictures.

https://www.rfc-editor.org/rfc/rfc5322
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from unicodedata import category

from smmflow.errors import ConfigurationError
from smmflow.language.direction import language_direction
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.media import Attachment
from smmflow.networks.media import read_media
from smmflow.networks.newsletter.network import NewsletterSettings
from smmflow.networks.plain import written_out

__all__ = ["Letterhead", "message_id", "subject"]

# Every server takes seven bits: https://www.rfc-editor.org/rfc/rfc5321#section-2.4
_POLICY = SMTP.clone(cte_type="7bit")
_LONGEST_SUBJECT = 150
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of what is no letter of a line: controls, surrogates, line separators."""
_HIDDEN = "display:none;max-height:0;overflow:hidden"
_PICTURE = "display:block;max-width:100%;height:auto"


def message_id(key: PartKey, settings: NewsletterSettings) -> str:
    """Return the name of a message, the same whenever it is sent.

    Half of the key, so that it fits on one line: some programs misread folded names.
    https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4
    """
    return f"{key.hex[:32]}@{settings.sender.rpartition('@')[2]}"


def subject(post: ChannelPost) -> str:
    """Return a post's title as one line; without one, the start of its words."""
    line = _line(post.title) or _line(post.parts[0].text.text.partition("\n")[0])
    short = len(line) <= _LONGEST_SUBJECT
    return line if short else line[: _LONGEST_SUBJECT - 1] + "…"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all messages of a newsletter have in common.

    Attributes:
        settings: Who sends them to whom.
        root: The workspace, which paths of media are relative to.
    """

    settings: NewsletterSettings
    root: Path

    def letter(
        self, post: ChannelPost, part: int, *, key: PartKey, at: datetime
    ) -> EmailMessage:
        """Return the message that a part becomes.

        Args:
            post: What the channel gets.
            part: 0-based.
            key: Gives the message its name.
            at: When it is sent, aware.

        Raises:
            ConfigurationError: A file can't be used.
        """
        content = post.parts[part]
        message = self._headed(post, message_id(key, self.settings))
        message["Date"] = at
        message.set_content(written_out(content.text))
        whole = message_id(key, self.settings)
        names = [f"{n}.{whole}" for n in range(len(content.media))]
        message.add_alternative(_html(post, content, names), subtype="html")
        if post.language:  # not before: it would become the first alternative's
            message["Content-Language"] = _line(post.language)
        _add_pictures(message, content.media, names, self.root)
        return message

    def _headed(self, post: ChannelPost, name: str) -> EmailMessage:
        settings = self.settings
        message = EmailMessage(policy=_POLICY)
        message["From"] = Address(
            _line(settings.sender_name), addr_spec=settings.sender
        )
        message["To"] = settings.to
        message["Subject"] = subject(post)
        message["Message-ID"] = f"<{name}>"
        if settings.reply_to:
            message["Reply-To"] = settings.reply_to
        _unsubscribe(message, settings)
        return message


def _unsubscribe(message: EmailMessage, settings: NewsletterSettings) -> None:
    """Say how to leave, for the button that mail programs show.

    https://www.rfc-editor.org/rfc/rfc2369#section-3.2,
    https://www.rfc-editor.org/rfc/rfc8058
    """
    ways = []
    if settings.unsubscribe_url:
        ways.append(f"<{settings.unsubscribe_url}>")
    if settings.unsubscribe_mail:
        ways.append(f"<mailto:{settings.unsubscribe_mail}?subject=unsubscribe>")
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if settings.one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _html(post: ChannelPost, content: Part, names: list[str]) -> str:
    """Return the page; its hidden first words are what lists of messages show."""
    language = escape(post.language or "und")
    way = language_direction(post.language)
    before = _line(post.summary)
    hidden = f'<div style="{_HIDDEN}">{escape(before)}</div>\n' if before else ""
    pictures = "".join(
        f'<p><img src="cid:{name}" alt="{escape(each.alt)}"{_width(each)} '
        f'style="{_PICTURE}"></p>\n'
        for name, each in zip(names, content.media, strict=True)
    )
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{way}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(subject(post))}</title>\n</head>\n"
        f'<body dir="{way}" style="max-width:40em;margin:auto;padding:1em">\n'
        f"{hidden}{content.html}\n{pictures}</body>\n</html>\n"
    )


def _width(attachment: Attachment) -> str:
    width = attachment.facts.width
    return f' width="{min(width, 600)}"' if width else ""


def _add_pictures(
    message: EmailMessage,
    media: tuple[Attachment, ...],
    names: list[str],
    root: Path,
) -> None:
    """Put the pictures beside the HTML that shows them.

    https://www.rfc-editor.org/rfc/rfc2392
    """
    html = message.get_body(("html",))
    if not isinstance(html, EmailMessage):
        raise ConfigurationError("the message has no HTML for its pictures")
    for name, each in zip(names, media, strict=True):
        kind, _, subtype = each.facts.media_type.partition("/")
        html.add_related(
            read_media(root, each.facts),
            kind,
            subtype,
            cid=f"<{name}>",
            filename=each.facts.path.rpartition("/")[2],
            disposition="inline",
        )


def _line(words: str) -> str:
    """Return words as one line that can be a header: nothing in it begins another."""
    spaced = (" " if category(each) in _BREAKING else each for each in words)
    return " ".join("".join(spaced).split())
