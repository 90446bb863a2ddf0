"""Issues: where a forge keeps what people have to do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Issue"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue.

    Attributes:
        number: What the forge calls it.
        url: Its page.
        title: One line.
        body: Markdown.
        is_open: Somebody still has to do something.
    """

    number: int
    url: str
    title: str
    body: str
    is_open: bool
